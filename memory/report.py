"""What comes out: a report whose every claim names the spans that carry it."""

from dataclasses import dataclass, field
from typing import Literal

from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence, Retained
from quaestor.memory.finding import Conflict, Gap

Status = Literal["answered", "insufficient_evidence", "stopped", "failed"]
Verdict = Literal["supported", "partly", "unsupported", "contradicted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement of the report."""

    id: str
    """`c1`, `c2`, ... in the order of the text."""
    text: str
    evidence: tuple[str, ...]
    verdict: Verdict
    reason: str = ""
    """What the verifier missed, for every verdict but `supported`."""
    entailment: Verdict | None = None
    """What a model said of it, apart from what code looked up; None where none was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A span the report cites, with what a reader needs to find it again."""

    evidence: Evidence
    document: Document
    retained_by: Retained
    taken_at: str
    """When the outside gave it, ISO 8601 UTC."""
    also: tuple[str, ...] = ()
    """Origins and uris of near-duplicates merged into this one, `label uri`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence where it stands."""

    text: str
    claim: str = ""
    """Id of the claim that it is; empty where it cites nothing."""
    doubt: str = ""
    """Why one that cites nothing is not confirmed; empty for an inference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What stands under one heading."""

    heading: str = ""
    """Empty for the lead."""
    lines: tuple[Line, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    """Rows, the first of them the columns' names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answer to a question and everything it rests on."""

    question: str
    status: Status
    answer: str
    """The short answer; empty where the question has none or nothing carried one."""
    markdown: str
    claims: tuple[Claim, ...] = ()
    parts: tuple[Part, ...] = ()
    """The text, with what of it failed where that is marked in its place."""
    unconfirmed: tuple[Line, ...] = ()
    """What failed, where that stands apart."""
    cited: tuple[Cited, ...] = ()
    """In the order of their reference numbers."""
    conflicts: tuple[Conflict, ...] = ()
    gaps: tuple[Gap, ...] = ()
    answer_evidence: tuple[str, ...] = ()
    """Ids of the cited spans that carry the short answer."""
    fallbacks: dict[str, int] = field(default_factory=dict[str, int])
    """How often an extractive step answered for a model, by `role:reason`."""
    as_of: str = ""
    claims_revised: int = 0
    """Statements written anew because the verifier did not find them supported."""
    claims_dropped: int = 0
    """Statements that failed in the end: they stand among the unverified, or marked."""
