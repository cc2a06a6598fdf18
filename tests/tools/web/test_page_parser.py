"""Pages are read in children: the same text, a limit of time, and nobody left behind."""

import asyncio
import gc
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence

import pytest

from quaestor.errors import UnreadableError
from quaestor.tools.html import page_text
from quaestor.tools.local.parsing.child import Child
from quaestor.tools.sources import Hit
from quaestor.tools.web import page_parser
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.limits import Limits
from quaestor.tools.web.live import LiveWeb
from quaestor.tools.web.page_parser import CHILDREN, PageParser
from quaestor.tools.web.providers import SearchResult
from tests.tools.web.servers import Server, answer, serving

ARTICLE = "<title>Tides</title><p>The tide turns twice a day in the harbour.</p>"
ENDLESS = "<p>a" * 1_200_000
"""Five megabytes of paragraphs: reading them takes most of a minute."""
DEEP = f"{'<div>' * 100_000}The tide turns."


class Nothing:
    """A search engine that is not asked."""

    name = "nothing"

    async def search(self, query: str, *, limit: int) -> list[SearchResult]:
        return []


def live(server: Server) -> LiveWeb:
    fetcher = Fetcher(Guard([server.host]), limits=Limits(deadline_s=3))
    return LiveWeb(Nothing(), fetcher=fetcher, interval_s=0)


def hit(uri: str) -> Hit:
    return Hit(source="web", uri=uri, title="From the search", snippet="", rank=1, score=1.0)


async def ended(child: Child) -> None:
    while child.lives():
        await asyncio.sleep(0.01)


@pytest.fixture
async def parse() -> AsyncGenerator[PageParser]:
    parser = PageParser()
    yield parser
    await parser.close()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    """Collect the children that are started."""
    seen: list[Child] = []
    start = Child.start

    def collected(arguments: Sequence[str] = ()) -> Child:
        seen.append(start(arguments))
        return seen[-1]

    monkeypatch.setattr(Child, "start", collected)
    return seen


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(ARTICLE.encode(), id="an article"),
        pytest.param(
            "<html lang=de><meta property='article:modified_time' content='2025-03-04T10:00:00Z'>"
            "<h1>H\u00f6he</h1><table><tr><th>Hafen<th>Hub<tr><td>Emden<td>3,2 m</table>".encode(),
            id="a table, a language and a date",
        ),
        pytest.param("<p>Cafe\u0301 zero\u200bwidth".encode(), id="text that is normalised"),
        pytest.param(b"<title>" + b"long " * 150 + b"</title><p>Tide.", id="a long title"),
    ],
)
async def test_a_child_reads_what_this_process_would(parse: PageParser, raw: bytes) -> None:
    here = page_text(raw, url="https://example.org/2024/05/06/tide")
    there = await parse(raw, "text/html", url="https://example.org/2024/05/06/tide")
    assert (there.text, there.title, there.modified) == (here.text, here.title, here.date)
    assert dict(there.changes) == dict(here.changes)
    assert there.version.startswith("trafilatura ")


async def test_the_address_may_state_the_date(parse: PageParser) -> None:
    there = await parse(ARTICLE.encode(), "text/html", url="https://example.org/2024/05/06/tide")
    assert there.modified == "2024-05-06"


