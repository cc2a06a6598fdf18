"""A file's bytes to documents: one loader for each kind of file."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from quaestor.errors import UnreadableError
from quaestor.memory.documents import Document, Location, Origin
from quaestor.tools.local.decoding import decode, normalised
from quaestor.tools.local.kinds import Kind, is_parsed, kind_of, media_type, not_text
from quaestor.tools.local.parsing.pool import ParserPool
from quaestor.tools.local.reading import FileBytes
from quaestor.tools.local.rows import csv_rows, header_of, json_rows

_MOST_TITLE = 120
_SENTENCE_ENDS = (".", "!", ",", ";", ":", "。", "，", "；")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*\r?$", re.MULTILINE)
_RST_HEADING = re.compile(
    r"^([^\s.:].*?)[ \t]*\r?\n([=\-~^\"'#*+`:.<>_])\2{2,}[ \t]*\r?$", re.MULTILINE
)
_FRONT_TITLE = re.compile(r"\A---\r?\n(?:.*\r?\n)*?title:[ \t]*[\"']?(.+?)[\"']?[ \t]*\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A document, and what only the index needs to know of it."""

    document: Document
    heading: str
    """Words that stand for the whole document: its title, the columns of a table."""
    version: str = ""
    """Of the library that read the bytes; empty where none did."""
    code: bool = False
    """Its passages end at blank lines instead of sentences."""


def load(
    file: FileBytes, *, uri: str, origin: Origin, parsers: ParserPool | None = None
) -> Iterator[Loaded]:
    """Yield the documents of a file: one, or one for each row of a JSONL file.

    Args:
        file: What it held.
        uri: Its path inside the collection.
        origin: The collection's.
        parsers: Where HTML, PDF and its like are parsed; a pool for this file alone if not given.

    Raises:
        UnreadableError: The bytes are no text, or hold none.
    """
    name = PurePosixPath(uri).name
    kind = kind_of(name)
    if kind is None:
        raise UnreadableError(uri, "unknown type")
    binary = is_parsed(kind) and kind != "html"
    reason = None if binary else not_text(file.data)
    if reason is not None:
        raise UnreadableError(uri, reason)
    loader = _Loader(
        uri=uri,
        name=name,
        kind=kind,
        origin=origin,
        modified=modified_at(file.mtime_ns),
        parsers=parsers,
    )
    empty = True
    for loaded in loader.documents(file.data):
        empty = False
        yield loaded
    if empty:
        raise UnreadableError(uri, "empty: no text in it")


def modified_at(mtime_ns: int) -> str:
    """Return a file's time stamp in ISO 8601, UTC, to the second."""
    try:
        return datetime.fromtimestamp(mtime_ns // 10**9, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""  # a damaged time stamp is no reason not to read a file


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loader:
    uri: str
    name: str
    kind: Kind
    origin: Origin
    modified: str
    parsers: ParserPool | None

    def documents(self, data: bytes) -> Iterator[Loaded]:
        if self.kind == "jsonl":
            yield from self._rows(data)
        elif is_parsed(self.kind):
            yield self._parsed(data)
        else:
            yield from self._whole(data)

    def _whole(self, data: bytes) -> Iterator[Loaded]:
        decoded = decode(data)
        text, changes = normalised(decoded.raw, decoded.changes)
        locations = csv_rows(text) if self.kind == "csv" else ()
        title = self._title(text)
        if not text.strip():
            return
        columns = header_of(text, locations)
        yield Loaded(
            document=self._document(text, self.uri, title, locations, changes),
            heading=f"{title} {columns}" if columns else title,
            code=self.kind in ("code", "json"),
        )

    def _parsed(self, data: bytes) -> Loaded:
        with ExitStack() as own:
            pool = self.parsers or own.enter_context(ParserPool(children=1))
            found = pool.parse(data, media_type(self.kind), name=self.uri)
        heading = _HEADING.search(found.text) if self.kind in ("docx", "pptx") else None
        title = found.title or (heading[1].strip()[:_MOST_TITLE] if heading else "")
        if self.kind == "pdf":
            title = title or _first_line(found.text)
        title = title or self._stem()
        document = self._document(found.text, self.uri, title, found.locations, dict(found.changes))
        names = (at.name for at in found.locations if at.name)  # of sheets
        return Loaded(document=document, heading=" ".join((title, *names)), version=found.version)

    def _rows(self, data: bytes) -> Iterator[Loaded]:
        decoded = decode(data)
        for row in json_rows(decoded.raw):
            text, changes = normalised(row.text, decoded.changes)
            title, _ = normalised(row.title, {})
            whole = Location(kind="row", number=row.number, start=0, end=len(text))
            document = self._document(
                text,
                f"{self.uri}#row={row.number}",
                title or f"{self.name}, row {row.number}",
                (whole,),
                changes,
            )
            yield Loaded(document=document, heading=title)

    def _title(self, text: str) -> str:
        if self.kind == "markdown":
            match = _FRONT_TITLE.match(text) or _HEADING.search(text)
            return match[1].strip()[:_MOST_TITLE] if match else self._stem()
        if self.kind == "rst":
            match = _RST_HEADING.search(text)
            return match[1].strip()[:_MOST_TITLE] if match else self._stem()
        if self.kind == "plain":
            return _first_line(text) or self._stem()
        return self.name

    def _stem(self) -> str:
        return PurePosixPath(self.name).stem or self.name

    def _document(
        self,
        text: str,
        uri: str,
        title: str,
        locations: tuple[Location, ...],
        changes: dict[str, int],
    ) -> Document:
        return Document.of(
            text,
            uri=uri,
            title=title,
            media_type=media_type(self.kind),
            origin=self.origin,
            extractor=self.kind,
            modified=self.modified,
            locations=locations,
            changes=changes,
        )


def _first_line(text: str) -> str:
    """Return a short first line that more text follows, where it reads as a title."""
    lines = text.strip().splitlines()
    first = lines[0].strip() if lines else ""
    if len(lines) < 2 or len(first) > _MOST_TITLE or first.endswith(_SENTENCE_ENDS):
        return ""
    return first
