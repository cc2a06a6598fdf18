"""What every make of Source does, whatever it searches.

A new make adds one line to MAKES: how it is built in an empty folder so that `harbour` finds at
least two passages, and everything below holds for it.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from quaestor.errors import OutsideError
from quaestor.memory.documents import Document
from quaestor.tools.local.corpus import Corpus
from quaestor.tools.sources import (
    HasAdjacent,
    HasGaps,
    HasHome,
    HasProfile,
    HasReadings,
    Hit,
    Progress,
    Source,
)
from quaestor.tools.web import Web
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.live import LiveWeb
from quaestor.tools.web.providers import SearchResult
from tests.tools.web.servers import Server, answer

Make = Callable[[Path], Source]
ROWS = [
    {"title": "Harbour", "text": "The harbour of Bergen is deep.\nShips of any size enter it."},
    {"title": "Office", "text": "The harbour office counts ships. It opens at eight."},
    {"title": "Tide", "text": "The tide turns twice a day."},
]


def folder_corpus(place: Path) -> Source:
    for row in ROWS:
        (place / f"{row['title']}.md").write_text(f"# {row['title']}\n\n{row['text']}\n")
    (place / "photo.png").write_bytes(b"no image")
    return Corpus.open(place, name="folder")


def rows_corpus(place: Path) -> Source:
    file = place / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in ROWS))
    return Corpus.open(file, private=False)


def frozen_web(place: Path) -> Source:
    lines: list[str] = []
    for row in ROWS:
        file = f"{row['title']}.html"
        (place / file).write_text(f"<title>{row['title']}</title><p>{row['text']}</p>")
        url = f"https://example.org/{row['title']}"
        lines.append(json.dumps({"url": url, "file": file, "fetched": "2024-11-04T08:12:40Z"}))
    lines.append('{"url": "https://example.org/gone", "file": "gone.html"}')
    (place / "pages.jsonl").write_text("\n".join(lines))
    return Web(f"snapshot:{place}")


class ServedWeb(LiveWeb):
    """The live web on loopback: pages served, and an engine that finds those with a word."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._server: asyncio.Server | None = None
        self._pages = Server(
            pages={
                f"/{row['title']}": answer(f"<title>{row['title']}</title><p>{row['text']}</p>")
                for row in ROWS
            }
        )
        super().__init__(
            FindingEngine(self.host), fetcher=Fetcher(Guard([self.host])), interval_s=0
        )

    async def prepare(
        self, home: Path, *, progress: Callable[[Progress], None] | None = None
    ) -> None:
        await self.close()
        listening = self._socket.dup()
        self._server = await asyncio.start_server(self._pages.accept, sock=listening)
        await super().prepare(home, progress=progress)

    async def close(self) -> None:
        await super().close()
        if self._server is not None:
            self._server.close()
            self._server = None

    def stop(self) -> None:
        self._socket.close()


class FindingEngine:
    """An engine that finds the rows that hold the first word of a query."""

    name = "engine"

    def __init__(self, host: str) -> None:
        self._host = host

    async def search(self, query: str, *, limit: int) -> list[SearchResult]:
        word = query.split(maxsplit=1)[0].lower()
        return [
            SearchResult(url=f"http://{self._host}/{row['title']}", title=row["title"], snippet="")
            for row in ROWS
            if word in row["text"].lower()
        ][:limit]


def live_web(_: Path) -> Source:
    return ServedWeb()


MAKES: dict[str, Make] = {
    "a folder": folder_corpus,
    "a file of JSON rows": rows_corpus,
    "saved pages as the web": frozen_web,
    "the live web": live_web,
}


@pytest.fixture(params=list(MAKES.values()), ids=list(MAKES))
async def source(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Source]:
    place = tmp_path / "place"
    place.mkdir()
    made: Source = request.param(place)
    if isinstance(made, HasHome):
        await made.prepare(tmp_path / "home")
    yield made
    if isinstance(made, HasHome):
        await made.close()
    if isinstance(made, ServedWeb):
        made.stop()


def test_it_is_a_source_with_a_name_and_a_label(source: Source) -> None:
    assert isinstance(source, Source)
    assert source.name
    assert source.private == source.origin.private
    assert isinstance(source.remote, bool)
    assert source.generation == source.generation


async def test_hits_are_ranked_from_one_and_scores_never_rise(source: Source) -> None:
    hits = await source.search("harbour", limit=10)
    assert len(hits) >= 2
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert {hit.source for hit in hits} == {source.name}
    assert all(hit.uri and hit.title for hit in hits)


