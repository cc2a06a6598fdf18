"""The planner: what a branch shows it, and the tasks it answers with."""

from dataclasses import dataclass
from typing import Protocol

from quaestor.agents.roles.shown import SourceCard
from quaestor.memory.finding import Finding, Gap
from quaestor.memory.plan import Branch, Brief, Plan, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """What a branch's planner sees; nothing of it comes from what the branch may not see."""

    question: str
    brief: Brief
    branch: Branch
    sources: tuple[SourceCard, ...]
    plan: Plan
    """Planned so far."""
    findings: tuple[Finding, ...]
    """Of the tasks done so far, in planned order."""
    round: int
    """0 for the first plan."""
    known: tuple[Finding, ...] = ()
    """The public branch's findings: in the private branch's second pass only."""
    max_tasks: int = 8
    """Of new tasks this round."""
    rounds: int = 3
    """How many this pass has at most: a task that waits longer is never asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a planner answers: tasks to add, which may be none."""

    tasks: tuple[Task, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """What it saw must stay open, and why."""


class Planner(Protocol):
    """Says what the report needs, then what to ask whom."""

    async def brief(self, question: str, *, as_of: str) -> Brief:
        """Return what the report must contain, from the question alone."""
        ...

    async def plan(self, view: PlanView) -> Planned:
        """Return the tasks to add for this round."""
        ...
