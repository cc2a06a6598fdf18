"""What a source is: two methods, and five facts that say who may ask it and who may read it.

Sources know no ledger; the searcher's tools wrap them (tools/toolbox.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
class HasReadings(Protocol):
    """A source that can say what differs from reading to reading of a document."""

    def reading(self, document: str) -> dict[str, str | int]:
        """Return JSON-plain facts: `bytes_sha256`, `size`, `extractor_version`, ..."""
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
