"""Numbers of a text with what they may mean, however they are written.

`1.234` is a thousand and more in German and little more than one in English, so a number is
the set of its readings, and two numbers agree if they share one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from quaestor.tools.text.number_words import worded
from quaestor.tools.text.units import LETTERS, scale_after, unit_after, unit_before
from quaestor.tools.text.words import UNSPACED


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as it stands in a text."""

    text: str
    start: int
    end: int
    """Of the digits or words."""
    whole: tuple[int, int]
    """Its place with scale and unit."""
    values: frozenset[Fraction]
    """Every value it may mean."""
    units: frozenset[str] = frozenset()
    """Every unit it may be given in; empty where none is known."""
    step: Fraction = Fraction(1)
    """The weight of its last digit, scale included: 100,000 for `4.2 million`."""
    lone: bool = False
    """A word that is also something else: may confirm, is never missed."""

    def agrees(self, other: "Number") -> bool:
        """Return whether both may mean the same value in the same unit."""
        return bool(self.values & other.values) and self.same_unit(other)

    def same_unit(self, other: "Number") -> bool:
        """Return whether the units may be the same; an unknown one may be any."""
        return not (self.units and other.units) or bool(self.units & other.units)

    def rounds(self, other: "Number") -> bool:
        """Return whether this is `other` rounded to the precision it is written in."""
        return self.same_unit(other) and any(
            abs(mine - theirs) * 2 <= self.step for mine in self.values for theirs in other.values
        )


LONGEST = 60
"""Characters of digits and marks; what is longer is no number anyone compares."""

_SPACE = "\u0020\u00a0\u202f\u2009"
_DIGITS = re.compile(
    rf"(?<![\d])(?:\d{{1,3}}(?:[{_SPACE}]\d{{3}})+(?!\d)(?:[.,]\d+)?"  # 1 234 567,5
    r"|\d{1,3}(?:['’]\d{3})+(?!\d)(?:[.,]\d+)?"  # 1'234'567.5
    r"|\d+(?:[.,]\d+)*)"
)
_SIGN = re.compile(r"(?:^|[\s(\[\"“,;:=])([-−–])(?:us\$|[$€£¥₹])?$", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|ère|re|ème|e|me|s)\b")
_CAPITAL = re.compile(rf"[{_SPACE}]([MK])\b")
_MORE = re.compile(r"\s*(?:[-–—/]|to|and|or|bis|und|oder|à|et|ou)\s*", re.IGNORECASE)
_LETTER = rf"[^\W\d_{UNSPACED}]"
"""Of a script with spaces between words: in others a number stands right beside what is counted."""
_WORD_BEFORE = re.compile(rf"{_LETTER}$|{_LETTER}-?\d*[.]$|[^\W_]_+$")
_WORD_AFTER = re.compile(rf"[^\W_{UNSPACED}]")


def numbers(text: str) -> list[Number]:
    """Return the numbers of a text in order, in digits and in words.

    Digits inside a word ("MP3", "A320"), and those of a version or address (1.2.3), are no
    numbers. "10 to 12 %" gives both their unit, "4.2 and 4.3 million" both their scale.
    """
    found = sorted((*_digits(text), *_worded(text)), key=lambda n: (n.start, n.end))
    return list(_carried(found, text))


def _worded(text: str) -> Iterator[Number]:
    for word in worded(text):
        size, end = scale_after(text, word.end)
        units, reach = unit_after(text, end)
        yield Number(
            text=text[word.start : word.end],
            start=word.start,
            end=word.end,
            whole=(word.start, reach),
            values=frozenset({word.value * size}),
            units=units,
            step=Fraction(size),
            lone=word.lone,
        )


