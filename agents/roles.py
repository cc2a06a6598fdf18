"""The four roles: what each is asked and answers, for every make of it alike.

A chat make and an extractive make take the same frozen request and return the same frozen
answer; tools, ledger, budgets, refiner, lint and rendering know nothing of which it is.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from quaestor.memory.documents import Origin
from quaestor.memory.finding import Conflict, Finding, Gap
from quaestor.memory.plan import Branch, Brief, Plan, Task
from quaestor.memory.report import Verdict
from quaestor.tools.reading import Stretch
from quaestor.tools.sources import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    """What a planner or searcher is told of a source."""

    name: str
    private: bool
    remote: bool
    tools: tuple[str, ...]
    """Of `chunk_search`, `adjacent_passages`, `search`, `open`, `read_on` (tools/toolbox.py)."""
    profile: Profile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A span a worker may read, with what is known of where it comes from."""

    evidence: str
    """The id of the span in the run's store."""
    document: str
    start: int
    end: int
    text: str
    title: str
    uri: str
    origin: Origin
    modified: str | None = None
    rank: int = 1
    score: float = 0.0
    query: str = ""
    step: int = 0
    kept: bool = True
    """Whether the refiner's first stage kept it."""


# ---------------------------------------------------------------------------- planner


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


# --------------------------------------------------------------------------- searcher

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


# ------------------------------------------------------------------------ synthesizer


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
    """Why it cannot stand, where its writer named nothing it may rest on: shown with it."""


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


# --------------------------------------------------------------------------- verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim and the text of its spans."""

    text: str
    spans: tuple[str, ...]
    quoted: bool = field(default=False)
    """The claim is its span's own words."""
    titles: tuple[str, ...] = ()
    """Of the spans' documents: they name what a span speaks of ("he was born ...")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict and what was missed."""

    verdict: Verdict
    reason: str = ""
    entailment: Verdict | None = None
    """What a model said when asked whether the spans say the claim; None where none was asked."""


class Verifier(Protocol):
    """Judges each claim against the spans it cites."""

    async def judge(self, claims: tuple[ClaimView, ...]) -> tuple[Judged, ...]:
        """Return one verdict a claim, in the same order."""
        ...


# ---------------------------------------------------------------------------- reviser


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A statement the verifier did not find wholly supported."""

    statement: Statement
    spans: tuple[str, ...]
    """The text of what it cites."""
    titles: tuple[str, ...]
    judged: Judged


class Reviser(Protocol):
    """Writes failing statements anew, once, from the spans they cite and no others."""

    async def revise(self, failing: tuple[Failing, ...]) -> tuple[str | None, ...]:
        """Return a new sentence for each, None where it stays as it is."""
        ...
