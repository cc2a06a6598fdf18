"""A branch's tools: every call in the ledger, what it brought as evidence, failures as values."""

import json
from collections.abc import AsyncGenerator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from quaestor.errors import RefusedError, SettingsError, SourceDownError, UnreadableError
from quaestor.memory import attempts, schema
from quaestor.memory.calls import Ask
from quaestor.memory.database import Database
from quaestor.memory.documents import Document
from quaestor.memory.journal import load_calls
from quaestor.memory.lease import take
from quaestor.memory.ledger import Ledger
from quaestor.memory.store import Store
from quaestor.tools.sources import Hit, Source
from quaestor.tools.toolbox import Toolbox
from tests.fakes import Shelf

TEXTS = {
    "Ferry": "The ferry sails at noon. It is red.",
    "Mill": "The mill burnt down in 1903.",
}
ASK = Ask(branch="public", task="t", round=0, step=1)
NEXT = replace(ASK, step=2)
FERRY = {"query": "ferry", "limit": 3}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "BACKOFF_S", 0.0)


@pytest.fixture
async def database(home: Path) -> AsyncGenerator[Database]:
    opened = await Database.open(home)
    yield opened
    await opened.close()


async def toolbox(
    database: Database, *sources: Source, generations: dict[str, str] | None = None
) -> Toolbox:
    token = (await take(database, "r")).token
    return Toolbox(
        sources,
        generations=generations or {},
        ledger=Ledger(database, "r", token=token),
        store=Store(database, run_id="r", token=token),
    )


async def requests(database: Database) -> list[tuple[str, Any]]:
    async with database.reading() as connection:
        rows = await connection.execute(select(schema.requests.c.kind, schema.requests.c.body))
        return [(row.kind, json.loads(row.body)) for row in rows]


class Neighbours(Shelf):
    """A shelf that knows what stands beside a passage: everything else."""

    async def adjacent_passages(
        self, *, document: str | None, start: int | None, entity: str | None, limit: int
    ) -> list[Hit]:
        self.asked.append(("adjacent", f"{document} {start} {entity}"))
        return await self.search("ferry mill", limit=limit)


SHELVES: dict[str, Shelf] = {
    "corpus": Neighbours("papers", TEXTS, kind="local", private=True),
    "near": Shelf("near", TEXTS),
    "remote": Shelf("far", TEXTS, remote=True),
    "web": Shelf("web", TEXTS, kind="web"),
}


@pytest.mark.parametrize(
    ("which", "tool", "arguments", "kind"),
    [
        pytest.param("corpus", "chunk_search", FERRY, "local_search", id="a corpus searched"),
        pytest.param(
            "corpus", "adjacent_passages", {"entity": "Mill", "limit": 1}, "local_read",
            id="a corpus read on",
        ),
        pytest.param("near", "search", FERRY, "local_search", id="a near source searched"),
        pytest.param("remote", "search", FERRY, "search", id="a remote source searched"),
        pytest.param("web", "search", FERRY, "search", id="the web searched, saved pages too"),
        pytest.param("near", "open", None, "local_read", id="a near source opened"),
        pytest.param("remote", "open", None, "fetch", id="a remote source opened"),
        pytest.param("web", "open", None, "fetch", id="a page opened"),
    ],
)  # fmt: skip
async def test_a_call_is_of_the_kind_of_what_it_asks(
    database: Database, which: str, tool: str, arguments: dict[str, Any] | None, kind: str
) -> None:
    shelf = SHELVES[which]
    box = await toolbox(database, shelf)
    if tool == "open":
        await box.use("search", shelf.name, FERRY, ASK)
    brought = await box.use(tool, shelf.name, arguments or {"hit": {"uri": "Ferry"}}, NEXT)
    assert brought.error == ""
    call = (await load_calls(database, "r"))[-1]
    assert (call.kind, call.origin, call.asks) == (kind, shelf.origin.label, (NEXT,))
    assert (call.key, call.started <= brought.taken_at) == (brought.key, True)


async def test_which_tools_a_source_has(database: Database) -> None:
    box = await toolbox(database, *SHELVES.values())
    assert box.tools("papers") == ("chunk_search", "adjacent_passages")
    for name in ("near", "far", "web"):
        assert box.tools(name) == ("search", "open", "read_on")


async def test_a_request_says_what_is_asked_of_which_generation(database: Database) -> None:
    shelves = Neighbours("papers", TEXTS, kind="local", private=True), Shelf("near", TEXTS)
    for shelf in shelves:
        shelf.generation = "changed since"
    box = await toolbox(database, *shelves, generations={"papers": "g7", "near": "g8"})
    await box.use("chunk_search", "papers", FERRY, ASK)
    await box.use("adjacent_passages", "papers", {"entity": "Mill", "limit": 2}, ASK)
    await box.use("search", "near", FERRY, ASK)
    await box.use("open", "near", {"hit": {"uri": "Ferry"}}, NEXT)
    papers = {"source": "local:papers", "generation": "g7"}
    near = {"source": "source:near", "generation": "g8"}
    assert sorted(await requests(database), key=str) == [
        (
            "local_read",
            papers | {"document": None, "start": None, "entity": "Mill", "limit": 2},
        ),
        ("local_read", near | {"uri": "Ferry"}),
        ("local_search", papers | {"query": "ferry", "limit": 3}),
        ("local_search", near | {"query": "ferry", "limit": 3}),
    ]


