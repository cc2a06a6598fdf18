"""Where a Location header leads: relative ones are joined, and all pass the guard."""

import pytest

from quaestor.errors import RefusedError
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.redirects import redirected
from tests.tools.web.servers import answer, serving

GUARD = Guard()
HERE = GUARD.check("https://example.org/a/b?c=d")


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/next", "https://example.org/next"),
        ("next", "https://example.org/a/next"),
        ("?e=f:g", "https://example.org/a/b?e=f:g"),
        ("//example.net/x", "https://example.net/x"),
        ("http://example.net/x#y", "http://example.net/x"),
        ("/\u00fc", "https://example.org/%C3%BC"),
    ],
)
def test_a_redirect_leads_on(location: str, url: str) -> None:
    assert str(redirected(GUARD, HERE, location).url) == url


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("", "nowhere"),
        ("http://", "only whole http"),
        ("file:///etc/passwd", "only whole http"),
        ("data:text/html,x", "only whole http"),
        ("javascript:alert(1)", "only whole http"),
        ("//127.0.0.1/", "this machine"),
        ("//[::1/", "nowhere"),
        ("http://10.0.0.1/", "private"),
        ("http://user:pw@example.org/", "user name"),
        ("//user@example.org/", "user name"),
        ("http://example.org:22/", "port 22"),
        ("http://example.org:080/", "host and port"),
        ("//example.org:22/", "port 22"),
        ("\\\\127.0.0.1\\", "backslash"),
        ("/a\tb", "cannot be seen"),
        (" /a", "cannot be seen"),
        ("/" + "a" * 2048, "longer than"),
    ],
    ids=ascii,
)
def test_a_redirect_to_where_nothing_may_be_fetched_is_refused(location: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        redirected(GUARD, HERE, location)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_every_kind_of_redirect_is_followed_by_hand(status: int) -> None:
    pages = {"/a": answer("", status=status, Location="/b"), "/b": answer("<p>Tide.")}
    async with serving({**pages}) as server:
        page = await Fetcher(Guard([server.host])).fetch(server.url("/a"), found=False)
        assert page.final_url == server.url("/b")
    async with serving({"/a": answer("", status=status, Location="http://10.0.0.1/")}) as server:
        with pytest.raises(RefusedError, match="private"):
            await Fetcher(Guard([server.host])).fetch(server.url("/a"), found=False)
