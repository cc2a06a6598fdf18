"""Sentences that give different values for the same thing, and which of them stands first.

The default rule: the person's own documents before the web, then the newer of dated ones, then
what more sources say. Every value is shown, with its sources and the day it speaks for.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.answers import candidates
from quaestor.agents.extractive.picking import Answer, carried, pick
from quaestor.agents.extractive.questions import Question, read_question
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.trail import Trail, follow, sentences
from quaestor.agents.extractive.values import dates
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.verifier import ClaimView
from quaestor.agents.verifier import judge
from quaestor.memory.finding import Conflict

_ALIKE = 0.6
"""Share of the smaller sentence's words, figures apart, that both have."""
_FEWEST_WORDS = 3
_LOOKED_AT = 40
_STATED = re.compile(
    r"\b(?:state|status|edition|version|valid|effective|updated|as of|since|from|revised|dated)\b",
    re.IGNORECASE,
)
DECIDED = ("own documents", "newer")
"""Rules after which the first value is the answer; the others only order what is shown."""

Day = tuple[int, int, int]


_FIGURES = ("date", "number")
"""Answers that can be told apart: those of other kinds are said in many words."""


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    sentence: Sentence
    when: Day


@dataclass(frozen=True, slots=True)
class _Side:
    """What says one value."""

    values: tuple[_Value, ...]
    own: bool
    newest: Day


def conflicts_of(questions: Iterable[str], passages: Sequence[Passage]) -> tuple[Conflict, ...]:
    """Return the conflicts that passages have about questions, for any synthesizer.

    Args:
        questions: What the report answers and what was asked on the way; equal ones count once.
        passages: What was kept.

    Returns:
        At most one a question, in their order; the same values of the same spans once.
    """
    found: list[Conflict] = []
    for text in dict.fromkeys(questions):
        question = read_question(text)
        if question.answer_type not in _FIGURES:
            continue
        trail = follow(question, passages)
        ranked = sentences(question, trail)
        best = carried(question, trail, pick(question, trail, ranked))
        conflict = conflict_about(question, trail, ranked, best) if best else None
        if conflict is not None and not any(_is_told(conflict, known) for known in found):
            found.append(conflict)
    return tuple(found)


def conflict_about(
    question: Question, trail: Trail, ranked: Sequence[Sentence], answer: Answer
) -> Conflict | None:
    """Return the conflict the evidence has about an answer, the decided value first.

    Two sentences of different documents disagree when they say nearly the same words with
    different figures of the kind asked for. A figure written in another form, or less exactly,
    is the same figure.
    """
    if question.answer_type not in _FIGURES or not answer.sentences:
        return None
    first = answer.sentences[0]
    found = [_value(question, trail, first)]
    for one in ranked[:_LOOKED_AT]:
        if one.passage != first.passage and _same_subject(trail, first, one):
            found.append(_value(question, trail, one))
    groups: list[list[_Value]] = []
    for value in found:
        if value is None:
            continue
        home = next((group for group in groups if _same_value(group[0].text, value.text)), None)
        if home is None:
            groups.append([value])
        else:
            home.append(value)
    if len(groups) < 2:
        return None
    return _decided(question, trail, [_side(trail, group) for group in groups])


def _is_told(conflict: Conflict, known: Conflict) -> bool:
    same = conflict.evidence == known.evidence
    return same and all(map(_same_value, conflict.values, known.values))


def _same_value(one: str, other: str) -> bool:
    """Tell whether two values are one, as the verifier tells whether a span carries a claim."""
    pairs = ((one, other), (other, one))
    return any(
        judge(ClaimView(text=said, spans=(held,))).verdict in ("supported", "partly")
        for said, held in pairs
    )


def _value(question: Question, trail: Trail, one: Sentence) -> _Value | None:
    best = candidates(question, one.unit, trail.readings[one.passage])[:1]
    return _Value(best[0].text, one, _when(trail.passages[one.passage])) if best else None


def _side(trail: Trail, values: Sequence[_Value]) -> _Side:
    origins = [trail.passages[value.sentence.passage].origin for value in values]
    return _Side(
        values=tuple(values),
        own=any(origin.private or origin.kind in ("local", "user") for origin in origins),
        newest=max(value.when for value in values),
    )


def _same_subject(trail: Trail, first: Sentence, other: Sentence) -> bool:
    if trail.passages[first.passage].document == trail.passages[other.passage].document:
        return False
    mine, theirs = _subject(first), _subject(other)
    smaller = min(len(mine), len(theirs))
    return smaller >= _FEWEST_WORDS and len(mine & theirs) >= _ALIKE * smaller


def _subject(one: Sentence) -> frozenset[str]:
    return frozenset(
        word.term for word in one.unit.words if not word.stop and not word.term[:1].isdigit()
    )


def _when(passage: Passage) -> Day:
    """Return the day a passage speaks for: its date of issue, else the file's; zeros if unknown."""
    stated = [
        date.when
        for line in passage.text.splitlines()
        if _STATED.search(line)
        for date in dates(line)
    ]
    titled = [date.when for date in dates(f"{passage.title} {passage.uri}")]
    known = titled or stated or [date.when for date in dates((passage.modified or "")[:10])]
    return max(known, default=(0, 0, 0))


def _decided(question: Question, trail: Trail, sides: Sequence[_Side]) -> Conflict:
    rule, ordered = _order(sides)
    return Conflict(
        about=question.text.strip(" ?"),
        values=tuple(side.values[0].text for side in ordered),
        evidence=tuple(
            tuple(
                dict.fromkeys(
                    trail.passages[value.sentence.passage].evidence for value in side.values
                )
            )
            for side in ordered
        ),
        rule=rule,
        dates=tuple(_written(side.newest) for side in ordered),
    )


def _order(sides: Sequence[_Side]) -> tuple[str, list[_Side]]:
    """Return the rule that decides and the sides by it; by the others where it does not tell."""
    days = [_cut(side.newest, sides) for side in sides]
    newer = all(side.newest[0] for side in sides) and len(set(days)) > 1
    sizes = [len(side.values) for side in sides]

    def place(i: int) -> tuple[bool, tuple[int, ...], int]:
        return not sides[i].own, tuple(-part for part in days[i]) if newer else (), -sizes[i]

    ordered = [sides[i] for i in sorted(range(len(sides)), key=place)]
    if len({side.own for side in sides}) > 1:
        return "own documents", ordered
    if newer:
        return "newer", ordered
    return "more sources" if len(set(sizes)) > 1 else "undecided", ordered


def _cut(day: Day, sides: Sequence[_Side]) -> tuple[int, ...]:
    """Return as much of a day as all sides give: 2024 is neither before nor after May 2024."""
    given = min(sum(part > 0 for part in side.newest) for side in sides)
    return day[:given]


def _written(day: Day) -> str:
    year, month, date = day
    return (
        "-".join([f"{year:04}", *(f"{part:02}" for part in (month, date) if part)]) if year else ""
    )
