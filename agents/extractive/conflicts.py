"""Sentences that give different values for the same thing, and which of them stands first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.answers import candidates
from quaestor.agents.extractive.names import key_of
from quaestor.agents.extractive.picking import Answer
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.trail import Trail
from quaestor.agents.extractive.values import dates
from quaestor.agents.roles import Passage
from quaestor.memory.finding import Conflict

_ALIKE = 0.6
"""Share of the smaller sentence's words, figures apart, that both have."""
_FEWEST_WORDS = 3
_LOOKED_AT = 40
_STATED = re.compile(
    r"\b(?:state|status|edition|version|valid|effective|updated|as of|since|from|revised|dated)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    key: str
    sentence: Sentence
    when: tuple[int, int, int]


def conflict_about(
    question: Question, trail: Trail, ranked: Sequence[Sentence], answer: Answer
) -> Conflict | None:
    """Return the conflict the evidence has about an answer, the decided value first.

    Two sentences of different documents disagree when they say nearly the same words with
    different figures of the kind asked for. The newer of two dated ones stands first, then the
    person's own documents, then what more sources say.
    """
    if question.answer_type not in ("date", "number") or not answer.sentences:
        return None
    first = answer.sentences[0]
    found = [_value(question, trail, first)]
    for one in ranked[:_LOOKED_AT]:
        if one.passage != first.passage and _same_subject(trail, first, one):
            found.append(_value(question, trail, one))
    values = [value for value in found if value is not None]
    by_key: dict[str, list[_Value]] = {}
    for value in values:
        by_key.setdefault(value.key, []).append(value)
    if len(by_key) < 2:
        return None
    return _decided(question, trail, list(by_key.values()))


def _value(question: Question, trail: Trail, one: Sentence) -> _Value | None:
    best = candidates(question, one.unit, trail.readings[one.passage])[:1]
    when = _when(trail.passages[one.passage], one)
    return _Value(best[0].text, key_of(best[0].text), one, when) if best else None


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


def _when(passage: Passage, one: Sentence) -> tuple[int, int, int]:
    """Return the day a sentence speaks for: its passage's date of issue, else the file's."""
    stated = [
        date.when
        for line in passage.text.splitlines()
        if _STATED.search(line)
        for date in dates(line)
    ]
    titled = [date.when for date in dates(f"{passage.title} {passage.uri}")]
    known = titled or stated or [date.when for date in dates(passage.modified or "")]
    return max(known, default=(0, 0, 0))


def _decided(question: Question, trail: Trail, groups: list[list[_Value]]) -> Conflict:
    newest = [max(value.when for value in group) for group in groups]
    private = [
        any(trail.passages[value.sentence.passage].origin.private for value in group)
        for group in groups
    ]
    sizes = [len(group) for group in groups]
    if all(year for year, *_ in newest) and len(set(newest)) > 1:
        rule, order = "newer", sorted(range(len(groups)), key=lambda i: newest[i], reverse=True)
    elif len(set(private)) > 1:
        rule, order = "own documents", sorted(range(len(groups)), key=lambda i: not private[i])
    elif len(set(sizes)) > 1:
        rule, order = "more sources", sorted(range(len(groups)), key=lambda i: -sizes[i])
    else:
        rule, order = "undecided", list(range(len(groups)))
    return Conflict(
        about=question.text.strip(" ?"),
        values=tuple(groups[i][0].text for i in order),
        evidence=tuple(
            tuple(dict.fromkeys(trail.passages[v.sentence.passage].evidence for v in groups[i]))
            for i in order
        ),
        rule=rule,
    )
