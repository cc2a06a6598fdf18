"""One searcher's graph by itself, over sources and a chooser or a model of a test's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from langgraph.graph import END, START, StateGraph

from quaestor.agents.chat.context.named import Context
from quaestor.agents.orders import Order
from quaestor.agents.roles.searcher import Done, NextStep, Noted, SearcherView, ToolCall
from quaestor.agents.team import extractive_team
from quaestor.agents.workplace import Limits
from quaestor.graphs.resources import Resources
from quaestor.graphs.searcher import build_searcher
from quaestor.graphs.session import Session, Setup
from quaestor.graphs.state import SearcherState
from quaestor.memory.checkpoints import close_saver, open_saver
from quaestor.memory.finding import Finding
from quaestor.memory.journal import load_calls
from quaestor.memory.plan import Branch, Brief, Task
from quaestor.testing.double import Double
from quaestor.tools.models.crew import Crew
from quaestor.tools.sources import Source

QUESTION = "What is the range of the Pintail?"
RUN = "search"


@dataclass(slots=True)
class Scripted:
    """A chooser that says what a test wrote down, and remembers what it saw."""

    script: Sequence[ToolCall | Noted | Done | Callable[[SearcherView], ToolCall | Noted | Done]]
    views: list[SearcherView] = field(default_factory=list[SearcherView])

    async def next(self, view: SearcherView) -> ToolCall | Noted | Done:
        made = self.script[min(len(self.views), len(self.script) - 1)]
        self.views.append(view)
        return made(view) if callable(made) else made


def setup_of(
    home: Path,
    source: Source,
    *,
    chooser: NextStep | None = None,
    model: Double | None = None,
    steps: int = 8,
    context: Context = "sliding",
    tokens: int = 32_000,
) -> Setup:
    """Return what a searcher over one source is made with."""
    team = extractive_team()
    return Setup(
        home=home,
        sources=(source,),
        team=replace(team, next_step=chooser) if chooser else team,
        crew=Crew(models={"searcher": model}, context=tokens) if model else None,
        limits=Limits(steps=steps),
        context=context,
    )


async def search(
    setup: Setup,
    *,
    question: str = QUESTION,
    queries: Sequence[str] = ("Pintail range",),
    resume: bool = False,
) -> Finding:
    """Run the searcher inside a parent that saves its checkpoints, as a branch does."""
    resources = Resources(setup)
    async with resources.session(RUN, last=True) as session:
        await session.staff(question)
        begin: Any = None if resume else await _ordered(session, setup, question, queries)
        builder = StateGraph(SearcherState)
        builder.add_node("searcher", build_searcher(_branch(setup), resources))
        builder.add_edge(START, "searcher")
        builder.add_edge("searcher", END)
        saver = await open_saver(session.database.path, session.lease)
        try:
            out = await builder.compile(checkpointer=saver).ainvoke(
                begin,
                {"configurable": {"thread_id": RUN}, "recursion_limit": 1_000},
                durability="sync",
            )
        finally:
            await close_saver(saver)
        return await session.values.load(Finding, out["findings"][0])


async def calls(setup: Setup) -> list[tuple[str, str]]:
    """Return (kind, status) of every call in the ledger."""
    resources = Resources(setup)
    async with resources.session(RUN, last=True) as session:
        return [(row.kind, row.status) for row in await load_calls(session.database, RUN)]


async def fallbacks(setup: Setup) -> dict[str, int]:
    """Return how often who fell back and why, as `role:reason`."""
    async with Resources(setup).session(RUN, last=True) as session:
        return await session.fallbacks.counted()


async def _ordered(
    session: Session, setup: Setup, question: str, queries: Sequence[str]
) -> dict[str, str]:
    task = Task.of(question, branch=_branch(setup), source=setup.sources[0].name, queries=queries)
    brief = Brief(answer_type="number", parts=("range",), as_of="2026-01-01")
    order = Order(question=question, brief=brief, task=task, round=0)
    return {"run_id": RUN, "order": await session.values.save(order)}


def _branch(setup: Setup) -> Branch:
    return "private" if setup.sources[0].private else "public"
