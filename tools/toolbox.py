"""A branch's tools: its sources, asked through the ledger and read as evidence.

* chunk_search: passages of a source that holds its text
* adjacent_passages: the neighbours of a passage, or the passages that mention a name
* search: hits of a source that has to be opened
* open: the passages of one hit's document, or of a page whose address the person typed
* read_on: those of its next segment

A searcher opens what a search of its branch brought, and nothing else: which that is stands in
the ledger. What it may not do, or asks for wrongly, is a result too, which it is shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from quaestor.errors import (
    MistakenCallError,
    NotBroughtError,
    QuaestorError,
    RefusedError,
    SettingsError,
)
from quaestor.memory.calls import Ask
from quaestor.memory.ledger import Ledger
from quaestor.memory.outcomes import Do, Outcome, Reply
from quaestor.memory.recent import Recent
from quaestor.memory.requests import Kind
from quaestor.memory.store import Store
from quaestor.tools import arguments as checked
from quaestor.tools.brought import Brought, brought_by
from quaestor.tools.outgoing import Gate
from quaestor.tools.reading import Stretch
from quaestor.tools.replies import opened, read_further, reply_of
from quaestor.tools.sources import HasAdjacent, Hit, Source
from quaestor.tools.web.typed import typed_addresses
from quaestor.tools.web.urls import shown

BROUGHT = 256
"""Results held in memory, with their documents; older ones are read from the ledger again."""

Tool = Literal["chunk_search", "adjacent_passages", "search", "open", "read_on"]


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
        self._brought = Recent[str, Brought](BROUGHT)

    def tools(self, source: str) -> tuple[Tool, ...]:
        """Return the names of the tools a source has."""
        if isinstance(self._source(source), HasAdjacent):
            return ("chunk_search", "adjacent_passages")
        return ("search", "open", "read_on")

    def typed(self, source: str, question: str) -> tuple[str, ...]:
        """Return the addresses in a person's question that this source may open unsearched."""
        is_web = self._source(source).origin.kind == "web"
        return typed_addresses(question) if is_web else ()

    async def use(
        self,
        tool: str,
        source: str,
        arguments: Mapping[str, Any],
        ask: Ask,
        *,
        question: str = "",
    ) -> Brought:
        """Call a tool; a failure of its source, and a call that may not be, is a value.

        Args:
            tool: As its chooser named it.
            source: Of the task.
            arguments: As its chooser gave them.
            ask: For which step.
            question: What the person typed, and nothing else: its addresses may be opened.

        Raises:
            SettingsError: No such source.
        """
        asked = self._source(source)
        try:
            outcome = await self._use(tool, asked, arguments, ask, self.typed(source, question))
        except (MistakenCallError, NotBroughtError) as error:
            outcome = await self._refuse(tool, asked, arguments, ask, error)
        return await self._read(outcome)

    async def _use(
        self,
        tool: str,
        source: Source,
        arguments: Mapping[str, Any],
        ask: Ask,
        typed: Sequence[str],
    ) -> Outcome:
        has = self.tools(source.name)
        if tool not in has:
            raise MistakenCallError(tool, f"{source.name} has no such tool: {', '.join(has)}")
        match tool:
            case "adjacent_passages":
                return await self._adjacent(source, checked.adjoining(tool, arguments), ask)
            case "open":
                return await self._open(source, checked.opening(tool, arguments), ask, typed)
            case "read_on":
                return await self._read_on(source, *checked.reading_on(tool, arguments), ask)
            case _:
                return await self._search(source, checked.searching(tool, arguments), ask)

    async def recall(self, key: str) -> Brought:
        """Return what an earlier call of this run brought, without a new ask."""
        known = self._brought.get(key)
        return known or await self._read(await self._ledger.outcome(key))

    async def _search(self, source: Source, wanted: dict[str, Any], ask: Ask) -> Outcome:
        async def do() -> Reply:
            return await reply_of(source, await source.search(**wanted))

        kind: Kind = "search" if _far(source) else "local_search"
        return await self._call(kind, source, self._request(source, **wanted), do, ask)

    async def _adjacent(self, source: Source, wanted: dict[str, Any], ask: Ask) -> Outcome:
        document = wanted["document"]
        if document is not None:
            told = await self._told(source, ask, document, lambda one: document in one["documents"])
            if not any(document in body["documents"] for body in told):
                raise NotBroughtError("adjacent_passages", _no_document(document))

        async def do() -> Reply:
            assert isinstance(source, HasAdjacent)
            return await reply_of(source, await source.adjacent_passages(**wanted))

        kind: Kind = "fetch" if _far(source) else "local_read"
        return await self._call(kind, source, self._request(source, **wanted), do, ask)

    async def _open(self, source: Source, uri: str, ask: Ask, typed: Sequence[str]) -> Outcome:
        def names(body: dict[str, Any]) -> bool:
            return any(one["uri"] == uri for one in body["hits"])

        told = await self._told(source, ask, uri, names)
        found = next((one for body in told for one in body["hits"] if one["uri"] == uri), None)
        if found is None and uri not in typed:
            raise NotBroughtError(
                "open", f"{shown(uri)} was brought by no search, and the question does not name it"
            )
        typed_in = Hit(source=source.name, uri=uri, title=uri, snippet="", rank=1, score=1.0)
        hit = replace(Hit(**found) if found else typed_in, typed=uri in typed)

        async def do() -> Reply:
            return opened(source, await source.open(hit))

        kind: Kind = "fetch" if _far(source) else "local_read"
        return await self._call(kind, source, self._request(source, uri=uri), do, ask)

    async def _read_on(self, source: Source, document: str, start: int, ask: Ask) -> Outcome:
        def stops_there(body: dict[str, Any]) -> bool:
            read: dict[str, Any] = body.get("read") or {}
            return (read.get("document"), read.get("end")) == (document, start)

        told = await self._told(source, ask, document, stops_there)
        read = [Stretch(**body["read"]) for body in told if body.get("read")]
        stops = [one.end for one in read if one.document == document and one.more]
        if not any(one.document == document for one in read):
            raise NotBroughtError("read_on", _no_document(document))
        if start not in stops:
            places = ", ".join(map(str, sorted(set(stops)))) or "its end"
            raise MistakenCallError("read_on", f"`start` is {start}; it was read to {places}")

        async def do() -> Reply:
            return read_further(await self._store.document(document), start)

        request = self._request(source, document=document, start=start)
        return await self._call("local_read", source, request, do, ask)

    async def _refuse(
        self,
        tool: str,
        source: Source,
        arguments: Mapping[str, Any],
        ask: Ask,
        error: RefusedError,
    ) -> Outcome:
        """Record a call that may not be: under a name of its own, so that no other meets it."""

        async def do() -> Reply:
            raise error

        request = self._request(source, tool=tool, arguments=ascii(arguments), why=error.reason)
        return await self._call("local_read", source, request, do, ask)

    async def _told(
        self, source: Source, ask: Ask, value: str, until: Callable[[dict[str, Any]], bool]
    ) -> list[dict[str, Any]]:
        """Return what the source told of an address or a document, back to what is wanted."""
        return await self._ledger.told_before(
            ask, origin=source.origin.label, holding=[value], until=until
        )

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
        brought = await brought_by(outcome, self._store)
        self._brought.put(outcome.key, brought)
        return brought

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


def _no_document(document: str) -> str:
    return f"no call of this search brought a document {document[:12]!r}"


def _sent(request: Mapping[str, Any]) -> str:
    """Return the words of a request that a far source is told."""
    told = (request.get(name) for name in ("query", "uri", "entity"))
    return " ".join(text for text in told if isinstance(text, str))
