"""A page is read one segment at a time, and each reading is a call of its own."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quaestor.memory.calls import Ask
from quaestor.memory.database import Database
from quaestor.memory.documents import WEB, Document
from quaestor.memory.journal import load_calls
from quaestor.memory.lease import take
from quaestor.memory.ledger import Ledger
from quaestor.memory.store import Store
from quaestor.tools.brought import Brought
from quaestor.tools.reading import SEGMENT, Stretch, segment, spans_of
from quaestor.tools.text.passages import passages
from quaestor.tools.toolbox import Toolbox
from tests.fakes import Shelf

LONG = " ".join(f"In year {1000 + n} the lighthouse keeper wrote line {n}." for n in range(400))
ASK = Ask(branch="public", task="t", round=0, step=1)


def document(text: str) -> Document:
    return Document.of(
        text, uri="https://example.org/", title="T", media_type="text/plain", origin=WEB,
        extractor="plain",
    )  # fmt: skip


def stretches(text: str) -> list[Stretch]:
    whole = document(text)
    found = [segment(whole)]
    while found[-1].more:
        found.append(segment(whole, found[-1].end))
    return found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param("A line.", 1, id="a line"),
        pytest.param(LONG[:7_400], 1, id="a rest too short for a step of its own"),
        pytest.param(LONG[:9_000], 2, id="half as much again"),
        pytest.param(LONG, 4, id="a long one, of passages of 1,250 characters"),
        pytest.param(LONG[:7_000] + " " * 9_000, 2, id="blanks at its end"),
    ],
)
def test_segments_are_of_about_six_thousand_characters(text: str, count: int) -> None:
    found = stretches(text)
    assert len(found) == count
    assert (found[0].start, found[-1].end, found[-1].more) == (0, len(text), False)


@given(
    st.lists(
        st.sampled_from(["The tide turns. " * 90, "x" * 3_000, "\n\n", "# Tides\n", "潮" * 900]),
        max_size=8,
    )
)
@settings(max_examples=25)
def test_the_segments_are_the_passages_each_once_in_order(parts: list[str]) -> None:
    whole = document("".join(parts))
    found = stretches(whole.text)
    spans = [span for one in found for span in spans_of(whole, one)]
    assert [(span.start, span.end) for span in spans] == passages(whole.text)
    for one in found:
        held = spans_of(whole, one)
        assert not held or held[-1].end - one.start <= SEGMENT * 5 // 4 or len(held) == 1


@pytest.fixture
async def database(home: Path) -> AsyncGenerator[Database]:
    opened = await Database.open(home)
    yield opened
    await opened.close()


async def toolbox(database: Database, web: Shelf) -> Toolbox:
    token = (await take(database, "r")).token
    ledger = Ledger(database, "r", token=token)
    return Toolbox(
        [web], generations={}, ledger=ledger, store=Store(database, run_id="r", token=token)
    )


async def opened(box: Toolbox) -> Brought:
    await box.use("search", "web", {"query": "lighthouse", "limit": 3}, ASK)
    return await box.use("open", "web", {"hit": {"uri": "Log"}}, replace(ASK, step=2))


async def read_on(box: Toolbox, last: Brought, ask: Ask) -> Brought:
    assert last.read is not None
    arguments = {"document": last.read.document, "start": last.read.end}
    return await box.use("read_on", "web", arguments, ask)


async def test_a_page_is_fetched_once_and_read_to_its_end(database: Database) -> None:
    web = Shelf("web", {"Log": LONG}, kind="web")
    box = await toolbox(database, web)
    brought = [await opened(box)]
    while brought[-1].read is not None and brought[-1].read.more:
        brought.append(await read_on(box, brought[-1], replace(ASK, step=2 + len(brought))))
    ends = [one.read.end for one in brought if one.read]
    assert ends == sorted(ends)
    assert ends[-1] == len(LONG)
    assert [len(one.spans) > 1 for one in brought] == [True] * 4
    texts = [span.text for one in brought for span in one.spans]
    assert " ".join(texts) == LONG
    assert [what for what, _ in web.asked] == ["search", "open"]
    calls = await load_calls(database, "r")
    assert [call.kind for call in calls] == ["search", "fetch", *["local_read"] * 3]
    assert {call.usd for call in calls} == {0.0}


async def test_reading_on_needs_no_source_after_a_resume(database: Database) -> None:
    first = await opened(await toolbox(database, Shelf("web", {"Log": LONG}, kind="web")))
    gone = await toolbox(database, Shelf("web", {}, kind="web"))
    second = await read_on(gone, first, replace(ASK, step=3))
    assert second.read is not None
    assert second.spans[0].text in LONG
    later = await toolbox(database, Shelf("web", {}, kind="web"))
    assert await later.recall(second.key) == second


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(replace(ASK, branch="private", round=7), id="of the other branch"),
        pytest.param(replace(ASK, task="u", step=9), id="of another task of the round"),
        pytest.param(replace(ASK, step=2), id="at the step that opens it"),
    ],
)
async def test_what_no_open_brought_is_not_read_on(database: Database, ask: Ask) -> None:
    box = await toolbox(database, Shelf("web", {"Log": LONG}, kind="web"))
    refused = await read_on(box, await opened(box), ask)
    assert (refused.spans, refused.gap, refused.read) == ((), "refused", None)
    assert "no call of this search brought a document" in refused.error


async def test_reading_goes_on_where_it_stopped_and_nowhere_else(database: Database) -> None:
    box = await toolbox(
        database, Shelf("web", {"Log": LONG, "Note": "The lighthouse."}, kind="web")
    )
    first = await opened(box)
    assert first.read is not None
    skipping = {"document": first.read.document, "start": first.read.end + 1}
    refused = await box.use("read_on", "web", skipping, replace(ASK, step=3))
    assert refused.error.endswith(f"it was read to {first.read.end}")
    assert refused.gap is None
    short = await box.use("open", "web", {"hit": {"uri": "Note"}}, replace(ASK, step=4))
    ended = await read_on(box, short, replace(ASK, step=5))
    assert ended.error.endswith("it was read to its end")
