"""Research over your own documents and the web at once, traceable to the bytes it read.

The names below load when they are first used, so that `import quaestor` costs nothing.
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quaestor.graphs.building import build_research_graph
    from quaestor.report import Report
    from quaestor.researcher import Researcher
    from quaestor.run import Run
    from quaestor.tools.local.corpus import Corpus
    from quaestor.tools.web import Web

_HOMES = {
    "Corpus": "quaestor.tools.local.corpus",
    "Report": "quaestor.report",
    "Researcher": "quaestor.researcher",
    "Run": "quaestor.run",
    "Web": "quaestor.tools.web",
    "build_research_graph": "quaestor.graphs.building",
}

__all__ = ["Corpus", "Report", "Researcher", "Run", "Web", "build_research_graph"]


logging.getLogger("quaestor").addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'quaestor' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
