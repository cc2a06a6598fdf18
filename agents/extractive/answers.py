"""Candidate answers in a sentence, by the kind of answer a question wants."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quaestor.agents.extractive.bridging import closeness
from quaestor.agents.extractive.columns import Stretch
from quaestor.agents.extractive.covering import late, open_terms
from quaestor.agents.extractive.lexicon import countries, kin
from quaestor.agents.extractive.names import Name, folded
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.reading import Reading, Unit
from quaestor.agents.extractive.stating import (
    cell_asked,
    end_of_figure,
    is_other_row,
    stated,
    with_rate,
)
from quaestor.agents.extractive.values import Occasion, Quantity, dates, quantities
from quaestor.tools.text.words import terms

_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|from|near|of|to|outside|around|into|via)(?:\s+the)?\s*$|,\s*$", re.IGNORECASE
)
_WHERE = re.compile(r"\W*where\b", re.IGNORECASE)
_IN_PLACE = re.compile(
    r"\b(?:in|at|inside|under|behind|beside|near)\s+(?:the|an?|my|his|her|our|their)\s+"
    r"([a-z]+(?:\s[a-z]+)??)(?=\s*[.,;:)]|\s(?:and|on|at|in|from|of|by|to|with|for|beside|near)\b|\s*$)"
)
_ORGANISATION = re.compile(
    r"\b(?:University|College|School|Academy|Institute|Company|Inc|Ltd|Corporation|Records|Band|"
    r"Club|Party|League|Festival|Award|Awards|Prize|Committee|Council|Department|Ministry|Church|"
    r"Museum|Museums|Press|Magazine|Times|Cup|Series|Championship|Championships|Studios|Pictures|"
    r"Film|Films|War|Act|Association|Society|Union|Army|Navy)\b"
)
_ROLE = re.compile(
    r"\b(?:is|was|are|were|as|became)\s+(?:an?|the)\s+([^,.;()]{3,60}?)(?=\s+(?:who|which|that|"
    r"and|from|of|in|at|for|with|by|best|known)\b|[,.;()]|$)",
    re.IGNORECASE,
)

_LED_TO = 0.1
_PARTS = r"[;:()]|\b(?:and|or|but|while|then)\b"
_APART = re.compile(rf"{_PARTS}|,")
_CLAUSES = re.compile(rf"{_PARTS}|,(?!\d)")
_WANTS_MONEY = re.compile(
    r"\bhow\s+much\s+(?:is|are|was|were)\b|\bprices?\b|\bcosts?\b|\b(?:pay|paid)\b", re.IGNORECASE
)
_MONEY = re.compile(
    r"[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|euros?|pounds?|dollars?|francs?|cents?|pence|yen|rupees?|"
    r"kron(?:e|er|or))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.,])(?:1[89]|20|21)\d\d(?![\d]|[.,]\d)")
_TO_WHO = re.compile(r"(?:\s+(?:is|are|was|were|by|the|an?))*\s+|\s*[:(]\s*", re.IGNORECASE)
_ANYBODY = frozenset("somebody someone nobody everybody everyone anybody anyone people".split())
_OF = re.compile(r"\s+of\s+([\w-]+)")
_NATION = frozenset({"nation", "citizen", "citizenship", "countri"})
_TOWN = frozenset({"citi", "town", "villag", "suburb", "borough"})
_ROLES = frozenset({"profess", "occup", "role", "posit", "job", "type", "kind"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a sentence that may be the answer."""

    text: str
    start: int
    end: int
    """Code points of the unit's text, half open."""
    fit: float
    """How well kind and place fit the question, 0 to 1."""


def candidates(question: Question, unit: Unit, reading: Reading) -> list[Candidate]:
    """Return the candidates of a sentence, best first; what the question names is none."""
    if is_other_row(question, unit, reading):
        return []
    found = [
        Candidate(text, start, end, _fit(question, unit, reading, (start, end), base))
        for text, start, end, base in _typed(question, unit, reading)
    ]
    for start, end in (*cell_asked(question, unit, reading), *stated(question, unit)):
        found.append(Candidate(unit.text[start:end], start, end, 1.0))
    return sorted(found, key=lambda one: (-one.fit, one.start, one.end))


