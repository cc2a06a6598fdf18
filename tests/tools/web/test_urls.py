"""A URL that readers read differently is refused; any other keeps its meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.errors import RefusedError
from quaestor.tools.web.urls import MAX_LENGTH, read_url, shown


@pytest.mark.parametrize(
    ("text", "url", "host", "port", "literal"),
    [
        pytest.param("http://Example.ORG", "http://example.org", "example.org", 80, False,
                     id="a bare host"),
        pytest.param("HTTPS://example.org/a?b=c@d#e", "https://example.org/a?b=c@d", "example.org",
                     443, False, id="the fragment is left behind"),
        pytest.param("http://example.org.:8080/", "http://example.org.:8080/", "example.org", 8080,
                     False, id="a final dot is not part of the name"),
        pytest.param("http://a_b.example.org/", "http://a_b.example.org/", "a_b.example.org", 80,
                     False, id="an underscore, which hosts have"),
        pytest.param("https://b\u00fccher.example/\u00fc", "https://xn--bcher-kva.example/%C3%BC",
                     "xn--bcher-kva.example", 443, False, id="a name of another script"),
        pytest.param("http://b\u00fccher2.example/", "http://xn--bcher2-3ya.example/",
                     "xn--bcher2-3ya.example", 80, False, id="a digit beside other letters"),
        pytest.param("http://\u0939\u093f\u0928\u094d\u0926\u0940.example/",
                     "http://xn--j2bd4cyah0f.example/", "xn--j2bd4cyah0f.example", 80, False,
                     id="marks that belong to letters"),
        pytest.param("http://192.0.43.8:80/", "http://192.0.43.8/", "192.0.43.8", 80, True,
                     id="an address"),
        pytest.param("http://[2A00:1450::00]:443/", "http://[2a00:1450::]:443/", "2a00:1450::", 443,
                     True, id="a long address, its host in one form"),
        pytest.param("http://7.example.org/", "http://7.example.org/", "7.example.org", 80, False,
                     id="a number as the first label"),
        pytest.param("http://example.org?x", "http://example.org/?x", "example.org", 80, False,
                     id="no path"),
    ],
)  # fmt: skip
def test_read(text: str, url: str, host: str, port: int, literal: bool) -> None:
    target = read_url(text)
    assert (str(target.url), target.host, target.port, target.literal) == (
        url,
        host,
        port,
        literal,
    )


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        pytest.param("https://example.org/a", "example.org:443", id="a name"),
        pytest.param("http://[2a00::1]:8080/", "[2a00::1]:8080", id="an address in brackets"),
    ],
)
def test_the_authority_is_what_a_user_allows(text: str, authority: str) -> None:
    assert read_url(text).authority == authority


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ftp://example.org/", "only whole http"),
        ("//example.org/", "only whole http"),
        ("example.org", "only whole http"),
        ("http:example.org", "only whole http"),
        ("http:///example.org", "only whole http"),
        ("http://", "only whole http"),
        ("xhttp://example.org/", "only whole http"),
        ("", "only whole http"),
        ("http://user@example.org/", "user name"),
        ("http://user:pw@example.org/", "user name"),
        ("http://example.org:80@10.0.0.1/", "user name"),
        ("http://example.org\\@10.0.0.1/", "backslash"),
        ("http://example.org/a\\b", "backslash"),
        ("http://exam\tple.org/", "cannot be seen"),
        ("http://example.org/\n", "cannot be seen"),
        (" http://example.org/", "cannot be seen"),
        ("http://example.org/\x00", "cannot be seen"),
        ("http://example.org/\x7f", "cannot be seen"),
        ("http://example.org/\u200b", "cannot be seen"),
        ("http://example.org/\u202e", "cannot be seen"),
        ("http://example.org/\u3000", "cannot be seen"),
        ("http://example.org/" + "a" * MAX_LENGTH, "longer than"),
        ("http://example.org:/", "host and port"),
        ("http://example.org:080/", "host and port"),
        ("http://example.org:0/", "host and port"),
        ("http://example.org:80:80/", "host and port"),
        ("http://example.org:eighty/", "host and port"),
        ("http://example.org:\uff18\uff10/", "host and port"),
        ("http://[::1/", "host and port"),
        ("http://[::1]x/", "host and port"),
        ("http://[::1%25lo]/", "host and port"),
        ("http://example.org:99999/", "no URL"),
        ("http://[1::2::3]/", "no address"),
        ("http://[12345::]/", "no address"),
        ("http://127.1/", "a number"),
        ("http://127.0.0.1./", "a number"),
        ("http://2130706433/", "a number"),
        ("http://0x7f000001/", "a number"),
        ("http://0x/", "a number"),
        ("http://0177.0.0.1/", "a number"),
        ("http://1.2.3.4.5/", "a number"),
        ("http://example.09/", "a number"),
        ("http://%31%32%37.0.0.1/", "no host name"),
        ("http://127.0.0.1%00.example.org/", "no host name"),
        ("http://example..org/", "no host name"),
        ("http://.example.org/", "no host name"),
        ("http://-a.example.org/", "no host name"),
        ("http://a-.example.org/", "no host name"),
        (f"http://{'a' * 64}.example.org/", "no host name"),
        (f"http://{'a.' * 126}example/", "no host name"),
        ("http://{example}.org/", "no host name"),
        ("http://example.org;x/", "no host name"),
        ("http://exam\uff50le.org/", "look-alike"),
        ("http://\u2460\u2461\u2466.0.0.1/", "look-alike"),
        ("http://127\u30020\u30020\u30021/", "look-alike"),
        ("http://\U0001d7cf27.0.0.1/", "look-alike"),
        ("http://\u0661\u0662.example/", "look-alike"),
    ],
    ids=ascii,
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        read_url(text)


@given(st.text(max_size=60))
def test_whatever_stands_in_it_it_is_read_as_one_host_or_refused(text: str) -> None:
    """The host of the request is the host that was checked."""
    try:
        target = read_url(f"http://{text}")
    except RefusedError:
        return
    assert (target.url.raw_host or "").removesuffix(".") == target.host
    assert target.url.port == target.port


def test_a_message_shows_no_more_of_a_url_than_a_reader_can_take_in() -> None:
    assert shown("a\x1b[31m\u202eb") == "a\ufffd[31m\ufffdb"
    assert len(shown("x" * 5_000)) == 201
