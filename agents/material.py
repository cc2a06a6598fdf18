"""Everything a report is made of, and what it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import Outline, Section, Spot
from quaestor.agents.roles.verifier import Judged
from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence
from quaestor.memory.finding import Conflict, Gap
from quaestor.memory.plan import Brief
from quaestor.memory.report import Claim, Line, Part, Status

Unverified = Literal["list", "mark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a report is made of."""

    question: str
    brief: Brief
    status: Status
    outline: Outline
    sections: Sequence[Section]
    judged: Sequence[Judged]
    """One a statement: the lead's, then each section's, in their order."""
    spans: Mapping[Spot, Evidence]
    """What each spot rests on."""
    passages: Mapping[str, Passage]
    """By evidence id: what conflicts name."""
    documents: Mapping[str, Document]
    """By id: of every span and passage."""
    gaps: Sequence[Gap] = ()
    tried: Sequence[str] = ()
    """Queries made, in order; shown where nothing carried an answer."""
    also: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """For a passage's evidence id, `label uri` of near-duplicates merged into it."""
    fallbacks: Mapping[str, int] = field(default_factory=dict[str, int])
    """How often an extractive step answered for a model, by `role:reason`."""
    unverified: Unverified = "list"
    """Where statements stand that failed: in a list of their own, or in place with a mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A report's text and what it rests on."""

    markdown: str
    answer: str
    """The short answer; empty if none of the sentences that carry it was confirmed."""
    status: Status
    """As given, or `insufficient_evidence` if the answer was not confirmed."""
    claims: tuple[Claim, ...]
    """In the order of the text."""
    parts: tuple[Part, ...]
    """The text again, for whoever shows it otherwise."""
    unconfirmed: tuple[Line, ...]
    """What failed, where that stands apart."""
    evidence: tuple[Evidence, ...]
    """Cited, in the order of reference numbers. Those of conflicts may be new: store them."""
    answer_evidence: tuple[str, ...] = ()
    """Ids of the spans whose marks stand behind the short answer."""
    conflicts: tuple[Conflict, ...] = ()
    """Those of the outline, each value with the ids of the cited spans that give it."""
    dropped: int = 0
    """Statements that failed: they do not stand as fact."""
    gaps: tuple[Gap, ...] = ()
    """Those given that the report leaves open."""
