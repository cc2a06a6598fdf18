"""A searcher of two thousand steps under each policy that bounds its prompt.

    python -m benchmarks.long_searcher [--steps 2000] [--policy NAME]... [--context 32000]

The searcher's graph alone, inside a parent that saves its checkpoints as a run does (the stock
saver on the home's database, `durability="sync"`), the real ledger, a source without an end and
a model that never stops (endless.py). Of the steps up to each mark, as an average a step:

* prompt: estimated tokens of the model's prompts, and the largest of all so far;
* state: bytes of the largest checkpoint;
* checkpoints: bytes LangGraph wrote (`checkpoints`, `writes`);
* ledger: bytes of requests, their parts, results, calls and asks;
* handed on: bytes of the trail's own values;
* seconds, and resident memory at the mark.

What was read (documents, evidence, sightings) is content and not counted. At the end the results
of early steps are read again by the step's number.
"""

import argparse
import asyncio
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from langgraph.graph import END, START, StateGraph
from pydantic import PrivateAttr

from benchmarks.endless import Endless, Tireless
from quaestor.agents.chat.context.named import CONTEXTS, Context
from quaestor.agents.searching import Order
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
"""Steps up to a mark that are averaged."""
BOUNDED: tuple[Context, ...] = ("sliding", "resum", "fold", "report")
RUN = "long"
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

    step: int
    seconds: float
    calls: int
    """Of the model."""
    tokens: int
    largest: int
    checkpoints: int
    state: int
    ledger: int
    values: int
    memory: int
    """Most resident kilobytes so far."""


@dataclass(slots=True, kw_only=True)
class Meters:
    """Reads them from the database and from what the model is asked."""

    path: Path
    marks: frozenset[int]
    readings: dict[int, Reading] = field(default_factory=dict[int, Reading])
    tokens: int = 0
    largest: int = 0
    calls: int = 0
    waited: float = 0.0
    """Seconds spent on reading the meters."""

    def asked(self, request: Request, step: int) -> None:
        """Note a request at a step."""
        size = estimate_all(str(message.text) for message in request.messages)
        self.tokens, self.largest = self.tokens + size, max(self.largest, size)
        self.calls += 1
        if step in self.marks and step not in self.readings:
            self.read(step)

    def read(self, step: int) -> None:
        """Read all meters at a step."""
        now = time.perf_counter()
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as connection:
            state = connection.execute(
                "SELECT max(length(checkpoint)) FROM checkpoints WHERE checkpoint_ns != ''"
            ).fetchone()[0]
            reading = Reading(
                step=step,
                seconds=now - self.waited,
                calls=self.calls,
                tokens=self.tokens,
                largest=self.largest,
                checkpoints=_bytes(connection, _CHECKPOINTS),
                state=state or 0,
                ledger=_bytes(connection, _LEDGER),
                values=_bytes(connection, _VALUES),
                memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            )
        connection.close()
        self.readings[step] = reading
        self.waited += time.perf_counter() - now


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
    recalled: dict[int, int]
    """Step to passages or hits that its result has when read again."""


async def measure(
    policy: Context, *, steps: int, marks: Sequence[int], home: Path, context: int = 32_000
) -> Long:
    """Let one searcher take so many steps and return what was measured.

    Args:
        policy: Of its context.
        steps: It may take.
        marks: Steps at which the meters are read.
        home: A folder.
        context: Tokens the model takes.
    """
    meters = Meters(path=home / "quaestor.db", marks=frozenset(marks))
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
        meters.read(steps + 1)
        early = [step for step in (1, 2, 3, *(mark - 1 for mark in marks)) if step <= steps]
        recalled = {step: await _recalled(session, finding.task, step) for step in early}
    missed = sorted(set(marks) - set(meters.readings))
    if missed:
        raise SystemExit(f"{policy}: ended ({finding.stopped}) before step {missed[0]}")
    return Long(
        policy=policy, steps=steps, finding=finding, readings=meters.readings, recalled=recalled
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


def a_step(one: Long, mark: int, span: int = SPAN) -> dict[str, float]:
    """Return averages a step of the steps before a mark."""
    before, after = one.readings[mark - span], one.readings[mark]
    taken = after.step - before.step

    def mean(name: str) -> float:
        return float(getattr(after, name) - getattr(before, name)) / taken

    return {
        "prompt": (after.tokens - before.tokens) / (after.calls - before.calls),
        "largest": after.largest,
        "calls": (after.calls - before.calls) / taken,
        "state": after.state,
        "checkpoints": mean("checkpoints"),
        "ledger": mean("ledger"),
        "handed on": mean("values"),
        "ms": 1000 * mean("seconds"),
        "MB": after.memory / 1024,
    }


def table(results: Sequence[Long], marks: Sequence[int]) -> str:
    """Return a table in Markdown: a row a policy and mark."""
    names = list(a_step(results[0], marks[0]))
    lines = [f"| policy | step | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for one in results:
        for mark in marks:
            cells = [
                f"{value:.2f}" if name == "calls" else f"{value:,.0f}"
                for name, value in a_step(one, mark).items()
            ]
            lines.append(f"| {one.policy} | {mark:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


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
    read_at = [*marks, *(mark - SPAN for mark in marks)]
    results: list[Long] = []
    for policy in asked.policy or BOUNDED:
        with tempfile.TemporaryDirectory() as home:
            one = asyncio.run(
                measure(
                    policy,
                    steps=asked.steps,
                    marks=sorted(read_at),
                    home=Path(home),
                    context=asked.context,
                )
            )
        results.append(one)
        print(f"{policy}: ended {one.finding.stopped!r}; read again: {one.recalled}", flush=True)
    print(table(results, marks))
    return 0


if __name__ == "__main__":
    sys.exit(main())
