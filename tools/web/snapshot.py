"""The frozen web: a folder of saved pages, searched by our own index."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from quaestor.errors import RefusedError, SettingsError, UnreadableError
from quaestor.memory.documents import WEB, Document, Origin
from quaestor.memory.text import content_id
from quaestor.tools.html import extractor_version
from quaestor.tools.local.index import Found, Index, Plan, open_index
from quaestor.tools.local.loading import Loaded
from quaestor.tools.local.reading import FileBytes
from quaestor.tools.local.refreshing import Report
from quaestor.tools.local.walking import FoundFile, Walk
from quaestor.tools.sources import Hit, Progress
from quaestor.tools.web.manifest import Manifest, SavedPage, manifest_of, read_manifest
from quaestor.tools.web.pages import MAX_BYTES, page_document, read_page
from quaestor.tools.web.snippets import snippet

_PASSAGES_A_PAGE = 6  # asked for first: a page usually shows with few of its passages
_NO_TIME = -2  # no file's time stamp: a page's bytes alone say whether it has changed


class Snapshot:
    """Saved pages as the web: what `search` and `fetch` answer stays the same for ever.

    Args:
        folder: Holds the pages and pages.jsonl (tools/web/manifest.py).

    Raises:
        SettingsError: The folder or its pages.jsonl is not there.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser().resolve()
        manifest_of(self.folder)
        self._state: _State | None = None
        self._generation = ""
        self._readings: dict[str, dict[str, str | int]] = {}

    @property
    def name(self) -> str:
        """`web`."""
        return "web"

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
        """Yes, as the live web is: a question that may not leave may not be asked here either."""
        return True

    @property
    def generation(self) -> str:
        """A digest of addresses, titles and bytes; empty before the first `prepare`."""
        return self._generation

    async def prepare(
        self, home: Path, *, progress: Callable[[Progress], None] | None = None
    ) -> None:
        """Bring the index of the pages in `home` up to date and open it.

        Raises:
            SettingsError: The folder or its pages.jsonl is not there any more.
        """
        loop = asyncio.get_running_loop()
        stop = threading.Event()

        def report(done: int, total: int, note: str) -> None:
            if progress is not None and not stop.is_set():
                at = Progress(source=self.name, done=done, total=total, note=note)
                loop.call_soon_threadsafe(progress, at)

        try:
            state = await asyncio.to_thread(_open, self.folder, home, report, stop.is_set)
        finally:
            stop.set()  # when cancelled, the thread ends at the next page
        await self.close()
        self._state, self._generation = state, state.generation

    async def close(self) -> None:
        """Free the index's files; `prepare` opens them again."""
        state, self._state = self._state, None
        if state is not None:
            await asyncio.to_thread(state.index.give)

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        """Return the pages that share words with a query, each once, best first by BM25."""
        index = self._opened().index
        index.take()  # a search under way outlives `close` and another `prepare`
        try:
            found = await asyncio.to_thread(_best_passages, index, query, limit)
        finally:
            index.give()
        return [
            Hit(
                source=self.name,
                uri=one.passage.uri,
                title=one.passage.title,
                snippet=snippet(one.text, query),
                rank=rank,
                score=one.score,
            )
            for rank, one in enumerate(found, start=1)
        ]

    async def open(self, hit: Hit) -> Document:
        """Return the page at a hit's address.

        Raises:
            RefusedError: The snapshot does not hold that address.
            UnreadableError: The page gives no text, or has changed since `prepare`.
        """
        state = self._opened()
        page = state.pages.get(hit.uri)
        if page is None:
            raise RefusedError(hit.uri, "not in the snapshot, and nothing else may be fetched")
        saved = await asyncio.to_thread(read_page, page, root=self.folder)
        if saved.sha256 != state.digests[page.url]:
            raise UnreadableError(page.url, "the saved file has changed since the run opened it")
        document = await asyncio.to_thread(page_document, page, saved.data)
        self._readings[document.id] = {
            "bytes_sha256": saved.sha256,
            "fetched": page.fetched,
            "extractor_version": extractor_version(),
        }
        return document

    def reading(self, document: str) -> dict[str, str | int]:
        """Return digest, time of saving and extractor of a page that was opened."""
        return dict(self._readings.get(document, {}))

    def unread(self) -> list[tuple[str, str]]:
        """Return (address, or line of pages.jsonl; reason) of what gave no text, sorted."""
        return list(self._opened().unread)

    def _opened(self) -> "_State":
        if self._state is None:
            raise SettingsError(
                f"snapshot:{self.folder} is not prepared: await prepare(home) first"
            )
        return self._state


class _State:
    """A snapshot that is open: what its folder held then."""

    def __init__(self, manifest: Manifest, digests: dict[str, str], index: Index) -> None:
        self.pages = {page.url: page for page in manifest.pages}
        self.digests = digests
        self.index = index
        self.unread = sorted([*manifest.refused, *index.unread])
        held = [[page.url, page.title, digests[page.url]] for page in manifest.pages]
        self.generation = content_id(held, extractor_version(), index.generation)


def _open(folder: Path, home: Path, report: Report, stopped: Callable[[], bool]) -> _State:
    """Read the manifest and the pages' digests, and open their index."""
    manifest = read_manifest(folder)
    digests = {page.url: _digest(page, folder) for page in manifest.pages}
    plan = _plan(manifest, folder=folder, home=home)
    return _State(manifest, digests, open_index(plan, report=report, stopped=stopped))


def _digest(page: SavedPage, folder: Path) -> str:
    try:
        return read_page(page, root=folder).sha256
    except UnreadableError:
        return ""  # the index lists it with the reason


def _plan(manifest: Manifest, *, folder: Path, home: Path) -> Plan:
    """Return what is indexed: one index for each list of pages, so that titles are its own."""
    pages = {page.url: page for page in manifest.pages}
    named = sorted([page.url, page.path.as_posix(), page.title] for page in manifest.pages)
    key = content_id(named, extractor_version(), length=12)

    def files() -> Walk:
        return Walk(
            files=[
                FoundFile(path=page.path, uri=url, size=0, mtime_ns=_NO_TIME)
                for url, page in sorted(pages.items())
            ]
        )

    def load(file: FileBytes, *, uri: str, origin: Origin) -> Iterator[Loaded]:
        document = page_document(pages[uri], file.data)
        yield Loaded(document=document, heading=document.title)

    return Plan(
        root=folder,
        origin=WEB,
        folder=home.resolve() / "indexes" / f"web-{key}",
        home=home.resolve(),
        max_bytes=MAX_BYTES,
        files=files,
        load=load,
    )


def _best_passages(index: Index, query: str, limit: int) -> list[Found]:
    """Return the best passage of each of the best `limit` pages."""
    asked = limit * _PASSAGES_A_PAGE
    while True:
        found = index.search(query, limit=asked)
        best: dict[str, Found] = {}
        for one in found:
            best.setdefault(one.passage.uri, one)
        if len(best) >= limit or len(found) < asked:
            return list(best.values())[: max(limit, 0)]
        asked *= 4
