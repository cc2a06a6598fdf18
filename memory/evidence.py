"""Evidence is a verbatim span of a stored document; a sighting is how a run came to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quaestor.memory.text import content_id

Retained = Literal["instant", "own_conclusion", "cross_conclusion", "claim"]
RETAINED: tuple[Retained, ...] = ("instant", "own_conclusion", "cross_conclusion", "claim")
"""Why a span was kept, the first that applies being the one a report shows.

The second stage's are `own_conclusion`, by what its own searcher asked, kept and concluded, and
`cross_conclusion`, where another's conclusion spoke most for it.
"""


def evidence_id(document: str, start: int, end: int) -> str:
    """Return the id of a span: the first 12 hex digits of sha256(document, start, end)."""
    return content_id(document, start, end, length=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A span of a document with its verbatim text. Made by `Document.span` alone."""

    id: str
    document: str
    """The document's id."""
    start: int
    end: int
    """Unicode code points of the stored text, half open."""
    text: str


def longest(spans: Sequence[Evidence]) -> list[Evidence]:
    """Return the spans of one document without those that are the beginning of another."""
    return [
        span
        for span in spans
        if not any(one.start == span.start and one.end > span.end for one in spans)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """How a run found a span, and why it kept it."""

    evidence: str
    branch: str
    task: str
    step: int
    tool: str
    query: str
    rank: int
    """1 is the best of its tool result."""
    score: float
    """The refiner's similarity to the thought before the call, 0 to 1."""
    retained_by: Retained | None
    """None: seen, not kept."""
