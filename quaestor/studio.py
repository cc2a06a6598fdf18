"""The graph that `langgraph.json` names, for LangGraph's own server and studio.

Its sources come from the settings (`QUAESTOR_LOCAL`, `QUAESTOR_WEB`, `quaestor.toml`); where
they name none, the shipped sample stands in, so that there is something to ask.
"""

import os
from pathlib import Path

from quaestor import sample
from quaestor.graphs.building import build_research_graph
from quaestor.making import make_sources
from quaestor.settings import Resolved, Settings, resolve

HOME = Path(os.environ.get("QUAESTOR_HOME", ".quaestor"))


def settings_or_sample(resolved: Resolved) -> Settings:
    """Return the settings, or those of the sample where they name no source."""
    settings = resolved.settings
    if settings.local or settings.public or resolved.origins["web"] != "default":
        return settings
    folders = {"local": (str(sample.documents()),), "web": f"snapshot:{sample.web()}"}
    return settings.model_copy(update=folders)


graph = build_research_graph(make_sources(settings_or_sample(resolve(HOME, {}))), home=HOME)
