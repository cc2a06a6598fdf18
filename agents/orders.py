"""What a searcher is sent out with, and what its calls ask for."""

from dataclasses import dataclass

from quaestor.agents.roles.searcher import ToolCall
from quaestor.memory.plan import Brief, Task

RECALL = "recall"
"""Shows an earlier step's result again, by the step's number; nothing is asked of a source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a searcher is sent out with."""

    question: str
    """The person's."""
    brief: Brief
    task: Task
    """With `#n` filled in."""
    round: int


def query_of(call: ToolCall) -> str:
    """Return what a call asked for, in a reader's words."""
    match call.arguments:
        case {"query": str(query)}:
            return query
        case {"entity": str(entity)}:
            return entity
        case {"hit": {"uri": str(uri)}}:
            return uri
        case _:
            return "neighbours"
