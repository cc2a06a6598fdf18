"""A model's table as far as its evidence carries it: a cell that does not hold is left empty."""

from collections.abc import Sequence

from quaestor.agents.chat.writing.citing import spots_for
from quaestor.agents.chat.writing.numbering import Numbered, without_marks
from quaestor.agents.chat.writing.replies import Row
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import Statement
from quaestor.agents.roles.verifier import ClaimView
from quaestor.agents.rows import row_sentence
from quaestor.agents.verifier import judge
from quaestor.memory.labels import one_line

_THINGS = 3
_COLUMNS = 3
_MOST_ROWS = 40
_MOST_COLUMNS = 8
_LONGEST_CELL = 160

Table = tuple[tuple[str, ...], ...]


def table_of(
    rows: Sequence[Row], evidence: Numbered, statements: Sequence[Statement]
) -> tuple[Table, tuple[Statement, ...]]:
    """Return a table, its header first, and one cited sentence for each row not yet told.

    A table has no reference marks, so a row stands only where its own evidence holds its cells
    and a sentence says them with their references. Fewer than three things by two attributes are
    no table.
    """
    if len(rows) <= _THINGS or not _COLUMNS <= len(rows[0].cells) <= _MOST_COLUMNS:
        return (), ()
    header = tuple(_text(cell) for cell in rows[0].cells)
    table = [header]
    told: list[Statement] = []
    for row in rows[1 : _MOST_ROWS + 1]:
        passages = evidence.passages(evidence.known(row.evidence))
        cells = _held(row.cells[: len(header)], len(header), passages)
        if not cells:
            continue
        table.append(cells)
        if not any(_tells(one, cells) for one in statements):
            text = row_sentence(header, cells)
            told.append(Statement(text=text, spots=spots_for(text, passages)))
    return (tuple(table), tuple(told)) if len(table) > _THINGS else ((), ())


def carried(text: str, passages: Sequence[Passage]) -> bool:
    """Return whether what code can look up of a text stands in passages."""
    view = ClaimView(
        text=text,
        spans=tuple(one.text for one in passages),
        titles=tuple(dict.fromkeys(one.title for one in passages)),
    )
    return judge(view).verdict in ("supported", "partly")


def _held(cells: Sequence[str], width: int, passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return a row with what its evidence does not hold left empty; nothing if little is left."""
    if not passages:
        return ()
    texts = [_text(cell) for cell in cells]
    held = [text if text and carried(text, passages) else "" for text in texts]
    held += [""] * (width - len(held))
    return tuple(held) if held[0] and any(held[1:]) else ()


def _tells(statement: Statement, cells: Sequence[str]) -> bool:
    text = statement.text.casefold()
    return bool(statement.spots) and all(cell.casefold() in text for cell in cells if cell)


def _text(cell: str) -> str:
    return one_line(without_marks(cell)[0], _LONGEST_CELL)
