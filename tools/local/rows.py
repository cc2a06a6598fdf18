"""Rows of tables and of JSON lines: where each one begins and ends."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from quaestor.memory.documents import Document, Location
from quaestor.tools.text.cells import DELIMITERS

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonRow:
    """One line of a JSONL file."""

    number: int
    """1-based line of the file."""
    title: str
    """Empty when the row has none."""
    text: str


def csv_rows(text: str) -> tuple[Location, ...]:
    """Return where the rows of a table stand; the first line is row 1, as in a spreadsheet.

    A quoted field may hold line ends. When the quotes do not add up, every line is a row.
    """
    try:
        return tuple(_csv_rows(text))
    except csv.Error:
        return tuple(_line_rows(text))


def header_of(text: str, rows: tuple[Location, ...]) -> str:
    """Return a table's first row, which names its columns."""
    return text[rows[0].start : rows[0].end] if rows else ""


def delimiter_of(document: Document) -> str:
    """Return what parts the cells of a document's rows; empty where it is no delimited file."""
    columns = header_of(document.text, document.locations)
    return _delimiter(columns) if document.media_type == "text/csv" and columns else ""


def json_rows(raw: str) -> Iterator[JsonRow]:
    """Yield the rows of a JSONL text that are not blank.

    An object with the strings `title` and `text` gives title, newline, text; any other line,
    one that is no JSON included, stands verbatim.
    """
    for number, ended in enumerate(raw.split("\n"), start=1):
        line = ended.removesuffix("\r")
        if line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: str) -> JsonRow:
    try:
        value: object = json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return JsonRow(number=number, title="", text=line)
    if isinstance(value, dict):
        row = cast("dict[str, object]", value)
        title, text = row.get("title"), row.get("text")
        if isinstance(title, str) and isinstance(text, str) and (title + text).strip():
            return JsonRow(number=number, title=title.strip(), text=f"{title}\n{text}")
        if isinstance(title, str):
            return JsonRow(number=number, title=title.strip(), text=line)
    return JsonRow(number=number, title="", text=line)


def _csv_rows(text: str) -> Iterator[Location]:
    read = 0

    def lines() -> Iterator[str]:
        nonlocal read
        for match in _LINE.finditer(text):
            read = match.end()
            if match[0]:
                yield match[0]

    start = 0
    rows = csv.reader(lines(), delimiter=_delimiter(text), strict=False)
    for number, _ in enumerate(rows, start=1):
        yield from _row(text, number, start, read)
        start = read


def _line_rows(text: str) -> Iterator[Location]:
    for number, match in enumerate(_LINE.finditer(text), start=1):
        yield from _row(text, number, match.start(), match.end())


def _row(text: str, number: int, start: int, end: int) -> Iterator[Location]:
    """Yield the row without its line end, unless it is blank."""
    while end > start and text[end - 1] in "\r\n":
        end -= 1
    if text[start:end].strip():
        yield Location(kind="row", number=number, start=start, end=end)


def _delimiter(text: str) -> str:
    first = next(iter(text.lstrip().splitlines()), "")
    return max(DELIMITERS, key=first.count)
