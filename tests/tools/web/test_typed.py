"""Addresses in what a person types, without the marks of the sentence around them."""

import pytest

from quaestor.tools.web.typed import typed_addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("What is a tide?", [], id="none"),
        pytest.param("Read http://a.example.", ["http://a.example"], id="at the end of a sentence"),
        pytest.param("(see https://a.example/b)", ["https://a.example/b"], id="in brackets"),
        pytest.param("https://a.example/b_(c)", ["https://a.example/b_(c)"], id="with brackets"),
        pytest.param("https://a.example/b_(c))?", ["https://a.example/b_(c)"], id="with both"),
        pytest.param("<https://a.example/x>", ["https://a.example/x"], id="as Markdown has it"),
        pytest.param("“https://a.example/?q=1&r=2”", ["https://a.example/?q=1&r=2"], id="quoted"),
        pytest.param("https://a.example/b#c", ["https://a.example/b"], id="with a fragment"),
        pytest.param(
            "https://b.example https://a.example https://b.example",
            ["https://b.example", "https://a.example"],
            id="two, one of them twice",
        ),
        pytest.param("HTTPS://A.example/B", ["HTTPS://A.example/B"], id="in capitals"),
        pytest.param("ftp://a.example file:///etc/passwd www.a.example", [], id="other things"),
        pytest.param("读https://a.example/潮。", ["https://a.example/潮"], id="in Chinese"),
    ],
)
def test_addresses_are_found(text: str, found: list[str]) -> None:
    assert list(typed_addresses(text)) == found
