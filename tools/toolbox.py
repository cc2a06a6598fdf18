"""A branch's tools: its sources, asked through the ledger and read as evidence.

* chunk_search: passages of a source that holds its text
* adjacent_passages: the neighbours of a passage, or the passages that mention a name
* search: hits of a source that has to be opened
* open: the passages of one hit's document
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from quaestor.errors import (
    OutsideError,
    QuaestorError,
    RefusedError,
    SettingsError,
    WithheldError,
)
from quaestor.memory.calls import Ask
from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence
from quaestor.memory.finding import GapKind
from quaestor.memory.ledger import Do, Ledger, Outcome, Reply
from quaestor.memory.requests import Kind
from quaestor.memory.store import Store
from quaestor.tools.outgoing import Gate
from quaestor.tools.sources import HasAdjacent, HasBytes, HasReadings, Hit, Source
from quaestor.tools.text.passages import passages

Tool = Literal["chunk_search", "adjacent_passages", "search", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one tool call brought."""

    key: str
    """Of the ledger's call."""
    taken_at: str
    spans: tuple[Evidence, ...] = ()
    """Best first."""
    documents: Mapping[str, Document]
    """Of the spans, by id."""
    hits: tuple[Hit, ...] = ()
    """Still to be opened."""
    error: str = ""
    """Why it brought nothing, where the source failed."""
    gap: GapKind = "source_down"
    """What kind of gap that leaves."""
    charge: Mapping[str, float]


class Toolbox:
    """The tools of one branch.

    Args:
        sources: Those the branch may ask.
        generations: Each source's generation when the run started: part of every request, so
            that a resumed run asks as the first one did.
        ledger: The run's.
        store: A view that reads what the branch may read.
        gate: Looks at what leaves this machine for a public source.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        generations: Mapping[str, str],
        ledger: Ledger,
        store: Store,
        gate: Gate | None = None,
    ) -> None:
        self._gate = gate
        self._sources = {source.name: source for source in sources}
        self._generations = generations
        self._ledger = ledger
        self._store = store
        self._brought: dict[str, Brought] = {}

    def tools(self, source: str) -> tuple[Tool, ...]:
        """Return the names of the tools a source has."""
        if isinstance(self._source(source), HasAdjacent):
            return ("chunk_search", "adjacent_passages")
        return ("search", "open")

    async def use(self, tool: str, source: str, arguments: Mapping[str, Any], ask: Ask) -> Brought:
        """Call a tool; a failure of its source is a value.

        Raises:
            SettingsError: No such tool or source, or arguments it does not take.
        """
        asked = self._source(source)
        match tool:
            case "chunk_search" | "search":
                outcome = await self._search(asked, arguments, ask)
            case "adjacent_passages" if isinstance(asked, HasAdjacent):
                outcome = await self._adjacent(asked, arguments, ask)
            case "open":
                outcome = await self._open(asked, arguments, ask)
            case _:
                raise SettingsError(f"source {source!r} has no tool {tool!r}")
        return await self._read(outcome)

    async def recall(self, key: str) -> Brought:
        """Return what an earlier call of this run brought, without a new ask."""
        if key not in self._brought:
            await self._read(await self._ledger.outcome(key))
        return self._brought[key]

    async def _search(self, source: Source, arguments: Mapping[str, Any], ask: Ask) -> Outcome:
        query, limit = str(arguments["query"]), int(arguments["limit"])

        async def do() -> Reply:
            return await _reply(source, await source.search(query, limit=limit))

        kind: Kind = "search" if _far(source) else "local_search"
        request = self._request(source, query=query, limit=limit)
        return await self._call(kind, source, request, do, ask)

    async def _adjacent(self, source: Source, arguments: Mapping[str, Any], ask: Ask) -> Outcome:
        wanted: dict[str, Any] = {
            "document": arguments.get("document"),
            "start": arguments.get("start"),
            "entity": arguments.get("entity"),
            "limit": int(arguments["limit"]),
        }

        async def do() -> Reply:
            assert isinstance(source, HasAdjacent)
            return await _reply(source, await source.adjacent_passages(**wanted))

        kind: Kind = "fetch" if _far(source) else "local_read"
        return await self._call(kind, source, self._request(source, **wanted), do, ask)

    async def _open(self, source: Source, arguments: Mapping[str, Any], ask: Ask) -> Outcome:
        hit = Hit(**arguments["hit"])

        async def do() -> Reply:
            document = await source.open(hit)
            return Reply(
                body={
                    "hits": [],
                    "opened": document.id,
                    "documents": [document.id],
                    "readings": _readings(source, [document.id]),
                },
                documents=(document,),
                blobs=_blobs(source, document.id),
            )

        kind: Kind = "fetch" if _far(source) else "local_read"
        return await self._call(kind, source, self._request(source, uri=hit.uri), do, ask)

    async def _call(
        self, kind: Kind, source: Source, request: dict[str, Any], do: Do, ask: Ask
    ) -> Outcome:
        async def guarded() -> Reply:
            try:
                if self._gate is not None and _far(source) and not source.private:
                    await self._gate.check(source.name, _sent(request))
                return await do()
            except QuaestorError:
                raise
            except Exception as error:
                # Sources are other people's code: what breaks in one is that source's failure.
                raise RefusedError(source.name, f"{type(error).__name__}: {error}") from error

        origin = source.origin.label
        return await self._ledger.call(kind, request, guarded, ask=ask, origin=origin)

    async def _read(self, outcome: Outcome) -> Brought:
        """Turn a committed result into spans: the same after a resume as the first time."""
        known = self._brought.get(outcome.key)
        if known is not None:
            return known
        brought = await self._brought_by(outcome)
        self._brought[outcome.key] = brought
        return brought

    async def _brought_by(self, outcome: Outcome) -> Brought:
        body = outcome.body
        if outcome.failed:
            return Brought(
                key=outcome.key,
                taken_at=outcome.taken_at,
                charge=outcome.charge,
                documents={},
                error=f"{body['source']}: {body['reason']}",
                gap="private" if body["error"] == WithheldError.__name__ else "source_down",
            )
        documents = await self._store.documents(body["documents"])
        hits = [Hit(**hit) for hit in body["hits"]]
        spans = _spans(hits, documents, body.get("opened"))
        await self._store.add_evidence(spans)
        return Brought(
            key=outcome.key,
            taken_at=outcome.taken_at,
            charge=outcome.charge,
            documents=documents,
            spans=tuple(spans),
            hits=tuple(hit for hit in hits if hit.document is None),
            error="; ".join(body.get("unread", [])),
        )

    def _request(self, source: Source, **arguments: Any) -> dict[str, Any]:
        generation = self._generations.get(source.name, "")
        return {"source": source.origin.label, "generation": generation, **arguments}

    def _source(self, name: str) -> Source:
        if name not in self._sources:
            known = ", ".join(sorted(self._sources)) or "none"
            raise SettingsError(f"no source {name!r} in this branch; it has {known}")
        return self._sources[name]


def _far(source: Source) -> bool:
    """Say whether a source is the web's or off this machine: its calls are `search`, `fetch`."""
    return source.remote or source.origin.kind == "web"


