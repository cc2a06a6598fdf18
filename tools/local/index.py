"""A collection's index in the home: opened under a lock, refreshed, then read as it stands.

Once open it keeps answering from the state it was opened on, whatever another process writes.
"""

import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from quaestor.memory.documents import Document, Origin
from quaestor.tools.local.loading import load
from quaestor.tools.local.refreshing import Load, Refresh, Report, StoppedError
from quaestor.tools.local.store import FORMAT, FileRow, PassageRow, Store
from quaestor.tools.local.terms import TermIndex, write_terms
from quaestor.tools.local.walking import Walk, walk
from quaestor.tools.text.words import fold, terms, words

_STORE = "collection.db"
_POLL_S = 0.5
_MENTIONS = 64  # looked at first; they have the stems of a name, and fewer have its very words


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is indexed, and where."""

    root: Path
    origin: Origin
    folder: Path
    """The index's own folder in the home."""
    home: Path
    max_bytes: int
    exclude: tuple[str, ...] = ()
    files: Callable[[], Walk] | None = None
    """Says what there is, where that is not all that lies in the root."""
    load: Load = load


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A passage as a search found it."""

    passage: PassageRow
    text: str = field(repr=False)
    score: float = 0.0


class Index:
    """An index that is open for reading; any thread may ask it."""

    def __init__(self, store: Store, term_index: TermIndex, walked: Walk) -> None:
        self._store = store
        self._terms = term_index
        self._lock = Lock()
        self._users = 1
        self.generation = store.get("generation")
        unread = {row.uri: row.reason for row in store.files().values() if row.reason}
        self.unread = sorted({**walked.unread, **unread}.items())
        self.counts = {
            **{name: store.count(name) for name in ("files", "documents", "passages")},
            **dict(sorted(walked.left_out.items())),
            "unread": len(self.unread),
        }

    def take(self) -> None:
        """Count one more user; each gives it back, and the files are freed with the last."""
        with self._lock:
            self._users += 1

    def close(self) -> None:
        """Give back what opening it took: call it once."""
        self.give()

    def give(self) -> None:
        """Count one user less."""
        with self._lock:
            self._users -= 1
            if not self._users:
                self._store.rollback()
                self._store.close()

    def search(self, query: str, *, limit: int) -> list[Found]:
        """Return passages that share words with a query, best first."""
        ranked = _with_ties(self._terms.search(query, limit=limit), limit)
        with self._lock:
            found = [self._found(number, score) for number, score in ranked]
        return _best(found)[:limit]

    def mentioning(self, entity: str, *, limit: int) -> list[Found]:
        """Return passages that hold a name word by word, those that speak most of it first."""
        name, stems = _folded(entity), terms(entity)
        depth, seen = _MENTIONS, 0
        found: list[Found] = []
        while len(found) < limit:
            ranked = self._terms.mentions(stems, limit=depth)
            with self._lock:
                new = [self._found(number, score) for number, score in ranked[seen:]]
            found.extend(one for one in new if _holds(_folded(one.text), name))
            if len(ranked) < depth:
                break
            seen, depth = len(ranked), depth * 4
        return _best(found)[:limit]

    def holding(self, wanted: Sequence[str], *, limit: int) -> list[str]:
        """Return title and text of passages that hold all these terms, in any order."""
        with self._lock:
            found = [self._found(*ranked) for ranked in self._terms.holding(wanted, limit=limit)]
        return [f"{one.passage.title}\n{one.text}" for one in found]

    def beside(self, document: str, start: int, *, limit: int) -> list[Found]:
        """Return the passages nearest to the one at `start`, in text order, without it."""
        with self._lock:
            rows = self._store.passages_of(document)
            text = self._store.text(document)
        here = max((at for at, row in enumerate(rows) if row.start <= start), default=0)
        nearest = sorted(range(len(rows)), key=lambda at: (abs(at - here), at))[1 : limit + 1]
        return [
            Found(
                passage=rows[at],
                text=text[rows[at].start : rows[at].end],
                score=round(1 / abs(at - here), 6),
            )
            for at in sorted(nearest)
        ]

    def document(self, document: str | None, uri: str, origin: Origin) -> Document | None:
        """Return a document by its id, or by its path when no id is given."""
        with self._lock:
            named = document or self._store.document_at(uri)
            return self._store.document(named, origin) if named else None

    def file_of(self, document: str) -> FileRow | None:
        """Return the file a document was read from."""
        with self._lock:
            return self._store.file_of(document)

    def version_of(self, document: str) -> str:
        """Return the version of the library that read a document; empty where none did."""
        with self._lock:
            return self._store.version_of(document)

    def titles(self) -> list[str]:
        """Return the titles of all documents, sorted."""
        with self._lock:
            return self._store.titles()

    def modified(self) -> tuple[str, str]:
        """Return when the oldest and the newest document were last changed."""
        with self._lock:
            return self._store.modified()

    def size(self) -> int:
        """Return the bytes of the files that gave documents."""
        with self._lock:
            return self._store.size()

    def _found(self, number: int, score: float) -> Found:
        row = self._store.passage(number)
        text = self._store.text(row.document)[row.start : row.end]
        return Found(passage=row, text=text, score=score)


def open_index(plan: Plan, *, report: Report, stopped: Callable[[], bool]) -> Index:
    """Bring a collection's index up to date and open it.

    One process writes at a time; a second one waits for it and says so.

    Raises:
        StoppedError: The caller no longer waits.
    """
    plan.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    plan.folder.parent.mkdir(mode=0o700, exist_ok=True)
    plan.folder.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(plan.folder / "lock")
    _acquire(lock, report, stopped)
    try:
        walked = plan.files() if plan.files else _walk(plan)
        store = _open_store(plan.folder)
        try:
            Refresh(
                store=store,
                root=plan.root,
                origin=plan.origin,
                max_bytes=plan.max_bytes,
                report=report,
                stopped=stopped,
                load=plan.load,
            ).run(walked)
            term_index = _open_terms(plan.folder, store, report)
            store.hold()
            return Index(store, term_index, walked)
        except BaseException:
            store.close()
            raise
    finally:
        lock.release()


def _walk(plan: Plan) -> Walk:
    return walk(plan.root, max_bytes=plan.max_bytes, home=plan.home, exclude=plan.exclude)


def _acquire(lock: FileLock, report: Report, stopped: Callable[[], bool]) -> None:
    waiting = False
    while True:
        try:
            lock.acquire(timeout=_POLL_S if waiting else 0)
        except Timeout:
            if stopped():
                raise StoppedError from None
            if not waiting:
                report(0, 0, "waiting for another process that is indexing this collection")
            waiting = True
        else:
            return


def _open_store(folder: Path) -> Store:
    """Open the store, made anew when it is damaged or of another format."""
    try:
        store = Store(folder / _STORE)
        known = store.get("format")
        if known == str(FORMAT):
            return store
        store.close()
    except sqlite3.DatabaseError:
        pass
    for file in folder.glob(f"{_STORE}*"):
        file.unlink()
    store = Store(folder / _STORE)
    store.put("format", str(FORMAT))
    return store


def _open_terms(folder: Path, store: Store, report: Report) -> TermIndex:
    """Open the term index of the store's content, written first if there is none."""
    name = store.get("terms")
    if name and (folder / name).is_dir():
        try:
            return TermIndex(folder / name)
        except (ValueError, OSError):
            pass  # damaged: made again below
    report(0, 0, "writing the index")
    name = f"terms-{uuid.uuid4().hex}"
    (folder / name).mkdir(mode=0o700)
    write_terms(folder / name, store.all_terms())
    store.put("terms", name)  # from here on it counts; a kill before leaves a folder to sweep
    for old in folder.glob("terms-*"):
        if old.name != name:
            shutil.rmtree(old, ignore_errors=os.name == "nt")
    return TermIndex(folder / name)


def _with_ties(ranked: Sequence[tuple[int, float]], limit: int) -> list[tuple[int, float]]:
    """Return the best and whatever is as good as the last of them: their places decide."""
    if len(ranked) <= limit or limit < 1:
        return list(ranked[: max(limit, 0)])
    return [(number, score) for number, score in ranked if score >= ranked[limit - 1][1]]


def _best(found: Sequence[Found]) -> list[Found]:
    return sorted(found, key=lambda one: (-one.score, one.passage.uri, one.passage.start))


def _folded(text: str) -> list[str]:
    return [fold(text[word.start : word.end]) for word in words(text)]


def _holds(text: Sequence[str], name: Sequence[str]) -> bool:
    if not name:
        return False
    last = len(text) - len(name)
    return any(text[at] == name[0] and text[at : at + len(name)] == name for at in range(last + 1))
