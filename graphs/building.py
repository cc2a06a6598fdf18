"""The graph for people who run it themselves: in their own program, their graph, a server."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from langchain_core.language_models.chat_models import BaseChatModel
from langgraph.checkpoint.base import BaseCheckpointSaver

from quaestor.agents.refiner import RefinerSettings
from quaestor.agents.team import extractive_team
from quaestor.agents.workplace import Limits, Team
from quaestor.graphs.research import ResearchGraph, wire
from quaestor.graphs.resources import Resources
from quaestor.graphs.session import Setup, check_sources
from quaestor.tools.models.crew import Role, crew_of
from quaestor.tools.sources import Source


def build_research_graph(
    sources: Iterable[Source],
    *,
    home: str | Path = ".quaestor",
    model: BaseChatModel | str | Mapping[Role, BaseChatModel | str] | None = None,
    team: Team | None = None,
    limits: Limits | None = None,
    refiner: RefinerSettings | None = None,
    fresh: bool = False,
    checkpointer: BaseCheckpointSaver[str] | None = None,
) -> ResearchGraph:
    """Return the compiled research graph: `{question}` in, a report out, JSON-plain.

    It opens what it needs in the loop it runs in and closes it when its last node returns, or
    when no node has used it for five seconds. It can stand in a `langgraph.json`, be a node of
    another graph, or run without any checkpointer; the call ledger in `home` makes a resumed
    run exact whatever saves its checkpoints.

    Args:
        sources: What is researched; private ones are kept from the public branch by schema.
        home: Folder for indexes, documents and the ledger.
        model: A chat model of LangChain's or `provider:name`, for every role or one a role;
            private text is sent to it.
        team: Who answers where no model does; the extractive team if none is given.
        limits: How far each branch goes.
        refiner: How much is kept.
        fresh: Reuse no search or page of another run.
        checkpointer: Saves its state, where it is not a node of a graph that has one.

    Returns:
        A `CompiledStateGraph` with output `{status, answer, report, claims, evidence, gaps,
        run_id}`. Its nodes are async: use `ainvoke` or `astream`.

    Raises:
        SettingsError: Two sources have one name, or a model cannot be made.
    """
    given = tuple(sources)
    check_sources(given)
    setup = Setup(
        home=Path(home).expanduser(),
        sources=given,
        team=team or extractive_team(),
        crew=crew_of(model),
        limits=limits or Limits(),
        refiner=refiner or RefinerSettings(),
        fresh=fresh,
        recorded={"settings": {}, "sources": []},
    )
    return wire(Resources(setup), checkpointer=checkpointer)
