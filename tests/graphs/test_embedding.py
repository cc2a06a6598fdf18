"""The graph in other people's programs: as a node, under their saver, traced, broken off."""

import asyncio
import gc
import sqlite3
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph

from quaestor.graphs import resources
from quaestor.graphs.building import build_research_graph
from quaestor.memory.ledger import Ledger
from quaestor.tools.sources import Source
from tests.fakes import Shelf

TEXTS = {
    "Ferry": "The ferry Aldebaran was built in Kvarstad in 1987. Its captain is Berit Holm.",
    "Kvarstad": "Kvarstad is a town with a shipyard. The shipyard of Kvarstad closed in 2003.",
    "Berit Holm": "Berit Holm is a captain. Berit Holm was born on 2 May 1966 in Sund.",
}
FIRST = "Where was the captain of the ferry Aldebaran born?"
SECOND = "When did the shipyard of Kvarstad close?"


class ParentState(TypedDict, total=False):
    question: str
    report: str
    run_id: str
    runs: list[str]
    answers: list[str]


def sources() -> list[Source]:
    return [
        Shelf("papers", TEXTS, kind="local", private=True),
        Shelf("web", TEXTS, kind="web", remote=True),
    ]


def parent_of(home: Path, *, private: list[Source] | None = None) -> StateGraph[Any, Any, Any, Any]:
    """Return a graph that uses ours as a node twice, with a step between."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(ParentState)

    def note(state: ParentState) -> dict[str, Any]:
        return {
            "runs": [*state.get("runs", []), state.get("run_id", "")],
            "answers": [*state.get("answers", []), state.get("report", "")],
            "question": SECOND,
        }

    builder.add_node("first", build_research_graph(private or sources(), home=home))
    builder.add_node("between", note)
    builder.add_node("second", build_research_graph(private or sources(), home=home))
    builder.add_node("after", note)
    for start, end in [(START, "first"), ("first", "between"), ("between", "second")]:
        builder.add_edge(start, end)
    builder.add_edge("second", "after")
    builder.add_edge("after", END)
    return builder


def runs_of(home: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(home / "quaestor.db") as database:
        query = "SELECT run_id, state FROM runs ORDER BY number"
        return database.execute(query).fetchall()


async def test_as_a_node_twice_it_is_two_runs(tmp_path: Path) -> None:
    graph = parent_of(tmp_path).compile(checkpointer=InMemorySaver())
    out = await graph.ainvoke({"question": FIRST}, {"configurable": {"thread_id": "t"}})
    assert len(set(out["runs"])) == 2
    assert [(run, "done") for run in out["runs"]] == runs_of(tmp_path)
    first, second = out["answers"]
    assert f"# {FIRST}" in first
    assert f"# {SECOND}" in second


async def test_inside_a_graph_that_is_a_node_itself(tmp_path: Path) -> None:
    outer: StateGraph[Any, Any, Any, Any] = StateGraph(ParentState)
    outer.add_node("inner", parent_of(tmp_path).compile())
    outer.add_edge(START, "inner")
    outer.add_edge("inner", END)
    graph = outer.compile(checkpointer=InMemorySaver())
    out = await graph.ainvoke({"question": FIRST}, {"configurable": {"thread_id": "t"}})
    assert len(set(out["runs"])) == 2
    assert len(runs_of(tmp_path)) == 2


async def test_two_questions_on_one_thread_are_two_runs(tmp_path: Path) -> None:
    graph = build_research_graph(sources(), home=tmp_path, checkpointer=InMemorySaver())
    config: Any = {"configurable": {"thread_id": "t"}}
    first = await graph.ainvoke({"question": FIRST}, config)
    second = await graph.ainvoke({"question": SECOND}, config)
    assert first["run_id"] != second["run_id"]
    assert set(first) == {"status", "answer", "report", "claims", "evidence", "gaps", "run_id"}
    assert "Sund" not in second["report"]


async def test_it_runs_without_any_saver(tmp_path: Path) -> None:
    graph = build_research_graph(sources(), home=tmp_path)
    outs = [await graph.ainvoke({"question": FIRST}) for _ in range(2)]
    assert outs[0]["report"] == outs[1]["report"]
    assert len(runs_of(tmp_path)) == 2


async def test_after_an_exception_in_a_searcher_it_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = await build_research_graph(sources(), home=tmp_path / "undisturbed").ainvoke(
        {"question": FIRST}
    )
    saver, calls = InMemorySaver(), 0
    real = Ledger.call

    async def full_disk_at_the_third(self: Ledger, *args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise OSError(28, "No space left on device")
        return await real(self, *args, **kwargs)

    home = tmp_path / "home"
    config: Any = {"configurable": {"thread_id": "t"}}
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "call", full_disk_at_the_third)
        given = sources()
        graph = build_research_graph(given, home=home, checkpointer=saver)
        with pytest.raises(OSError, match="No space left"):
            await graph.ainvoke({"question": FIRST}, config)
    asked = sum(len(source.asked) for source in given if isinstance(source, Shelf))
    # All our resources are dropped: another process would have none of them.
    del graph, given
    resources.HELD.clear()
    gc.collect()
    again = sources()
    graph = build_research_graph(again, home=home, checkpointer=saver)
    out = await graph.ainvoke(None, config)
    assert out["report"] == undisturbed["report"]
    assert len(runs_of(home)) == 1
    asked_again = sum(len(source.asked) for source in again if isinstance(source, Shelf))
    total = await count_undisturbed(tmp_path / "count")
    assert asked + asked_again <= total + 1  # the call that broke


async def count_undisturbed(home: Path) -> int:
    given = sources()
    await build_research_graph(given, home=home).ainvoke({"question": FIRST})
    return sum(len(source.asked) for source in given if isinstance(source, Shelf))


class Recorder(BaseCallbackHandler):
    """Keeps everything a tracer of the parent is shown."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_chain_start(self, serialized: Any, inputs: Any, **kwargs: Any) -> None:
        self.seen.append(repr((inputs, kwargs.get("metadata"), kwargs.get("tags"))))

    def on_chain_end(self, outputs: Any, **kwargs: Any) -> None:
        self.seen.append(repr(outputs))


async def test_a_parents_tracer_sees_our_output_and_no_document_text(tmp_path: Path) -> None:
    recorder = Recorder()
    graph = build_research_graph(sources(), home=tmp_path)
    out = await graph.ainvoke({"question": FIRST}, {"callbacks": [recorder]})
    assert len(recorder.seen) > 20
    # The last node's output is the report; everything before it is ids and the question.
    heading = f"# {FIRST}"
    shown = [text for text in recorder.seen if heading not in text]
    words = ["Berit Holm", "Sund", "Kvarstad", "shipyard", "1987", "2 May 1966"]
    assert [word for word in words if any(word in text for text in shown)] == []
    assert out["report"].startswith(heading)
    assert len(shown) < len(recorder.seen)


async def test_nothing_stays_open_after_the_last_node(tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    await build_research_graph(sources(), home=tmp_path).ainvoke({"question": FIRST})
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
    assert not resources.HELD


def test_one_built_graph_serves_two_loops(tmp_path: Path) -> None:
    graph = build_research_graph(sources(), home=tmp_path)
    outs = [asyncio.run(graph.ainvoke({"question": FIRST})) for _ in range(2)]
    assert outs[0]["report"] == outs[1]["report"]
