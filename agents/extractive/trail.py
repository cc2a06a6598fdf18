"""Which passages and sentences answer a question: entry by its names and words, then bridges.

A passage is a good entry when its title is named in the question or its text covers the words of
it. A bridge is a name in a good passage, near words that are asked for; it leads to the passage
that name is the title of, or that says what is still open about it.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quaestor.agents.extractive.lexicon import countries, kin
from quaestor.agents.extractive.names import Name, key_of
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.reading import Reading, Unit, read
from quaestor.agents.roles import Passage
from quaestor.tools.text.words import words

KIN = 0.7
"""A word of the same relation covers a question word so far."""
_EXPANDED = 6
_LINK = 1.0
_SHARPEN = 3


@dataclass(frozen=True, slots=True)
class Bridge:
    """A name that may lead on, and the passage it was met in."""

    key: str
    text: str
    weight: float
    passage: int
    """Position in the trail's passages."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit of a passage with its score."""

    passage: int
    unit: Unit
    index: int
    score: float


@dataclass(frozen=True, slots=True)
class Trail:
    """What a question's passages come to."""

    passages: tuple[Passage, ...]
    readings: tuple[Reading, ...]
    entry: tuple[float, ...]
    """How well each passage is an entry, 0 to 1."""
    value: tuple[float, ...]
    """With what bridges lead to it."""
    bridges: tuple[Bridge, ...]
    """Best first."""
    sentences: tuple[Sentence, ...]
    """Best first."""


def follow(question: Question, passages: Sequence[Passage]) -> Trail:
    """Return the trail of a question through passages."""
    held = _distinct(passages)
    readings = [read(passage.text, passage.title) for passage in held]
    entry = _entries(question, held, readings)
    bridges = _bridges(question, readings, entry)
    value = _linked(question, readings, entry, bridges)
    further = _bridges(question, readings, value)
    value = _linked(question, readings, value, further)
    best: dict[str, Bridge] = {}
    for bridge in (*bridges, *further):
        if bridge.key not in best or bridge.weight > best[bridge.key].weight:
            best[bridge.key] = bridge
    return Trail(
        passages=tuple(held),
        readings=tuple(readings),
        entry=tuple(entry),
        value=tuple(value),
        bridges=tuple(sorted(best.values(), key=lambda b: (-b.weight, b.key))),
        sentences=tuple(_sentences(question, readings, entry, value)),
    )


def _distinct(passages: Sequence[Passage]) -> list[Passage]:
    best: dict[str, Passage] = {}
    for passage in passages:
        held = best.get(passage.evidence)
        if held is None:
            best[passage.evidence] = passage
        elif passage.rank < held.rank:
            best[passage.evidence] = replace(passage, kept=passage.kept or held.kept)
        elif passage.kept and not held.kept:
            best[passage.evidence] = replace(held, kept=True)
    return list(best.values())


def covered(question: Question, terms: frozenset[str]) -> float:
    """Return the weighted share of the question's terms that a set of terms covers, 0 to 1."""
    total = sum(question.terms.values())
    return sum(weight * has(term, terms) for term, weight in question.terms.items()) / (total or 1)


def has(term: str, terms: frozenset[str]) -> float:
    """Return 1 where the term is there, `KIN` where a word of its relation is, else 0."""
    if term in terms:
        return 1.0
    return KIN if not kin(term).isdisjoint(terms) else 0.0


def open_words(question: Question, reading: Reading) -> list[str]:
    """Return the relation words of a question that a passage leaves open, as they stand in it."""
    still = {term for term in question.relations if not has(term, reading.terms)}
    found = (
        question.text[word.start : word.end]
        for word in words(question.text)
        if word.term in still
    )
    return list(dict.fromkeys(found))


def title_match(question: Question, reading: Reading) -> float:
    """Return how surely the question names the title, 0 to 1."""
    key = reading.title_key
    if not key or f" {key} " not in question.flat:
        return 0.0
    whole = reading.title_flat.strip() != key and reading.title_flat in question.flat
    length = len(key.split())
    named = any(key == name.key for name in question.names)
    strength = 0.9 if named or length > 2 else 0.75 if length == 2 else 0.3
    if any(f" {key} " in f" {name.key} " and key != name.key for name in question.names):
        strength *= 0.6
    if any(key_of(option) == key for option in question.options):
        strength = 0.95
    return 1.0 if whole else strength


