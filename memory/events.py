"""What a run says while it goes: for progress only, never read by anything that decides."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened."""

    kind: Literal["source", "stage", "planned", "task", "call", "kept", "gap", "run"]
    """`source`: an index is brought up to date, or something outside is waited for; `stage`: a
    node of the research graph began; `planned`: a task was added; `task`: it changed its status;
    `call`: one began or ended; `kept`: spans were kept; `gap`: one was noted; `run`:
    it has ended, and this is its last event."""
    branch: str = ""
    task: str = ""
    source: str = ""
    """The source a planned task asks."""
    text: str = ""
    """The task's question, the stage's name, the call's kind, the gap's sentence, the run's id."""
    status: str = ""
    """`running`, `done`, `failed`, `waiting`; of a call `started`, `done`, `failed`; of a
    run `done`, `failed` (to await it raises why), `interrupted`."""
    count: int = 0
    total: int = 0
