"""The live web as a source: a search engine and a fetcher."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from quaestor.errors import RefusedError
from quaestor.memory.documents import WEB, Document, Origin
from quaestor.tools.sources import Hit, Progress
from quaestor.tools.web.extracting import Parse, read_page
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.page_parser import PageParser
from quaestor.tools.web.providers import Paced, SearchResult, WebSearch

INTERVAL_S = 0.5
"""Between two searches of a provider that has no measure of its own."""
NAME = "web"


class LiveWeb:
    """Searches by a provider, opens what it found. Bound to no event loop.

    Nothing is fetched but what a search returned or a person typed: `open` takes a hit, and hits
    are made by `search`, or of the question (tools/toolbox.py). Links in pages are not followed,
    and the robots.txt of what a person typed is not asked.

    Args:
        provider: The search engine.
        fetcher: Gets the pages; one with the default limits where it is None.
        parse: Reads HTML and PDF pages; in children with limits if not given.
        interval_s: Between the starts of two searches.
    """

    def __init__(
        self,
        provider: WebSearch,
        *,
        fetcher: Fetcher | None = None,
        parse: Parse | None = None,
        interval_s: float = INTERVAL_S,
    ) -> None:
        self._provider = Paced(provider, interval_s=interval_s, tell=self._tell)
        self._fetcher = fetcher or Fetcher()
        self._children = PageParser()
        self._parse: Parse = parse or self._children
        self._progress: Callable[[Progress], None] | None = None
        self._readings: dict[str, dict[str, str | int]] = {}
        self._bytes: dict[str, bytes] = {}

    @property
    def name(self) -> str:
        """`web`."""
        return NAME

    @property
    def origin(self) -> Origin:
        """The web's, which is public."""
        return WEB

    @property
    def private(self) -> bool:
        """No: pages of the web."""
        return False

    @property
    def remote(self) -> bool:
        """Yes: a query goes to the search engine."""
        return True

    @property
    def generation(self) -> str:
        """Empty: the web changes when it likes."""
        return ""

    async def prepare(
        self, home: Path, *, progress: Callable[[Progress], None] | None = None
    ) -> None:
        """Take note of whom to tell when a search has to wait; nothing is kept in `home`.

        The children that read pages start meanwhile, so that the first page finds them there.
        """
        self._progress = progress
        if self._parse is self._children:
            self._children.warm()

    async def close(self) -> None:
        """Forget whom to tell; the children that read pages end when nobody asks for some time."""
        self._progress = None
        self._children.rest()

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        """Return what the search engine finds, each address once.

        Raises:
            ThrottledError: The engine wants to be asked less often.
            RefusedError: It says no.
            SourceDownError: It did not answer.
        """
        found: dict[str, SearchResult] = {}
        for result in await self._provider.search(query, limit=limit):
            found.setdefault(result.url, result)
        return [
            Hit(
                source=self.name,
                uri=result.url,
                title=result.title or result.url,
                snippet=result.snippet,
                rank=rank,
                score=1 / rank,
            )
            for rank, result in enumerate(found.values(), start=1)
        ]

    async def open(self, hit: Hit) -> Document:
        """Fetch the page at a hit's address and read it.

        Raises:
            RefusedError: It may not be fetched, or its server says no.
            SourceDownError: Its server did not answer.
            UnreadableError: It gives no text.
        """
        if hit.source != self.name:
            raise RefusedError(hit.uri, f"a hit of {hit.source}, and only the web's are fetched")
        page = await self._fetcher.fetch(hit.uri, found=not hit.typed)
        read = await read_page(page, title=hit.title, parse=self._parse)
        digest = hashlib.sha256(page.data).hexdigest()
        self._readings[read.document.id] = {
            "bytes_sha256": digest,
            "size": len(page.data),
            "fetched": page.fetched_at,
            "final_url": page.final_url,
            "extractor_version": read.version,
        }
        self._bytes[read.document.id] = page.data
        return read.document

    def reading(self, document: str) -> dict[str, str | int]:
        """Return digest, size, time, final address and extractor of a page that was opened."""
        return dict(self._readings.get(document, {}))

    def take_bytes(self, document: str) -> bytes | None:
        """Hand over the bytes of a page that was opened, once: they are kept by the ledger."""
        return self._bytes.pop(document, None)

    def _tell(self, note: str) -> None:
        if self._progress is not None:
            self._progress(Progress(source=self.name, done=0, total=0, note=note))
