"""What a collection's index knows, in one SQLite file: files, documents, passages and their terms.

The term index (tools/local/terms.py) is made from it and can always be made again.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from quaestor.errors import IntegrityError
from quaestor.memory.documents import Document, Location, Origin
from quaestor.memory.text import sha256

FORMAT = 3
"""Raised whenever stored rows, passages or terms would come out differently."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    uri TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, file TEXT NOT NULL, uri TEXT NOT NULL, title TEXT NOT NULL,
    media_type TEXT NOT NULL, extractor TEXT NOT NULL, modified TEXT NOT NULL,
    text_sha256 TEXT NOT NULL, text BLOB NOT NULL, locations TEXT NOT NULL,
    changes TEXT NOT NULL, heading TEXT NOT NULL, version TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS documents_by_file ON documents (file);
CREATE INDEX IF NOT EXISTS documents_by_uri ON documents (uri);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, start INTEGER NOT NULL,
    stop INTEGER NOT NULL, terms BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS passages_by_document ON passages (document, start);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file as it was last read."""

    uri: str
    size: int
    mtime_ns: int
    sha256: str
    """Of its bytes; empty when they were not read."""
    reason: str = ""
    """Why it gave no document; empty when it gave some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageRow:
    """A passage, and what names its document."""

    document: str
    uri: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document to be kept, with its passages and their terms."""

    document: Document
    heading: str
    """Terms that stand for the whole document, joined by spaces."""
    version: str
    """Of the library that read it; empty where none did."""
    passages: Sequence[tuple[int, int, str]]
    """(start, end, terms joined by spaces)."""


class Store:
    """One connection. Not for two threads at once; the caller holds a lock."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=60)
        # Rows can be read again from the files, so a power cut may cost the last of them.
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin(self) -> None:
        """Begin a transaction that writes."""
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make what was written since `begin` last."""
        self._db.execute("COMMIT")

    def rollback(self) -> None:
        """Undo what was written since `begin`, if anything is open."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def hold(self) -> None:
        """Keep reading the present state, whatever other processes write from now on."""
        self._db.execute("BEGIN")
        self.get("format")  # a snapshot is taken by the first read

    def get(self, key: str) -> str:
        """Return a fact about the index, empty if it is not known."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def put(self, key: str, value: str) -> None:
        """Keep a fact about the index."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def files(self) -> dict[str, FileRow]:
        """Return every file that was ever looked into, by uri."""
        rows = self._db.execute("SELECT uri, size, mtime_ns, sha256, reason FROM files")
        return {
            uri: FileRow(uri=uri, size=size, mtime_ns=mtime_ns, sha256=digest, reason=reason)
            for uri, size, mtime_ns, digest, reason in rows
        }

    def put_file(self, row: FileRow) -> None:
        """Keep what is known of a file."""
        self._db.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
            (row.uri, row.size, row.mtime_ns, row.sha256, row.reason),
        )

    def touch(self, uri: str, modified: str) -> None:
        """Note that a file's documents are unchanged but newer."""
        self._db.execute("UPDATE documents SET modified = ? WHERE file = ?", (modified, uri))

    def drop_file(self, uri: str) -> None:
        """Forget a file and all it gave."""
        self.drop_documents(self.documents_of(uri))
        self._db.execute("DELETE FROM files WHERE uri = ?", (uri,))

    def documents_of(self, uri: str) -> set[str]:
        """Return the ids of a file's documents."""
        return {
            row[0] for row in self._db.execute("SELECT id FROM documents WHERE file = ?", (uri,))
        }

    def drop_documents(self, ids: Iterable[str]) -> None:
        """Forget documents and their passages."""
        gone = [(one,) for one in ids]
        self._db.executemany("DELETE FROM passages WHERE document = ?", gone)
        self._db.executemany("DELETE FROM documents WHERE id = ?", gone)

    def add(self, file: str, new: NewDocument) -> None:
        """Keep a document of a file with its passages."""
        one = new.document
        self._db.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                one.id,
                file,
                one.uri,
                one.title,
                one.media_type,
                one.extractor,
                one.modified or "",
                one.text_sha256,
                zlib.compress(one.text.encode("utf-8"), 3),
                json.dumps([asdict(at) for at in one.locations]),
                json.dumps(dict(one.changes)),
                new.heading,
                new.version,
            ),
        )
        self._db.executemany(
            "INSERT INTO passages (document, start, stop, terms) VALUES (?, ?, ?, ?)",
            [
                (one.id, start, end, zlib.compress(terms.encode("utf-8"), 1))
                for start, end, terms in new.passages
            ],
        )

    def document(self, document: str, origin: Origin) -> Document | None:
        """Return a stored document under the collection's present label.

        Raises:
            IntegrityError: Its text is not the one its id was made from.
        """
        row = self._db.execute(
            "SELECT uri, title, media_type, extractor, modified, text, text_sha256, locations,"
            " changes FROM documents WHERE id = ?",
            (document,),
        ).fetchone()
        if row is None:
            return None
        uri, title, media_type, extractor, modified, text, digest, locations, changes = row
        whole = zlib.decompress(text).decode("utf-8")
        if sha256(whole) != digest:
            raise IntegrityError(f"the index's text of {uri} is damaged; delete the index")
        return Document.of(
            whole,
            uri=uri,
            title=title,
            media_type=media_type,
            origin=origin,
            extractor=extractor,
            modified=modified or None,
            locations=tuple(Location(**at) for at in json.loads(locations)),
            changes=json.loads(changes),
        )

    def document_at(self, uri: str) -> str | None:
        """Return the id of the document at a path inside the collection."""
        row = self._db.execute("SELECT id FROM documents WHERE uri = ?", (uri,)).fetchone()
        return str(row[0]) if row else None

    def text(self, document: str) -> str:
        """Return a document's text, empty if it is not known."""
        row = self._db.execute("SELECT text FROM documents WHERE id = ?", (document,)).fetchone()
        return zlib.decompress(row[0]).decode("utf-8") if row else ""

    def file_of(self, document: str) -> FileRow | None:
        """Return the file a document was read from."""
        row = self._db.execute(
            "SELECT f.uri, f.size, f.mtime_ns, f.sha256 FROM documents d"
            " JOIN files f ON f.uri = d.file WHERE d.id = ?",
            (document,),
        ).fetchone()
        return FileRow(uri=row[0], size=row[1], mtime_ns=row[2], sha256=row[3]) if row else None

    def version_of(self, document: str) -> str:
        """Return the version of the library that read a document; empty where none did."""
        row = self._db.execute("SELECT version FROM documents WHERE id = ?", (document,)).fetchone()
        return str(row[0]) if row else ""

    def ids(self) -> list[str]:
        """Return the ids of all documents, sorted."""
        return [row[0] for row in self._db.execute("SELECT id FROM documents ORDER BY id")]

    def count(self, table: str) -> int:
        """Return how many rows `files`, `documents` or `passages` has."""
        queries = {
            "files": "SELECT count(*) FROM files WHERE reason = ''",
            "documents": "SELECT count(*) FROM documents",
            "passages": "SELECT count(*) FROM passages",
        }
        return int(self._db.execute(queries[table]).fetchone()[0])

    def titles(self) -> list[str]:
        """Return the titles of all documents, sorted, each once."""
        return [
            row[0] for row in self._db.execute("SELECT DISTINCT title FROM documents ORDER BY 1")
        ]

    def modified(self) -> tuple[str, str]:
        """Return when the oldest and the newest document were last changed."""
        row = self._db.execute("SELECT min(modified), max(modified) FROM documents").fetchone()
        return (row[0] or "", row[1] or "")

    def size(self) -> int:
        """Return the bytes of the files that gave documents."""
        query = "SELECT coalesce(sum(size), 0) FROM files WHERE reason = ''"
        return int(self._db.execute(query).fetchone()[0])

    def passage(self, number: int) -> PassageRow:
        """Return a passage by its number."""
        row = self._db.execute(
            "SELECT p.document, d.uri, d.title, p.start, p.stop FROM passages p"
            " JOIN documents d ON d.id = p.document WHERE p.id = ?",
            (number,),
        ).fetchone()
        return _passage(row)

    def passages_of(self, document: str) -> list[PassageRow]:
        """Return a document's passages in text order."""
        rows = self._db.execute(
            "SELECT p.document, d.uri, d.title, p.start, p.stop FROM passages p"
            " JOIN documents d ON d.id = p.document WHERE p.document = ? ORDER BY p.start",
            (document,),
        )
        return [_passage(row) for row in rows]

    def all_terms(self) -> Iterator[tuple[int, str, str]]:
        """Yield (number, heading terms, passage terms) in the order of uri and start."""
        rows = self._db.execute(
            "SELECT p.id, d.heading, p.terms FROM documents d"
            " JOIN passages p ON p.document = d.id ORDER BY d.uri, d.id, p.start"
        )
        for number, heading, terms in rows:
            yield number, heading, zlib.decompress(terms).decode("utf-8")


def _passage(row: tuple[str, str, str, int, int]) -> PassageRow:
    return PassageRow(document=row[0], uri=row[1], title=row[2], start=row[3], end=row[4])
