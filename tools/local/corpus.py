"""A folder or file of the person's own, as a source."""

import asyncio
import re
import threading
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload

from quaestor.errors import SettingsError, UnreadableError
from quaestor.memory.documents import Document, Origin
from quaestor.memory.text import content_id
from quaestor.tools.local.entities import entities_of
from quaestor.tools.local.index import Found, Index, Plan, open_index
from quaestor.tools.local.loading import load
from quaestor.tools.local.parsing.pool import ParserPool
from quaestor.tools.local.store import FORMAT
from quaestor.tools.sources import Hit, Profile, Progress

MAX_BYTES = 20_000_000
_MOST_TITLES = 100
_SNIPPET = 300
_T = TypeVar("_T")
_NOT_IN_A_NAME = re.compile(r"[^\w.\-]+")


class _OpenPath(Protocol):
    def __call__(
        self,
        path: str | Path,
        *,
        name: str | None = None,
        private: bool = True,
        exclude: Sequence[str] = (),
        max_bytes: int = MAX_BYTES,
    ) -> "Corpus": ...


class _OpenHit(Protocol):
    def __call__(self, hit: Hit) -> Coroutine[Any, Any, Document]: ...


class _Open:
    """`Corpus.open(path)` gives a collection, `corpus.open(hit)` a document of it.

    The first is the name people know from files, the second the one every source has.
    """

    @overload
    def __get__(self, instance: None, owner: type["Corpus"]) -> _OpenPath: ...
    @overload
    def __get__(self, instance: "Corpus", owner: type["Corpus"]) -> _OpenHit: ...
    def __get__(self, instance: "Corpus | None", owner: type["Corpus"]) -> _OpenPath | _OpenHit:
        return owner.at if instance is None else instance.document

    if TYPE_CHECKING:
        # pyright compares what stands in the class with a protocol, not what `__get__` returns.
        async def __call__(self, hit: Hit) -> Document: ...


