"""Bring the store up to date with the files: what is new, changed or gone, and nothing else.

A file's rows change in one transaction, so a kill leaves every file wholly old or wholly new, and
the next refresh goes on from there.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from quaestor.errors import UnreadableError
from quaestor.memory.documents import Document, Origin
from quaestor.tools.local.loading import Loaded, load, modified_at
from quaestor.tools.local.reading import FileBytes, read_bytes
from quaestor.tools.local.store import FORMAT, FileRow, NewDocument, Store
from quaestor.tools.local.walking import FoundFile, Walk
from quaestor.tools.text.passages import passages
from quaestor.tools.text.words import terms

Report = Callable[[int, int, str], None]
"""Called with (files done, files to do, what is being done)."""

_COMMIT_S = 2.0
_REPORT_DOCUMENTS = 1000
# A file written again within its time stamp's tick looks unchanged, so its bytes decide.
_FRESH_NS = 2 * 10**9
_NEVER_NS = -1


class Load(Protocol):
    """Makes documents of a file's bytes, as `quaestor.tools.local.loading.load` does."""

    def __call__(self, file: FileBytes, *, uri: str, origin: Origin) -> Iterator[Loaded]:
        """Yield the documents of a file."""
        ...


class StoppedError(Exception):
    """The caller no longer waits for the refresh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """One bringing up to date of one collection."""

    store: Store
    root: Path
    origin: Origin
    max_bytes: int
    report: Report
    stopped: Callable[[], bool]
    load: Load = load
    _begun: list[float] = field(default_factory=list[float])
    """When the open transaction began; empty when none is."""

    def run(self, walk: Walk) -> None:
        """Drop what is gone and read what is new or changed.

        Raises:
            StoppedError: The caller no longer waits; what was read stays.
        """
        known = self.store.files()
        found = {file.uri: file for file in walk.files}
        try:
            for uri in known.keys() - found.keys():
                self._begin()
                self.store.drop_file(uri)
                self._done(changed=True)
            stale = [file for file in found.values() if not _unchanged(file, known.get(file.uri))]
            for done, file in enumerate(stale):
                self._go_on(done, len(stale), file.uri)
                self._read(file, known.get(file.uri))
            self._name_generation()
        except BaseException:
            self.store.rollback()
            raise

    def _go_on(self, done: int, total: int, note: str) -> None:
        if self.stopped():
            raise StoppedError
        self.report(done, total, note)

    def _name_generation(self) -> None:
        if not self.store.get("generation"):
            self._begin()
            self.store.put("generation", _generation(self.store))
        self._commit()

    def _read(self, file: FoundFile, before: FileRow | None) -> None:
        try:
            held = read_bytes(file.path, root=self.root, max_bytes=self.max_bytes)
        except UnreadableError as error:
            self._keep_unread(file, "", error.reason)
            return
        if before is not None and before.sha256 == held.sha256:
            self._begin()
            self._touch(file, held, before.reason)
            self._done(changed=False)
            return
        self._begin()
        try:
            self._replace(file, held)
        except UnreadableError as error:
            self._keep_unread(file, held.sha256, error.reason)
            return
        self._done(changed=True)

    def _replace(self, file: FoundFile, held: FileBytes) -> None:
        """Put a file's documents in the place of the ones it gave before."""
        before = self.store.documents_of(file.uri)
        kept: set[str] = set()
        documents = self.load(held, uri=file.uri, origin=self.origin)
        for number, loaded in enumerate(documents, start=1):
            kept.add(loaded.document.id)
            if loaded.document.id not in before:
                self.store.add(file.uri, _indexed(loaded))
            if number % _REPORT_DOCUMENTS == 0:
                self._go_on(0, 0, f"{file.uri}: {number:,} documents")
        self.store.drop_documents(before - kept)
        self._touch(file, held, "")

    def _touch(self, file: FoundFile, held: FileBytes, reason: str) -> None:
        self.store.touch(file.uri, modified_at(held.mtime_ns))
        self.store.put_file(_row(file.uri, held, reason))

    def _keep_unread(self, file: FoundFile, digest: str, reason: str) -> None:
        """Note why a file gives nothing; without its digest it is tried again next time."""
        self._begin()
        self.store.drop_file(file.uri)
        self.store.put_file(
            FileRow(
                uri=file.uri,
                size=file.size,
                mtime_ns=file.mtime_ns if digest else _NEVER_NS,
                sha256=digest,
                reason=reason,
            )
        )
        self._done(changed=True)

    def _begin(self) -> None:
        if not self._begun:
            self.store.begin()
            self._begun.append(time.monotonic())

    def _done(self, *, changed: bool) -> None:
        if changed:
            self.store.put("generation", "")
            self.store.put("terms", "")
        if time.monotonic() - self._begun[0] > _COMMIT_S:
            self._commit()

    def _commit(self) -> None:
        if self._begun:
            self.store.commit()
            self._begun.clear()


def _unchanged(file: FoundFile, row: FileRow | None) -> bool:
    return row is not None and (row.size, row.mtime_ns) == (file.size, file.mtime_ns)


def _row(uri: str, held: FileBytes, reason: str) -> FileRow:
    fresh = time.time_ns() - held.mtime_ns < _FRESH_NS
    return FileRow(
        uri=uri,
        size=held.size,
        mtime_ns=_NEVER_NS if fresh else held.mtime_ns,
        sha256=held.sha256,
        reason=reason,
    )


def _indexed(loaded: Loaded) -> NewDocument:
    one: Document = loaded.document
    return NewDocument(
        document=one,
        heading=" ".join(terms(loaded.heading)),
        version=loaded.version,
        passages=[
            (start, end, " ".join(terms(one.text[start:end])))
            for start, end in passages(one.text, one.locations, code=loaded.code)
        ],
    )


def _generation(store: Store) -> str:
    """Return a digest of what is indexed: the same content gives the same one anywhere."""
    digest = hashlib.sha256(f"format {FORMAT}".encode())
    for document in store.ids():
        digest.update(document.encode())
    return digest.hexdigest()
