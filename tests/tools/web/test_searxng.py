"""SearXNG: asked through the guard, its words believed no further than they go."""

import json
from typing import Any

import pytest

from quaestor.errors import OutsideError, RefusedError, SettingsError, SourceDownError
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.searxng import SearXNG
from tests.tools.web.servers import answer, serving


def said(body: Any) -> bytes:
    return answer(json.dumps(body), Content_Type="application/json")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:8888", "--allow-host HOST:PORT"),
        ("http://searx.lan:8888", "--allow-host HOST:PORT"),
        ("", "searxng:https://search.example.org"),
        ("searx.example.org", "only whole http"),
    ],
)
def test_an_instance_that_may_not_be_asked_is_refused_with_the_remedy(
    url: str, reason: str
) -> None:
    with pytest.raises(SettingsError, match=reason):
        SearXNG(url, guard=Guard())


@pytest.mark.parametrize("base", ["", "/", "/searx", "/searx/"])
async def test_an_instance_below_a_path_is_asked_there(base: str) -> None:
    path = f"{base.rstrip('/')}/search"
    async with serving({path: said({"results": [{"url": "https://example.org/"}]})}) as server:
        provider = SearXNG(server.url(base), guard=Guard([server.host]))
        [result] = await provider.search("a&b=c d/\u00fc", limit=3)
    assert (result.url, result.title, result.snippet) == ("https://example.org/", "", "")
    assert server.requests[0].query == {"q": "a&b=c d/\u00fc", "format": "json"}
    assert server.paths() == [path]  # its robots.txt is not asked: a person named it


@pytest.mark.parametrize(
    ("page", "error", "reason"),
    [
        pytest.param(said({"results": [], "unresponsive_engines": [["bing", "timeout"]]}),
                     SourceDownError, r"none of its engines answered \(bing timeout\)",
                     id="its engines are silent"),
        pytest.param(said([]), RefusedError, "not the JSON of a SearXNG", id="a list"),
        pytest.param(said({"answers": []}), RefusedError, "not the JSON", id="other JSON"),
        pytest.param(said({"results": [{"title": "x"}]}), RefusedError, "not the JSON",
                     id="a result without an address"),
        pytest.param(answer("<html>"), RefusedError, "not the JSON", id="a page"),
        pytest.param(answer("[" * 100_000), RefusedError, "not the JSON", id="nested JSON"),
        pytest.param(answer("", status=403), RefusedError, "`json` under search.formats",
                     id="JSON is switched off"),
        pytest.param(answer("", status=302, Location="http://127.0.0.1/"), RefusedError, "302",
                     id="a redirect is not followed"),
        pytest.param(answer(b"[" + b" " * 2_000_000), RefusedError, "larger", id="too large"),
    ],
)  # fmt: skip
async def test_answers_that_are_none(page: bytes, error: type[OutsideError], reason: str) -> None:
    async with serving({"/search": page}) as server:
        with pytest.raises(error, match=reason):
            await SearXNG(server.url(""), guard=Guard([server.host])).search("tide", limit=3)