def _sent(request: Mapping[str, Any]) -> str:
    """Return the words of a request that a far source is told."""
    told = (request.get(name) for name in ("query", "uri", "entity"))
    return " ".join(text for text in told if isinstance(text, str))


async def _reply(source: Source, hits: Sequence[Hit]) -> Reply:
    """Return hits as a reply, the documents the source holds itself read along."""
    documents: dict[str, Document] = {}
    unread: list[str] = []
    for hit in hits:
        if hit.document is not None and hit.document not in documents:
            try:
                documents[hit.document] = await source.open(hit)
            except OutsideError as error:
                unread.append(str(error))
    held = [hit for hit in hits if hit.document is None or hit.document in documents]
    return Reply(
        body={
            "hits": [asdict(hit) for hit in held],
            "documents": sorted(documents),
            "readings": _readings(source, sorted(documents)),
            "unread": sorted(set(unread)),
        },
        documents=tuple(documents[one] for one in sorted(documents)),
    )


def _blobs(source: Source, document: str) -> tuple[bytes, ...]:
    taken = source.take_bytes(document) if isinstance(source, HasBytes) else None
    return () if taken is None else (taken,)


def _readings(source: Source, documents: Sequence[str]) -> dict[str, dict[str, str | int]]:
    if not isinstance(source, HasReadings):
        return {}
    return {document: source.reading(document) for document in documents}


def _spans(
    hits: Sequence[Hit], documents: Mapping[str, Document], opened: str | None
) -> list[Evidence]:
    if opened is not None:
        document = documents[opened]
        return [
            document.span(start, end) for start, end in passages(document.text, document.locations)
        ]
    spans: dict[str, Evidence] = {}
    for hit in hits:
        if hit.document is not None and hit.start is not None and hit.end is not None:
            span = documents[hit.document].span(hit.start, hit.end)
            spans.setdefault(span.id, span)
    return list(spans.values())
