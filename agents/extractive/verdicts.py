"""Yes or no, and which of the options: the values the evidence gives each of them, compared."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quaestor.agents.extractive.answers import occasion_of
from quaestor.agents.extractive.covering import has, title_match
from quaestor.agents.extractive.lexicon import countries, head_kind, regions
from quaestor.agents.extractive.names import key_of
from quaestor.agents.extractive.picking import pick
from quaestor.agents.extractive.questions import Question, read_question
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.trail import Trail, follow, sentences
from quaestor.agents.extractive.values import dates, quantities
from quaestor.agents.roles.shown import Passage
from quaestor.memory.plan import AnswerType
from quaestor.tools.text.words import content_terms

_SAME = frozenset({"same", "share", "common", "both"})
_NATION = frozenset({"countri", "nation", "citizenship", "nationalit"})
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Side:
    """One option, what the evidence says of it and where."""

    option: str
    question: Question
    own: tuple[Sentence, ...]
    """The sentences about the option, best first."""
    subject: tuple[Sentence, ...]
    """Those about what the question asks of it: the option itself, or what it leads to."""
    trail: Trail


@dataclass(frozen=True, slots=True)
class Verdict:
    """A short answer by comparison, and the sentences of each side that it rests on."""

    answer: str
    carrying: tuple[Sentence, ...]
    """For each side in turn: what leads to the value, and what gives it."""


def side_of(question: Question, option: str, passages: Sequence[Passage]) -> Side:
    """Return what the passages say of one option of a question."""
    text = question.text
    for other in question.options:
        if other != option:
            text = text.replace(other, " ")
    alone = replace(
        read_question(" ".join(text.split())), answer_type=_wanted(question), options=(option,)
    )
    trail = follow(alone, passages)
    ranked = sentences(alone, trail)
    own = _own(alone, option, trail)
    subject = _subject(alone, trail, own)
    return Side(
        option,
        alone,
        tuple(one for one in ranked if one.passage in own),
        tuple(one for one in ranked if one.passage in subject),
        trail,
    )


def _wanted(question: Question) -> AnswerType:
    if not question.direction:
        return "text"
    number = {"more", "larger", "bigger", "higher", "taller", "longer", "fewer", "less", "smaller"}
    number |= {"largest", "biggest", "highest", "most", "cheaper", "lower", "shorter", "greater"}
    asked = {word.lower() for word in question.text.replace("?", " ").split()}
    return "number" if asked & number else "date"


def _own(question: Question, option: str, trail: Trail) -> list[int]:
    """Return the passages about an option, by title if there are such."""
    key = key_of(option)
    own = [i for i, reading in enumerate(trail.readings) if _is_about(reading.title_key, key)]
    if not own:
        own = [i for i, reading in enumerate(trail.readings) if reading.opening == key]
    if not own:
        own = [i for i, reading in enumerate(trail.readings) if f" {key} " in reading.flat][:2]
    exact = [i for i in own if title_match(question, trail.readings[i]) >= 1.0]
    return exact or own


def _subject(question: Question, trail: Trail, own: Sequence[int]) -> list[int]:
    """Return the passages the attribute is asked of: of 'the director of A', the director's."""
    asks_person = any(head_kind(term) == "name" for term in question.relations)
    return (_led_from(trail, own) if asks_person else []) or list(own)


def _is_about(title: str, key: str) -> bool:
    return bool(title) and (title == key or (f" {title} " in f" {key} " and len(title.split()) > 1))


def _led_from(trail: Trail, own: Sequence[int]) -> list[int]:
    """Return the passages that the best bridge out of the option's own leads to."""
    for bridge in trail.bridges:
        if bridge.passage not in own:
            continue
        found = [
            i
            for i, reading in enumerate(trail.readings)
            if i not in own and (reading.title_key == bridge.key or _starts(trail, i, bridge.key))
        ]
        if found:
            return found
    return []


def _starts(trail: Trail, i: int, key: str) -> bool:
    units = trail.readings[i].units
    return bool(units and units[0].names and units[0].names[0].key == key)


