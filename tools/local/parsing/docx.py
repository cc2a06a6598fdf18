"""Word documents: paragraphs, headings, lists, tables and notes, without what is hidden.

Hidden is deleted and moved-away text, runs marked as hidden (also by a style), white on nothing,
or a point high, and comments. Headers, footers and page numbers are left out: they have no place
in the text. Word files know no pages; a cell is found again by its table and row.
"""

from collections.abc import Iterator

from quaestor.tools.blocks import Element
from quaestor.tools.local.parsing.archive import Archive
from quaestor.tools.local.parsing.docx_styles import Styles, W, read_styles, value
from quaestor.tools.local.parsing.markup import (
    XML_VERSION,
    core_title,
    elements,
    first_target,
    main_part,
    tree,
)
from quaestor.tools.local.parsing.parsed import Parsed, RefusedFileError
from quaestor.tools.local.parsing.tables import Row, write_rows
from quaestor.tools.local.parsing.writing import Writer

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNSEEN = frozenset((f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}pPr", f"{_MC}Fallback"))
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}
_TEXT = (f"{W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t")
_NOTES = ("footnotes", "endnotes")
_MOST_COLUMNS = 1_000


def parse_docx(data: bytes, media_type: str) -> Parsed:
    """Return the visible text of a Word document.

    Raises:
        RefusedFileError: It is none, encrypted, damaged, bomb-like, or shows no text.
    """
    archive = Archive(data)
    main = main_part(archive)
    return _Document(archive, main).parsed(media_type)


class _Document:
    def __init__(self, archive: Archive, main: str) -> None:
        self._archive = archive
        self._main = main
        self._writer = Writer()
        self._styles: Styles = read_styles(archive, main)
        self._tables = 0
        self._listed = False

    def parsed(self, media_type: str) -> Parsed:
        found = False
        for element in elements(self._archive, self._main, f"{W}p", f"{W}tbl"):
            found = True
            self._block(element)
        for kind in _NOTES:
            self._notes(kind)
        if not found and tree(self._archive, self._main).tag != f"{W}document":
            raise RefusedFileError("not what its name says: no Word document inside")
        if self._writer.empty:
            raise RefusedFileError("no text to see in it")
        return self._writer.parsed(
            title=core_title(self._archive),
            media_type=media_type,
            extractor="docx",
            version=XML_VERSION,
        )

    def _block(self, element: Element) -> None:
        if element.tag == f"{W}tbl":
            self._listed = False
            self._table(element)
            return
        text = self._text(element)
        style = value(element, f"{W}pPr/{W}pStyle")
        level = self._styles.headings.get(style, 0) or _outline(element)
        listed = element.find(f"{W}pPr/{W}numPr") is not None or style in self._styles.lists
        if level and text.strip():
            text = "#" * level + " " + " ".join(text.split())
        elif listed and text.strip():
            text = f"- {text}"
        self._writer.block(text, gap="\n" if listed and self._listed else "\n\n")
        self._listed = listed

    def _notes(self, kind: str) -> None:
        part = first_target(self._archive, self._main, kind)
        if part is None:
            return
        for note in tree(self._archive, part):
            if note.get(f"{W}type") is None:  # the others are the rules between text and notes
                self._writer.block("\n".join(self._text(one) for one in note.iter(f"{W}p")))

    def _table(self, table: Element) -> None:
        self._tables += 1
        with self._writer.part("table", self._tables):
            write_rows(self._writer, self._rows(table))

    def _rows(self, table: Element) -> Iterator[Row]:
        above: dict[int, str] = {}
        rows = (row for row in table.iter(f"{W}tr") if _table_of(row) is table)
        for number, row in enumerate(rows, start=1):
            mark = row.find(f"{W}trPr/{W}tblHeader")
            cells = self._cells(row, above)
            if (
                row.find(f"{W}trPr/{W}hidden") is not None
                or row.find(f"{W}trPr/{W}del") is not None
            ):
                self._writer.hide("".join(cells))
            elif any(cell.strip() for cell in cells):
                marked = mark is not None and mark.get(f"{W}val") not in ("0", "false")
                yield Row(number=number, cells=cells, first=number == 1, header=marked)

    def _cells(self, row: Element, above: dict[int, str]) -> list[str]:
        """Return a row's cells by column; one merged with the cell above repeats it."""
        cells: list[str] = []
        for cell in row.iter(f"{W}tc"):
            if _row_of(cell) is not row or len(cells) >= _MOST_COLUMNS:
                continue
            text = "\n".join(self._text(one) for one in cell.iter(f"{W}p"))
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if merged is not None and merged.get(f"{W}val") != "restart":
                text = above.get(len(cells), "")
            above[len(cells)] = text
            span = value(cell, f"{W}tcPr/{W}gridSpan")
            wide = min(int(span), _MOST_COLUMNS) if span.isdecimal() else 1
            cells.extend([text, *[""] * (wide - 1)])
        return cells

    def _text(self, paragraph: Element) -> str:
        """Return a paragraph's visible text."""
        parts: list[str] = []
        waiting = list(reversed(paragraph))
        while waiting:
            element = waiting.pop()
            if element.tag in _UNSEEN:
                if element.tag == f"{W}del":
                    self._writer.hide("".join(t.text or "" for t in element.iter(f"{W}delText")))
            elif element.tag == f"{W}r" and self._styles.hides(element, paragraph):
                self._writer.hide("".join(text.text or "" for text in element.iter(f"{W}t")))
            elif element.tag in _TEXT:
                parts.append(element.text or "")
            elif element.tag in _BREAKS:
                parts.append(_BREAKS[str(element.tag)])
            else:
                waiting.extend(reversed(element))
                if element.tag == f"{W}p":
                    parts.append("\n")  # a text box
        return "".join(parts)


def _outline(paragraph: Element) -> int:
    level = value(paragraph, f"{W}pPr/{W}outlineLvl")
    return min(int(level) + 1, 6) if level.isdecimal() and int(level) < 9 else 0


def _table_of(row: Element) -> Element | None:
    return next(row.iterancestors(f"{W}tbl"), None)


def _row_of(cell: Element) -> Element | None:
    return next(cell.iterancestors(f"{W}tr"), None)
