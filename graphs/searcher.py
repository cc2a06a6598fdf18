"""searcher: choose -> act -> keep -> choose again, or done."""

from typing import Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from quaestor.agents.faults import stops_the_run
from quaestor.agents.roles import ToolCall
from quaestor.agents.searching import Order, TakenStep, act, broken, choose, conclude, keep
from quaestor.graphs.resources import Resources
from quaestor.graphs.session import Session
from quaestor.graphs.state import SearcherOutput, SearcherState
from quaestor.memory.events import Event
from quaestor.memory.finding import Finding
from quaestor.memory.plan import Branch

Searcher = CompiledStateGraph[SearcherState, None, SearcherState, SearcherOutput]


def build_searcher(branch: Branch, resources: Resources) -> Searcher:
    """Return the searcher subgraph of a branch; one call to the outside in each inner node."""

    async def choose_node(state: SearcherState) -> dict[str, Any]:
        async with resources.session(state["run_id"]) as session:
            order, steps = await _so_far(session, state)
            try:
                chosen = await choose(session.place(branch), order, steps)
                if isinstance(chosen, ToolCall):
                    return {"call": await session.values.save(chosen)}
                finding = await conclude(session.place(branch), order, steps, chosen)
            except Exception as error:
                if stops_the_run(error):
                    raise
                finding = broken(session.place(branch), order, error)
            return {"call": "", "findings": [await _bring(session, finding)]}

    async def act_node(state: SearcherState) -> dict[str, Any]:
        async with resources.session(state["run_id"]) as session:
            order = await session.values.load(Order, state["order"])
            call = await session.values.load(ToolCall, state.get("call", ""))
            step = len(state.get("steps", [])) + 1
            return {"key": await act(session.place(branch), order, call, step=step)}

    async def keep_node(state: SearcherState) -> dict[str, Any]:
        async with resources.session(state["run_id"]) as session:
            order = await session.values.load(Order, state["order"])
            call = await session.values.load(ToolCall, state.get("call", ""))
            step = len(state.get("steps", [])) + 1
            key = state.get("key", "")
            taken = await keep(session.place(branch), order, call, key, step=step)
            kept = sum(one.retained_by is not None for one in taken.retained)
            session.setup.emit(Event(kind="kept", branch=branch, task=order.task.id, count=kept))
            return {"steps": [await session.values.save(taken)]}

    def after_choose(state: SearcherState) -> Literal["act", "done"]:
        return "act" if state.get("call") else "done"

    names = {name: f"{branch}_{name}" for name in ("choose", "act", "keep")}
    builder = StateGraph(SearcherState, output_schema=SearcherOutput)
    builder.add_node(names["choose"], choose_node)
    builder.add_node(names["act"], act_node)
    builder.add_node(names["keep"], keep_node)
    builder.add_edge(START, names["choose"])
    builder.add_conditional_edges(names["choose"], after_choose, {"act": names["act"], "done": END})
    builder.add_edge(names["act"], names["keep"])
    builder.add_edge(names["keep"], names["choose"])
    return builder.compile(name=f"{branch}_searcher")


async def _so_far(session: Session, state: SearcherState) -> tuple[Order, list[TakenStep]]:
    order = await session.values.load(Order, state["order"])
    return order, await session.values.load_all(TakenStep, state.get("steps", []))


async def _bring(session: Session, finding: Finding) -> str:
    status = "failed" if finding.stopped == "failed" else "done"
    session.setup.emit(Event(kind="task", branch=finding.branch, task=finding.task, status=status))
    for gap in finding.gaps:
        session.setup.emit(Event(kind="gap", branch=finding.branch, text=f"{gap.what}: {gap.why}"))
    return await session.values.save(finding)
