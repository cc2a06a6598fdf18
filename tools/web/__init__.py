"""The web as a source: snapshots of saved pages."""

from quaestor.tools.web.web import Web, web_of

__all__ = ["Web", "web_of"]
