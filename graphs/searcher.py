"""searcher: choose -> act -> keep -> choose again, or done."""

from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from quaestor.agents.concluding import broken, conclude
from quaestor.agents.faults import stops_the_run
from quaestor.agents.orders import Order
from quaestor.agents.roles.searcher import Noted, ToolCall
from quaestor.agents.searching import act, choose, follow
from quaestor.agents.trail import links, noted
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
            order = await session.values.load(Order, state["order"])
            head = state.get("head", "")
            try:
                chosen = await choose(session.place(branch), order, head)
                if isinstance(chosen, ToolCall):
                    return {"turn": "act", "call": await session.values.save(chosen)}
                if isinstance(chosen, Noted):
                    return {"turn": "choose", "head": await _note(session, head, chosen)}
                finding = await conclude(session.place(branch), order, head, chosen)
            except Exception as error:
                if stops_the_run(error):
                    raise
                finding = broken(session.place(branch), order, error)
            return {"turn": "done", "findings": [await _bring(session, finding)]}

    async def act_node(state: SearcherState) -> dict[str, Any]:
        async with resources.session(state["run_id"]) as session:
            order, call, step = await _chosen(session, state)
            return {"key": await act(session.place(branch), order, call, step=step)}

    async def keep_node(state: SearcherState) -> dict[str, Any]:
        async with resources.session(state["run_id"]) as session:
            order, call, _ = await _chosen(session, state)
            link, taken = await follow(
                session.place(branch),
                order,
                call,
                state.get("key", ""),
                head=state.get("head", ""),
            )
            kept = sum(one.retained_by is not None for one in taken.retained)
            session.setup.emit(Event(kind="kept", branch=branch, task=order.task.id, count=kept))
            return {"head": await session.values.save(link)}

    async def after_choose(state: SearcherState) -> str:
        return state.get("turn", "done")

    names = {name: f"{branch}_{name}" for name in ("choose", "act", "keep")}
    builder = StateGraph(SearcherState, output_schema=SearcherOutput)
    builder.add_node(names["choose"], choose_node)
    builder.add_node(names["act"], act_node)
    builder.add_node(names["keep"], keep_node)
    builder.add_edge(START, names["choose"])
    builder.add_conditional_edges(
        names["choose"],
        after_choose,
        {"act": names["act"], "choose": names["choose"], "done": END},
    )
    builder.add_edge(names["act"], names["keep"])
    builder.add_edge(names["keep"], names["choose"])
    return builder.compile(name=f"{branch}_searcher")


async def _chosen(session: Session, state: SearcherState) -> tuple[Order, ToolCall, int]:
    """Return the order, the call to make, and which step it is."""
    order = await session.values.load(Order, state["order"])
    call = await session.values.load(ToolCall, state.get("call", ""))
    trail = await links(session.values, state.get("head", ""), steps=0)
    return order, call, (trail[-1].number if trail else 0) + 1


async def _note(session: Session, head: str, chosen: Noted) -> str:
    trail = await links(session.values, head, steps=0)
    return await session.values.save(noted(trail[-1] if trail else None, head, chosen.memory))


async def _bring(session: Session, finding: Finding) -> str:
    status = "failed" if finding.stopped == "failed" else "done"
    session.setup.emit(Event(kind="task", branch=finding.branch, task=finding.task, status=status))
    for gap in finding.gaps:
        session.setup.emit(Event(kind="gap", branch=finding.branch, text=f"{gap.what}: {gap.why}"))
    return await session.values.save(finding)
