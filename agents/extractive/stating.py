"""What a sentence or a row of a table states outright: 'the X is Y', and the cell below 'X'."""

import re
from collections.abc import Iterator

from quaestor.agents.extractive.columns import Stretch, cells
from quaestor.agents.extractive.covering import has, late
from quaestor.agents.extractive.names import folded
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.reading import Reading, Unit
from quaestor.agents.extractive.values import Quantity, quantities
from quaestor.tools.text.words import content_terms, terms

_IS = re.compile(r"\s(?:is|are|was|were|amounts\s+to|stands\s+at)\s+|\s?[:=]\s+", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;(]|\s(?:and|but|while|whereas|because|which|that)\s", re.IGNORECASE)
_ENDS = re.compile(
    r"[;()]|,\s|[.!?]+\s*$|\s(?:and|but|while|whereas|because|which|who|if|unless|until|plus)\s"
)
_ENDS_LIST = re.compile(r"[;()]|[.!?]+\s*$|\s(?:but|while|whereas|because|which|if|unless|until)\s")
_HEDGE = re.compile(r"(?:now|currently|about|around|only|at\s+(?:most|least)|up\s+to)\s+", re.I)
_PASSIVE = re.compile(
    r"(?:not|also|never|being|\w+(?:ed|wn|en)\s+(?:by|in|on|at|to|for|from|with))\b"
)
_RATE = re.compile(
    r"/[^\W\d_]+|\s(?:an?|per|each|every)\s(?:second|minute|hour|day|night|week|fortnight|month|quarter|year|"
    r"head|person|piece|item|page|kilo|kilogram|kilometre|km|metre|litre|tonne)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:the\s+|an?\s+)?([^\s:][^:\n]{0,39}):\s", re.IGNORECASE)
"""What an item of a list is about."""
_LONGEST = 80
"""Code points of what is stated in words."""
_MOST_WORDS = 12
"""Of a subject."""


def stated(question: Question, unit: Unit) -> Iterator[Stretch]:
    """Yield what stands behind 'the X is' where the question asks what the X is."""
    if not question.head:
        return
    for match in _IS.finditer(unit.text):
        subject = terms(_CLAUSE.split(unit.text[: match.start()])[-1])
        if len(subject) <= _MOST_WORDS and all(term in subject for term in question.head):
            yield from _complement(unit, match.end(), many="re" in match[0])
            return


def _complement(unit: Unit, start: int, *, many: bool) -> Iterator[Stretch]:
    hedge = _HEDGE.match(unit.text, start)
    start = hedge.end() if hedge else start
    stop = (_ENDS_LIST if many else _ENDS).search(unit.text, start)
    end = stop.start() if stop else len(unit.text)
    figure = next((one for one in quantities(unit.text) if one.start == start), None)
    if figure is not None:
        yield start, with_rate(unit.text, end_of_figure(unit.text, figure))
    elif 0 < end - start <= _LONGEST and not _PASSIVE.match(unit.text, start):
        yield start, end


def end_of_figure(text: str, figure: Quantity) -> int:
    """Return where a figure ends with its unit, which a number in words leaves out."""
    end = figure.start + len(figure.text)
    if not figure.unit or figure.text.lower().endswith(figure.unit):
        return end
    unit = re.compile(rf"\s{re.escape(figure.unit)}\b").match(text, end)
    return unit.end() if unit else end


def with_rate(text: str, end: int) -> int:
    """Return where a figure ends with what it is counted by: '40 euros a night'."""
    rate = _RATE.match(text, end)
    return rate.end() if rate else end


def is_other_row(question: Question, unit: Unit, reading: Reading) -> bool:
    """Tell a row, or an item 'X: ...', that the question does not name while it names another."""
    if _label(unit) and not _names_label(question, unit):
        return any(_names_label(question, one) for one in reading.units)
    if not reading.columns or _names_cell(question, unit, reading):
        return False
    return any(_names_cell(question, one, reading) for one in reading.units)


def _label(unit: Unit) -> str:
    label = _LABEL.match(unit.text)
    return folded(label[1]) if label else ""


def _names_label(question: Question, unit: Unit) -> bool:
    label = _label(unit)
    return bool(label) and f" {label} " in question.flat


def _names_cell(question: Question, unit: Unit, reading: Reading) -> bool:
    row = cells(unit.text, reading.delimiter)
    if len(row) != len(reading.columns) or unit.text.startswith(reading.columns[0]):
        return False
    return any(_is_named(question, unit.text[start:end]) for start, end in row)


def cell_asked(question: Question, unit: Unit, reading: Reading) -> Iterator[Stretch]:
    """Yield the cell below the column that is asked for, in a row that the question names."""
    row = cells(unit.text, reading.delimiter) if reading.columns else ()
    if not row or len(row) != len(reading.columns):
        return
    named = [_is_named(question, unit.text[start:end]) for start, end in row]
    if not any(named):
        return
    worth = [
        0.0 if named[i] or start == end else _asked(question, reading.columns[i])
        for i, (start, end) in enumerate(row)
    ]
    if max(worth) > 0:
        yield row[worth.index(max(worth))]


def _asked(question: Question, column: str) -> float:
    """Return how surely a column is the one a question asks for."""
    held = frozenset(terms(column))
    return sum(question.terms[t] * late(question, t) * has(t, held) for t in question.relations)


def _is_named(question: Question, cell: str) -> bool:
    """Tell whether a question names the thing in a cell, whole."""
    said = content_terms(cell)
    named = f" {folded(cell)} " in question.flat or {*said} <= {*question.terms}
    return bool(said) and named
