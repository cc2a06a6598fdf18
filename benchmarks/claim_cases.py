"""The claims of claim_checks.py: facts of two data sets, each with a false twin.

A fact is a value with the sentence it stands in. Its twin has a value of the same type from
another document; every other one has, where there is such a value, one that also stands elsewhere
in the same document. No twin's value stands in the sentence.
"""

import datetime
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from num2words import num2words  # type: ignore[import-untyped]

from benchmarks.claim_forms import Amount, Value
from quaestor.tools.text.sentences import sentences

_MONTHS = """January February March April May June July August September October November
December""".split()
_MONTH = "|".join(_MONTHS)
_DAY = re.compile(
    rf"(?<!\d)(?:(?P<day>\d{{1,2}}) (?P<month>{_MONTH})|(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}}))"
    r",? (?P<year>\d{4})(?!\d)"
)
_NUMBER = re.compile(
    r"(?<![\w.,/–−:#'-])(?P<currency>[$£€])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<ordinal>st|nd|rd|th)?(?![\w/:]|[-–.,]\d|-[a-z])(?:[ -](?P<scale>million|billion))?"
    r"(?:\s?(?P<unit>%|km2|[a-z]+(?![²2])"
    r"(?: miles?| met(?:er|re)s| per hour| kilomet(?:er|re)s)?))?"
)
_SCALE = {"million": 10**6, "billion": 10**9}
_CURRENCY = {"$": "USD", "£": "GBP", "€": "EUR"}
_UNIT_NAMES = {
    "percent": "% percent",
    "length-kilometer": "km kilometers kilometres",
    "area-square-kilometer": "km2",
    "length-mile": "miles mi",
    "length-foot": "feet ft",
    "length-meter": "m meters metres",
    "length-inch": "inches",
    "area-acre": "acres",
    "area-hectare": "hectares ha",
    "speed-mile-per-hour": "mph",
    "speed-kilometer-per-hour": "km/h",
    "duration-minute": "minutes",
    "duration-hour": "hours",
    "duration-day": "days",
    "duration-week": "weeks",
    "duration-month": "months",
    "duration-year": "years",
    "mass-kilogram": "kg kilograms",
    "mass-pound": "lb pounds",
}
_UNITS = {name: unit for unit, names in _UNIT_NAMES.items() for name in names.split()} | {
    "square miles": "area-square-mile",
    "square kilometers": "area-square-kilometer",
    "square kilometres": "area-square-kilometer",
    "square metres": "area-square-meter",
    "square meters": "area-square-meter",
    "miles per hour": "speed-mile-per-hour",
}
_PEOPLE = frozenset(
    "director father mother spouse performer composer child sibling publisher".split()
)
_PLACES = ("place", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a document says, and where."""

    document: str
    title: str
    subject: str
    about: str
    """What the value is of the subject: a relation of the data set, or nothing."""
    kind: str
    """Values of one kind may stand in for each other."""
    value: Value
    span: str
    rest: str
    """The document without the span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A fact and a false value for it."""

    fact: Fact
    false: Value
    near: bool
    """The false value stands elsewhere in the same document."""


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def triples(dataset: Path) -> list[Fact]:
    """Return the facts of the `evidences` of a data set, where the value stands in a sentence."""
    corpus = {str(row["id"]): row for row in rows_of(dataset / "corpus.jsonl")}
    found: dict[tuple[str, ...], Fact] = {}
    for question in rows_of(dataset / "questions.jsonl"):
        gold = [corpus[name] for name in question["supporting_ids"]]
        for subject, relation, said in question["evidences"]:
            for row in gold:
                bare = re.sub(r" \([^)]*\)$", "", str(row["title"]))
                if subject not in (row["title"], bare):
                    continue
                value, kind = _value(relation, said)
                fact = _found(row, subject, relation, kind, value)
                if fact:
                    found.setdefault((fact.document, relation, said), fact)
    return list(found.values())


def figures(dataset: Path) -> list[Fact]:
    """Return the numbers of the gold passages of a data set."""
    corpus = {str(row["id"]): row for row in rows_of(dataset / "corpus.jsonl")}
    questions = rows_of(dataset / "questions.jsonl")
    gold = dict.fromkeys(str(name) for q in questions for name in q["supporting_ids"])
    found: list[Fact] = []
    for row in (corpus[name] for name in gold):
        text = str(row["text"])
        for start, end in sentences(text):
            rest = text[:start] + "\n" + text[end:]
            found += [
                Fact(
                    document=str(row["id"]),
                    title=str(row["title"]),
                    subject=str(row["title"]),
                    about="",
                    kind=f"number {amount.kind}",
                    value=amount,
                    span=text[start:end],
                    rest=rest,
                )
                for amount in amounts(text[start:end])
            ]
    return found


def amounts(text: str) -> list[Amount]:
    """Return the numbers of an English text that stand in digits, dates left out."""
    bare = _DAY.sub(lambda match: "x" * len(match[0]), text)
    bare = re.sub(rf"(?:{_MONTH}) \d{{1,2}}|\d{{1,2}} (?:{_MONTH})", "x", bare)
    return [_amount(match) for match in _NUMBER.finditer(bare)]


def _amount(match: re.Match[str]) -> Amount:
    value = Decimal(match["digits"].replace(",", "")) * _SCALE.get(match["scale"] or "", 1)
    unit = _CURRENCY.get(match["currency"] or "") or _UNITS.get(match["unit"] or "", "")
    return Amount(value=value, unit="ordinal" if match["ordinal"] else unit)


def days(text: str) -> list[datetime.date]:
    """Return the days of an English text that are written with month and year."""
    found: list[datetime.date] = []
    for match in _DAY.finditer(text):
        month = 1 + [*map(str, _MONTHS)].index(match["month"] or match["month2"])
        day = int(match["day"] or match["day2"])
        found.append(datetime.date(int(match["year"]), month, day))
    return found


def _value(relation: str, said: str) -> tuple[Value, str]:
    if days(said):
        return days(said)[0], "date"
    if re.fullmatch(r"\d{4}", said):
        return Amount(value=Decimal(said)), "number year"
    people = relation in _PEOPLE
    return said, "person" if people else "place" if relation.startswith(_PLACES) else relation


def _found(
    row: dict[str, Any], subject: str, relation: str, kind: str, value: Value
) -> Fact | None:
    text = str(row["text"])
    for start, end in sentences(text):
        if stands(value, text[start:end]):
            return Fact(
                document=str(row["id"]),
                title=str(row["title"]),
                subject=subject,
                about=relation,
                kind=kind,
                value=value,
                span=text[start:end],
                rest=text[:start] + "\n" + text[end:],
            )
    return None


def stands(value: Value, text: str) -> bool:
    """Return whether a value stands in a text."""
    if isinstance(value, datetime.date):
        return value in days(text)
    if isinstance(value, str):
        return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None
    if value.value.as_integer_ratio()[1] == 1:
        said = num2words(int(value.value)), num2words(int(value.value), to="ordinal")
        if any(re.search(rf"\b{word}\b", text.lower()) for word in said):
            return True
    bare = text.replace(",", "")
    digits = re.search(rf"(?<![\d.]){value.value:f}(?![\d.]*\d)", bare)
    return bool(digits) or any(value.value == other.value for other in amounts(text))


def twins(facts: Sequence[Fact], *, count: int, seed: int) -> list[Twin]:
    """Return facts drawn at random, each with a false value."""
    drawn = random.Random(seed)
    pools: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        pools[fact.kind].append(fact)
    chosen = drawn.sample(facts, len(facts))
    found: list[Twin] = []
    near = 0
    for fact in chosen:
        if len(found) == count:
            break
        others = [other.value for other in pools[fact.kind] if other.document != fact.document]
        away = [value for value in others if _differs(value, fact)]
        here = [value for value in _elsewhere(fact, others) if _differs(value, fact)]
        wanted = here if here and near * 2 <= len(found) else away
        if wanted:
            near += wanted is here
            found.append(Twin(fact=fact, false=drawn.choice(wanted), near=wanted is here))
    return found


def _elsewhere(fact: Fact, others: Sequence[Value]) -> Iterator[Value]:
    if isinstance(fact.value, datetime.date):
        yield from days(fact.rest)
    elif isinstance(fact.value, Amount):
        yield from (one for one in amounts(fact.rest) if one.kind == fact.value.kind)
    else:
        yield from (value for value in dict.fromkeys(others) if stands(value, fact.rest))


def _differs(value: Value, fact: Fact) -> bool:
    """Return whether a value is another one, stands not in the span, and not in the title."""
    return value != fact.value and not stands(value, f"{fact.span}\n{fact.title}")
