"""A run: a question on its way to a report, or there."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Generator
from dataclasses import replace
from pathlib import Path

import networkx as nx
from langchain_core.runnables import RunnableConfig

from quaestor.archive import Archive, blocking, load_report
from quaestor.errors import LeaseLostError
from quaestor.graphs.remembering import checkpoints, remember
from quaestor.graphs.research import RUN_KEY, ResearchGraph
from quaestor.graphs.resources import Resources
from quaestor.graphs.session import Session, Setup
from quaestor.graphs.state import ResearchInput
from quaestor.memory import runs
from quaestor.memory.checkpoints import close_saver, open_saver
from quaestor.memory.documents import Document
from quaestor.memory.events import Event
from quaestor.memory.journal import load_calls
from quaestor.memory.provenance import provenance
from quaestor.memory.record import RunRecord
from quaestor.memory.runs import RunState
from quaestor.memory.shared import Checkpoint, Memory
from quaestor.report import Report
from quaestor.tracing import untraced
from quaestor.views.run_view import RunProgress, run_mimebundle
from quaestor.watching import Watch

RECURSION_LIMIT = 40_000
"""Supersteps, of which a searcher's step is three or four; rounds and steps are counted in state
and end a run long before."""


class Run:
    """One question being researched. Await it for the report, iterate it for its events.

    Made by `Researcher.start` and `Researcher.resume`; needs a running loop.

    Example:
        `run = researcher.start("..."); report = await run`
    """

    def __init__(
        self,
        setup: Setup,
        run_id: str,
        question: str,
        *,
        graph: ResearchGraph,
        before: RunRecord | None = None,
    ) -> None:
        self.id = run_id
        self.question = question
        self.home: Path = setup.home
        self._archive = Archive(setup.home)
        self._listeners: list[asyncio.Queue[Event | None]] = []
        self._past: list[Event] = []
        self.watch = Watch(question, before)
        """What its events have said so far."""
        self._setup = replace(setup, on_event=self._hear)
        self._graph = graph
        self._task = asyncio.get_running_loop().create_task(self._go())
        self._task.add_done_callback(self._tell_end)

    def __await__(self) -> Generator[None, None, Report]:
        """Wait for the report.

        Cancelling what waits interrupts the run; `Researcher.resume` goes on with it.
        """
        return self._task.__await__()

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Give every event so far, then those to come; the last one says how the run ended."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        for event in self._past:
            queue.put_nowait(event)
        if self._past and self._past[-1].kind == "run":
            queue.put_nowait(None)
        else:
            self._listeners.append(queue)
        while (coming := await queue.get()) is not None:
            yield coming

    @property
    def done(self) -> bool:
        """Whether it has ended: with a report, an error, or interrupted."""
        return self._task.done()

    def progress(self) -> RunProgress:
        """Return how far it has come: a value that shows itself in a notebook."""
        return self.watch.progress()

    async def interrupt(self) -> None:
        """Stop it where it is, to be resumed later."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    def record(self) -> RunRecord:
        """Return all the run kept so far."""
        return self._archive.record(self.id)

    def graph(self) -> "nx.MultiDiGraph[str]":
        """Return the run's execution and provenance (memory/provenance.py)."""
        return provenance(self.record())

    def checkpoints(self) -> list[Checkpoint]:
        """Return the moments of the research graph, the first one first."""
        return blocking(checkpoints(self._setup, self.id))

    def memory(self, at: str | None = None) -> Memory:
        """Return what the run knew at a checkpoint (its id), or knows now.

        Raises:
            SettingsError: The run has no such checkpoint.
        """
        return blocking(remember(self._setup, self.id, at))

    def document(self, document_id: str) -> Document:
        """Return the stored text of a document, by its id."""
        return self._archive.document(document_id)

    def _hear(self, event: Event) -> None:
        """Take an event of the graph's and pass it on."""
        self._past.append(event)
        self.watch.see(event)
        for queue in self._listeners:
            queue.put_nowait(event)

    async def _go(self) -> Report:
        resources = Resources(self._setup)
        async with resources.session(self.id, last=True) as session:
            finished, again = await _report(session), await _reopens(session)
            if finished is not None and not again:
                return finished
            began = time.monotonic()
            state: RunState = "failed"
            await _note(session, "running", 0.0)
            try:
                await _run_graph(self._graph, session, self.question, again=again)
                state = "done"
            except asyncio.CancelledError:
                state = "interrupted"
                raise
            finally:
                await _note(session, state, time.monotonic() - began)
            report = await _report(session)
            assert report is not None, "the last node writes one"
            return report

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return run_mimebundle(self.progress())

    def _tell_end(self, task: "asyncio.Task[Report]") -> None:
        state = "interrupted"
        if not task.cancelled():
            state = "failed" if task.exception() else "done"
        self._hear(Event(kind="run", text=self.id, status=state))
        for queue in self._listeners:
            queue.put_nowait(None)


async def _run_graph(wired: ResearchGraph, session: Session, question: str, *, again: bool) -> None:
    database = session.database
    saver = await open_saver(database.path, session.lease, database=database)
    try:
        # To compile it takes longer than a whole step. Its nodes find the session that is open.
        graph = wired.copy(update={"checkpointer": saver})
        config: RunnableConfig = {
            "configurable": {"thread_id": session.run_id, RUN_KEY: session.run_id},
            "recursion_limit": RECURSION_LIMIT,
            "callbacks": [],
        }
        with untraced():
            begun = (await graph.aget_state(config)).created_at is not None
            # What had failed may stand anywhere in what was checkpointed since, so that it is
            # opened from the question on: the ledger gives all that had finished again.
            onward = begun and not again
            start: ResearchInput | None = None if onward else {"question": question}
            if not onward:
                await session.fallbacks.clear()
            await graph.ainvoke(start, config, durability="sync")
    finally:
        await close_saver(saver)


async def _reopens(session: Session) -> bool:
    """Say whether failures of the run are to be asked again, and it has some."""
    if not session.setup.retry_failed:
        return False
    calls = await load_calls(session.database, session.run_id)
    return any(call.status == "failed" for call in calls)


async def _report(session: Session) -> Report | None:
    row = await runs.known_run(session.database, session.run_id)
    report = await load_report(session.database, row) if row else None
    if report is None:
        return None
    return Report.of(report, run_id=session.run_id, home=session.setup.home)


async def _note(session: Session, state: RunState, seconds: float) -> None:
    with contextlib.suppress(LeaseLostError):
        await runs.set_state(
            session.database, session.run_id, state, token=session.lease.token, seconds=seconds
        )