def choose(question: Question, passages: Sequence[Passage]) -> Verdict | None:
    """Return which option the question's comparison picks; None where nothing tells."""
    sides = tuple(side_of(question, option, passages) for option in question.options)
    if not question.direction:
        return _by_cover(question, sides)
    values = [_measure(side) for side in sides]
    known = [(value[0], i) for i, value in enumerate(values) if value]
    if not known:
        return _by_cover(question, sides)
    best = min(known)[1] if question.direction == "least" else max(known)[1]
    return Verdict(
        sides[best].option,
        _carrying(sides, [value[1] if value else None for value in values]),
    )


def _carrying(sides: Sequence[Side], telling: Sequence[Sentence | None]) -> tuple[Sentence, ...]:
    """Return each side's first own sentence and the one that tells, each once."""
    found: list[Sentence] = []
    for side, one in zip(sides, telling, strict=True):
        found += sorted(side.own, key=lambda s: (s.index, s.passage))[:1]
        found += [one] if one else []
    return tuple(dict.fromkeys(found))


def _measure(side: Side) -> tuple[tuple[float, ...], Sentence] | None:
    """Return the value of a side's attribute, and the sentence that gives it."""
    wanted = occasion_of(side.question)
    for one in side.subject[:12]:
        if side.question.answer_type == "number":
            found = pick(side.question, side.trail, [one])
            numbers = quantities(one.unit.text)
            for answer in found:
                for number in numbers:
                    if number.text == answer.text:
                        return (number.value,), one
            continue
        for date in sorted(dates(one.unit.text), key=lambda d: d.occasion != wanted):
            if wanted in ("other", date.occasion):
                return tuple(float(part) for part in date.when), one
    return None


def _by_cover(question: Question, sides: tuple[Side, ...]) -> Verdict:
    """Pick the side whose own sentences say most of what is asked."""
    named = {term for option in question.options for term in content_terms(option)}
    asked = [t for t in question.terms if t not in named]

    def cover(side: Side) -> float:
        if not asked or not side.subject:
            return 0.0
        terms = frozenset[str]().union(*(one.unit.terms for one in side.subject))
        return sum(question.terms[t] * has(t, terms) for t in asked)

    covers = [cover(side) for side in sides]
    best = covers.index(max(covers))
    return Verdict(sides[best].option, _carrying(sides, _firsts(sides)))


def _firsts(sides: Sequence[Side]) -> list[Sentence | None]:
    return [side.subject[0] if side.subject else None for side in sides]


def decide(question: Question, passages: Sequence[Passage]) -> Verdict | None:
    """Return yes or no; None where the evidence does not speak of what is asked."""
    options = question.options or tuple(name.text for name in question.names[:1])
    if not options:
        return None
    asked = replace(question, options=options)
    sides = tuple(side_of(asked, option, passages) for option in options)
    if any(not side.subject for side in sides):
        return None
    carrying = _carrying(sides, _firsts(sides))
    if len(sides) > 1 and set(question.terms) & _NATION:
        nations = [_nations(side) for side in sides]
        if all(nations):
            shared = set[str].intersection(*map(set, nations))
            return Verdict("yes" if shared else "no", carrying)
    said = all(_says(question, side) for side in sides)
    return Verdict("yes" if said else "no", carrying)


def _nations(side: Side) -> list[str]:
    """Return the countries the first telling sentence of a side's subject names."""
    in_order = sorted(side.subject, key=lambda one: (one.index, one.passage))
    for table in (countries(), regions()):
        for one in in_order[:6]:
            found = [table[name.key] for name in one.unit.names if name.key in table]
            found += [
                country
                for key, country in table.items()
                if f" {key} " in one.unit.flat and country not in found
            ]
            if found:
                return list(dict.fromkeys(found))
    return []


def _says(question: Question, side: Side) -> bool:
    named = {term for option in question.options for term in content_terms(option)}
    named |= {term for name in question.names for term in content_terms(name.text)} & set(
        content_terms(side.option)
    )
    asked = {t: w for t, w in question.terms.items() if t not in named and t not in _SAME}
    terms = frozenset[str]().union(*(one.unit.terms for one in side.subject))
    total = sum(asked.values())
    return not total or sum(w * has(t, terms) for t, w in asked.items()) / total >= _ENOUGH
