"""What every make of WebSearch does: results in order, failures typed, loud, and never hidden.

A new make adds one line to MAKES: how it is built before a search engine on loopback, and how that
engine says what it finds, in its own tongue.
"""

import asyncio
import html
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.tools.web.ddg import DuckDuckGo
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.providers import Paced, SearchResult, ThrottledError, WebSearch
from quaestor.tools.web.searxng import SearXNG
from tests.tools.web.servers import Request, Server, answer, serving

FOUND = [
    SearchResult(url=f"https://example.org/{n}", title=f"Tide {n}", snippet=f"It turns & {n}.")
    for n in range(5)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """One provider, and the engine it asks."""

    build: Callable[[Server, pytest.MonkeyPatch], WebSearch]
    page: Callable[[list[SearchResult]], bytes]
    path: str


def searxng(server: Server, _: pytest.MonkeyPatch) -> WebSearch:
    return SearXNG(server.url(""), guard=Guard([server.host]), deadline_s=0.5)


def searxng_page(found: list[SearchResult]) -> bytes:
    rows = [{"url": one.url, "title": one.title, "content": one.snippet} for one in found]
    return answer(json.dumps({"results": rows}), Content_Type="application/json")


def ddg(server: Server, monkeypatch: pytest.MonkeyPatch) -> WebSearch:
    from ddgs.engines.duckduckgo import Duckduckgo

    monkeypatch.setattr(Duckduckgo, "search_url", server.url("/html/"))
    return DuckDuckGo(deadline_s=1.2)


def ddg_page(found: list[SearchResult]) -> bytes:
    rows = "".join(
        f'<div class="links_main result__body"><h2><a href="{one.url}">{one.title}</a></h2>'
        f'<a class="result__snippet" href="{one.url}">{html.escape(one.snippet)}</a></div>'
        for one in found
    )
    return answer(f"<html>{rows or '<div class=no-results>No results.</div>'}</html>")


MAKES = {
    "SearXNG": Make(build=searxng, page=searxng_page, path="/search"),
    "DuckDuckGo": Make(build=ddg, page=ddg_page, path="/html/"),
}


@pytest.fixture(params=list(MAKES.values()), ids=list(MAKES))
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


async def search(
    make: Make, patch: pytest.MonkeyPatch, page: bytes | Callable[[Request], bytes], limit: int = 10
) -> tuple[list[SearchResult], Server]:
    async with serving({make.path: page}) as server:
        provider = make.build(server, patch)
        assert isinstance(provider, WebSearch)
        return await provider.search("when does the tide turn?", limit=limit), server


async def test_results_come_in_order_and_whole(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    found, server = await search(make, monkeypatch, make.page(FOUND))
    assert found == FOUND
    [request] = server.requests
    sent = request.query.get("q") or request.body
    assert "when+does+the+tide+turn" in sent.replace(" ", "+")


async def test_there_are_no_more_than_asked_for(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = await search(make, monkeypatch, make.page(FOUND), limit=2)
    assert found == FOUND[:2]


async def test_finding_nothing_is_an_answer(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await search(make, monkeypatch, make.page([])))[0] == []


@pytest.mark.parametrize(
    ("page", "error", "reason"),
    [
        pytest.param(
            answer("", status=429, Retry_After="7"), ThrottledError, "429", id="throttles"
        ),
        pytest.param(answer("", status=202), ThrottledError, "202", id="says later"),
        pytest.param(answer("no", status=403), RefusedError, "403", id="refuses"),
        pytest.param(answer("", status=500), SourceDownError, "500", id="fails"),
        pytest.param(b"", SourceDownError, "broke off|reached", id="breaks off"),
    ],
)
async def test_failures_are_typed_and_name_the_provider(
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    page: bytes,
    error: type[OutsideError],
    reason: str,
) -> None:
    with pytest.raises(error, match=reason) as caught:
        await search(make, monkeypatch, page)
    assert caught.value.source.startswith(("SearXNG at 127.0.0.1:", "DuckDuckGo"))
    if isinstance(caught.value, ThrottledError):
        assert caught.value.retry_after_s == (7.0 if reason == "429" else None)


async def test_an_engine_that_hangs_ends_at_the_deadline(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        await ended.wait()
        writer.close()

    listening = await asyncio.start_server(hang, "127.0.0.1", 0)
    server = Server(port=listening.sockets[0].getsockname()[1])
    try:
        async with asyncio.timeout(5):
            with pytest.raises(SourceDownError, match=r"in time|within"):
                await make.build(server, monkeypatch).search("tide", limit=3)
    finally:
        ended.set()
        listening.close()
        await asyncio.sleep(0.05)


async def test_one_that_cannot_be_reached_is_down(
    make: Make, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    with pytest.raises(SourceDownError):
        await make.build(Server(port=unused_tcp_port), monkeypatch).search("tide", limit=3)


async def test_it_serves_many_at_once_and_one_loop_after_another(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving({make.path: make.page(FOUND)}) as server:
        provider = make.build(server, monkeypatch)
        crowd = await asyncio.gather(*(provider.search("tide", limit=5) for _ in range(4)))
        assert crowd == [FOUND] * 4
        elsewhere = asyncio.to_thread(asyncio.run, provider.search("tide", limit=5))
        assert await elsewhere == FOUND


async def test_asked_at_a_pace_it_gets_its_pause_and_is_asked_once_more(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def busy(_: Request) -> bytes:
        asked = len(server.requests)
        return answer("", status=429, Retry_After="1") if asked == 1 else make.page(FOUND)

    async with serving({make.path: busy}) as server:
        provider = Paced(make.build(server, monkeypatch), interval_s=0, tell=said.append)
        assert await provider.search("tide", limit=5) == FOUND
        assert len(server.requests) == 2
    assert len([one for one in said if one]) == 1  # then a word that it is over
    assert "429" in said[0]
    assert "waiting 1 s" in said[0]