def _digits(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        start = match.start()
        in_word = start and _WORD_BEFORE.search(text, max(0, start - 4), start)
        if in_word and not unit_before(text, start)[0]:
            continue
        yield from _read(text, match)


def _read(text: str, match: re.Match[str]) -> Iterator[Number]:
    """Yield the number, and its groups apart where only spaces hold it together.

    Where commas part what is no one number, as in a row of data, each is its own.
    """
    token, start, end = match[0], match.start(), match.end()
    number = _number(text, token, start, end)
    if number:
        yield number
    spaced = "\u0020" in token
    if spaced or ("," in token and not _values(token)):
        for part in re.finditer(r"[\d.,'’]+" if spaced else r"[\d.]+", token):
            apart = _number(text, part[0], start + part.start(), start + part.end())
            if apart:
                yield replace(apart, lone=spaced)


def _number(text: str, token: str, start: int, end: int) -> Number | None:
    values = _values(token)
    if not values:
        return None
    ordinal = _ORDINAL.match(text, end)
    after = ordinal.end() if ordinal else end
    if _WORD_AFTER.match(text, after) and not ordinal and not _attached(text, end):
        return None  # the start of a code: 747s, 2B
    size, behind = scale_after(text, after)
    sizes = {size}
    letter = LETTERS.get(text[end : end + 1].lower(), 1) if size == 1 else 1
    if letter > 1 and not text[end + 1 : end + 2].isalnum():
        sizes.add(letter)
    capital = _CAPITAL.match(text, end) if size == 1 else None
    if capital:
        sizes.add(LETTERS[capital[1].lower()])
    units, whole = _units(text, start, behind)
    sign = -1 if _SIGN.search(text, max(0, start - 5), start) else 1
    return Number(
        text=token,
        start=start,
        end=end,
        whole=whole,
        values=frozenset(value * by * sign for value in values for by in sizes),
        units=units,
        step=max(step for step in values.values()) * max(sizes),
    )


def _units(text: str, start: int, end: int) -> tuple[frozenset[str], tuple[int, int]]:
    """Return the units around a number and where they stand.

    A currency's letters in front may belong to the number before: 50 CHF 12 %.
    """
    (before, left), (after, right) = unit_before(text, start), unit_after(text, end)
    if after and text[left:start].rstrip()[-1:].isalpha():
        return after, (start, right)
    return before | after, (left, right)


def _attached(text: str, end: int) -> bool:
    """Return whether letters right behind digits are a scale or a unit."""
    if scale_after(text, end)[0] > 1 or unit_after(text, end)[1] > end:
        return True
    return text[end].lower() in LETTERS and not text[end + 1 : end + 2].isalnum()


def _values(token: str) -> dict[Fraction, Fraction]:
    return dict(_readings(token)) if len(token) <= LONGEST else {}


def _readings(token: str) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield each value digits and separators may mean, with the weight of the last digit."""
    bare = re.sub(rf"[{_SPACE}'’]", "", token)
    marks = re.sub(r"\d", "", bare)
    if not marks:
        yield Fraction(int(bare)), Fraction(1)
        return
    last = marks[-1]
    whole, _, decimals = bare.rpartition(last)
    if marks == "," and _two(whole, decimals):
        return
    if _grouped(bare, last) and len(set(marks)) == 1:
        yield Fraction(int(bare.replace(last, ""))), Fraction(1)
        if decimals == "000":  # nobody writes fifteen as 15,000
            return
    other = set(marks[:-1])
    if last not in other and len(other) <= 1 and (not other or _grouped(whole, other.pop())):
        digits = re.sub(r"\D", "", whole)
        step = Fraction(1, 10 ** len(decimals))
        yield Fraction(int(digits)) + int(decimals) * step, step


def _two(left: str, right: str) -> bool:
    """Return whether a comma stands between two numbers, as in 04,490 or 41,49000.

    A rate of exchange has four decimals, and they may end in zero.
    """
    if left.startswith("0"):
        return len(left) > 1
    return (len(right) > 4 and right.endswith("0")) or (len(right) > 3 and len(left) > 3)


def _grouped(digits: str, mark: str) -> bool:
    """Return whether marks stand where thousands (or lakhs and crores) are parted."""
    first, *rest = digits.split(mark)
    if not rest or not first.isdigit() or not all(part.isdigit() for part in rest):
        return False
    if first == "0" * len(first) or len(rest[-1]) != 3:
        return False
    western = len(first) <= 3 and all(len(part) == 3 for part in rest)
    return western or (len(first) <= 2 and all(len(part) == 2 for part in rest[:-1]))


def _carried(found: list[Number], text: str) -> Iterator[Number]:
    """Give a number the scale and unit of the one it is joined with: 10 to 12 %."""
    for i, number in enumerate(found):
        after = next((n for n in found[i + 1 : i + 4] if n.start >= number.end), None)
        joined = after and _MORE.fullmatch(text, number.end, after.start)
        if not after or not joined:
            yield number
            continue
        scale = scale_after(text, after.end)[0]
        values = number.values | {value * scale for value in number.values}
        yield replace(number, values=values, units=number.units or after.units)
