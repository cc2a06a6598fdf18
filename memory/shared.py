"""The run's shared memory: what it knew at a checkpoint."""

from dataclasses import dataclass

from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence
from quaestor.memory.finding import Conflict, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A moment of the research graph that a run can be looked at."""

    id: str
    after: tuple[str, ...]
    """The nodes that had just ended; empty for the first."""
    next: tuple[str, ...]
    """The nodes that would run now; empty for the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Which documents, evidence, findings and conflicts were known."""

    at: str
    """Id of the checkpoint."""
    documents: tuple[Document, ...]
    """Of the evidence."""
    evidence: tuple[Evidence, ...]
    """Kept by the refiner, by id."""
    findings: tuple[Finding, ...]
    """Of both branches, in planned order, the public branch's first."""
    conflicts: tuple[Conflict, ...]
