"""Files as people have them, made by the libraries people make them with."""

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import docx
import openpyxl
import pptx
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from quaestor.tools.local.parsing.parsed import Parsed
from quaestor.tools.local.parsing.parsers import MEDIA_TYPES, parse

Draw = Callable[[Canvas], None]
PDF, DOCX, PPTX = MEDIA_TYPES["pdf"], MEDIA_TYPES["docx"], MEDIA_TYPES["pptx"]
XLSX, NOTEBOOK, MAIL = MEDIA_TYPES["xlsx"], MEDIA_TYPES["notebook"], MEDIA_TYPES["mail"]


def pdf(*pages: str | Draw, title: str = "", password: str | None = None) -> bytes:
    """Return a PDF; a page is its lines, or what draws it."""
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=A4, invariant=True, encrypt=password)
    canvas.setTitle(title)
    for page in pages:
        canvas.setFont("Helvetica", 11)
        if isinstance(page, str):
            for number, line in enumerate(page.splitlines()):
                canvas.drawString(72, 770 - 14 * number, line)
        else:
            page(canvas)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def word(fill: Callable[[Any], object]) -> bytes:
    """Return a Word document that `fill` has written into."""
    document = docx.Document()
    fill(document)
    return saved(document)


def slides(fill: Callable[[Any], object]) -> bytes:
    """Return a presentation that `fill` has written into."""
    presentation = pptx.Presentation()
    fill(presentation)
    return saved(presentation)


def workbook(fill: Callable[[Any], object]) -> bytes:
    """Return a workbook that `fill` has written into; it has one empty sheet."""
    book = openpyxl.Workbook()
    fill(book)
    return saved(book)


def sheet(rows: Iterable[Sequence[object]], *, name: str = "Ships") -> bytes:
    """Return a workbook of one sheet."""

    def fill(book: Any) -> None:
        book.active.title = name
        for row in rows:
            book.active.append(list(row))

    return workbook(fill)


def saved(document: Any) -> bytes:
    """Return what a library's document is as a file."""
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def parts_of(parsed: Parsed, kind: str) -> list[tuple[int, str]]:
    """Return (number, text) of the parts of a kind."""
    return [
        (at.number, parsed.text[at.start : at.end]) for at in parsed.locations if at.kind == kind
    ]


def read(data: bytes, media_type: str) -> Parsed:
    """Parse in this process, where a failing assertion can be looked into."""
    return parse(data, media_type)
