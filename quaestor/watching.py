"""A run's events, folded into how far it has come."""

from collections import Counter
from dataclasses import replace

from quaestor.memory.events import Event
from quaestor.memory.record import RunRecord
from quaestor.spending import made
from quaestor.views.run_view import RunProgress, RunState, TaskProgress, TaskState

_TASK_STATES: dict[str, TaskState] = {
    "waiting": "waiting",
    "running": "running",
    "done": "done",
    "failed": "failed",
}

_ENDS: dict[str, RunState] = {"done": "done", "failed": "failed", "interrupted": "interrupted"}


class Watch:
    """What is known of a run from the events it has sent.

    Args:
        question: The run's.
        before: What a resumed run had done already: its events were sent to somebody else.

    Example:
        >>> watch = Watch("Who?")
        >>> watch.see(Event(kind="call", text="search", status="started"))
        >>> watch.progress().calls
        {'search': 1}
    """

    def __init__(self, question: str, before: RunRecord | None = None) -> None:
        self.question = question
        self.stage = ""
        """The node of the research graph that began last."""
        self.preparing: dict[str, Event] = {}
        """The last word of each source that is brought up to date, by its name."""
        self.notes: dict[str, str] = {}
        """What a source is waited for, or what went wrong with it last, by its name."""
        self.state: RunState = "running"
        self._tasks: dict[str, TaskProgress] = {}
        self._calls: Counter[str] = Counter()
        self._kept = 0
        self._gaps = 0
        if before is not None:
            self._recall(before)

    def see(self, event: Event) -> None:
        """Take one event in."""
        match event.kind:
            case "source" if self.stage and not event.total:
                self.notes[event.text] = event.status
            case "source":
                self.preparing[event.text] = event
            case "stage":
                self.stage = event.text
            case "planned":
                self._plan(event)
            case "task" if event.task in self._tasks and event.status in _TASK_STATES:
                task = self._tasks[event.task]
                self._tasks[event.task] = replace(task, state=_TASK_STATES[event.status])
            case "call":
                self._calls[event.text] += event.status == "started"
            case "kept":
                self._kept += event.count
            case "gap":
                self._gaps += 1
            case "run" if event.status in _ENDS:
                self.end(_ENDS[event.status])
            case _:
                pass

    def end(self, state: RunState) -> None:
        """Note how the run ended."""
        self.state = state

    def progress(self) -> RunProgress:
        """Return how far the run has come; the same events give the same value."""
        return RunProgress(
            question=self.question,
            state=self.state,
            tasks=tuple(self._tasks.values()),
            calls=dict(sorted(self._calls.items())),
            evidence=self._kept,
            gaps=self._gaps,
            notes=tuple(f"{name}: {note}" for name, note in self.notes.items() if note),
        )

    def _plan(self, event: Event) -> None:
        self._tasks[event.task] = TaskProgress(
            id=event.task,
            question=event.text,
            source=event.source,
            branch="private" if event.branch == "private" else "public",
            state="waiting",
        )

    def _recall(self, record: RunRecord) -> None:
        stopped = {finding.task: finding.stopped for finding in record.findings}
        asking = {ask.task for call in record.calls for ask in call.asks}
        for name, (branch, task) in record.tasks().items():
            state: TaskState = "running" if name in asking else "waiting"
            if name in stopped:
                state = "failed" if stopped[name] == "failed" else "done"
            self._tasks[name] = TaskProgress(
                id=name, question=task.question, source=task.source, branch=branch, state=state
            )
        self._calls.update(call.kind for call in record.calls if made(call))
        self._kept = len({one.evidence for one in record.sightings if one.retained_by})
        self._gaps = sum(len(finding.gaps) for finding in record.findings)
