"""What of a claim code can look up in its spans: numbers, dates, names, codes and quotes."""

import re
from dataclasses import dataclass

from quaestor.tools.text.dates import Date, dates, weekdays
from quaestor.tools.text.names import Name, name_key, name_words, names
from quaestor.tools.text.numbers import Number, numbers
from quaestor.tools.text.words import UNSPACED

CODE_LETTER = rf"[^\W{UNSPACED}]"
"""Of a word of letters and digits; it may stand right beside words of scripts without spaces."""
_CODE = re.compile(
    rf"(?<![^\W_{UNSPACED}])(?={CODE_LETTER}*\d)"
    rf"(?=(?:{CODE_LETTER}|[./])*(?:[^\W\d_{UNSPACED}]|\d[./]\d))"
    rf"{CODE_LETTER}+(?:[./]{CODE_LETTER}+)*"
)
_QUOTE = re.compile(r"“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|「([^」]+)」|\"([^\"]+)\"")
_YES_NO = re.compile(r"^\s*(?:yes|no|neither|both)\s*[:,;.–—-]\s*", re.IGNORECASE)
_RANGE = re.compile(r"(?<!\d)(\d{2})(\d{2})[-–—/](\d{2})(?!\d)")
_ACRONYM = re.compile(r"(?<![^\W_])(?:[A-Z]\.?){2,6}(?![^\W_])")
_LETTER_AND_DIGIT = re.compile(r"(?=.*[^\W\d_])(?=.*\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What can be looked up of one text."""

    numbers: tuple[Number, ...]
    """Outside dates and codes."""
    dates: tuple[Date, ...]
    names: tuple[Name, ...]
    codes: tuple[str, ...]
    """Words of letters and digits: product, version and paragraph numbers."""
    quotes: tuple[str, ...]
    """What stands between quotation marks."""


def facts(text: str) -> Facts:
    """Return the facts of a text, each place counted once: a date's digits are no numbers."""
    bare = _YES_NO.sub(lambda match: " " * len(match[0]), text)
    days = dates(bare)
    plain = _blank(bare, [(day.start, day.end) for day in days])
    codes = [match for match in _CODE.finditer(plain) if _is_code(match[0])]
    counted = _blank(plain, [match.span() for match in codes])
    figures = numbers(counted)
    return Facts(
        numbers=tuple(figures),
        dates=tuple(days),
        names=tuple(names(_blank(counted, [n.whole for n in figures if not n.lone]))),
        codes=tuple(name_key(match[0].strip("_")) for match in codes),
        quotes=tuple(next(filter(None, match.groups())) for match in _QUOTE.finditer(text)),
    )


def _is_code(token: str) -> bool:
    """Return whether a token is a code, and no number with its unit or ordinal ending."""
    if not _LETTER_AND_DIGIT.match(token):
        return token.count(".") > 1 and not numbers(token)
    return not numbers(token)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """Return a text of the same length with some spans empty."""
    for start, end in spans:
        text = text[:start] + "\x1f" * (end - start) + text[end:]
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Everything a claim's spans say, ready to be looked up."""

    text: str
    parted: str
    """The same, with bars between the cells of a row where they are known: what is read."""
    numbers: tuple[Number, ...]
    dates: tuple[Date, ...]
    words: frozenset[str]
    weekdays: frozenset[int]
    """Named or fallen on; empty where a date has a short year and may fall on any."""
    initials: frozenset[str]
    """Acronyms that names of the spans may be shortened to."""
    acronyms: frozenset[str]
    """Words of capitals, dots left out, that a longer name may be shortened to: US, U.K."""
    title_numbers: tuple[Number, ...]
    title_dates: tuple[Date, ...]
    """Of the titles: what a document is called by, which no span of it need say again."""

    def in_date(self, number: Number) -> bool:
        """Return whether a number of the spans is part of a date."""
        return any(day.start <= number.start < day.end for day in self.dates)


def ground(
    spans: tuple[str, ...], titles: tuple[str, ...] = (), parted: tuple[str, ...] = ()
) -> Ground:
    """Return what spans say; titles say what a span is about, so they add names and stand apart.

    Args:
        spans: Their text.
        titles: Of their documents.
        parted: The same spans with bars between the cells of a row, where those are known.
    """
    text = "\n\n".join(parted or spans)
    days = dates(text)
    inside = [*numbers(text), *_years(text)]
    plain = [n for n in inside if not any(_in_full_date(n, day) for day in days)]
    about = "\n\n".join(titles)
    named = f"{text}\n\n{about}"
    return Ground(
        text="\n\n".join(spans),
        parted=text,
        numbers=tuple(plain),
        dates=tuple(days),
        words=name_words(named),
        weekdays=frozenset() if _short(days) else weekdays(text),
        initials=frozenset(
            "".join(part[0] for part in name.parts) for name in names(named) if len(name.parts) > 1
        ),
        acronyms=frozenset(name_key(m[0].replace(".", "")) for m in _ACRONYM.finditer(named)),
        title_numbers=tuple(numbers(about)),
        title_dates=tuple(dates(about)),
    )


def _short(days: list[Date]) -> bool:
    return any(reading.short for day in days for reading in day.readings)


def _in_full_date(number: Number, day: Date) -> bool:
    """Return whether a number is the day or month of a date that also has its year."""
    return (
        day.start <= number.start < day.end
        and len(number.text) < 3
        and all(reading.year is not None for reading in day.readings)
    )


def _years(text: str) -> list[Number]:
    """Return the second years of ranges: 1934 of 1932-34."""
    found: list[Number] = []
    for match in _RANGE.finditer(text):
        [year] = numbers(match[1] + match[3])
        found.append(year)
    return found
