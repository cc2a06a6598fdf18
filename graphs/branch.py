"""branch: plan -> ( a searcher for each task, in parallel ) -> refine -> plan again, or done."""

from collections.abc import Sequence
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Send

from quaestor.agents.branching import Round, plan_round, refine_round
from quaestor.agents.orders import Order
from quaestor.graphs.resources import Resources
from quaestor.graphs.searcher import build_searcher
from quaestor.graphs.session import Session
from quaestor.graphs.state import (
    BranchResult,
    PrivateInput,
    PrivateOutput,
    PrivateState,
    PublicInput,
    PublicOutput,
    PublicState,
)
from quaestor.memory.events import Event
from quaestor.memory.finding import Finding
from quaestor.memory.plan import Branch, Brief, Plan

BranchGraph = CompiledStateGraph[Any, None, Any, Any]
State = PublicState | PrivateState

NOTHING: BranchResult = {"plan": "", "findings": [], "kept": {}, "gaps": [], "rounds": 0}
STATES: dict[Branch, type] = {"public": PublicState, "private": PrivateState}
INPUTS: dict[Branch, type] = {"public": PublicInput, "private": PrivateInput}
OUTPUTS: dict[Branch, type] = {"public": PublicOutput, "private": PrivateOutput}


def build_branch(branch: Branch, resources: Resources) -> BranchGraph:
    """Return a branch: HierSearch's planner, searchers and refiner over its own sources."""
    names = {name: f"{branch}_{name}" for name in ("plan", "searcher", "refine")}

    async def plan_node(state: State) -> dict[str, Any]:
        async with resources.session(state["run_id"]) as session:
            return await _plan(session, branch, state)

    # Async, as the nodes are: LangGraph would hand a plain function to a thread.
    async def dispatch(state: State) -> list[Send] | str:
        # An empty list of Sends would end the branch without its output (tried on 1.2.22).
        return [
            Send(names["searcher"], {"run_id": state["run_id"], "order": order})
            for order in state.get("ready", [])
        ] or names["refine"]

    async def refine_node(state: State) -> dict[str, Any]:
        async with resources.session(state["run_id"]) as session:
            return await _refine(session, branch, state)

    async def after_refine(state: State) -> str:
        going = bool(state.get("ready")) and state.get("round", 0) < resources.setup.limits.rounds
        return "plan" if going else "done"

    builder: StateGraph[Any, None, Any, Any] = StateGraph(
        STATES[branch], input_schema=INPUTS[branch], output_schema=OUTPUTS[branch]
    )
    builder.add_node(names["plan"], plan_node)
    builder.add_node(names["searcher"], build_searcher(branch, resources))
    builder.add_node(names["refine"], refine_node)
    builder.add_edge(START, names["plan"])
    builder.add_conditional_edges(names["plan"], dispatch, [names["searcher"], names["refine"]])
    builder.add_edge(names["searcher"], names["refine"])
    builder.add_conditional_edges(
        names["refine"], after_refine, {"plan": names["plan"], "done": END}
    )
    return builder.compile(name=branch)


async def _plan(session: Session, branch: Branch, state: State) -> dict[str, Any]:
    before, values = _before(branch, state), session.values
    number = state.get("round", 0)
    plan = await _load_plan(session, branch, state.get("plan") or before["plan"])
    held = state.get("findings") or before["findings"]
    brief = await values.load(Brief, state["brief"])
    planned = await plan_round(
        session.place(branch),
        question=state["question"],
        brief=brief,
        plan=plan,
        findings=in_order(await values.load_all(Finding, held), plan),
        known=await _known(session, branch, state),
        number=number,
    )
    rounds = before["rounds"] + number
    orders = [
        Order(question=state["question"], brief=brief, task=task, round=rounds)
        for task in planned.ready
    ]
    _announce(session, branch, plan, planned)
    return {
        "plan": await values.save(planned.plan),
        "ready": await values.save_all(orders),
        "findings": [*held, *await values.save_all(planned.blocked)],
        "refined": state.get("refined") or before["findings"],
        "kept": state.get("kept") or before["kept"],
        "gaps": [
            *(state.get("gaps") or before["gaps"]),
            *await values.save_all(planned.gaps),
        ],
        "round": number + 1,
    }


async def _refine(session: Session, branch: Branch, state: State) -> dict[str, Any]:
    before = _before(branch, state)
    plan = await _load_plan(session, branch, state.get("plan", ""))
    held, refined = state.get("findings", []), state.get("refined", [])
    new = [one for one in held if one not in refined]
    findings = in_order(await session.values.load_all(Finding, new), plan)
    known = [finding for finding in await _known(session, branch, state) if finding.conclusion]
    number = before["rounds"] + state.get("round", 0)
    reasons = await refine_round(session.place(branch), findings, known=known, number=number)
    kept = {**reasons, **state.get("kept", {})}
    result: BranchResult = {
        "plan": state.get("plan", ""),
        "findings": sorted(held),
        "kept": {name: kept[name] for name in sorted(kept)},
        "gaps": state.get("gaps", []),
        "rounds": before["rounds"] + state.get("round", 0),
    }
    return {"refined": list(held), "kept": result["kept"], branch: result}


def in_order(findings: Sequence[Finding], plan: Plan) -> list[Finding]:
    """Return findings in the order their tasks were planned, whenever they arrived."""
    places = {task.id: number for number, task in enumerate(plan.tasks)}
    return sorted(findings, key=lambda finding: (places.get(finding.task, -1), finding.task))


def _before(branch: Branch, state: State) -> BranchResult:
    """Return what this branch gave the last time it was called in this run."""
    held: BranchResult | None = state.get(branch)  # type: ignore[assignment]  # by name, not literal
    return held or NOTHING


async def _known(session: Session, branch: Branch, state: State) -> list[Finding]:
    """Return what the public branch found, where this branch may see it."""
    public = _before("public", state)
    if branch == "public" or not public["plan"]:
        return []
    plan = await session.values.load(Plan, public["plan"])
    return in_order(await session.values.load_all(Finding, public["findings"]), plan)


async def _load_plan(session: Session, branch: Branch, plan: str) -> Plan:
    return await session.values.load(Plan, plan) if plan else Plan(branch=branch)


def _announce(session: Session, branch: Branch, old: Plan, planned: Round) -> None:
    known = {task.id for task in old.tasks}
    ready = {task.id for task in planned.ready}
    for task in planned.plan.tasks:
        if task.id not in known:
            session.setup.emit(
                Event(
                    kind="planned",
                    branch=branch,
                    task=task.id,
                    source=task.source,
                    text=task.question,
                )
            )
        if task.id in ready:
            session.setup.emit(Event(kind="task", branch=branch, task=task.id, status="running"))
