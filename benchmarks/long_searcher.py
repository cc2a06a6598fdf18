"""A searcher of two thousand steps under each policy that bounds its prompt.

    python -m benchmarks.long_searcher [--steps 2000] [--policy NAME]... [--context 32000]

The searcher's graph alone, inside a parent that saves its checkpoints as a run does (the stock
saver on the home's database, `durability="sync"`), the real ledger, a source without an end and
a model that never stops (endless.py). Of the hundred steps around each mark, as an average a step:

* prompt: estimated tokens of the model's prompts, and the largest of all so far;
* state: bytes of the largest checkpoint;
* checkpoints: bytes LangGraph wrote (`checkpoints`, `writes`);
* ledger: bytes of requests, their parts, results, calls and asks;
* handed on: bytes of the trail's own values;
* cpu: the process's own milliseconds with their standard error; piece: milliseconds of a piece of
  work that is always the same, done at each of these steps, since whoever else works slows down
  all that is done; a step: cpu in such pieces; wall: milliseconds by the clock, with the disk's;
* objects: those that Python's collector follows, at the window's end;
* MB: resident then, once the allocator has given back what is free.

What was read (documents, evidence, sightings) is content and not counted. At the end the results
of early steps are read again by the step's number.
"""

import argparse
import asyncio
import contextlib
import ctypes
import gc
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from langgraph.graph import END, START, StateGraph
from pydantic import PrivateAttr

from benchmarks.endless import Endless, Tireless
from quaestor.agents.chat.context.named import CONTEXTS, Context
from quaestor.agents.orders import Order
from quaestor.agents.team import extractive_team
from quaestor.agents.workplace import Limits
from quaestor.graphs.resources import Resources
from quaestor.graphs.searcher import build_searcher
from quaestor.graphs.session import Session, Setup
from quaestor.graphs.state import SearcherState
from quaestor.memory.checkpoints import close_saver, open_saver
from quaestor.memory.finding import Finding
from quaestor.memory.plan import Brief, Task
from quaestor.testing import Request
from quaestor.tools.models.crew import Crew
from quaestor.tools.models.tokens import estimate_all

