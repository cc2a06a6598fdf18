"""Bridges: names in good passages, near words that are asked for, that lead to the next passage."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.covering import gain
from quaestor.agents.extractive.lexicon import countries, kin
from quaestor.agents.extractive.names import Name
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.reading import Reading, Unit

_EXPANDED = 6
_SHARPEN = 3
"""A name counts with its passage's value to this power: only the best passages lead on."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """A name that may lead on, and the passage it was met in."""

    key: str
    text: str
    weight: float
    passage: int
    """Position among the passages."""


def bridges(
    question: Question, readings: Sequence[Reading], value: Sequence[float]
) -> list[Bridge]:
    """Return the names that may lead on from the best passages, best first."""
    order = sorted(range(len(readings)), key=lambda i: -value[i])[:_EXPANDED]
    top = max(value, default=1.0) or 1.0
    spread = Counter(key for reading in readings for key in reading.names)
    best: dict[tuple[str, int], Bridge] = {}
    for i in order:
        worth = (value[i] / top) ** _SHARPEN
        for index, unit in enumerate(readings[i].units):
            for name in unit.names:
                if _leads_nowhere(question, readings[i], name, spread[name.key]):
                    continue
                weight = worth * _pull(question, readings[i], unit, index, name)
                weight /= math.sqrt(max(1, spread[name.key]))
                place = (name.key, i)
                if place not in best or weight > best[place].weight:
                    best[place] = Bridge(name.key, name.text, weight, i)
    return sorted(best.values(), key=lambda b: (-b.weight, b.key, b.passage))


def strongest(found: Sequence[Bridge]) -> dict[str, Bridge]:
    """Return the strongest bridge of each name, in the order the names were met."""
    best: dict[str, Bridge] = {}
    for bridge in found:
        if bridge.key not in best or bridge.weight > best[bridge.key].weight:
            best[bridge.key] = bridge
    return best


def lead(
    question: Question,
    readings: Sequence[Reading],
    value: Sequence[float],
    found: Sequence[Bridge],
) -> list[float]:
    """Return each passage's value raised by the best bridge that leads to it."""
    by_key = strongest(found)
    raised = list(value)
    for i, reading in enumerate(readings):
        names = {reading.title_key: 1.0} | dict.fromkeys(_aliases(reading), 1.0)
        if reading.units:
            names = {name.key: 0.4 for name in reading.units[0].names} | names
        best = 0.0
        for key, strength in names.items():
            bridge = by_key.get(key)
            if bridge and bridge.passage != i:
                more = gain(question, reading, readings[bridge.passage])
                share = 0.6 + 0.4 * more if strength == 1.0 else 0.3 + 0.7 * more
                best = max(best, strength * bridge.weight * share)
        raised[i] = value[i] + best
    return raised


def _aliases(reading: Reading) -> tuple[str, ...]:
    """Return what else a passage is about: a long name's ends, the name it begins with."""
    parts = reading.title_key.split()
    short = (f"{parts[0]} {parts[-1]}",) if len(parts) in (3, 4) else ()
    first = reading.units[0].names[:1] if reading.units else ()
    return (*short, *(name.key for name in first))


def _leads_nowhere(question: Question, reading: Reading, name: Name, spread: int) -> bool:
    key = f" {name.key} "
    if name.initial and spread < 2:
        return True
    return key in question.flat or key in f" {reading.title_key} "


def _pull(question: Question, reading: Reading, unit: Unit, index: int, name: Name) -> float:
    """Return how much a name's place in a passage makes it the next thing to look up, 0 to 1."""
    near = _context(question, reading, unit, name)
    first = 1.0 if index == 0 else 0.6 / index
    pull = 0.15 + 0.7 * near + 0.15 * first
    return pull * (0.4 if name.key in countries() else 1.0)


def _context(question: Question, reading: Reading, unit: Unit, name: Name) -> float:
    """Return how close the open relation words stand to a name of a unit, 0 to 1.

    The relation words nearest to a name of the question are resolved first.
    """
    total = 0.0
    near = 0.0
    for term in question.relations:
        if term in reading.title_terms:
            continue
        weight = question.terms.get(term, 0.0) * question.nearness.get(term, 0.5)
        total += weight
        near += weight * closeness(unit, name.start, name.end, term)
    return min(1.0, 1.5 * near / total) if total else 0.5


def closeness(unit: Unit, start: int, end: int, term: str) -> float:
    """Return how close a term or one of its relation stands to a stretch of a unit, 0 to 1."""
    wanted = kin(term)
    best = 0.0
    for word in unit.words:
        if word.term == term or word.term in wanted:
            gap = max(word.start - end, start - word.end, 0) / 6
            strength = 1.0 if word.term == term else 0.85
            best = max(best, strength * math.exp(-gap / 6))
    return best
