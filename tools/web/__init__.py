"""The web as a source: search engines and the pages they find, or saved pages."""

from quaestor.tools.web.web import Web, web_of

__all__ = ["Web", "web_of"]
