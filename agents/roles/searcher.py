"""The searcher: what it sees when it chooses, and the call or the end that it chooses."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from quaestor.agents.roles.shown import Passage, SourceCard
from quaestor.memory.finding import Gap
from quaestor.memory.plan import Branch, Brief, Task
from quaestor.tools.reading import Stretch

Ending = Literal["", "steps", "nothing_new", "context"]
"""`steps`: the allotment is spent; `nothing_new`: step after step repeated earlier ones;
`context`: the prompt has no room for another result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """One call of one tool."""

    tool: str
    """Of the source's; another is a failed step, as are arguments that it does not take."""
    arguments: dict[str, Any]
    """JSON-plain: `query` and `limit`; `document` and `start`, or `entity`, and `limit`; `hit`
    with a `uri`; `document` and `start`."""
    thought: str
    """What it is hoped to bring: the refiner ranks the result by it."""
    memory: str = ""
    """What the chooser carries on from here, in its own writing; empty leaves it as it is."""
    said: str = ""
    """What a model said when it chose this, as it is shown to it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """The searcher chooses again, with another memory: a summary in place of its steps."""

    memory: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The searcher stops."""

    conclusion: str
    hypotheses: tuple[str, ...]
    """Candidate answers, best first."""
    stopped: Literal["answered", "nothing_new", "steps", "allotment", "context"]
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One past step of a searcher."""

    call: ToolCall
    passages: tuple[Passage, ...]
    """What it brought, in rank order, with `kept` set."""
    hits: tuple[dict[str, Any], ...] = ()
    """Of `search`: results not opened yet, `Hit` as JSON-plain."""
    error: str = ""
    """Why it brought nothing: the source failed, or the call was not one it takes."""
    read: Stretch | None = None
    """Of `open` and `read_on`: what of the document."""
    number: int = 0
    """1 for the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearcherView:
    """What a searcher sees when it chooses."""

    question: str
    """The person's question."""
    brief: Brief
    task: Task
    """With `#n` filled in."""
    source: SourceCard
    steps: tuple[Step, ...]
    max_steps: int
    calls_left: int
    """Of the task's allotment."""
    typed: tuple[str, ...] = ()
    """Addresses in the person's question: this source may open them without a search."""
    branch: Branch = "public"
    round: int = 0
    taken: int = 0
    """Steps so far; `steps` may hold the last ones alone."""
    memory: str = ""
    """What the chooser last carried on."""
    ending: Ending = ""
    """Why no further call will be made: it is asked for its conclusion."""


class NextStep(Protocol):
    """Chooses the next tool call, or stops."""

    async def next(self, view: SearcherView) -> ToolCall | Noted | Done:
        """Return what to do now."""
        ...


@runtime_checkable
class LooksBack(Protocol):
    """A chooser that looks at the last steps only: no others are loaded for it."""

    @property
    def window(self) -> int | None:
        """How many it looks at; None for all."""
        ...