def _typed(
    question: Question, unit: Unit, reading: Reading
) -> Iterator[tuple[str, int, int, float]]:
    match question.answer_type:
        case "date":
            yield from _dates(question, unit)
        case "number":
            yield from _numbers(question, unit)
        case "place":
            yield from _places(question, unit, reading)
        case "name":
            yield from _persons(question, unit)
        case _:
            yield from _others(question, unit, reading)


def occasion_of(question: Question) -> Occasion:
    """Return what the date a question wants is the date of."""
    if {"born", "birth", "birthday", "birthdat", "older", "younger", "oldest"} & {*question.terms}:
        return "birth"
    return "death" if {"die", "death", "dead"} & {*question.terms} else "other"


def _dates(question: Question, unit: Unit) -> Iterator[tuple[str, int, int, float]]:
    wanted = occasion_of(question)
    year = bool({"year", "decad"} & {*question.terms})
    for date in dates(unit.text):
        if f" {date.text.lower()} " in question.flat:
            continue
        base = 0.9 if date.occasion == wanted != "other" else 0.4
        if wanted != "other" and date.occasion not in (wanted, "other"):
            base = 0.0
        base += 0.05 * sum(part > 0 for part in date.when)
        digits = re.search(r"\d{4}", date.text) if year else None
        yield digits[0] if digits else date.text, date.start, date.end, base


def _numbers(question: Question, unit: Unit) -> Iterator[tuple[str, int, int, float]]:
    found = quantities(unit.text)
    if _WANTS_MONEY.search(question.text):
        found = tuple(one for one in found if _MONEY.search(f"{one.text} {one.unit}")) or found
    for quantity in found:
        if _is_of_another_year(question, unit, quantity.start):
            continue
        start, end = quantity.start, quantity.start + len(quantity.text)
        measured = _is_of_asked(question, unit, end)
        if not measured and _is_of_a_name(question, unit, quantity):
            continue
        asked = any(term in question.terms for term in terms(quantity.unit))
        if asked and quantity.text.lower().endswith(quantity.unit):
            end = start + len(quantity.text[: -len(quantity.unit)].rstrip())
        elif not asked:
            end = with_rate(unit.text, _with_unit(question, unit, quantity))
        yield unit.text[start:end], start, end, 0.7 if asked or measured else 0.35


def _is_of_another_year(question: Question, unit: Unit, at: int) -> bool:
    """Tell what stands in a clause with another year than the one that is asked for."""
    wanted = {*_YEAR.findall(question.text)}
    held = {*_YEAR.findall(unit.text)}
    if not wanted or not wanted & held or held <= wanted:
        return False
    ends = [0, *(match.end() for match in _CLAUSES.finditer(unit.text)), len(unit.text)]
    begin = max(end for end in ends if end <= at)
    clause = unit.text[begin : min(end for end in ends if end > at)]
    beside = {*_YEAR.findall(clause)}
    return bool(beside) and not beside & wanted


def _with_unit(question: Question, unit: Unit, quantity: Quantity) -> int:
    """Return where a number ends, with the measure asked for: 'eight years', how long."""
    wanted = frozenset[str]().union(*map(kin, question.relations))
    if wanted.isdisjoint(terms(quantity.unit)):
        return quantity.start + len(quantity.text)
    return end_of_figure(unit.text, quantity)


def _is_of_asked(question: Question, unit: Unit, end: int) -> bool:
    """Tell '200 grams of butter', asked how much butter, from '150 grams of sugar'."""
    following = _OF.match(unit.text, end)
    return following is not None and any(t in question.terms for t in terms(following[1]))


def _is_of_a_name(question: Question, unit: Unit, quantity: Quantity) -> bool:
    """Tell the 4 of 'Heron 4' and of a 'class 4' that the question speaks of from a value."""
    if any(name.start <= quantity.start < name.end for name in unit.names):
        return True
    before = unit.text[: quantity.start].split()[-1:]
    digits = folded(quantity.text).split()[:1]
    return f" {folded(' '.join(before + digits))} " in question.flat


def _asked(question: Question, name: Name) -> bool:
    return f" {name.key} " in question.flat


def _wants_nation(question: Question) -> bool:
    return bool(_NATION & {*question.terms})


