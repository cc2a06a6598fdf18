"""Dates, numbers and other typed values in a sentence, where they stand and what they say."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?P<{0}>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<{0}>1\d{{3}}|20\d{{2}})"
_DATES = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b"),
    re.compile(
        r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?" + _MONTH.format("m") + r",?\s+"
        r"(?P<y>\d{3,4})\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b" + _MONTH.format("m") + r"\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{3,4})\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b" + _MONTH.format("m") + r",?\s+" + _YEAR.format("y") + r"\b", re.IGNORECASE),
    re.compile(r"\b(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})\b"),
    re.compile(r"(?<![\d.,$€£])" + _YEAR.format("y") + r"(?:s\b|\b)(?![.,]?\d)"),
    re.compile(r"\b(?P<c>\d{1,2})(?:st|nd|rd|th)[\s-]century\b", re.IGNORECASE),
)
_NUMBER = re.compile(
    r"(?P<unit>[$€£¥]|\b(?:USD|EUR|GBP|CHF)\s?)?(?<![\w.,])(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|"
    r"\d+(?:\.\d+)?)(?:\s?(?P<scale>hundred|thousand|million|billion|trillion|[kKMm]n?\b|bn\b))?"
    r"(?:\s?(?P<after>%|percent\b|per\s+cent\b|(?!(?:and|or|in|of|the|to|by|at|on|as|is|was|were|"
    r"from|for|with|that|which|people|when|who|than|per)\b)[^\W\d_]+))?"
)
_WORDED = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|"
    r"sixty|ninety|once|twice|hundred|dozen)\b(?:\s+([a-z]+))?",
    re.IGNORECASE,
)
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
_ONES = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SPELLED = {word: float(value) for value, word in enumerate(_ONES, start=2)} | {
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "ninety": 90.0,
    "once": 1.0,
    "twice": 2.0,
    "hundred": 100.0,
    "dozen": 12.0,
}

Occasion = Literal["birth", "death", "other"]


@dataclass(frozen=True, slots=True)
class Date:
    """A date as it stands in a text."""

    text: str
    start: int
    end: int
    when: tuple[int, int, int]
    """Year, month, day; 0 where the text does not say."""
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text, with its unit."""

    text: str
    start: int
    end: int
    value: float
    unit: str
    """Folded word or sign beside it; empty where there is none."""


@lru_cache(maxsize=8192)
def dates(text: str) -> tuple[Date, ...]:
    """Return the dates of a text in order, each with what it dates as far as that is told."""
    taken: list[Date] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if not any(one.start < match.end() and match.start() < one.end for one in taken):
                when = _when(match)
                if when:
                    taken.append(Date(match[0], match.start(), match.end(), when, "other"))
    taken.sort(key=lambda one: one.start)
    return tuple(_with_occasion(text, taken, i) for i in range(len(taken)))


def _when(match: re.Match[str]) -> tuple[int, int, int] | None:
    found = match.groupdict()
    if found.get("c"):
        return (int(found["c"]) - 1) * 100, 0, 0
    month = found.get("m") or "0"
    number = int(month) if month.isdigit() else MONTHS[month.lower()]
    day = int(found.get("d") or 0)
    return (int(found["y"]), number, day) if number <= 12 and day <= 31 else None


_BIRTH = re.compile(r"\b(?:born|b\.|birth|née|\*)\W*(?:\w+\W+){0,6}$", re.IGNORECASE)
_DEATH = re.compile(r"(?:\b(?:died|death|d\.|dies|killed)|†)\W*(?:\w+\W+){0,6}$", re.IGNORECASE)
_DASH = re.compile(r"^[^()]{0,40}[–—-][^()]{0,40}$|^[^()]{0,40}\bto\b[^()]{0,20}$")


def _with_occasion(text: str, found: list[Date], i: int) -> Date:
    one = found[i]
    occasion: Occasion = "other"
    if _is_span(text, found, i, i + 1):
        occasion = "birth"
    elif i and _is_span(text, found, i - 1, i):
        occasion = "death"
    else:
        before = text[max(0, one.start - 60) : one.start]
        born, died = _BIRTH.search(before), _DEATH.search(before)
        if died and (not born or died.start() > born.start()):
            occasion = "death"
        elif born:
            occasion = "birth"
    return Date(one.text, one.start, one.end, one.when, occasion)


def _is_span(text: str, found: list[Date], first: int, second: int) -> bool:
    """Tell a life span in brackets: '(4 May 1901, Graz – 1 June 1980)'."""
    if second >= len(found):
        return False
    one, other = found[first], found[second]
    opened = text.rfind("(", 0, one.start)
    between = text[one.end : other.start]
    if opened < 0 or ")" in text[opened : one.start] or not _DASH.match(between):
        return False
    return other.when[0] - one.when[0] <= 120


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of a text in order, those of its dates left out."""
    dated = dates(text)
    found: list[Quantity] = []
    for match in _NUMBER.finditer(text):
        start, end = match.start(), match.end()
        if any(one.start < end and start < one.end for one in dated):
            continue
        scale = _SCALES.get((match["scale"] or "").lower(), 1.0)
        unit = (match["unit"] or match["after"] or "").strip().lower()
        value = float(match["n"].replace(",", "")) * scale
        found.append(Quantity(match[0].strip(), start, end, value, unit))
    for match in _WORDED.finditer(text):
        value = _SPELLED[match[1].lower()]
        found.append(Quantity(match[1], match.start(), match.end(1), value, match[2] or ""))
    return tuple(sorted(found, key=lambda one: one.start))