async def test_hits_are_plain_json(source: Source) -> None:
    hits = await source.search("harbour", limit=10)
    again = [Hit(**fields) for fields in json.loads(json.dumps([asdict(hit) for hit in hits]))]
    assert again == hits


@pytest.mark.parametrize("limit", [0, 1, 2])
async def test_there_are_at_most_as_many_hits_as_asked_for(source: Source, limit: int) -> None:
    hits = await source.search("harbour", limit=limit)
    assert len(hits) == limit
    assert hits == (await source.search("harbour", limit=10))[:limit]


async def test_the_same_question_has_the_same_answer_alone_and_in_a_crowd(source: Source) -> None:
    alone = await source.search("harbour ships", limit=5)
    crowd = await asyncio.gather(*(source.search("harbour ships", limit=5) for _ in range(8)))
    assert crowd == [alone] * 8


@pytest.mark.parametrize("query", ["", "?!", "xyzzyqwx", "a\x00b", '"(AND', "harbour " * 500])
async def test_no_query_breaks_it(source: Source, query: str) -> None:
    assert isinstance(await source.search(query, limit=3), list)


async def opened(source: Source) -> list[tuple[Hit, Document]]:
    hits = await source.search("harbour", limit=10)
    return [(hit, await source.open(hit)) for hit in hits]


async def test_a_hit_opens_as_a_document_under_the_label_of_the_source(source: Source) -> None:
    for hit, document in await opened(source):
        assert document.origin == source.origin
        assert document.uri == hit.uri
        assert document.text.strip()
        assert await source.open(hit) == document


async def test_what_a_hit_points_at_is_inside_its_document_and_speaks_of_the_query(
    source: Source,
) -> None:
    for hit, document in await opened(source):
        if hit.document is not None:
            assert hit.start is not None
            assert hit.end is not None
            assert document.id == hit.document
            assert "harbour" in document.span(hit.start, hit.end).text.lower()


async def test_what_it_does_not_have_is_refused_not_invented(source: Source) -> None:
    hit = Hit(source=source.name, uri="no-such-thing", title="", snippet="", rank=1, score=0.0)
    with pytest.raises(OutsideError, match="no-such-thing"):
        await source.open(hit)


async def test_adjacent_passages_are_hits_of_the_same_source(source: Source) -> None:
    if not isinstance(source, HasAdjacent):
        pytest.skip("it knows nothing of neighbours")
    for document, start, entity in [(None, None, "Bergen"), (None, None, "xyzzyqwx")]:
        hits = await source.adjacent_passages(
            document=document, start=start, entity=entity, limit=3
        )
        assert {hit.source for hit in hits} <= {source.name}
        for hit in hits:
            text = (await source.open(hit)).text[hit.start : hit.end]
            assert str(entity) in text
    (best, *_) = await source.search("harbour", limit=1)
    beside = await source.adjacent_passages(
        document=best.document, start=best.start, entity=None, limit=3
    )
    assert (best.document, best.start) not in [(hit.document, hit.start) for hit in beside]


async def test_readings_are_plain_json(source: Source) -> None:
    if not isinstance(source, HasReadings):
        pytest.skip("it keeps no readings")
    for _, document in await opened(source):
        reading = source.reading(document.id)
        assert reading
        assert json.loads(json.dumps(reading)) == reading


def test_gaps_are_sorted_and_have_reasons(source: Source) -> None:
    if not isinstance(source, HasGaps):
        pytest.skip("it has no gaps")
    unread = list(source.unread())
    assert unread == sorted(unread)
    assert all(name and reason for name, reason in unread)


async def test_a_profile_counts_what_can_be_opened(source: Source) -> None:
    if not isinstance(source, HasProfile):
        pytest.skip("it has no profile")
    profile = source.profile()
    assert profile.documents >= len({document.id for _, document in await opened(source)})
    assert list(profile.titles) == sorted(profile.titles)
    assert len(profile.titles) <= 100


async def test_it_can_be_prepared_and_closed_again_without_another_answer(
    source: Source, tmp_path: Path
) -> None:
    if not isinstance(source, HasHome):
        pytest.skip("it keeps nothing")
    before, generation = await source.search("harbour", limit=5), source.generation
    await source.prepare(tmp_path / "home")
    await source.close()
    await source.close()
    await source.prepare(tmp_path / "another home")
    assert await source.search("harbour", limit=5) == before
    assert source.generation == generation
