"""Dates of a text with what they may mean, in the forms of several languages.

`02/11/1932` is in November in Europe and in February in America, so a date is the set of its
readings; a two-digit year agrees with every year that ends so.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTH_NAMES = """
january jan januar jänner janvier janv enero ene gennaio gen janeiro января январь янв
february feb fev februar février fevr févr febrero febbraio fevereiro febr февраля февраль фев
march mar märz mrz mär mars marzo março марта март
april apr avril avr abril abr aprile апреля апрель апр
may mai mayo maggio maio мая май
june jun juni juin junio giugno giu junho июня июнь
july jul juli juillet juil julio luglio lug julho июля июль
august aug août aout agosto ago августа август авг
september sep sept septembre septiembre settembre setembro сентября сентябрь сен
october oct oktober okt octobre octubre ottobre ott outubro октября октябрь окт
november nov novembre noviembre novembro ноября ноябрь
december dec dezember dez décembre déc diciembre dic dicembre dezembro декабря декабрь дек
"""
MONTHS = {
    name: number
    for number, line in enumerate(_MONTH_NAMES.strip().splitlines(), start=1)
    for name in line.split()
}
_WEEKDAY_NAMES = """
monday montag lundi lunes lunedì
tuesday dienstag mardi martes martedì
wednesday mittwoch mercredi miércoles mercoledì
thursday donnerstag jeudi jueves giovedì
friday freitag vendredi viernes venerdì
saturday samstag sonnabend samedi sábado sabato
sunday sonntag dimanche domingo domenica
"""
WEEKDAYS = {
    name: number
    for number, line in enumerate(_WEEKDAY_NAMES.strip().splitlines())
    for name in line.split()
}
"""0 is Monday, as `datetime.date.weekday` counts."""


@dataclass(frozen=True, slots=True, order=True)
class Reading:
    """One meaning of a date; what it does not say is None."""

    year: int | None
    month: int | None
    day: int | None
    short: bool = False
    """The year is given by its last two digits."""

    def exactness(self) -> int:
        """Return how many of year, month and day it says."""
        return sum(part is not None for part in (self.year, self.month, self.day))

    def agrees(self, other: "Reading") -> bool:
        """Return whether what both say is the same, and there is such a part."""
        pairs = [
            (mine, theirs)
            for mine, theirs in ((self.month, other.month), (self.day, other.day))
            if mine is not None and theirs is not None
        ]
        if self.year is not None and other.year is not None:
            modulus = 100 if self.short or other.short else 10**6
            pairs.append((self.year % modulus, other.year % modulus))
        return bool(pairs) and all(mine == theirs for mine, theirs in pairs)

    def within(self, other: "Reading") -> bool:
        """Return whether `other` says all that this says."""
        return self.agrees(other) and all(
            mine is None or theirs is not None
            for mine, theirs in (
                (self.year, other.year),
                (self.month, other.month),
                (self.day, other.day),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A date as it stands in a text; it says at least a month or a full numeric form."""

    text: str
    start: int
    end: int
    readings: frozenset[Reading]


