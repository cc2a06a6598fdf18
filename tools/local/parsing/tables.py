"""Rows of a table as lines that name their columns: `Line: 7 | Headway: 6 min`.

A row is quoted alone, so it says what its numbers are, as rows of a page do (tools/blocks.py).
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from quaestor.tools.local.parsing.writing import Writer

_FIGURE = re.compile(r"[^\w]*\d[\d\s.,:/%+\-–−'’Ee]*[^\w]*\w{0,3}[^\w]*")
_MOST_NAME = 80
_AHEAD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table that is not blank."""

    number: int
    """1-based, as the person's program counts it."""
    cells: Sequence[str]
    """By column; empty where nothing is seen."""
    first: bool = False
    """It is the table's first, or a blank row stands above it."""
    header: bool = False
    """The file marks it as naming the columns."""


def write_rows(writer: Writer, rows: Iterable[Row]) -> None:
    """Write each row as a line of its own with its place."""
    for place, (number, line) in enumerate(lines(rows)):
        with writer.part("row", number):
            writer.block(line, gap="\n" if place else "\n\n")


def lines(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """Yield (number, line) of every row.

    A row names the columns of those below it when the file marks it so, or when it stands first,
    holds names only, and what follows has three columns or a column of figures. Without such a
    row, one of two cells reads `name: value`.

    Example:
        >>> table = [["Line", "Headway"], ["7", "6 min"]]
        >>> rows = [Row(number=n, cells=c, first=n == 1) for n, c in enumerate(table, start=1)]
        >>> [line for _, line in lines(rows)]
        ['Line | Headway', 'Line: 7 | Headway: 6 min']
    """
    header: dict[int, str] = {}
    begun = False
    for row, ahead in _with_those_ahead(rows):
        cells = _filled(row)
        begun = begun and not row.first
        if not begun and _may_name(cells) and (row.header or _names_columns(cells, ahead)):
            header = cells
            yield row.number, " | ".join(cells.values())
        else:
            yield row.number, _line(cells, header)
        begun = begun or len(cells) > 1


def _with_those_ahead(rows: Iterable[Row]) -> Iterator[tuple[Row, Iterable[Row]]]:
    """Yield each row with some of the next ones."""
    waiting = iter(rows)
    ahead = deque(islice(waiting, _AHEAD + 1))
    while ahead:
        yield ahead.popleft(), ahead
        ahead.extend(islice(waiting, 1))


def _may_name(cells: dict[int, str]) -> bool:
    return len(cells) > 1 and all(len(cell) <= _MOST_NAME for cell in cells.values())


def _names_columns(cells: dict[int, str], ahead: Iterable[Row]) -> bool:
    """Say whether cells name columns, by what stands below them."""
    below = [_filled(row) for row in takewhile(lambda row: not row.first, ahead)]
    if not below or any(_FIGURE.fullmatch(cell) for cell in cells.values()):
        return False
    if len(set(cells.values())) < len(cells):
        return False
    return len(cells) > 2 or any(_figures(column, below) for column in cells)


def _figures(column: int, rows: Sequence[dict[int, str]]) -> bool:
    values = [cells[column] for cells in rows if column in cells]
    return bool(values) and all(_FIGURE.fullmatch(value) for value in values)


def _filled(row: Row) -> dict[int, str]:
    return {at: flat for at, cell in enumerate(row.cells) if cell and (flat := _flat(cell))}


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _line(cells: dict[int, str], header: dict[int, str]) -> str:
    if header and len(cells) > 1:
        return " | ".join(
            f"{header[at]}: {cell}" if at in header else cell for at, cell in cells.items()
        )
    return (": " if len(cells) == 2 else " | ").join(cells.values())