MARKS = (100, 500, 1_000, 2_000)
SPAN = 50
"""Steps before a mark, and after it, that are averaged."""
BOUNDED: tuple[Context, ...] = ("sliding", "resum", "fold", "report")
RUN = "long"
_PIECE = 20_000
"""Turns of a loop: it holds nothing that the collector looks at."""
_CHECKPOINTS = {"checkpoints": ("checkpoint", "metadata"), "writes": ("value",)}
_LEDGER = {
    "requests": ("key", "kind", "body"),
    "parts": ("sha256", "body"),
    "results": ("key", "outcome", "body", "taken_at"),
    "calls": ("run_id", "key", "kind", "origin"),
    "asks": ("run_id", "key", "branch", "task"),
}
_VALUES = {"handed_on": ("run_id", "id", "kind", "body")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The meters at one moment."""

    calls: int
    """Of the model."""
    tokens: int
    largest: int
    checkpoints: int
    state: int
    ledger: int
    values: int
    objects: int
    memory: int
    """Resident bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The clocks when a step's model is asked, without what reading the meters took."""

    wall: float
    cpu: float
    piece: float
    """Seconds of a loop of `_PIECE` turns, of this process."""


@dataclass(slots=True, kw_only=True)
class Meters:
    """Reads them from the database and from what the model is asked."""

    path: Path
    windows: Sequence[range]
    readings: dict[int, Reading] = field(default_factory=dict[int, Reading])
    """By step: those that begin and end a window."""
    ticks: dict[int, Tick] = field(default_factory=dict[int, Tick])
    """By step: all of a window's."""
    tokens: int = 0
    largest: int = 0
    calls: int = 0
    wall: float = 0.0
    """Seconds spent on reading the meters."""
    cpu: float = 0.0
    """Of them, those in which this process worked."""

    def asked(self, request: Request, step: int) -> None:
        """Note a request at a step."""
        size = estimate_all(str(message.text) for message in request.messages)
        self.tokens, self.largest = self.tokens + size, max(self.largest, size)
        self.calls += 1
        if step in self.ticks or not any(one.start <= step <= one.stop for one in self.windows):
            return
        wall, cpu = time.perf_counter(), time.process_time()
        sum(number * number for number in range(_PIECE))
        piece = time.process_time() - cpu
        self.ticks[step] = Tick(wall=wall - self.wall, cpu=cpu - self.cpu, piece=piece)
        if any(step in (window.start, window.stop) for window in self.windows):
            self.readings[step] = self.read()
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu

    def read(self) -> Reading:
        """Read all meters but the clocks."""
        memory, objects = _resident(), len(gc.get_objects())
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        with contextlib.closing(connection):
            state = connection.execute(
                "SELECT max(length(checkpoint)) FROM checkpoints WHERE checkpoint_ns != ''"
            ).fetchone()[0]
            return Reading(
                calls=self.calls,
                tokens=self.tokens,
                largest=self.largest,
                checkpoints=_bytes(connection, _CHECKPOINTS),
                state=state or 0,
                ledger=_bytes(connection, _LEDGER),
                values=_bytes(connection, _VALUES),
                objects=objects,
                memory=memory,
            )


class Metered(Tireless):
    """The tireless model with meters."""

    _meters: Meters | None = PrivateAttr(default=None)

    def metered(self, meters: Meters) -> "Metered":
        """Return it, with meters to tell of each request."""
        self._meters = meters
        return self

    def answer(self, request: Request, number: int) -> Any:
        """Answer as it does, and tell the meters."""
        said = super().answer(request, number)
        if self._meters is not None:
            self._meters.asked(request, _step_in(request.prompt))
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Long:
    """What was measured of one policy."""

    policy: str
    steps: int
    finding: Finding
    readings: dict[int, Reading]
    ticks: dict[int, Tick]
    recalled: dict[int, int]
    """Step to passages or hits that its result has when read again."""


async def measure(
    policy: Context, *, steps: int, windows: Sequence[range], home: Path, context: int = 32_000
) -> Long:
    """Let one searcher take so many steps and return what was measured.

    Args:
        policy: Of its context.
        steps: It may take.
        windows: Steps to average over; the meters are read at the first of each and after the
            last, so that one of them more is to be taken.
        home: A folder.
        context: Tokens the model takes.
    """
    meters = Meters(path=home / "quaestor.db", windows=windows)
    model = Metered().metered(meters)
    setup = Setup(
        home=home,
        sources=(Endless(),),
        team=extractive_team(),
        crew=Crew(models={"searcher": model}, context=context),
        limits=Limits(steps=steps),
        context=policy,
    )
    resources = Resources(setup)
    async with resources.session(RUN, last=True) as session:
        await session.staff("How many barges are named?")
        meters.path = session.database.path
        finding = await _searched(resources, session, steps)
        early = [1, 2, 3, *(window[-1] for window in windows)]
        recalled = {step: await _recalled(session, finding.task, step) for step in early}
    missed = sorted({window.stop for window in windows} - set(meters.readings))
    if missed:
        raise SystemExit(f"{policy}: ended ({finding.stopped}) before step {missed[0]}")
    return Long(
        policy=policy,
        steps=steps,
        finding=finding,
        readings=meters.readings,
        ticks=meters.ticks,
        recalled=recalled,
    )


async def _searched(resources: Resources, session: Session, steps: int) -> Finding:
    task = Task.of("How many barges are named?", branch="public", source="endless")
    task = replace(task, queries=("pier1 quay1",))
    brief = Brief(answer_type="number", parts=("barges",), as_of="2026-01-01")
    order = Order(question=task.question, brief=brief, task=task, round=0)
    name = await session.values.save(order)
    builder = StateGraph(SearcherState)
    builder.add_node("searcher", build_searcher("public", resources))
    builder.add_edge(START, "searcher")
    builder.add_edge("searcher", END)
    database = session.database
    saver = await open_saver(database.path, session.lease, database=database)
    try:
        out = await builder.compile(checkpointer=saver).ainvoke(
            {"run_id": RUN, "order": name},
            {"configurable": {"thread_id": RUN}, "recursion_limit": 5 * steps + 100},
            durability="sync",
        )
    finally:
        await close_saver(saver)
    return await session.values.load(Finding, out["findings"][0])


async def _recalled(session: Session, task: str, step: int) -> int:
    kinds = ("search", "local_search", "fetch", "local_read")
    key = await session.ledger.key_at("public", task, step, kinds=kinds, before=step + 1)
    if not key:
        return 0
    brought = await session.place("public").toolbox.recall(key)
    return len(brought.spans) + len(brought.hits)


def a_step(one: Long, window: range) -> dict[str, float]:
    """Return averages a step of a window's steps."""
    before, after = one.readings[window.start], one.readings[window.stop]
    ticks = [one.ticks[step] for step in (*window, window.stop)]
    cpu = [1000 * (later.cpu - tick.cpu) for tick, later in pairwise(ticks)]
    piece = 1000 * statistics.mean(tick.piece for tick in ticks)

    def mean(name: str) -> float:
        return float(getattr(after, name) - getattr(before, name)) / len(window)

    return {
        "prompt": (after.tokens - before.tokens) / (after.calls - before.calls),
        "largest": after.largest,
        "calls": mean("calls"),
        "state": after.state,
        "checkpoints": mean("checkpoints"),
        "ledger": mean("ledger"),
        "handed on": mean("values"),
        "cpu": statistics.mean(cpu),
        "±": statistics.stdev(cpu) / len(cpu) ** 0.5,
        "piece": piece,
        "a step": statistics.mean(cpu) / piece,
        "wall": 1000 * (ticks[-1].wall - ticks[0].wall) / len(window),
        "objects": after.objects,
        "MB": after.memory / 2**20,
    }


def table(results: Sequence[Long], windows: Mapping[int, range]) -> str:
    """Return a table in Markdown: a row a policy and mark."""
    names = list(a_step(results[0], next(iter(windows.values()))))
    lines = [f"| policy | step | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for one in results:
        for mark, window in windows.items():
            cells = [
                f"{value:,.{_DIGITS.get(name, 0)}f}" for name, value in a_step(one, window).items()
            ]
            lines.append(f"| {one.policy} | {mark:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


_DIGITS = {"calls": 2, "cpu": 1, "±": 1, "piece": 2, "a step": 1, "wall": 1}


def _resident() -> int:
    """Return this process's resident bytes, garbage and what the allocator keeps given back."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's alone
    if trim is not None:
        trim(0)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _step_in(prompt: str) -> int:
    _, _, rest = prompt.rpartition("Actions now (step ")
    number, _, _ = rest.partition(" ")
    return int(number) if number.isdigit() else 0


def _bytes(connection: sqlite3.Connection, tables: Mapping[str, tuple[str, ...]]) -> int:
    total = 0
    for name, columns in tables.items():
        sizes = " + ".join(f"coalesce(sum(length({column})), 0)" for column in columns)
        total += connection.execute(f"SELECT {sizes} FROM {name}").fetchone()[0]
    return int(total)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=2_000)
    parser.add_argument("--policy", action="append", choices=CONTEXTS)
    parser.add_argument("--context", type=int, default=32_000)
    asked = parser.parse_args()
    marks = [mark for mark in MARKS if mark <= asked.steps] or [asked.steps]
    windows = {mark: range(max(2, mark - SPAN), mark + SPAN) for mark in marks}
    results: list[Long] = []
    for policy in asked.policy or BOUNDED:
        with tempfile.TemporaryDirectory() as home:
            one = asyncio.run(
                measure(
                    policy,
                    steps=asked.steps + SPAN + 1,
                    windows=list(windows.values()),
                    home=Path(home),
                    context=asked.context,
                )
            )
        results.append(one)
        print(f"{policy}: ended {one.finding.stopped!r}; read again: {one.recalled}", flush=True)
    print(table(results, windows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