class Corpus:
    """A folder, or one file, that is searched where it lies. Nothing is written into it.

    Example:
        >>> corpus = Corpus.open("tests")
        >>> corpus.name, corpus.private, corpus.remote
        ('tests', True, False)
    """

    def __init__(
        self, root: Path, *, name: str, private: bool, exclude: Sequence[str], max_bytes: int
    ) -> None:
        self.root = root
        self.counts: dict[str, int] = {}
        """After `prepare`: files, documents, passages, unread, and what was left out by reason."""
        self._origin = Origin(kind="local", name=name, private=private)
        self.exclude = tuple(exclude)
        self.max_bytes = max_bytes
        self._generation = ""
        self._unread: list[tuple[str, str]] = []
        self._index: Index | None = None

    open = _Open()

    @classmethod
    def at(
        cls,
        path: str | Path,
        *,
        name: str | None = None,
        private: bool = True,
        exclude: Sequence[str] = (),
        max_bytes: int = MAX_BYTES,
    ) -> "Corpus":
        """Return the collection at a path, as `Corpus.open`. Nothing is read before `prepare`.

        Args:
            path: A folder, or one file of a type that is read.
            name: What it is called in reports; the folder's name if not given.
            private: Its content must not leave this machine.
            exclude: Patterns as in a .gitignore, or paths inside the folder.
            max_bytes: Larger files are listed as unread.

        Raises:
            SettingsError: There is nothing at the path, or the name is empty.
        """
        root = Path(path).expanduser()
        if not root.exists():
            raise SettingsError(f"there is no folder or file {path}: check the path")
        root = root.resolve()
        if not (root.is_dir() or root.is_file()):
            raise SettingsError(f"{path} is neither a folder nor a regular file")
        given = name if name is not None else (root.name if root.is_dir() else root.stem)
        clean = _NOT_IN_A_NAME.sub("-", given).strip("-.") or ("collection" if name is None else "")
        if not clean:
            raise SettingsError(f"{name!r} is no name for a collection: use letters or digits")
        patterns = [_pattern(one, root) for one in exclude]
        return cls(root, name=clean, private=private, exclude=patterns, max_bytes=max_bytes)

    @property
    def name(self) -> str:
        """Unique among the sources of a run."""
        return self._origin.name

    @property
    def origin(self) -> Origin:
        """`local:NAME`."""
        return self._origin

    @property
    def private(self) -> bool:
        """Its content must not leave this machine."""
        return self._origin.private

    @property
    def remote(self) -> bool:
        """Never: it is searched on this machine."""
        return False

    @property
    def generation(self) -> str:
        """A digest of the indexed documents; empty before the first `prepare`."""
        return self._generation

    async def prepare(
        self, home: Path, *, progress: Callable[[Progress], None] | None = None
    ) -> None:
        """Bring the index in `home` up to date and open it.

        Args:
            home: Its folder `indexes` holds the index.
            progress: Called in the running event loop.

        Raises:
            SettingsError: What the collection was opened on is gone.
        """
        if not self.root.exists():
            raise SettingsError(f"there is no folder or file {self.root} any more: check the path")
        loop = asyncio.get_running_loop()
        stop = threading.Event()

        def report(done: int, total: int, note: str) -> None:
            if progress is not None and not stop.is_set():
                at = Progress(source=self.name, done=done, total=total, note=note)
                loop.call_soon_threadsafe(progress, at)

        try:
            with ParserPool(children=1) as parsers:
                opened = await asyncio.to_thread(
                    open_index, self._plan(home, parsers), report=report, stopped=stop.is_set
                )
        finally:
            stop.set()  # when cancelled, the thread ends at the next file
        before, self._index = self._index, opened  # at once: a search may come in between
        self._generation, self.counts = opened.generation, opened.counts
        self._unread = opened.unread
        if before is not None:
            await asyncio.to_thread(before.close)

    async def close(self) -> None:
        """Free the index's files; `prepare` opens them again."""
        opened, self._index = self._index, None
        if opened is not None:
            await asyncio.to_thread(opened.close)

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        """Return the passages that share words with a query, best first by BM25."""
        return self._hits(await self._ask(lambda index: index.search(query, limit=limit)))

    async def document(self, hit: Hit) -> Document:
        """Return the document a hit names, as it was indexed; `open` of a corpus.

        Raises:
            UnreadableError: It is not in the collection.
        """
        found = await self._ask(lambda index: index.document(hit.document, hit.uri, self._origin))
        if found is None:
            raise UnreadableError(hit.uri, f"not in the collection {self.name}")
        return found

    async def adjacent_passages(
        self, *, document: str | None, start: int | None, entity: str | None, limit: int
    ) -> list[Hit]:
        """Return the passages that mention `entity`, or the neighbours of the one at `start`."""
        if entity is not None:
            name = entity
            return self._hits(await self._ask(lambda index: index.mentioning(name, limit=limit)))
        if document is None or start is None:
            raise SettingsError("adjacent_passages needs an entity, or a document and a start")
        return self._hits(await self._ask(lambda index: index.beside(document, start, limit=limit)))

    async def passages_with(self, terms: Sequence[str], *, limit: int) -> list[str]:
        """Return texts of passages that hold all the terms, each below its title."""
        return await self._ask(lambda index: index.holding(terms, limit=limit))

    def reading(self, document: str) -> dict[str, str | int]:
        """Return the digest and size of the file a document was read from, and what read it."""
        file = self._opened().file_of(document)
        if file is None:
            return {}
        version = self._opened().version_of(document)
        return {
            "bytes_sha256": file.sha256,
            "size": file.size,
            "index_format": FORMAT,
            **({"version": version} if version else {}),
        }

    def unread(self) -> list[tuple[str, str]]:
        """Return (path, reason) of every file that could not be read, sorted."""
        return list(self._unread)

    def profile(self) -> Profile:
        """Return how much there is, of when, its titles spread over all, and who they name."""
        opened = self._opened()
        titles = opened.titles()
        step = max(1, -(-len(titles) // _MOST_TITLES))
        oldest, newest = opened.modified()
        return Profile(
            documents=self.counts["documents"],
            titles=tuple(titles[::step]),
            newest=newest,
            oldest=oldest,
            entities=entities_of(titles),
            size=opened.size(),
        )

    async def _ask(self, ask: Callable[[Index], _T]) -> _T:
        """Ask the index in a thread; it stays open that long even if it is closed or replaced."""
        opened = self._opened()
        opened.take()
        try:
            return await asyncio.to_thread(ask, opened)
        finally:
            opened.give()

    def _opened(self) -> Index:
        if self._index is None:
            raise SettingsError(
                f"collection {self.name} is not prepared: await prepare(home) first"
            )
        return self._index

    def _plan(self, home: Path, parsers: ParserPool) -> Plan:
        key = f"{self.name}-{content_id(str(self.root), self.name, length=12)}"
        return Plan(
            root=self.root,
            origin=self._origin,
            folder=home.resolve() / "indexes" / key,
            home=home.resolve(),
            max_bytes=self.max_bytes,
            exclude=self.exclude,
            load=partial(load, parsers=parsers),
        )

    def _hits(self, found: Sequence[Found]) -> list[Hit]:
        return [
            Hit(
                source=self.name,
                uri=one.passage.uri,
                title=one.passage.title,
                snippet=_snippet(one.text),
                rank=rank,
                score=one.score,
                document=one.passage.document,
                start=one.passage.start,
                end=one.passage.end,
            )
            for rank, one in enumerate(found, start=1)
        ]


def _pattern(given: str, root: Path) -> str:
    """Return an ignore pattern; a path that lies inside the root becomes one for itself."""
    try:
        inside = Path(given).expanduser().resolve().relative_to(root)
    except (ValueError, OSError, RuntimeError):
        return given
    exists = (root / inside).exists()
    return f"/{inside.as_posix()}" if exists and inside.parts else given


def _snippet(text: str) -> str:
    flat = " ".join(text.split())
    if len(flat) <= _SNIPPET:
        return flat
    cut = flat.rfind(" ", _SNIPPET // 2, _SNIPPET)
    return flat[: cut if cut > 0 else _SNIPPET] + " …"
