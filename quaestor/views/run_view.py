"""How far a run has come, as a value and as what a terminal or a notebook shows of it.

Shown live by `handle = display(progress, display_id=True)` and `handle.update(later)`: the saved
notebook keeps the last one only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from quaestor.memory.labels import one_line
from quaestor.memory.plan import Branch
from quaestor.views.escape import escape
from quaestor.views.palette import IDLE, STATUS
from quaestor.views.sanitize import NO_MATH, clean

RunState = Literal["running", "waiting", "interrupted", "done", "failed"]
TaskState = Literal["waiting", "running", "done", "failed"]

_LABEL = 120
_SHORT = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskProgress:
    """One task of the plan."""

    id: str
    question: str
    source: str
    branch: Branch
    state: TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """A run at one moment. Shows itself in a notebook."""

    question: str
    state: RunState
    tasks: tuple[TaskProgress, ...] = ()
    """In planned order; shown by branch."""
    calls: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many so far, by kind."""
    evidence: int = 0
    """Spans kept."""
    gaps: int = 0
    notes: tuple[str, ...] = ()
    """What a source is waited for, or what went wrong with it last."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return run_mimebundle(self)


def run_mimebundle(progress: RunProgress) -> dict[str, str]:
    """Return a run in every form a notebook may show."""
    return {"text/plain": render_text(progress), "text/html": render_html(progress)}


def render_text(progress: RunProgress) -> str:
    """Return the progress as lines of plain text."""
    lines = [f"{progress.state}: {one_line(progress.question, _LABEL)}"]
    for branch, tasks in _by_branch(progress):
        lines.append(f"  {branch}")
        for task in tasks:
            asked, of = one_line(task.question, _LABEL), one_line(task.source, _SHORT)
            lines.append(f"    {task.state:<8} {asked} [{of}]")
    lines += [f"  {one_line(note, _LABEL)}" for note in progress.notes]
    lines.append(f"  {_counts(progress)}")
    return "\n".join(lines) + "\n"


def render_html(progress: RunProgress) -> str:
    """Return the progress as an HTML fragment, self-contained and escaped."""
    rows: list[str] = []
    for branch, tasks in _by_branch(progress):
        rows.append(f'<tr><th colspan="3" style="text-align:left">{escape(branch)}</th></tr>')
        rows += [
            f"<tr><td>{_state(task.state)}</td>"
            f'<td style="text-align:left"><bdi>{escape(one_line(task.question, _LABEL))}</bdi></td>'
            f"<td><bdi>{escape(one_line(task.source, _SHORT))}</bdi></td></tr>"
            for task in tasks
        ]
    table = f"<table>{''.join(rows)}</table>" if rows else ""
    notes = "".join(f"<p><bdi>{escape(one_line(one, _LABEL))}</bdi></p>" for one in progress.notes)
    return clean(
        f'<div class="{NO_MATH}"><p>{_state(progress.state)} '
        f"<bdi>{escape(one_line(progress.question, _LABEL))}</bdi></p>{table}{notes}"
        f"<p>{escape(_counts(progress))}</p></div>"
    )


def _state(state: str) -> str:
    colour = STATUS[state][1] if state in STATUS else IDLE
    return f'<strong style="color:{colour}">{escape(state)}</strong>'


def _by_branch(progress: RunProgress) -> list[tuple[str, list[TaskProgress]]]:
    branches = sorted({task.branch for task in progress.tasks}, reverse=True)
    return [
        (branch, [task for task in progress.tasks if task.branch == branch]) for branch in branches
    ]


def _counts(progress: RunProgress) -> str:
    by_kind = sorted(progress.calls.items())
    calls = ", ".join(f"{one_line(kind, _SHORT)} {count}" for kind, count in by_kind)
    return f"calls: {calls or 'none'} · evidence: {progress.evidence} · gaps: {progress.gaps}"