async def test_passages_that_a_source_holds_are_evidence(database: Database) -> None:
    box = await toolbox(database, Shelf("near", TEXTS))
    brought = await box.use("search", "near", {"query": "the red ferry mill", "limit": 5}, ASK)
    assert [span.text for span in brought.spans] == [TEXTS["Ferry"], TEXTS["Mill"]]
    assert brought.hits == ()
    documents = {span.document: brought.documents[span.document] for span in brought.spans}
    assert [one.title for one in documents.values()] == ["Ferry", "Mill"]
    stored = await Store(database).evidence(span.id for span in brought.spans)
    assert list(stored.values()) == list(brought.spans)
    assert brought.charge == {"calls": 1, "tokens": 0, "usd": 0.0}


async def test_a_page_is_evidence_when_it_was_opened_and_its_snippet_never(
    database: Database,
) -> None:
    box = await toolbox(database, Shelf("web", TEXTS, kind="web"))
    found = await box.use("search", "web", FERRY, ASK)
    assert (found.spans, dict(found.documents)) == ((), {})
    assert [hit.uri for hit in found.hits] == ["Ferry"]
    opened = await box.use("open", "web", {"hit": asdict(found.hits[0])}, NEXT)
    assert [span.text for span in opened.spans] == [TEXTS["Ferry"]]
    assert opened.hits == ()


async def test_a_passage_found_twice_in_one_result_counts_once(database: Database) -> None:
    class Twice(Shelf):
        async def search(self, query: str, *, limit: int) -> list[Hit]:
            return [*await super().search(query, limit=limit)] * 2

    box = await toolbox(database, Twice("near", TEXTS))
    brought = await box.use("search", "near", FERRY, ASK)
    assert [span.text for span in brought.spans] == [TEXTS["Ferry"]]


async def test_recall_gives_what_use_gave_and_asks_nobody(database: Database) -> None:
    shelves = [Shelf("near", TEXTS), Shelf("web", TEXTS, kind="web")]
    box = await toolbox(database, *shelves)
    brought = [await box.use("search", name, FERRY, ASK) for name in ("near", "web")]
    asked = [list(shelf.asked) for shelf in shelves]
    assert [await box.recall(one.key) for one in brought] == brought
    # Another process, after a crash: nothing but the home is left.
    later = await toolbox(database, *shelves)
    assert [await later.recall(one.key) for one in brought] == brought
    assert [await later.use("search", name, FERRY, ASK) for name in ("near", "web")] == brought
    assert [shelf.asked for shelf in shelves] == asked
    assert [len(call.asks) for call in await load_calls(database, "r")] == [1, 1]


class Failing(Shelf):
    """Raises in place of an answer, while it has errors left."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__("down", TEXTS)
        self.errors = list(errors)

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        self.asked.append(("search", query))
        if self.errors:
            raise self.errors.pop(0)
        return await super().search(query, limit=limit)


@pytest.mark.parametrize(
    ("error", "shown", "asked"),
    [
        pytest.param(RefusedError("down", "no"), "down: no", 1, id="a refusal"),
        pytest.param(SourceDownError("down", "late"), "down: late", 3, id="no answer"),
        pytest.param(KeyError("x"), "down: KeyError: 'x'", 1, id="a defect of the source"),
        pytest.param(OSError(28, "full"), "down: OSError: [Errno 28] full", 1, id="its disk"),
    ],
)
async def test_what_fails_is_a_value_with_its_reason(
    database: Database, error: Exception, shown: str, asked: int
) -> None:
    shelf = Failing(*[error] * 9)
    box = await toolbox(database, shelf)
    brought = await box.use("search", "down", FERRY, ASK)
    assert (brought.error, brought.spans, brought.hits) == (shown, (), ())
    assert len(shelf.asked) == asked
    assert await (await toolbox(database, shelf)).recall(brought.key) == brought
    [call] = await load_calls(database, "r")
    assert (call.status, call.attempts) == ("failed", asked)


async def test_a_source_that_is_late_once_is_asked_again(database: Database) -> None:
    box = await toolbox(database, Failing(SourceDownError("down", "late")))
    brought = await box.use("search", "down", FERRY, ASK)
    assert (brought.error, len(brought.spans)) == ("", 1)


async def test_a_document_that_cannot_be_read_leaves_the_others(database: Database) -> None:
    class HalfBurnt(Shelf):
        async def open(self, hit: Hit) -> Document:
            if hit.uri == "Mill":
                raise UnreadableError("Mill", "burnt")
            return await super().open(hit)

    box = await toolbox(database, HalfBurnt("near", TEXTS))
    brought = await box.use("search", "near", {"query": "the ferry mill", "limit": 5}, ASK)
    assert [span.text for span in brought.spans] == [TEXTS["Ferry"]]
    assert brought.error == "Mill: burnt"


async def test_a_source_that_is_not_there_is_a_mistake_of_the_caller(database: Database) -> None:
    box = await toolbox(database, Shelf("near", TEXTS))
    with pytest.raises(SettingsError, match="no source 'mars' in this branch; it has near"):
        await box.use("search", "mars", FERRY, ASK)
    assert await load_calls(database, "r") == []
