"""Saved pages served on loopback, with a plain search engine in SearXNG's form before them."""

import contextlib
import gzip
import json
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from lxml import html

from quaestor.tools.text.words import content_terms

_UNSAFE = re.compile("[^A-Za-z0-9_/-]")
_SNIPPET = 150  # characters of a page that states no description


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page as it was saved, and its article as a person copied it."""

    id: str
    url: str
    raw: bytes
    wanted: str
    """The text made by hand. Nothing that is served or ranked comes from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """What the search engine knows of a page: its own markup's words, furniture and all."""

    title: str
    snippet: str
    terms: frozenset[str]


class SavedWeb:
    """The pages, by new addresses. Made by `serving`."""

    def __init__(self, pages: Sequence[SavedPage], host: str) -> None:
        self.host = host
        """What has to be allowed, and whom to ask."""
        self._pages = {self._path(number, page): page for number, page in enumerate(pages)}
        self._index = {path: indexed(page.raw) for path, page in self._pages.items()}

    def page_at(self, address: str) -> SavedPage | None:
        """Return the page that is served at an address, or at a path."""
        return self._pages.get(urlsplit(address).path)

    def rank(self, query: str) -> list[str]:
        """Return paths by how many different words of a query stand in the page or its title."""
        wanted = set(content_terms(query))
        scored = [(-len(wanted & entry.terms), path) for path, entry in self._index.items()]
        return [path for score, path in sorted(scored) if score]

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a search or give a page."""
        if request.path == "/search":
            rows = [self._result(path) for path in self.rank(request.query["q"])]
            return web.json_response({"query": request.query["q"], "results": rows})
        page = self.page_at(request.path)
        if page is None:
            return web.Response(status=404)
        return web.Response(body=page.raw, content_type="text/html")

    def _result(self, path: str) -> dict[str, str]:
        entry = self._index[path]
        return {
            "url": f"http://{self.host}{path}",
            "title": entry.title,
            "content": entry.snippet,
        }

    @staticmethod
    def _path(number: int, page: SavedPage) -> str:
        """Return a path that says where a page came from, in characters no parser rewrites."""
        parts = urlsplit(page.url)
        kept = _UNSAFE.sub("", f"{parts.netloc}{parts.path}")
        return "/".join(["", str(number), *filter(None, kept.split("/"))])


def load_pages(folder: Path) -> list[SavedPage]:
    """Return the pages of `expected.jsonl`, rows of {id, file, url, text}."""
    rows = (folder / "expected.jsonl").read_text("utf-8").splitlines()
    return [
        SavedPage(
            id=row["id"],
            url=row["url"],
            raw=gzip.decompress((folder / row["file"]).read_bytes()),
            wanted=row["text"],
        )
        for row in map(json.loads, rows)
    ]


def indexed(raw: bytes) -> Indexed:
    """Return what a simple search engine takes from a page."""
    tree = html.document_fromstring(raw, parser=html.HTMLParser(encoding="utf-8"))
    title = " ".join((tree.findtext(".//title") or "").split())
    described = [str(one) for one in tree.xpath("//meta[@name='description']/@content")]
    for element in tree.xpath("//script | //style | //noscript | //template"):
        element.drop_tree()
    text = " ".join(" ".join(tree.itertext("*")).split())
    return Indexed(
        title=title,
        snippet=described[0] if described else text[:_SNIPPET],
        terms=frozenset(content_terms(f"{title} {text}")),
    )


@contextlib.asynccontextmanager
async def serving(pages: Sequence[SavedPage]) -> AsyncGenerator[SavedWeb]:
    """Serve the pages in the running loop."""
    app = web.Application()
    runner = web.AppRunner(app)
    saved: list[SavedWeb] = []

    async def answer(request: web.Request) -> web.Response:
        return await saved[0].answer(request)

    app.router.add_get("/{path:.*}", answer)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    saved.append(SavedWeb(pages, f"127.0.0.1:{runner.addresses[0][1]}"))
    try:
        yield saved[0]
    finally:
        await runner.cleanup()
