"""Views a planner is given, made small."""

from collections.abc import Sequence
from typing import Any

from quaestor.agents.roles.planner import PlanView
from quaestor.agents.roles.shown import SourceCard
from quaestor.memory.finding import Finding, Gap
from quaestor.memory.plan import Branch, Brief, Plan, Task
from quaestor.tools.sources import Profile

QUESTION = "What is the range of the Pintail, and when was the Eider built?"
PARTS = ("range of the Pintail", "when the Eider was built")
NOTES = SourceCard(name="notes", private=True, remote=False, tools=("chunk_search",))
WEB = SourceCard(name="web", private=False, remote=True, tools=("search", "open"))


def holding(*titles: str, name: str = "notes") -> SourceCard:
    """Return a collection of so many titles."""
    profile = Profile(documents=len(titles), titles=titles)
    return SourceCard(
        name=name, private=True, remote=False, tools=("chunk_search",), profile=profile
    )


def task(question: str, *, source: str = "notes", needs: Sequence[Task] = ()) -> Task:
    return Task.of(
        question,
        branch="private",
        source=source,
        needs=[one.id for one in needs],
        queries=[question],
    )


def found(of: Task, *answers: str, question: str = "", gap: bool | None = None) -> Finding:
    """Return what came of a task: a gap where no answer did, unless told otherwise."""
    asked = question or of.question
    missed = Gap(kind="not_found", what=asked, why="nothing", source=of.source)
    return Finding(
        task=of.id,
        branch="private",
        question=asked,
        source=of.source,
        kept=("e1",) if answers else (),
        seen=(),
        hypotheses=answers,
        conclusion=f"It is {answers[0]}." if answers else "",
        queries=of.queries,
        gaps=(missed,) if (not answers if gap is None else gap) else (),
    )


def view(
    *,
    question: str = QUESTION,
    parts: Sequence[str] = PARTS,
    branch: Branch = "private",
    sources: Sequence[SourceCard] = (NOTES, WEB),
    tasks: Sequence[Task] = (),
    findings: Sequence[Finding] = (),
    **more: Any,
) -> PlanView:
    """Return a view of one question with two parts, unless told otherwise."""
    return PlanView(
        question=question,
        brief=Brief(answer_type="report", parts=tuple(parts), as_of="2026-01-01"),
        branch=branch,
        sources=tuple(sources),
        plan=Plan(branch=branch, tasks=tuple(tasks)),
        findings=tuple(findings),
        round=more.pop("round", 1 if tasks else 0),
        **more,
    )
