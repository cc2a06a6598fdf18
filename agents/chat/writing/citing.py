"""Which sentences of a cited passage carry a statement: code looks, the model never counts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from quaestor.agents.facts import Facts, facts
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import Spot, Statement
from quaestor.tools.text.sentences import statements
from quaestor.tools.text.words import content_terms

_FACT = 3
"""A number, date or name counts as much as three words."""
_WORTH = 2
"""What a neighbouring sentence must add to be cited too."""
_MORE = 2
"""Further sentences that may be cited for facts the best ones do not hold."""


@dataclass(frozen=True, slots=True)
class _Unit:
    text: str
    start: int
    end: int
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a statement says, as things that a sentence holds or not."""

    said: Facts
    terms: frozenset[str]

    def facts_in(self, unit: _Unit) -> frozenset[str]:
        """Return which of its facts a sentence holds, by a name of each."""
        if not (self.terms & unit.terms or any(ch.isdigit() for ch in unit.text)):
            return frozenset()  # reading facts is what takes time here
        held = _facts(unit.text)
        found = [
            f"number {n.text}"
            for n in self.said.numbers
            if any(n.agrees(other) or n.rounds(other) for other in held.numbers)
        ]
        found += [
            f"date {day.text}"
            for day in self.said.dates
            for theirs in held.dates
            if any(one.agrees(two) for one in day.readings for two in theirs.readings)
        ]
        words = {part for name in held.names for part in name.parts}
        found += [f"name {n.text}" for n in self.said.names if words & set(n.parts)]
        found += [f"code {code}" for code in self.said.codes if code in held.codes]
        return frozenset(found)


def spots_for(statement: str, passages: Sequence[Passage]) -> tuple[Spot, ...]:
    """Return the spans of cited passages that a statement rests on, in the passages' order.

    Of each passage: the statement itself where it is copied from there; else the sentence, or two
    neighbours, that shares most with it; the whole passage where nothing is shared. A sentence
    elsewhere in them is added where it alone holds a number, date or name of the statement.
    """
    wanted = _Wanted(facts(statement), frozenset(content_terms(statement)))
    chosen = [
        _copied(statement, passage.text) or _best(wanted, _units(passage.text))
        for passage in passages
    ]
    found = {fact for units in chosen for unit in units for fact in wanted.facts_in(unit)}
    extra = _further(wanted, passages, found)
    spots: list[Spot] = []
    for passage, units in zip(passages, chosen, strict=True):
        more = [unit for home, unit in extra if home is passage]
        spots += _spots(passage, units, more)
    return tuple(dict.fromkeys(spots))


def sentence_for(wanted: str, passage: Passage) -> Spot:
    """Return the one sentence of a passage that shares most with a text, else its first."""
    units = _units(passage.text)
    if not units:
        return Spot(evidence=passage.evidence, start=passage.start, end=passage.end)
    asked = _Wanted(facts(wanted), frozenset(content_terms(wanted)))
    _, at = max((_shared(asked, [unit]), -at) for at, unit in enumerate(units))
    start, end = passage.start + units[-at].start, passage.start + units[-at].end
    return Spot(evidence=passage.evidence, start=start, end=end)


def verbatim(passage: Passage, spot: Spot) -> Statement:
    """Return a span's own words as a statement."""
    text = passage.text[spot.start - passage.start : spot.end - passage.start]
    return Statement(text=" ".join(text.split()), spots=(spot,))


def _copied(statement: str, text: str) -> list[_Unit]:
    """Return where a text holds the statement, however lines are wrapped; nothing if nowhere."""
    match = re.search(r"\s+".join(map(re.escape, statement.split())), text)
    return [_unit(text, *match.span())] if match and match[0] else []


def _best(wanted: _Wanted, units: Sequence[_Unit]) -> list[_Unit]:
    """Return the one or two neighbouring sentences that share most; none where nothing does."""
    singles = [(_shared(wanted, [unit]), -at) for at, unit in enumerate(units)]
    if not singles or max(singles)[0] == 0:
        return []
    score, at = max(singles)
    best = [units[-at]]
    pairs = [
        (_shared(wanted, units[first : first + 2]), -first)
        for first in range(len(units) - 1)
        if -at in (first, first + 1)
    ]
    if pairs and max(pairs)[0] >= score + _WORTH:
        first = -max(pairs)[1]
        best = list(units[first : first + 2])
    return best


def _shared(wanted: _Wanted, units: Iterable[_Unit]) -> int:
    terms: set[str] = set()
    held: set[str] = set()
    for unit in units:
        terms |= wanted.terms & unit.terms
        held |= wanted.facts_in(unit)
    return len(terms) + _FACT * len(held)


def _further(
    wanted: _Wanted, passages: Sequence[Passage], found: set[str]
) -> list[tuple[Passage, _Unit]]:
    """Return sentences that alone hold a fact of the statement, those that hold most first."""
    extra: list[tuple[Passage, _Unit]] = []
    for _ in range(_MORE):
        gains = [
            (len(wanted.facts_in(unit) - found), -number, -at)
            for number, passage in enumerate(passages)
            for at, unit in enumerate(_units(passage.text))
        ]
        if not gains or max(gains)[0] == 0:
            break
        _, number, at = max(gains)
        passage = passages[-number]
        unit = _units(passage.text)[-at]
        extra.append((passage, unit))
        found |= wanted.facts_in(unit)
    return extra


def _spots(passage: Passage, units: Sequence[_Unit], more: Sequence[_Unit]) -> list[Spot]:
    if not units and not more:
        return [Spot(evidence=passage.evidence, start=passage.start, end=passage.end)]
    spans = [(units[0].start, units[-1].end)] if units else []
    spans += [(unit.start, unit.end) for unit in more]
    return [
        Spot(evidence=passage.evidence, start=passage.start + start, end=passage.start + end)
        for start, end in sorted(set(spans))
    ]


@lru_cache(maxsize=4_096)
def _units(text: str) -> tuple[_Unit, ...]:
    """Return the sentences of a passage; a heading is none."""
    return tuple(_unit(text, start, end) for start, end in statements(text))


def _unit(text: str, start: int, end: int) -> _Unit:
    return _Unit(text[start:end], start, end, frozenset(content_terms(text[start:end])))


@lru_cache(maxsize=4_096)
def _facts(text: str) -> Facts:
    return facts(text)
