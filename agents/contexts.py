"""Whether a span gives another value for what a claim speaks of: the words around both."""

from collections.abc import Sequence
from typing import TypeVar

from quaestor.tools.text.dates import Date
from quaestor.tools.text.numbers import Number
from quaestor.tools.text.words import words

Figure = TypeVar("Figure", Number, Date)

BEFORE, AFTER = 5, 3
"""Content words around a value that say what it is the value of."""
ALIKE = 0.6
"""Share of the claim's words around a value that must stand around the other one too."""
AT_LEAST = 2


def other_value(
    claim: str,
    value: Figure,
    stated: Sequence[Figure],
    span: str,
    there: Sequence[Figure],
) -> str:
    """Return what a span says in place of a claim's value; empty unless that is clear.

    Args:
        claim: The claim.
        value: A value of it that the span does not hold.
        stated: All values of the claim; one that it states elsewhere is no replacement.
        span: The text of its spans.
        there: Their values.
    """
    around = _around(claim, value.start, value.end)
    for other in there:
        if not _same_kind(value, other) or any(_equal(mine, other) for mine in stated):
            continue
        shared = around & _around(span, other.start, other.end)
        if len(shared) >= max(AT_LEAST, ALIKE * len(around)):
            return other.text.strip()
    return ""


def _around(text: str, start: int, end: int) -> frozenset[str]:
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", end)
    before = [w.term for w in words(text[left:start]) if not w.stop and not w.term.isdigit()]
    behind = text[end : right if right >= 0 else len(text)]
    after = [w.term for w in words(behind) if not w.stop and not w.term.isdigit()]
    return frozenset(before[-BEFORE:] + after[:AFTER])


def _same_kind(one: Number | Date, other: Number | Date) -> bool:
    if isinstance(one, Date) or isinstance(other, Date):
        return isinstance(one, Date) and isinstance(other, Date)
    same = bool(one.units) == bool(other.units) and one.same_unit(other)
    return same and not other.lone and like_year(one) == like_year(other)


def like_year(number: Number) -> bool:
    """Return whether a number looks like a year."""
    return len(number.text) == 4 and number.text.isdigit() and not number.units


def _equal(one: Number | Date, other: Number | Date) -> bool:
    if isinstance(one, Number) and isinstance(other, Number):
        return one.agrees(other)
    if isinstance(one, Date) and isinstance(other, Date):
        return any(mine.within(theirs) for mine in one.readings for theirs in other.readings)
    return False
