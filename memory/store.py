"""Documents and evidence of a home, read through a view that knows what it may see."""

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping, select

from quaestor.errors import IntegrityError, PrivacyError
from quaestor.memory import schema
from quaestor.memory.connection import Connection
from quaestor.memory.database import Database, insert_new
from quaestor.memory.documents import Document, Location, Origin
from quaestor.memory.evidence import Evidence
from quaestor.memory.recent import Recent
from quaestor.memory.text import sha256

KNOWN = 256
"""Documents held in memory, whole: a searcher of thousands of steps reads its last ones again."""
_LEVEL = 3
"""Of compression: half the time of the usual one, for an eighth more on the disk."""


class Store:
    """What a branch, or the whole run, may read of the home's documents.

    Args:
        database: The open database.
        origins: Labels it may read; None for all of them. A public branch is handed a store
            opened on its own origins, so it cannot read a private document by any key.
        run_id: The run on whose behalf it writes.
        token: That run's lease.
    """

    def __init__(
        self,
        database: Database,
        *,
        origins: Collection[str] | None = None,
        run_id: str = "",
        token: int = 0,
    ) -> None:
        self._database = database
        self._origins = None if origins is None else frozenset(origins)
        self._run_id = run_id
        self._token = token
        self._known = Recent[str, Document](KNOWN)

    def view(self, origins: Collection[str]) -> "Store":
        """Return a store on the same database that reads these origins only."""
        return Store(self._database, origins=origins, run_id=self._run_id, token=self._token)

    async def add_evidence(self, spans: Iterable[Evidence]) -> None:
        """Store spans; those already there stay."""
        rows = [asdict(span) for span in spans]
        if not rows:
            return
        async with self._database.writing(
            run_id=self._run_id, token=self._token, wait=False
        ) as connection:
            await connection.execute(insert_new(schema.evidence), rows)

    async def document(self, document_id: str) -> Document:
        """Return a document whole.

        Raises:
            IntegrityError: It is not there, or its text is not what its hash says.
            PrivacyError: Its origin is not of this view.
        """
        return (await self.documents([document_id]))[document_id]

    async def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """Return documents by id; raises as `document` does."""
        found = {one: self._known.get(one) for one in ids}
        missing = [one for one, document in found.items() if document is None]
        if missing:
            async with self._database.reading() as connection:
                for document in await load_documents(connection, missing):
                    self._check(document.origin)
                    found[document.id] = document
                    self._known.put(document.id, document)
        held = {one: document for one, document in found.items() if document is not None}
        absent = next((one for one in found if one not in held), None)
        if absent is not None:
            raise IntegrityError(f"document {absent} is not in {self._database.path}")
        return held

    async def evidence(self, ids: Iterable[str]) -> dict[str, Evidence]:
        """Return spans by id, each compared with its document again.

        Raises:
            IntegrityError: A span is not there, or its document says something else there.
            PrivacyError: Its document's origin is not of this view.
        """
        wanted = list(dict.fromkeys(ids))
        async with self._database.reading() as connection:
            rows = await by_key(connection, schema.evidence, "id", wanted)
        stored = {row["id"]: row for row in rows}
        absent = [one for one in wanted if one not in stored]
        if absent:
            raise IntegrityError(f"evidence {absent[0]} is not in {self._database.path}")
        documents = await self.documents(row["document"] for row in rows)
        return {one: _again(documents[stored[one]["document"]], stored[one]) for one in wanted}

    def _check(self, origin: Origin) -> None:
        if self._origins is not None and origin.label not in self._origins:
            raise PrivacyError(f"a view of {sorted(self._origins)} was asked for {origin.label}")


async def save_documents(connection: Connection, documents: Sequence[Document]) -> None:
    """Store documents inside a transaction of the caller's; those already there stay."""
    if not documents:
        return
    texts = {one.text_sha256: one.text for one in documents}
    await connection.execute(
        insert_new(schema.texts),
        [
            {"sha256": digest, "body": zlib.compress(text.encode(), _LEVEL)}
            for digest, text in texts.items()
        ],
    )
    await connection.execute(insert_new(schema.documents), [_row(one) for one in documents])


async def save_blobs(connection: Connection, blobs: Sequence[bytes]) -> None:
    """Store fetched bytes inside a transaction of the caller's; those already there stay."""
    rows = {
        hashlib.sha256(blob).hexdigest(): {"body": zlib.compress(blob, _LEVEL)}
        for blob in dict.fromkeys(blobs)
    }
    if rows:
        await connection.execute(
            insert_new(schema.blobs), [{"sha256": digest} | row for digest, row in rows.items()]
        )


async def load_blob(connection: Connection, digest: str) -> bytes | None:
    """Return fetched bytes by their sha256, None where they were not kept.

    Raises:
        IntegrityError: They are not what their digest says.
    """
    found = await connection.scalar(
        select(schema.blobs.c.body).where(schema.blobs.c.sha256 == digest)
    )
    if found is None:
        return None
    try:
        blob = zlib.decompress(found)
    except zlib.error:
        blob = b""
    if hashlib.sha256(blob).hexdigest() != digest:
        raise IntegrityError(f"the stored bytes {digest[:12]} are not what they were")
    return blob


async def load_documents(connection: Connection, ids: Sequence[str]) -> list[Document]:
    """Return the documents that are there of those named."""
    rows = await by_key(connection, schema.documents, "id", ids)
    digests = sorted({row["text_sha256"] for row in rows})
    bodies = await by_key(connection, schema.texts, "sha256", digests)
    texts = {row["sha256"]: _text(row["body"]) for row in bodies}
    return [_document(row, texts) for row in rows]


async def by_key(
    connection: Connection, table: Any, column: str, values: Sequence[str | int]
) -> list[RowMapping]:
    """Return the rows of a table that have one of some values in a column, in any order."""
    rows: list[RowMapping] = []
    for at in range(0, len(values), 500):  # SQLite takes a limited number of parameters
        chunk = values[at : at + 500]
        found = await connection.execute(select(table).where(table.c[column].in_(chunk)))
        rows.extend(found.mappings())
    return rows


def _row(document: Document) -> dict[str, Any]:
    row = asdict(document)
    row["origin"] = document.origin.label
    row["private"] = document.origin.private
    row["locations"] = json.dumps([asdict(at) for at in document.locations])
    row["changes"] = json.dumps(dict(document.changes), sort_keys=True)
    del row["text"]
    return row


def _text(body: bytes) -> str | None:
    """Return a stored text; None where the bytes are none any more."""
    try:
        return zlib.decompress(body).decode()
    except (zlib.error, UnicodeDecodeError):
        return None


def _document(row: RowMapping, texts: dict[str, str | None]) -> Document:
    text = texts.get(row["text_sha256"])
    if text is None or sha256(text) != row["text_sha256"]:
        raise IntegrityError(f"the stored text of document {row['id']} is not what it was")
    document = Document.of(
        text,
        uri=row["uri"],
        title=row["title"],
        media_type=row["media_type"],
        origin=Origin.parse(row["origin"], private=bool(row["private"])),
        extractor=row["extractor"],
        modified=row["modified"],
        locations=tuple(Location(**at) for at in json.loads(row["locations"])),
        changes=json.loads(row["changes"]),
    )
    if document.id != row["id"]:
        raise IntegrityError(f"document {row['id']} was stored under another's id")
    return document


def _again(document: Document, row: RowMapping) -> Evidence:
    span = document.span(row["start"], row["end"])
    if span.id != row["id"] or span.text != row["text"]:
        raise IntegrityError(f"evidence {row['id']} is not what its document says there")
    return span
