"""What a searcher may read: what its branch was brought, what the person typed, nothing else."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quaestor.memory.calls import Ask
from quaestor.memory.database import Database
from quaestor.memory.documents import Document
from quaestor.memory.journal import load_calls
from quaestor.memory.lease import take
from quaestor.memory.ledger import Ledger
from quaestor.memory.store import Store
from quaestor.tools.brought import Brought
from quaestor.tools.sources import Hit, Source
from quaestor.tools.toolbox import Toolbox
from tests.fakes import Shelf

FERRY, MILL = "https://example.org/ferry", "https://example.org/mill"
PAGES = {FERRY: "The ferry sails at noon.", MILL: "The mill burnt down in 1903."}
ASK = Ask(branch="public", task="t", round=0, step=1)
SEARCH: dict[str, Any] = {"query": "ferry", "limit": 3}


@pytest.fixture
async def database(home: Path) -> AsyncGenerator[Database]:
    opened = await Database.open(home)
    yield opened
    await opened.close()


class Pages(Shelf):
    """A web that says with which hits it was asked to open something."""

    def __init__(self) -> None:
        super().__init__("web", PAGES, kind="web")
        self.opened: list[Hit] = []

    async def open(self, hit: Hit) -> Document:
        self.opened.append(hit)
        return await super().open(hit)


class Neighbours(Shelf):
    """A corpus."""

    async def adjacent_passages(
        self, *, document: str | None, start: int | None, entity: str | None, limit: int
    ) -> list[Hit]:
        return await self.search("ferry mill", limit=limit)


async def toolbox(database: Database, *sources: Source) -> Toolbox:
    token = (await take(database, "r")).token
    ledger = Ledger(database, "r", token=token)
    return Toolbox(
        sources, generations={}, ledger=ledger, store=Store(database, run_id="r", token=token)
    )


async def open_page(box: Toolbox, uri: str, ask: Ask, question: str = "") -> Brought:
    return await box.use("open", "web", {"hit": {"uri": uri}}, ask, question=question)


@pytest.mark.parametrize(
    ("ask", "may"),
    [
        pytest.param(replace(ASK, step=2), True, id="after its own search"),
        pytest.param(replace(ASK, step=1), False, id="not in the step of the search"),
        pytest.param(replace(ASK, task="u", round=1), True, id="in a later round of its branch"),
        pytest.param(replace(ASK, task="u", step=9), False, id="not beside a task still searching"),
        pytest.param(replace(ASK, branch="private", step=2), False, id="not in the other branch"),
        pytest.param(
            replace(ASK, branch="private", round=5), False, id="not later in the other branch"
        ),
    ],
)
async def test_a_page_is_opened_after_a_search_brought_it(
    database: Database, ask: Ask, may: bool
) -> None:
    web = Pages()
    box = await toolbox(database, web)
    await box.use("search", "web", SEARCH, ASK)
    brought = await open_page(box, FERRY, ask)
    assert [hit.uri for hit in web.opened] == [FERRY] * may
    assert [span.text for span in brought.spans] == [PAGES[FERRY]] * may
    assert ("was brought by no search" in brought.error) is not may
    assert may or brought.gap == "refused"


async def test_what_was_refused_is_refused_after_a_resume_and_hinders_nobody_else(
    database: Database,
) -> None:
    web = Pages()
    refused = await open_page(await toolbox(database, web), FERRY, ASK)
    # Another process: nothing but the home is left.
    box = await toolbox(database, web)
    assert await box.recall(refused.key) == refused
    assert await open_page(box, FERRY, ASK) == refused
    await box.use("search", "web", SEARCH, replace(ASK, task="u"))
    assert (await open_page(box, FERRY, replace(ASK, task="u", step=2))).error == ""
    assert (await open_page(box, FERRY, replace(ASK, step=2))).error == refused.error
    assert [hit.uri for hit in web.opened] == [FERRY]


async def test_a_hit_is_what_the_search_said_of_it_whatever_the_arguments_say(
    database: Database,
) -> None:
    web = Pages()
    box = await toolbox(database, web)
    [found] = (await box.use("search", "web", SEARCH, ASK)).hits
    said = {"uri": FERRY, "source": "papers", "title": "Lies", "snippet": "Lies", "typed": True}
    await box.use("open", "web", {"hit": said}, replace(ASK, step=2))
    assert web.opened == [found]
    assert not found.typed


@pytest.mark.parametrize("searched", [True, False])
async def test_an_address_the_person_typed_is_opened_as_such(
    database: Database, searched: bool
) -> None:
    web = Pages()
    box = await toolbox(database, web)
    if searched:
        await box.use("search", "web", SEARCH, ASK)
    question = f"When does the ferry of {FERRY} sail?"
    assert box.typed("web", question) == (FERRY,)
    brought = await open_page(box, FERRY, replace(ASK, step=2), question)
    assert brought.error == ""
    [hit] = web.opened
    assert (hit.uri, hit.typed) == (FERRY, True)
    refused = await open_page(box, MILL, replace(ASK, step=3), question)
    assert (len(web.opened), refused.gap) == (1, "refused")


async def test_only_the_web_opens_what_was_typed(database: Database) -> None:
    far = Shelf("far", PAGES, remote=True)
    box = await toolbox(database, far)
    question = f"What does {FERRY} say?"
    assert box.typed("far", question) == ()
    brought = await box.use("open", "far", {"hit": {"uri": FERRY}}, ASK, question=question)
    assert brought.gap == "refused"


async def test_neighbours_are_asked_of_documents_that_the_branch_was_brought(
    database: Database,
) -> None:
    papers = Neighbours("papers", PAGES, kind="local", private=True)
    other = Neighbours("other", {"Order": "The ferry has order 4471-K."}, kind="local")
    box = await toolbox(database, papers, other)
    [seen] = (await box.use("chunk_search", "papers", SEARCH, ASK)).spans
    [foreign] = (await box.use("chunk_search", "other", SEARCH, ASK)).spans
    step = replace(ASK, step=2)
    beside = {"document": seen.document, "start": 0, "limit": 2}
    assert (await box.use("adjacent_passages", "papers", beside, step)).error == ""
    for document in (foreign.document, "no such thing"):
        refused = await box.use(
            "adjacent_passages", "papers", beside | {"document": document}, replace(ASK, step=3)
        )
        assert (refused.spans, refused.gap) == ((), "refused")
        assert "no call of this search brought a document" in refused.error


WRONG: list[Any] = [
    pytest.param("guess", SEARCH, "near has no such tool: search, open", id="no such tool"),
    pytest.param("adjacent_passages", SEARCH, "no such tool", id="another source's tool"),
    pytest.param("search", {"limit": 3}, "`query` must be a text, not missing", id="no query"),
    pytest.param("search", {"query": 7, "limit": 3}, "text, not 7", id="a number for a query"),
    pytest.param("search", {"query": " ", "limit": 3}, "must be a text", id="an empty query"),
    pytest.param("search", {"query": "a", "limit": "3"}, "number, not '3'", id="text for a limit"),
    pytest.param("search", {"query": "a", "limit": True}, "number, not True", id="yes for a limit"),
    pytest.param("search", {"query": "a", "limit": 2.5}, "number, not 2.5", id="half a hit"),
    pytest.param("search", {"query": "a"}, "number, not missing", id="no limit"),
    pytest.param("search", SEARCH | {"site": "x"}, "does not take 'site'", id="one too many"),
    pytest.param("open", {}, "`hit` must be an object", id="nothing to open"),
    pytest.param("open", {"hit": "Ferry"}, "`hit` must be an object", id="a text for a hit"),
    pytest.param("open", {"hit": {"uri": 3}}, "`hit` must be an object", id="a number for a uri"),
    pytest.param("read_on", {"document": "d"}, "number, not missing", id="no place to read on"),
    pytest.param("read_on", {"document": "d", "start": -1}, "0 or more", id="before the start"),
]


@pytest.mark.parametrize(("tool", "arguments", "says"), WRONG)
async def test_a_mistaken_call_is_a_failed_step_that_says_why(
    database: Database, tool: str, arguments: dict[str, Any], says: str
) -> None:
    near = Shelf("near", PAGES)
    box = await toolbox(database, near)
    brought = await box.use(tool, "near", arguments, ASK)
    assert says in brought.error
    assert (brought.spans, brought.gap, near.asked) == ((), None, [])
    [call] = await load_calls(database, "r")
    assert (call.kind, call.status, call.asks) == ("local_read", "failed", (ASK,))
    assert await (await toolbox(database, near)).recall(brought.key) == brought


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({"document": "d", "limit": 2}, id="a document without a place"),
        pytest.param({"start": 3, "limit": 2}, id="a place without a document"),
        pytest.param({"document": "d", "start": 3, "entity": "x", "limit": 2}, id="both"),
        pytest.param({"limit": 2}, id="neither"),
    ],
)
async def test_neighbours_are_of_a_place_or_of_a_name(
    database: Database, arguments: dict[str, Any]
) -> None:
    box = await toolbox(database, Neighbours("papers", PAGES, kind="local"))
    brought = await box.use("adjacent_passages", "papers", arguments, ASK)
    assert "takes `document` and `start`, or `entity` alone" in brought.error


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-4, 1), (50, 50), (10_000, 50)])
async def test_a_limit_is_kept_in_bounds(database: Database, asked: int, given: int) -> None:
    class Counting(Shelf):
        async def search(self, query: str, *, limit: int) -> list[Hit]:
            self.asked.append((query, str(limit)))
            return []

    near = Counting("near", PAGES)
    box = await toolbox(database, near)
    await box.use("search", "near", {"query": "a", "limit": asked}, ASK)
    assert near.asked == [("a", str(given))]