def _places(
    question: Question, unit: Unit, reading: Reading
) -> Iterator[tuple[str, int, int, float]]:
    nation = _wants_nation(question)
    wanted = occasion_of(question)
    for name in unit.names:
        if _asked(question, name) or name.key == reading.title_key:
            continue
        country = name.key in countries()
        if country and not nation and _TOWN & {*question.terms}:
            continue
        placed = _BEFORE_PLACE.search(unit.text[: name.start])
        base = 0.6 if placed else 0.05
        if country and nation:
            base = 0.9
        elif country and countries()[name.key].lower() != name.text.lower():
            base = 0.0
        if _ORGANISATION.search(name.text):
            base -= 0.2
        beside = _occasion_beside(unit, name)
        if wanted != "other" and beside != "other":
            base += 0.3 if beside == wanted else -0.3
        yield name.text, name.start, name.end, max(0.0, base)
    yield from _unnamed_places(question, unit)


def _unnamed_places(question: Question, unit: Unit) -> Iterator[tuple[str, int, int, float]]:
    """Yield 'boathouse' of 'in the boathouse', asked where."""
    if not _WHERE.match(question.text):
        return
    for match in _IN_PLACE.finditer(unit.text):
        if {*terms(match[1])}.isdisjoint(question.terms):
            yield match[1], match.start(1), match.end(1), 0.4


def _occasion_beside(unit: Unit, name: Name) -> Occasion:
    """Return what the date beside a name dates: 'Graz, 4 May 1901' or '4 May 1901 in Graz'."""
    for date in dates(unit.text):
        if 0 <= date.start - name.end <= 3 or 0 <= name.start - date.end <= 5:
            return date.occasion
    return "other"


def _persons(question: Question, unit: Unit) -> Iterator[tuple[str, int, int, float]]:
    for name in unit.names:
        if _asked(question, name) or name.key in countries():
            continue
        if name.initial and not _does_asked(question, unit, name):
            continue
        length = len(name.key.split())
        base = 0.5 if 2 <= length <= 4 else 0.25
        if _ORGANISATION.search(name.text) or any(ch.isdigit() for ch in name.text):
            base -= 0.3
        if (
            _BEFORE_PLACE.search(unit.text[: name.start])
            and "," not in unit.text[name.start - 2 : name.start]
        ):
            base -= 0.1
        yield name.text, name.start, name.end, max(0.0, base)


def _does_asked(question: Question, unit: Unit, name: Name) -> bool:
    """Tell the Mira of 'Mira signed ...', asked who signed, from any word with a capital."""
    if name.key in _ANYBODY:
        return False
    behind = next((word for word in unit.words if word.start > name.end), None)
    return behind is not None and not behind.stop and behind.term in question.relations


def _others(
    question: Question, unit: Unit, reading: Reading
) -> Iterator[tuple[str, int, int, float]]:
    wants_nation = _wants_nation(question)
    for name in unit.names:
        if not _asked(question, name) and not name.initial and name.key != reading.title_key:
            nation = name.key in countries()
            base = (0.9 if wants_nation else 0.1) if nation else 0.4
            end = _with_asked_words(question, unit, name.end)
            yield unit.text[name.start : end], name.start, end, base + 0.3 * (end > name.end)
    wants_role = bool(_ROLES & {*question.terms})
    for match in _ROLE.finditer(unit.text):
        yield match[1], match.start(1), match.end(1), 0.6 if wants_role else 0.1


def _with_asked_words(question: Question, unit: Unit, end: int) -> int:
    """Return where a name ends with the question's own words: 'Hill crime family'."""
    for word in unit.words:
        if word.start == end + 1 and word.term in question.relations and not word.stop:
            end = word.end
    return end


def _fit(question: Question, unit: Unit, reading: Reading, at: Stretch, base: float) -> float:
    """Return how well a candidate stands: its kind, and the relation words close to it."""
    left = open_terms(question, reading)
    weights = {t: left[t] * late(question, t) for t in question.relations if t in left}
    total = sum(weights.values())
    near = sum(weight * closeness(unit, *at, t) for t, weight in weights.items())
    close = 0.4 * min(1.0, 2 * near / total if total else 0.5)
    return min(1.0, 0.6 * base + close + (_LED_TO if _is_led_to(question, unit, at[0]) else 0.0))


def _is_led_to(question: Question, unit: Unit, start: int) -> bool:
    """Tell whether a word of the question leads to a candidate: 'ends on 2 May', 'built by Orr'."""
    before = [word for word in unit.words if word.end <= start and not word.stop][-1:]
    if not before or before[0].term not in question.relations:
        return False
    between = unit.text[before[0].end : start]
    if question.answer_type == "name":
        return bool(_TO_WHO.fullmatch(between))
    return not _APART.search(between)
