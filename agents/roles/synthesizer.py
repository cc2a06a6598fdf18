"""The synthesizer: what it writes from, the outline, and sections of cited statements."""

from dataclasses import dataclass
from typing import Protocol

from quaestor.agents.roles.shown import Passage
from quaestor.memory.finding import Conflict, Finding, Gap
from quaestor.memory.plan import Brief


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A span inside a passage that a statement rests on."""

    evidence: str
    """The passage's evidence id."""
    start: int
    end: int
    """Code points of the *document*, inside the passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence of the report and what it rests on."""

    text: str
    spots: tuple[Spot, ...]
    fault: str = ""
    """Why it cannot stand: its writer named nothing it may rest on, or it failed and another's
    lead took its place. It is shown with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPlan:
    """A heading and the spots it will be written from."""

    heading: str
    spots: tuple[Spot, ...]
    number: int = 1
    """Its place in the report."""
    written: tuple[Statement, ...] = ()
    """Its statements, where the outline came with them."""
    table: tuple[tuple[str, ...], ...] = ()
    """Likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteView:
    """What the synthesizer sees."""

    question: str
    brief: Brief
    findings: tuple[Finding, ...]
    passages: tuple[Passage, ...]
    """Kept after both stages, best first."""
    conflicts: tuple[Conflict, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The answer and the plan of the report, before any prose."""

    answer: str
    """Short answer; empty where the evidence does not carry one."""
    lead: tuple[Statement, ...]
    """The sentences that carry the short answer."""
    sections: tuple[SectionPlan, ...]
    conflicts: tuple[Conflict, ...] = ()
    """Met while answering; `evidence` names passages' evidence ids."""
    gaps: tuple[Gap, ...] = ()
    """Of the writing: what had to be left out, what nothing was found for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One written section."""

    heading: str
    statements: tuple[Statement, ...]
    table: tuple[tuple[str, ...], ...] = ()
    """Rows of cells, the first being the header, where three or more things are compared."""
    gaps: tuple[Gap, ...] = ()
    """Of writing it."""


class Synthesizer(Protocol):
    """Plans the report, then writes each section from its own evidence."""

    async def outline(self, view: WriteView) -> Outline:
        """Return the short answer and the sections."""
        ...

    async def section(self, view: WriteView, plan: SectionPlan) -> Section:
        """Write one section from the spots its plan names, and no others."""
        ...
