"""What a run knew at each checkpoint of the research graph."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from langchain_core.runnables import RunnableConfig
from langgraph.types import StateSnapshot

from quaestor.agents.synthesis import Draft
from quaestor.errors import SettingsError
from quaestor.graphs.branch import NOTHING, in_order
from quaestor.graphs.research import ResearchGraph, wire
from quaestor.graphs.resources import Resources
from quaestor.graphs.session import Setup
from quaestor.graphs.state import ResearchState
from quaestor.memory.checkpoints import close_saver, open_saver
from quaestor.memory.database import Database
from quaestor.memory.finding import Conflict, Finding
from quaestor.memory.plan import Plan
from quaestor.memory.shared import Checkpoint, Memory
from quaestor.memory.store import Store
from quaestor.memory.values import Values


async def checkpoints(setup: Setup, run_id: str) -> list[Checkpoint]:
    """Return the checkpoints of a run's research graph, the first one first."""
    async with _opened(setup) as (graph, _):
        found = [snapshot async for snapshot in graph.aget_state_history(_config(run_id))]
    moments: list[Checkpoint] = []
    after: tuple[str, ...] = ()
    for snapshot in reversed(found):
        moments.append(Checkpoint(id=_id(snapshot), after=after, next=tuple(snapshot.next)))
        after = tuple(snapshot.next)
    return moments


async def remember(setup: Setup, run_id: str, at: str | None = None) -> Memory:
    """Return what a run knew at a checkpoint, or knows now.

    Raises:
        SettingsError: The run has no such checkpoint.
    """
    async with _opened(setup) as (graph, database):
        snapshot = await graph.aget_state(_config(run_id, at))
        if snapshot.created_at is None:
            raise SettingsError(f"run {run_id} has no checkpoint {at or 'yet'}")
        state: ResearchState = snapshot.values  # type: ignore[assignment]
        values = Values(database, run_id=run_id, token=0)
        store = Store(database)
        spans = await store.evidence(sorted(state.get("kept") or {}))
        documents = await store.documents(sorted({span.document for span in spans.values()}))
        return Memory(
            at=_id(snapshot),
            documents=tuple(documents.values()),
            evidence=tuple(spans.values()),
            findings=tuple(await _findings(values, state)),
            conflicts=await _conflicts(values, state),
        )


async def _findings(values: Values, state: ResearchState) -> list[Finding]:
    findings: list[Finding] = []
    for result in (state.get("public") or NOTHING, state.get("private") or NOTHING):
        if result["plan"]:
            plan = await values.load(Plan, result["plan"])
            findings += in_order(await values.load_all(Finding, result["findings"]), plan)
    return findings


async def _conflicts(values: Values, state: ResearchState) -> tuple[Conflict, ...]:
    draft = state.get("draft")
    return (await values.load(Draft, draft)).outline.conflicts if draft else ()


@asynccontextmanager
async def _opened(setup: Setup) -> AsyncGenerator[tuple[ResearchGraph, Database]]:
    """Open the home to look at, without taking any run's lease."""
    database = await Database.open(setup.home)
    try:
        saver = await open_saver(database.path, None)
        try:
            yield wire(Resources(setup), checkpointer=saver), database
        finally:
            await close_saver(saver)
    finally:
        await database.close()


def _config(run_id: str, at: str | None = None) -> RunnableConfig:
    configurable = {"thread_id": run_id, "checkpoint_ns": ""}
    return {"configurable": configurable | ({"checkpoint_id": at} if at else {})}


def _id(snapshot: StateSnapshot) -> str:
    return str(snapshot.config.get("configurable", {})["checkpoint_id"])
