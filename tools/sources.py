"""What a source is: two methods, and five facts that say who may ask it and who may read it.

Sources know no ledger; the searcher's tools wrap them (tools/toolbox.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from quaestor.memory.documents import Document, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result of a search. JSON-plain; its snippet is never evidence."""

    source: str
    uri: str
    title: str
    snippet: str
    rank: int
    """1 is the best."""
    score: float
    """Higher is better; comparable only within one result."""
    document: str | None = None
    """The document's id, with `start` and `end`, where the source holds the text itself."""
    start: int | None = None
    end: int | None = None
    typed: bool = False
    """The person typed its address: it is not something that the run found by itself."""


@runtime_checkable
class Source(Protocol):
    """Anything that can be searched and opened: a corpus, the web, a database, a fake."""

    @property
    def name(self) -> str:
        """Unique among the sources of a run; tasks and gaps name it."""
        ...

    @property
    def origin(self) -> Origin:
        """The label every document of it carries."""
        ...

    @property
    def private(self) -> bool:
        """Its content must not leave this machine."""
        ...

    @property
    def remote(self) -> bool:
        """Asking it sends the query off this machine."""
        ...

    @property
    def generation(self) -> str:
        """Changes when its answers may; empty for the live world. Part of every request."""
        ...

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        """Return at most `limit` hits, best first; the same for the same generation.

        Raises:
            OutsideError: It did not answer, or refused to.
        """
        ...

    async def open(self, hit: Hit) -> Document:
        """Return the document a hit names.

        Raises:
            OutsideError: It cannot be read.
        """
        ...


@runtime_checkable
class HasAdjacent(Protocol):
    """A source that also knows what stands beside a passage, or mentions a name."""

    async def adjacent_passages(
        self, *, document: str | None, start: int | None, entity: str | None, limit: int
    ) -> list[Hit]:
        """Return what stands beside a passage, or what mentions an entity.

        Args:
            document: With `start`: the passage whose neighbours are wanted, in text order.
            start: Where that passage begins.
            entity: Or a name; passages that mention it, best first.
            limit: At most so many.
        """
        ...


@runtime_checkable
class HasPassages(Protocol):
    """A source that can say quickly which of its passages hold given terms."""

    async def passages_with(self, terms: Sequence[str], *, limit: int) -> list[str]:
        """Return texts of passages that hold all the terms, each below its title.

        For the outgoing gate alone, which asks before something leaves whether it is private.

        Args:
            terms: As tools/text/words.py makes them of words.
            limit: At most so many.
        """
        ...


@runtime_checkable
class HasReadings(Protocol):
    """A source that can say what differs from reading to reading of a document."""

    def reading(self, document: str) -> dict[str, str | int]:
        """Return JSON-plain facts: `bytes_sha256`, `size`, `extractor_version`, ..."""
        ...


@runtime_checkable
class HasBytes(Protocol):
    """A source whose bytes are nowhere else: what it fetched is kept with the result."""

    def take_bytes(self, document: str) -> bytes | None:
        """Hand over what a document was read from, once; None where nothing is to be kept."""
        ...


@runtime_checkable
class HasGaps(Protocol):
    """A source that could not take in everything it was given."""

    def unread(self) -> Sequence[tuple[str, str]]:
        """Return (path or url, reason) of each thing it could not read, sorted."""
        ...


@runtime_checkable
class HasProfile(Protocol):
    """A source that can tell its own branch's planner what it holds."""

    def profile(self) -> "Profile":
        """Return what is in it; private text of a private source, for its own branch."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a collection holds, in a page: for the planner of the branch that may see it."""

    documents: int
    titles: tuple[str, ...]
    """At most a hundred, sorted."""
    newest: str = ""
    oldest: str = ""
    entities: tuple[str, ...] = ()
    """Names that stand in two titles or more, the most frequent first."""
    size: int = 0
    """Bytes of the files that were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a source's preparation has come."""

    source: str
    done: int
    total: int
    """0 while it is not known."""
    note: str = ""


@runtime_checkable
class HasHome(Protocol):
    """A source that keeps something (an index, a cache) in the home of a run.

    `prepare` is awaited before the first search, once an event loop runs, and brings the index
    up to date; `close` frees what it opened. Both may be called again.
    """

    async def prepare(
        self, home: Path, *, progress: Callable[[Progress], None] | None = None
    ) -> None:
        """Make the source ready to answer from `home`.

        Raises:
            SettingsError: What it was pointed at is not there, or is not what it takes.
        """
        ...

    async def close(self) -> None:
        """Free files and handles; safe to call twice."""
        ...
