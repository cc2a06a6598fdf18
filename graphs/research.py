"""The research graph.

question -> plan -> ( public branch || private branch ) -> refine
         -> private branch once more if it can close a gap
         -> synthesize -> verify -> what failed written anew and verified, once -> report
"""

from collections.abc import Hashable
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from quaestor.agents.branching import brief_of
from quaestor.graphs.branch import INPUTS, build_branch
from quaestor.graphs.joining import ask_again, join
from quaestor.graphs.reporting import report, revise_draft, synthesize, verify
from quaestor.graphs.resources import Resources
from quaestor.graphs.session import Session
from quaestor.graphs.state import ResearchInput, ResearchOutput, ResearchState
from quaestor.memory import runs
from quaestor.memory.events import Event
from quaestor.memory.text import content_id, normalise

RUN_KEY = "quaestor_run"
"""In `configurable`: the run's id, where a Researcher started it."""

ResearchGraph = CompiledStateGraph[ResearchState, None, ResearchInput, ResearchOutput]


def wire(
    resources: Resources, *, checkpointer: BaseCheckpointSaver[str] | None = None
) -> ResearchGraph:
    """Return the compiled research graph over resources that are opened when it runs."""

    async def begin(state: ResearchState, config: RunnableConfig) -> dict[str, Any]:
        run_id, question = identity(config), normalise(state["question"]).text
        async with resources.session(run_id) as session:
            await _start(session, question)
        return fresh(question, run_id)

    async def plan(state: ResearchState) -> dict[str, Any]:
        async with resources.session(_run(state)) as session:
            _stage(session, "plan")
            brief = await brief_of(
                session.team.planner,
                state["question"],
                as_of=await session.as_of(),
                depth=session.setup.depth,
            )
            await session.examine()
            return {"brief": await session.values.save(brief)}

    async def refine(state: ResearchState) -> dict[str, Any]:
        async with resources.session(_run(state)) as session:
            _stage(session, "refine")
            return await join(session, state)

    async def synthesize_node(state: ResearchState) -> dict[str, Any]:
        async with resources.session(_run(state)) as session:
            _stage(session, "synthesize")
            return await synthesize(session, state)

    async def verify_node(state: ResearchState) -> dict[str, Any]:
        async with resources.session(_run(state)) as session:
            _stage(session, "verify")
            return await verify(session, state)

    async def revise_node(state: ResearchState) -> dict[str, Any]:
        async with resources.session(_run(state)) as session:
            _stage(session, "revise")
            return await revise_draft(session, state)

    async def report_node(state: ResearchState) -> dict[str, Any]:
        async with resources.session(_run(state), last=True) as session:
            _stage(session, "report")
            return await report(session, state)

    async def after_refine(state: ResearchState) -> Literal["private", "synthesize"]:
        return "private" if ask_again(resources.setup, state) else "synthesize"

    async def after_verify(state: ResearchState) -> Literal["revise", "report"]:
        return "revise" if state.get("failing") and not state.get("revisions") else "report"

    builder = StateGraph(ResearchState, input_schema=ResearchInput, output_schema=ResearchOutput)
    builder.add_node("begin", begin)
    builder.add_node("plan", plan)
    builder.add_node("refine", refine)
    builder.add_node("synthesize", synthesize_node)
    builder.add_node("verify", verify_node)
    builder.add_node("revise", revise_node)
    builder.add_node("report", report_node)
    builder.add_edge(START, "begin")
    builder.add_edge("begin", "plan")
    for branch in resources.setup.branches:
        # The schema is given here too: without it LangGraph hands the branch the whole parent
        # state and writes that into the branch's first checkpoint (tried on 1.2.22).
        builder.add_node(branch, build_branch(branch, resources), input_schema=INPUTS[branch])
        builder.add_edge("plan", branch)
        builder.add_edge(branch, "refine")
    if not resources.setup.branches:
        builder.add_edge("plan", "refine")
    again: dict[Hashable, str] = {"synthesize": "synthesize"}
    if "private" in resources.setup.branches and "public" in resources.setup.branches:
        again["private"] = "private"
    builder.add_conditional_edges("refine", after_refine, again)
    builder.add_edge("synthesize", "verify")
    builder.add_conditional_edges("verify", after_verify, {"revise": "revise", "report": "report"})
    builder.add_edge("revise", "verify")
    builder.add_edge("report", END)
    return builder.compile(checkpointer=checkpointer, name="research")


def identity(config: RunnableConfig) -> str:
    """Return the run's id: given, or a function of the thread and of this node's namespace.

    The namespace differs for each question on a thread, for each use of the graph in a parent
    and for each call in a function node, and is the same after an exception and a resume.
    """
    configurable = config.get("configurable", {})
    given = configurable.get(RUN_KEY)
    if given:
        return str(given)
    thread, namespace = configurable.get("thread_id"), configurable.get("checkpoint_ns")
    if not thread and not namespace:
        return uuid4().hex[:12]
    return content_id(str(thread), str(namespace), length=12)


def fresh(question: str, run_id: str) -> dict[str, Any]:
    """Return every key of the state set anew: a thread keeps the state of its last question."""
    return {
        "question": question,
        "run_id": run_id,
        "brief": "",
        "public": None,
        "private": None,
        "passes": 0,
        "kept": {},
        "draft": "",
        "judged": "",
        "failing": 0,
        "revisions": 0,
        "status": "",
        "answer": "",
        "report": "",
        "claims": [],
        "evidence": [],
        "gaps": [],
    }


async def _start(session: Session, question: str) -> None:
    _stage(session, "begin")
    await runs.add_run(
        session.database,
        session.run_id,
        question=question,
        settings={
            **session.setup.recorded,
            "generations": session.generations(),
            "profiles": session.profiles(),
            "unread": session.unread(),
        },
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        token=session.lease.token,
    )
    await session.staff(question)


def _run(state: ResearchState) -> str:
    return state.get("run_id", "")


def _stage(session: Session, name: str) -> None:
    session.setup.emit(Event(kind="stage", text=name, status="running"))