_MONTH = "(?:" + "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)) + r")(?![^\W\d_])"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?"
_FIRST = r"(?:(?P<first>\d{1,2})(?:st|nd|rd|th|\.)?\s*(?:[-–—/&]|to|and|und|bis|et|au)\s*)?"
_YEAR = r"(?P<year>\d{4}|['’]\d{2})(?!\d)"
_OF = r"[\s\u00a0\u202f]*(?:[-,.]|of|de|del)?[\s\u00a0\u202f]*"
# A dash lost between two dates leaves "26 November 19357 October 2012"
_GLUED = rf"\d{{4}}(?=\d{{1,2}} {_MONTH})"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 2 November 1932, 2nd of November, 2. November 1932, 2 de noviembre de 1932, 02-Nov-32
        rf"(?:(?<![\d.,])|(?<=[^\W\d_] \d{{4}})){_FIRST}{_DAY}{_OF}(?P<month>{_MONTH})"
        rf"(?:\.?,?{_OF}(?:(?P<year>\d{{4}}|['’]\d{{2}}|(?<=-)\d{{2}})(?!\d)|(?P<glued>{_GLUED})))?",
        # November 2, 1932, Nov. 2nd 1932, November 2
        rf"(?<![^\W\d_])(?P<month>{_MONTH})\.?\s+{_FIRST}{_DAY}(?!\d|[.,:]\d)(?:,?{_OF}{_YEAR})?",
        # November 1932, Nov. 1932, November of 1932
        rf"(?<![^\W\d_])(?P<month>{_MONTH})\.?,?{_OF}{_YEAR}",
        # 1932-11-02, 1932/11/02, 1932年11月2日
        r"(?<![\d.])(?P<year>\d{4})(?:(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d))",
        r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월](?:\s*(?P<day>\d{1,2})\s*[日일])?",
        r"(?<!\d)(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]",
        # 2.11.1932, 11/2/32, 02-11-1932
        r"(?<![\d./-])(?P<day>\d{1,2})(?P<sep>[./-])\s?(?P<month>\d{1,2})(?P=sep)\s?"
        r"(?P<swap>)(?P<year>\d{4}|\d{2})(?![\d])(?![./-]\d)",
        # 11/1932
        r"(?<![\d./-])(?P<month>\d{1,2})/(?P<year>\d{4})(?!\d)(?!/\d)",
    )
)


def dates(text: str) -> list[Date]:
    """Return the dates of a text in order; where forms overlap, the first of the list counts."""
    found: list[Date] = []
    for form in _FORMS:
        for match in form.finditer(text):
            date = _date(match)
            if date and not any(d.start < date.end and date.start < d.end for d in found):
                found.append(date)
    return sorted(found, key=lambda date: date.start)


def weekdays(text: str) -> frozenset[int]:
    """Return the days of the week a text names or its full dates fall on."""
    fall = {
        datetime.date(reading.year, reading.month, reading.day).weekday()
        for date in dates(text)
        for reading in date.readings
        if reading.year and reading.month and reading.day and not reading.short
    }
    return named_weekdays(text) | fall


def named_weekdays(text: str) -> frozenset[int]:
    """Return the days of the week a text names."""
    found = re.findall(r"[^\W\d_]+", text.lower())
    return frozenset(WEEKDAYS[word] for word in found if word in WEEKDAYS)


def _date(match: re.Match[str]) -> Date | None:
    parts = match.groupdict()
    readings = frozenset(_readings(parts))
    if not readings:
        return None
    return Date(text=match[0], start=match.start(), end=match.end(), readings=readings)


def _readings(parts: dict[str, str | None]) -> Iterator[Reading]:
    year, short = _year(parts.get("year") or parts.get("glued"))
    given = parts.get("month") or ""
    word = given.lower()
    if given in ("may", "march"):
        return  # the verbs
    month = MONTHS.get(word) or (int(word) if word.isdigit() else None)
    for digits in (parts.get("day"), parts.get("first")):
        if digits is None:
            continue
        day = int(digits)
        orders = [(month, day)]
        if "swap" in parts and parts.get("sep") != ".":  # only dots say that the day comes first
            orders.append((day, month or 0))
        for m, d in orders:
            reading = Reading(year, m, d, short)
            if _exists(reading):
                yield reading
    if parts.get("day") is None and month is not None and 1 <= month <= 12:
        yield Reading(year, month, None, short)


def _year(digits: str | None) -> tuple[int | None, bool]:
    if digits is None:
        return None, False
    bare = digits.lstrip("'’")
    return int(bare), len(bare) == 2


def _exists(reading: Reading) -> bool:
    try:
        year = 2000 if reading.year is None or reading.short else reading.year
        datetime.date(year, reading.month or 0, reading.day or 0)
    except ValueError:
        return False
    return True
