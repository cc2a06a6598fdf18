"""Excel workbooks: every row that is seen, as a line that names its columns.

Values are what the sheet shows as far as that changes what they mean: dates in ISO 8601, per
cent, units in the number's format. Hidden sheets, rows and columns are left out, and so are cells
whose style hides them. Formulas are not computed: their last result is stored beside them.
"""

import re
from collections.abc import Iterator
from functools import cache

from quaestor.tools.blocks import Element
from quaestor.tools.local.parsing.archive import Archive
from quaestor.tools.local.parsing.markup import (
    XML_VERSION,
    core_title,
    elements,
    first_target,
    main_part,
    targets,
    tree,
)
from quaestor.tools.local.parsing.parsed import Parsed, RefusedFileError
from quaestor.tools.local.parsing.tables import Row, write_rows
from quaestor.tools.local.parsing.writing import Writer
from quaestor.tools.local.parsing.xlsx_styles import CellStyles, S, read_cell_styles, real

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MOST_CELLS = 2_000_000
_MOST_COLUMNS = 16_384
_LEAST_EXTENT = 0.5  # points of a row, characters of a column
_LETTERS = re.compile("[A-Z]{1,3}")
_AID = f"{S}rPh"
_CELL, _VALUE, _INLINE, _TEXT = f"{S}c", f"{S}v", f"{S}is", f"{S}t"
_SHEETS = ("worksheet",)


def parse_xlsx(data: bytes, media_type: str) -> Parsed:
    """Return the visible rows of a workbook, by sheet.

    Raises:
        RefusedFileError: It is none, encrypted, damaged, bomb-like, or shows no text.
    """
    archive = Archive(data)
    main = main_part(archive)
    return _Workbook(archive, main).parsed(media_type)


class _Workbook:
    def __init__(self, archive: Archive, main: str) -> None:
        self._archive = archive
        self._main = main
        self._root = tree(archive, main)
        if self._root.tag != f"{S}workbook":
            raise RefusedFileError("not what its name says: no workbook inside")
        self._writer = Writer()
        self._strings = self._shared_strings()
        self._styles: CellStyles = read_cell_styles(archive, main, self._root)
        self._cells = 0

    def parsed(self, media_type: str) -> Parsed:
        known = targets(self._archive, self._main)
        for number, sheet in enumerate(self._root.iter(f"{S}sheet"), start=1):
            kind, part = known.get(sheet.get(f"{_R}id") or "", ("", ""))
            if kind not in _SHEETS or part not in self._archive:
                continue
            if sheet.get("state", "visible") != "visible":
                self._writer.changes["hidden sheet"] += 1
                continue
            with self._writer.part("sheet", number, name=sheet.get("name") or ""):
                write_rows(self._writer, self._rows(part))
        if self._writer.empty:
            raise RefusedFileError("no text to see in its sheets")
        return self._writer.parsed(
            title=core_title(self._archive),
            media_type=media_type,
            extractor="xlsx",
            version=XML_VERSION,
        )

    def _shared_strings(self) -> list[str]:
        part = first_target(self._archive, self._main, "sharedStrings")
        if part is None:
            return []
        return [_rich(item) for item in elements(self._archive, part, f"{S}si")]

    def _rows(self, part: str) -> Iterator[Row]:
        hidden: set[int] = set()
        last = 0
        first = True
        for element in elements(self._archive, part, f"{S}col", f"{S}row"):
            if element.tag == f"{S}col":
                hidden |= _hidden_columns(element)
                continue
            number = _number(element.get("r"), last + 1)
            first = first or number > last + 1
            last = number
            cells = self._row(element, hidden)
            if _hidden(element, "ht"):
                self._writer.hide("".join(cells))
            elif any(cells):
                yield Row(number=number, cells=cells, first=first)
                first = False
            else:
                first = True

    def _row(self, row: Element, hidden: set[int]) -> list[str]:
        cells: list[str] = []
        for cell in row.iter(_CELL):
            self._cells += 1
            if self._cells > MOST_CELLS:
                raise RefusedFileError(f"too many cells: the limit is {MOST_CELLS:,}")
            style = _number(cell.get("s"), 0)
            text = self._text(cell, style)
            if not text:
                continue
            column = _column(cell.get("r"), len(cells))
            if column in hidden or self._styles.hides(style):
                self._writer.hide(text)
            elif column < _MOST_COLUMNS:
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = text
        return cells

    def _text(self, cell: Element, style: int) -> str:
        kind = cell.get("t", "n")
        for part in cell:
            if part.tag == _INLINE and kind == "inlineStr":
                return _rich(part)
            if part.tag == _VALUE:
                return self._value(part.text or "", kind, style)
        return ""

    def _value(self, value: str, kind: str, style: int) -> str:
        if kind == "s":
            at = _number(value, -1)
            return self._strings[at] if 0 <= at < len(self._strings) else ""
        if kind == "b":
            return {"0": "FALSE", "1": "TRUE"}.get(value, value)
        return self._styles.shown(value, style) if kind == "n" else value


def _rich(item: Element) -> str:
    """Return a text without the reading aids of East Asian scripts beside it."""
    texts = (text for text in item.iter(_TEXT) if not _aids(text))
    return "".join(text.text or "" for text in texts)


def _aids(text: Element) -> bool:
    holder = text.getparent()
    return holder is not None and holder.tag == _AID


def _hidden(element: Element, extent: str) -> bool:
    """Return whether a row or columns are hidden, or have hardly a height or width."""
    return element.get("hidden") in ("1", "true") or real(element.get(extent), 9.0) < _LEAST_EXTENT


def _hidden_columns(columns: Element) -> set[int]:
    if not _hidden(columns, "width"):
        return set()
    first, last = _number(columns.get("min"), 1), _number(columns.get("max"), 0)
    return set(range(first - 1, min(last, _MOST_COLUMNS)))


def _column(reference: str | None, following: int) -> int:
    letters = (reference or "").rstrip("0123456789")
    return _columns(letters) if letters else following


@cache
def _columns(letters: str) -> int:
    """Return the number of a column, from 0; one that there cannot be is far to the right."""
    if not _LETTERS.fullmatch(letters):
        return _MOST_COLUMNS
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _number(value: str | None, otherwise: int) -> int:
    text = (value or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else otherwise
