"""Rows of a table as a reader sees them: cells, and the first row that names their columns."""

import re
from functools import lru_cache

_DELIMITERS = ",;\t|"
_LOOKED_AT = 4
"""Rows below the first that must have as many cells."""
_LONGEST = 40
"""Code points of a column's name."""
_RULE = re.compile(r"[\s|:+=-]+")
_SENTENCE = re.compile(r"[.!?:]$|\d")

Stretch = tuple[int, int]
"""Code points of a text, half open."""


def header_of(text: str) -> tuple[tuple[str, ...], str]:
    """Return the names of a table's columns and what stands between cells; empty for prose.

    The first line names columns where its cells are short and have no figures, and the rows below
    have as many cells as it has.
    """
    lines = [line for line in text[:4_000].splitlines() if line.strip()][: _LOOKED_AT + 1]
    if len(lines) < 2:
        return (), ""
    delimiter = max(_DELIMITERS, key=lines[0].count)
    rows = [cells(line, delimiter) for line in lines if not _RULE.fullmatch(line)]
    # The text may be cut short, and a quoted cell may hold line ends.
    if len(rows[0]) < 2 or len(rows) < 2 or len(rows[1]) != len(rows[0]):
        return (), ""
    if any(len(row) != len(rows[0]) for row in rows[:-1]):
        return (), ""
    names = tuple(lines[0][start:end] for start, end in rows[0])
    if any(not name or len(name) > _LONGEST or _SENTENCE.search(name) for name in names):
        return (), ""
    return names, delimiter


@lru_cache(maxsize=2048)
def cells(line: str, delimiter: str) -> tuple[Stretch, ...]:
    """Return where the cells of a row stand, without quotation marks and white space."""
    found: list[Stretch] = []
    start, quoted = 0, False
    for at, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == delimiter and not quoted:
            found.append(_bare(line, start, at))
            start = at + 1
    found.append(_bare(line, start, len(line)))
    if delimiter == "|" and line.lstrip().startswith("|"):
        found = found[1:]
    if delimiter == "|" and line.rstrip().endswith("|"):
        found = found[:-1]
    return tuple(found)


def _bare(line: str, start: int, end: int) -> Stretch:
    while start < end and line[start] in ' \t\r\n"':
        start += 1
    while end > start and line[end - 1] in ' \t\r\n"':
        end -= 1
    return start, end
