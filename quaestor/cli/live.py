"""A run as a terminal shows it while it goes: the plan by branch, workers, counts, elapsed."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from quaestor.cli.output import amount
from quaestor.memory.events import Event
from quaestor.memory.labels import one_line
from quaestor.views.run_view import RunProgress, TaskProgress

_MARKS = {
    "waiting": ("·", "dim"),
    "running": ("▸", "cyan"),
    "done": ("✓", "green"),
    "failed": ("✗", "red"),
}
_STAGES = {
    "": "preparing",
    "begin": "planning",
    "plan": "searching",
    "refine": "refining",
    "synthesize": "writing",
    "verify": "verifying",
    "revise": "correcting",
    "report": "reporting",
}
_MOST_TASKS = 16
"""More would not leave the last lines on a small terminal."""


def live_view(
    progress: RunProgress, *, stage: str, preparing: dict[str, Event], elapsed: float
) -> RenderableType:
    """Return everything there is to see of a run at this moment."""
    head = Text(no_wrap=True, overflow="ellipsis")
    head.append(f"{_STAGES.get(stage, stage)} ", style="bold")
    head.append(f"{elapsed:.0f} s  ", style="dim")
    head.append(one_line(progress.question, 300))
    parts: list[RenderableType] = [head]
    if not stage:
        parts += [
            Text(f"  {line}", no_wrap=True, overflow="ellipsis")
            for line in preparing_lines(preparing)
        ]
    for branch in ("public", "private"):
        tasks = [task for task in progress.tasks if task.branch == branch]
        if tasks:
            parts += [Text(f"  {branch} branch", style="dim"), _plan(tasks)]
    if stage:
        parts += [
            Text(f"  {one_line(note, 300)}", style="yellow", no_wrap=True, overflow="ellipsis")
            for note in progress.notes
        ]
        parts.append(Text(f"  {counts(progress)}", style="dim", no_wrap=True, overflow="ellipsis"))
    return Group(*parts)


def preparing_lines(preparing: dict[str, Event]) -> Iterator[str]:
    """Yield one line for each source that is being brought up to date."""
    for name, event in preparing.items():
        of = f"{event.count:,} of {event.total:,}" if event.total else ""
        parts = [one_line(part, 120) for part in (of, event.status) if part]
        yield f"{one_line(name, 60)}: {', '.join(parts) or 'looking at what has changed'}"


def counts(progress: RunProgress) -> str:
    """Return workers, calls by kind, spans and gaps in a line."""
    workers = sum(task.state == "running" for task in progress.tasks)
    parts = [amount(workers, "worker")]
    parts += [f"{one_line(kind, 30)} {count:,}" for kind, count in progress.calls.items()]
    parts.append(f"{amount(progress.evidence, 'span')} kept")
    if progress.gaps:
        parts.append(amount(progress.gaps, "gap"))
    return " · ".join(parts)


def _plan(tasks: list[TaskProgress]) -> Table:
    """Return the tasks as rows; of a long plan those that are not done come first."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=3)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(no_wrap=True, justify="right")
    shown = tasks
    if len(tasks) > _MOST_TASKS:
        open_first = sorted(tasks, key=lambda task: task.state in ("done", "failed"))
        kept = {task.id for task in open_first[:_MOST_TASKS]}
        shown = [task for task in tasks if task.id in kept]
    for task in shown:
        mark, style = _MARKS[task.state]
        source = Text(one_line(task.source, 30), style="dim")
        table.add_row(Text(f"  {mark}", style=style), Text(one_line(task.question, 300)), source)
    if len(shown) < len(tasks):
        table.add_row("", Text(f"and {amount(len(tasks) - len(shown), 'task')} more", style="dim"))
    return table
