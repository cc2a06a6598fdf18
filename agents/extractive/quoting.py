"""A span as a report says it: the sentence as it stands, or the row with its columns' names."""

from quaestor.agents.extractive.columns import cells
from quaestor.agents.extractive.reading import LEANS, read
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import Spot, Statement
from quaestor.agents.rows import row_sentence


def quoted(passage: Passage, spot: Spot) -> Statement:
    """Return a sentence as it stands, with its document's name where it leans on one before it.

    A row of a table whose columns have names is said with them, and cites them too.
    """
    text = passage.text[spot.start - passage.start : spot.end - passage.start]
    title = passage.title.strip()
    if title and text.startswith(f"{title}\n"):
        return Statement(text=f"{title}: {_line(text[len(title) :])}", spots=(spot,))
    if title and LEANS.match(text):
        return Statement(text=f"{title}: {_line(text)}", spots=(spot,))
    return _row(passage, spot, text) or Statement(text=_line(text), spots=(spot,))


def _row(passage: Passage, spot: Spot, text: str) -> Statement | None:
    reading = read(passage.text, passage.title)
    row = [text[start:end] for start, end in cells(text, reading.delimiter or "|")]
    if len(row) != len(reading.columns) or not row[0] or not any(row[1:]):
        return None
    start = passage.start + passage.text.index(reading.columns[0])
    head = passage.text.lstrip().splitlines()[0].rstrip(" \t|")
    end = passage.start + passage.text.index(head) + len(head)
    if spot.start < end:
        return None
    names = Spot(evidence=passage.evidence, start=start, end=end)
    return Statement(text=_line(row_sentence(reading.columns, row)), spots=(spot, names))


def _line(text: str) -> str:
    return " ".join(text.split())
