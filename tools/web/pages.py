"""A saved page as a document: its bytes read within a limit, its text by tools/html.py."""

import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from quaestor.errors import UnreadableError
from quaestor.memory.documents import WEB, Document
from quaestor.memory.text import normalise
from quaestor.tools.charset import decode_page
from quaestor.tools.html import page_text
from quaestor.tools.local.kinds import not_text
from quaestor.tools.local.reading import read_bytes
from quaestor.tools.web.manifest import SavedPage

MAX_BYTES = 20_000_000  # of one page, after decompression


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A saved page's bytes and what identifies them."""

    page: SavedPage
    raw: bytes
    """Decompressed."""
    bytes_sha256: str
    """Of the file as saved."""


def read_page(page: SavedPage, *, root: Path) -> ReadPage:
    """Return the bytes of a saved page.

    Raises:
        UnreadableError: The file cannot be read, is too large or is no gzip it claims to be.
    """
    try:
        saved = read_bytes(page.path, root=root, max_bytes=MAX_BYTES)
    except UnreadableError as error:
        raise UnreadableError(page.url, f"{error.source}: {error.reason}") from None
    raw = saved.data
    if page.path.suffix.lower() == ".gz":
        raw = _decompressed(page, raw)
    return ReadPage(page=page, raw=raw, bytes_sha256=saved.sha256)


def _decompressed(page: SavedPage, saved: bytes) -> bytes:
    """Return what a gzip file holds, never unpacking more than the limit."""
    try:
        with gzip.open(io.BytesIO(saved)) as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(page.url, f"it is no whole gzip file ({error})") from None
    if len(raw) > MAX_BYTES:
        raise UnreadableError(page.url, f"unpacked it is larger than {MAX_BYTES:,} bytes")
    return raw


def page_document(read: ReadPage) -> Document:
    """Return a saved page as a document of the web.

    Raises:
        UnreadableError: The page gives no text.
    """
    page = read.page
    if page.path.suffix.lower() in (".txt", ".md"):
        return _plain(read)
    found = page_text(read.raw, url=page.url)
    return Document.of(
        found.text,
        uri=page.url,
        title=page.title or found.title or page.url,
        media_type="text/html",
        origin=WEB,
        extractor="html",
        modified=found.date,
        changes=found.changes,
    )


def _plain(read: ReadPage) -> Document:
    page = read.page
    binary = not_text(read.raw)
    if binary:
        raise UnreadableError(page.url, binary)
    found = normalise(decode_page(read.raw)[0])
    if not found.text.strip():
        raise UnreadableError(page.url, "it is empty")
    markdown = page.path.suffix.lower() == ".md"
    return Document.of(
        found.text,
        uri=page.url,
        title=page.title or page.url,
        media_type="text/markdown" if markdown else "text/plain",
        origin=WEB,
        extractor="plain",
        changes=found.changes,
    )
