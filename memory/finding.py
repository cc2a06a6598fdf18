"""What a worker brings back, and what it could not."""

from dataclasses import dataclass
from typing import Literal

GapKind = Literal[
    "not_found",  # searched and nothing answered
    "unreadable",  # a file or page gave no text
    "source_down",  # a source did not answer
    "refused",  # a source, a robots file or a limit said no
    "private",  # answering would need a private fact in a query to the web
    "budget",  # an allotment was spent
    "failed",  # a worker broke; a defect of ours
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What was asked and not found, or could not be read, and why."""

    kind: GapKind
    what: str
    """The sub-question, file or source, in a reader's words."""
    why: str
    tried: tuple[str, ...] = ()
    """Queries made for it, in order."""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """How far a searcher read a document that it opened."""

    document: str
    uri: str
    title: str
    stopped_at: int
    """Code points from its start: what stands behind was not read."""
    length: int
    """Of the document, in code points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A searcher's result for one task."""

    task: str
    branch: str
    question: str
    """As it was asked, with `#n` filled in."""
    source: str
    kept: tuple[str, ...]
    """Evidence ids kept by the refiner's first stage, in the order they were found."""
    seen: tuple[str, ...]
    """Evidence ids seen and not kept: what the second stage may still promote."""
    hypotheses: tuple[str, ...]
    """Candidate answers, best first: they may rank spans and never become evidence."""
    conclusion: str
    """What the searcher believes it found, in a sentence; empty where it found nothing."""
    queries: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    pages: tuple[PageRead, ...] = ()
    """What it opened, in the order it did."""
    stopped: str = ""
    """Why the loop ended: `answered`, `nothing_new`, `steps`, `allotment`, `context`, `failed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Spans that answer the same thing differently, and the rule that decided."""

    about: str
    values: tuple[str, ...]
    """As in the spans, the decided one first."""
    evidence: tuple[tuple[str, ...], ...]
    """For each value, the ids of the spans that say it."""
    rule: str
    """Why the first stands first: `own documents`, `newer`, `more sources`, `undecided`."""
    dates: tuple[str, ...] = ()
    """For each value, the newest day its spans speak for, ISO, as exact as known; empty if not."""

    def day(self, value: int) -> str:
        """Return the day of the n-th value in brackets, to stand behind it; empty if unknown."""
        known = self.dates[value] if value < len(self.dates) else ""
        return f" ({known})" if known else ""
