"""How a date or a number of the claim checks is written: by Babel and num2words, never by us."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from num2words import num2words  # type: ignore[import-untyped]

LOCALES = ("en_US", "en_GB", "de", "fr", "en_IN")
WORDS = ("en", "en_IN", "de", "fr")
LONGEST_IN_WORDS = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number with what it counts."""

    value: Decimal
    unit: str = ""
    """Babel's name of a unit, `percent`, a currency's code, `ordinal` or nothing."""

    @property
    def kind(self) -> str:
        """Return which amounts may stand in for it: a length in miles for one in miles."""
        year = not self.unit and self.value in range(1000, 2100)
        return "year" if year else self.unit


Value = str | datetime.date | Amount
"""A name as the data set writes it, a day, or a number."""


def forms(value: Value) -> Iterator[tuple[str, str]]:
    """Yield (name of the form, value written so)."""
    if isinstance(value, str):
        yield "name", value
    elif isinstance(value, datetime.date):
        for locale in LOCALES:
            for length in ("short", "medium", "long", "full"):
                yield f"date {length} {locale}", format_date(value, length, locale=locale)
    elif value.unit == "ordinal":
        for language in WORDS:
            said = num2words(int(value.value), lang=language, to="ordinal")
            yield f"ordinal words {language}", said
    else:
        yield from _numbers(value)


def _numbers(value: Amount) -> Iterator[tuple[str, str]]:
    name = {"": "number", "percent": "percent"}.get(value.unit, "unit")
    name = "currency" if len(value.unit) == 3 else name
    for locale in LOCALES:
        for length, written in _written(value, locale):
            yield f"{name}{length} {locale}", written
    whole = value.value == value.value.to_integral_value()
    if value.unit or value.value >= LONGEST_IN_WORDS:
        return
    for language in WORDS:
        number = int(value.value) if whole else float(value.value)
        yield f"words {language}", num2words(number, lang=language)
        if value.kind == "year":
            yield f"year words {language}", num2words(int(value.value), lang=language, to="year")


def _written(value: Amount, locale: str) -> Iterator[tuple[str, str]]:
    exact = "#,##0.######"
    if not value.unit:
        indian = "#,##,##0.######" if locale == "en_IN" else exact
        yield "", format_decimal(value.value, indian, locale=locale)
    elif value.unit == "percent":
        yield "", format_percent(value.value / 100, locale=locale, decimal_quantization=False)
    elif len(value.unit) == 3:
        yield "", format_currency(value.value, value.unit, locale=locale)
        named = format_currency(value.value, value.unit, locale=locale, format_type="name")
        yield " name", named
    else:
        for length in ("long", "short", "narrow"):
            written = format_unit(value.value, value.unit, length, locale=locale)
            if value.unit not in written:  # Babel knows no such form in this language
                yield f" {length}", written