async def test_a_title_without_end_is_cut(parse: PageParser) -> None:
    there = await parse(b"<title>" + b"x" * 5_000 + b"</title><p>Tide.", "text/html")
    assert (there.title, there.text) == ("x" * 1_000, "Tide.")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"", "it is empty", id="nothing"),
        pytest.param(b"<p></p>", "the page shows no text", id="no text"),
        pytest.param(b"Tide.", "it holds no HTML", id="no HTML"),
    ],
)
async def test_a_refusal_names_the_page(parse: PageParser, raw: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        await parse(raw, "text/html", url="https://example.org/")
    assert (caught.value.source, caught.value.reason) == ("https://example.org/", reason)


async def test_one_child_reads_page_after_page_until_the_web_is_closed(
    started: list[Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_parser, "REST_S", 0.0)
    async with serving({"/a": answer(ARTICLE), "/b": answer("<p>Low water.")}) as server:
        web = live(server)
        for path in ("/a", "/b", "/a"):
            await web.open(hit(server.url(path)))
        assert [child.lives() for child in started] == [True]
        assert [child.files for child in started] == [3]
        await web.close()
        await asyncio.wait_for(ended(started[0]), 30)
        assert "Low water." in (await web.open(hit(server.url("/b")))).text
        await web.close()
    await asyncio.wait_for(ended(started[1]), 30)


async def test_a_page_that_is_read_without_end_is_refused_and_the_others_go_on() -> None:
    good = {f"/{number}": answer(f"<p>Page {number} on the tide.") for number in range(6)}
    bad = {f"/bad/{number}": answer(ENDLESS) for number in range(CHILDREN)}
    async with serving({**good, **bad}) as server:
        web = live(server)

        async def opened(path: str) -> str:
            try:
                return (await web.open(hit(server.url(path)))).text
            except UnreadableError as error:
                return error.reason

        ends = await asyncio.gather(*(opened(path) for path in (*bad, *good)))
        await web.close()
    refused, read = ends[: len(bad)], ends[len(bad) :]
    assert all(said.startswith("takes too long: the limit is") for said in refused)
    assert read == [f"Page {number} on the tide." for number in range(6)]


async def test_a_page_of_a_hundred_thousand_levels_ends() -> None:
    async with serving({"/deep": answer(DEEP), "/a": answer(ARTICLE)}) as server:
        web = live(server)
        with pytest.raises(UnreadableError, match="shows no text"):
            await web.open(hit(server.url("/deep")))
        assert "twice a day" in (await web.open(hit(server.url("/a")))).text
        await web.close()


async def test_a_style_of_blanks_is_read_at_once(parse: PageParser) -> None:
    raw = f"<p style='opacity:0{' ' * 500_000}x'>The tide turns."
    assert (await parse(raw.encode(), "text/html", timeout_s=5)).text == "The tide turns."


async def test_a_page_under_way_when_the_web_is_closed_is_a_typed_refusal(
    parse: PageParser, started: list[Child]
) -> None:
    await parse(ARTICLE.encode(), "text/html")
    reading = asyncio.create_task(parse(ENDLESS.encode(), "text/html", url="https://a.example/"))
    while started[0].files < 2:
        await asyncio.sleep(0.01)
    await parse.close()
    with pytest.raises(UnreadableError, match="the web was closed"):
        await reading
    assert (await parse(b"<p>Tide.", "text/html")).text == "Tide."


async def test_whoever_forgets_to_close_leaves_no_child(started: list[Child]) -> None:
    parse = PageParser()
    await parse(b"<p>Tide.", "text/html")
    assert started[0].lives()
    del parse
    gc.collect()
    assert not started[0].lives()


async def test_a_warmed_parser_s_first_pages_find_their_children_there(
    parse: PageParser, started: list[Child]
) -> None:
    parse.warm()
    while len(started) < CHILDREN:
        await asyncio.sleep(0.01)
    parse.warm()
    pages = [parse(ARTICLE.encode(), "text/html") for _ in range(2 * CHILDREN)]
    assert [one.title for one in await asyncio.gather(*pages)] == ["Tides"] * 2 * CHILDREN
    assert len(started) == CHILDREN


async def test_children_at_rest_end_by_themselves_unless_they_are_needed(
    parse: PageParser, started: list[Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    await parse(ARTICLE.encode(), "text/html")
    parse.rest()
    await parse(ARTICLE.encode(), "text/html")
    assert len(started) == 1, "one at rest goes on"
    monkeypatch.setattr(page_parser, "REST_S", 0.05)
    parse.rest()
    await asyncio.wait_for(ended(started[0]), 30)
    assert (await parse(ARTICLE.encode(), "text/html")).title == "Tides"
    assert len(started) == 2


def test_a_process_that_ends_takes_the_children_at_rest_along() -> None:
    code = """
import asyncio, warnings
warnings.simplefilter("error")
from quaestor.tools.web.page_parser import PageParser
parse = PageParser()
asyncio.run(parse(b"<p>Tide.", "text/html"))
parse.rest()
print(*parse._pool.processes())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    for process in done.stdout.split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(process), 0)
