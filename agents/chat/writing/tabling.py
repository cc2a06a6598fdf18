"""A model's table as far as its evidence carries it: a cell that does not hold is left empty."""

from collections.abc import Sequence

from quaestor.agents.chat.writing.numbering import Numbered, without_marks
from quaestor.agents.chat.writing.replies import Row
from quaestor.agents.chat.writing.stating import statement_of
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import Statement
from quaestor.agents.roles.verifier import ClaimView
from quaestor.agents.rows import row_sentence, says
from quaestor.agents.verifier import judge
from quaestor.memory.labels import one_line

_THINGS = 3
_COLUMNS = 3
_LEAST_COLUMNS = 2
_MOST_ROWS = 40
_MOST_COLUMNS = 8
_LONGEST_CELL = 160

Table = tuple[tuple[str, ...], ...]


def table_of(
    rows: Sequence[Row], evidence: Numbered, statements: Sequence[Statement]
) -> tuple[Table, tuple[Statement, ...]]:
    """Return a table, its header first, and the sentences that say its rows.

    A row stands as far as its own evidence holds its cells, and in the report as long as its
    sentence stands. What its evidence does not hold is said too, for the verifier to judge. Fewer
    than three things by two attributes are said only.
    """
    if not rows or len(rows[0].cells) < _LEAST_COLUMNS:
        return (), ()
    header = tuple(_text(cell) for cell in rows[0].cells[:_MOST_COLUMNS])
    table = [header]
    told: list[Statement] = []
    for row in rows[1 : _MOST_ROWS + 1]:
        cells = ([_text(cell) for cell in row.cells] + [""] * len(header))[: len(header)]
        if not any(cells[1:]):
            continue
        named = named_in(row)
        held = _held(cells, evidence.passages(evidence.known(named)))
        if held:
            table.append(held)
        told += [
            statement_of(row_sentence(header, said), named, evidence, inference=False)
            for said in (held, _lost(cells, held))
            if said and not any(one.spots and says(one.text, said) for one in statements)
        ]
    enough = len(table) > _THINGS and len(header) >= _COLUMNS
    return tuple(table) if enough else (), tuple(told)


def named_in(row: Row) -> list[str]:
    """Return the ids a row names, in its own list and in its cells."""
    return [*row.evidence, *(name for cell in row.cells for name in without_marks(cell)[1])]


def carried(text: str, passages: Sequence[Passage]) -> bool:
    """Return whether what code can look up of a text stands in passages."""
    view = ClaimView(
        text=text,
        spans=tuple(one.text for one in passages),
        titles=tuple(dict.fromkeys(one.title for one in passages)),
        parted=tuple(one.parted(one.start, one.end) for one in passages),
    )
    return judge(view).verdict in ("supported", "partly")


def _held(cells: Sequence[str], passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return a row with what its evidence does not hold left empty; nothing if little is left."""
    held = tuple(cell if cell and passages and carried(cell, passages) else "" for cell in cells)
    return held if held[0] and any(held[1:]) else ()


def _lost(cells: Sequence[str], held: Sequence[str]) -> Sequence[str]:
    """Return what of a row its evidence does not hold, with the thing it is said of."""
    if not held:
        return cells
    lost = ["" if kept else cell for cell, kept in zip(cells, held, strict=True)]
    return [cells[0], *lost[1:]] if any(lost[1:]) else ()


def _text(cell: str) -> str:
    return one_line(without_marks(cell)[0], _LONGEST_CELL)
