"""A saved page as a document: its bytes read within a limit, its text by tools/html.py."""

import gzip
import io
import zlib
from pathlib import Path

from quaestor.errors import UnreadableError
from quaestor.memory.documents import WEB, Document
from quaestor.memory.text import normalise
from quaestor.tools.charset import decode_page
from quaestor.tools.html import page_text
from quaestor.tools.local.kinds import not_text
from quaestor.tools.local.reading import FileBytes, read_bytes
from quaestor.tools.web.manifest import SavedPage

MAX_BYTES = 20_000_000  # of one page, unpacked


def read_page(page: SavedPage, *, root: Path) -> FileBytes:
    """Return the bytes of a saved page as they lie in its file.

    Raises:
        UnreadableError: The file is gone, may not be read or is too large.
    """
    try:
        return read_bytes(page.path, root=root, max_bytes=MAX_BYTES)
    except UnreadableError as error:
        raise UnreadableError(page.url, f"{error.source}: {error.reason}") from None


def page_document(page: SavedPage, saved: bytes) -> Document:
    """Return a saved page as a document of the web.

    Raises:
        UnreadableError: The page gives no text.
    """
    raw = _unpacked(page, saved) if page.path.suffix.lower() == ".gz" else saved
    if page.path.suffix.lower() in (".txt", ".md"):
        return _plain(page, raw)
    found = page_text(raw, url=page.url)
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


def _plain(page: SavedPage, raw: bytes) -> Document:
    binary = not_text(raw)
    if binary:
        raise UnreadableError(page.url, binary)
    found = normalise(decode_page(raw)[0])
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


def _unpacked(page: SavedPage, saved: bytes) -> bytes:
    """Return what a gzip file holds, never unpacking more than the limit."""
    try:
        with gzip.open(io.BytesIO(saved)) as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(page.url, f"it is no whole gzip file ({error})") from None
    if len(raw) > MAX_BYTES:
        raise UnreadableError(page.url, f"unpacked it is larger than {MAX_BYTES:,} bytes")
    return raw