def _entries(
    question: Question, passages: Sequence[Passage], readings: Sequence[Reading]
) -> list[float]:
    raw: list[float] = []
    for passage, reading in zip(passages, readings, strict=True):
        best_unit = max((covered(question, unit.terms) for unit in reading.units), default=0.0)
        mention = _mentioned(question, reading)
        raw.append(
            1.5 * title_match(question, reading)
            + 0.8 * mention
            + 1.2 * covered(question, reading.terms)
            + 0.8 * best_unit
            + 0.3 / passage.rank
        )
    top = max(raw, default=1.0) or 1.0
    return [score / top for score in raw]


def _mentioned(question: Question, reading: Reading) -> float:
    keys = [name.key for name in question.names]
    if not keys:
        return 0.0
    return sum(f" {key} " in reading.flat or key == reading.title_key for key in keys) / len(keys)


def _bridges(
    question: Question, readings: Sequence[Reading], value: Sequence[float]
) -> list[Bridge]:
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


def _leads_nowhere(question: Question, reading: Reading, name: Name, spread: int) -> bool:
    key = f" {name.key} "
    if name.initial and spread < 2:
        return True
    return key in question.flat or key in f" {reading.title_key} "


def _pull(question: Question, reading: Reading, unit: Unit, index: int, name: Name) -> float:
    """Return how much a name's place in a passage makes it the next thing to look up, 0 to 1."""
    near = _context(question, reading, unit, name)
    lead = 1.0 if index == 0 else 0.6 / index
    pull = 0.15 + 0.7 * near + 0.15 * lead
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
        wanted = kin(term)
        best = 0.0
        for word in unit.words:
            if word.term == term or word.term in wanted:
                gap = max(word.start - name.end, name.start - word.end, 0) / 6
                strength = 1.0 if word.term == term else 0.85
                best = max(best, strength * math.exp(-gap / 6))
        near += weight * best
    return min(1.0, 1.5 * near / total) if total else 0.5


def _linked(
    question: Question,
    readings: Sequence[Reading],
    value: Sequence[float],
    bridges: Sequence[Bridge],
) -> list[float]:
    """Return each passage's value after what the bridges lead to it."""
    by_key: dict[str, Bridge] = {}
    for bridge in bridges:
        if bridge.key not in by_key or bridge.weight > by_key[bridge.key].weight:
            by_key[bridge.key] = bridge
    raised = list(value)
    for i, reading in enumerate(readings):
        best = 0.0
        for key in {reading.title_key, *_aliases(reading)}:
            bridge = by_key.get(key)
            if bridge and bridge.passage != i:
                gain = _gain(question, reading, readings[bridge.passage])
                best = max(best, bridge.weight * (0.6 + 0.4 * gain))
        if reading.units:
            for name in reading.units[0].names:
                bridge = by_key.get(name.key)
                if bridge and bridge.passage != i:
                    gain = _gain(question, reading, readings[bridge.passage])
                    best = max(best, 0.4 * bridge.weight * (0.3 + 0.7 * gain))
        raised[i] = value[i] + _LINK * best
    return raised


def _aliases(reading: Reading) -> tuple[str, ...]:
    parts = reading.title_key.split()
    lead = reading.units[0].names[:1] if reading.units else ()
    short = (f"{parts[0]} {parts[-1]}",) if len(parts) in (3, 4) else ()
    return (*short, *(name.key for name in lead))


def _gain(question: Question, reading: Reading, source: Reading) -> float:
    """Return the share of what the source leaves open that this passage covers."""
    still = {t: w for t, w in question.terms.items() if has(t, source.terms) < 1}
    total = sum(still.values())
    return sum(w * has(t, reading.terms) for t, w in still.items()) / total if total else 0.5


def _sentences(
    question: Question,
    readings: Sequence[Reading],
    entry: Sequence[float],
    value: Sequence[float],
) -> list[Sentence]:
    found: list[Sentence] = []
    top = max(value, default=1.0) or 1.0
    for i, reading in enumerate(readings):
        for index, unit in enumerate(reading.units):
            terms = unit.terms | reading.title_terms if index == 0 else unit.terms
            relation = sum(
                question.terms.get(t, 0) * has(t, unit.terms) for t in question.relations
            ) / (sum(question.terms.get(t, 0) for t in question.relations) or 1)
            score = (
                2.0 * value[i] / top
                + 0.6 * covered(question, terms)
                + 0.6 * relation
                + (0.5 if index == 0 else 0.15 / index)
            )
            found.append(Sentence(i, unit, index, score))
    return sorted(found, key=lambda s: (-s.score, s.passage, s.index))
