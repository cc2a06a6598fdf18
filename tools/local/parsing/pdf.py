"""PDF pages, read by PDFium: what a reader sees of the text, in reading lines.

PDFium reads 36 pages in 0.03 s where pypdf takes 0.5 (0.2 s with the look for hidden text), opens
files that are encrypted without a password, and knows of every character how it is painted.
"""

import ctypes
from importlib.metadata import version
from typing import Any

from quaestor.tools.local.parsing.parsed import Parsed, RefusedFileError
from quaestor.tools.local.parsing.pdf_page import page_text
from quaestor.tools.local.parsing.pdfium import PDFIUM, RAW
from quaestor.tools.local.parsing.writing import Writer

MOST_PAGES = 5_000
_HEAD = 1024  # where a PDF says that it is one, by the format's own leniency
_PLACEHOLDERS = ("untitled", "microsoft word", "microsoft powerpoint", "document", "unknown")
_REASONS = {
    RAW.FPDF_ERR_PASSWORD: "encrypted: it needs a password",
    RAW.FPDF_ERR_SECURITY: "encrypted in a way that is not read",
    RAW.FPDF_ERR_FORMAT: "damaged or cut off",
}


def parse_pdf(data: bytes, media_type: str) -> Parsed:
    """Return the visible text of a PDF with its pages.

    Raises:
        RefusedFileError: It is no PDF, encrypted, damaged, too long, or shows no text.
    """
    if b"%PDF-" not in data[:_HEAD]:
        raise RefusedFileError("not what its name says: no PDF inside")
    try:
        document = PDFIUM.PdfDocument(data)
    except PDFIUM.PdfiumError:
        reason = _REASONS.get(RAW.FPDF_GetLastError(), "damaged")
        raise RefusedFileError(reason) from None
    try:
        return _parsed(document, media_type)
    finally:
        document.close()


def _parsed(document: Any, media_type: str) -> Parsed:
    pages = len(document)
    if pages > MOST_PAGES:
        raise RefusedFileError(f"too many pages: {pages:,}, the limit is {MOST_PAGES:,}")
    writer = Writer()
    for number in range(pages):
        _write(writer, document, number)
    if writer.empty:
        hidden = "; its text is hidden" if writer.changes["hidden"] else ""
        raise RefusedFileError(f"no text to see (pages: {pages:,}; a scan?){hidden}")
    return writer.parsed(
        title=_title(document),
        media_type=media_type,
        extractor="pdf",
        version=f"pypdfium2 {version('pypdfium2')}",
    )


def _write(writer: Writer, document: Any, number: int) -> None:
    try:
        page = document[number]
    except PDFIUM.PdfiumError:
        writer.changes["broken page"] += 1
        return
    try:
        found = page_text(page)
        writer.changes["hidden"] += found.hidden
        with writer.part("page", number + 1):
            writer.block(found.text)
    finally:
        page.close()


def _title(document: Any) -> str:
    size = RAW.FPDF_GetMetaText(document, b"Title", None, 0)
    buffer = ctypes.create_string_buffer(size)
    RAW.FPDF_GetMetaText(document, b"Title", buffer, size)
    title = buffer.raw[:size].decode("utf-16-le", "replace").rstrip("\x00").strip()
    return "" if title.lower().startswith(_PLACEHOLDERS) else title
