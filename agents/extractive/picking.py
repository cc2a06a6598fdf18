"""The short answer: the candidate that the best sentences carry."""

from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.answers import candidates, occasion_of
from quaestor.agents.extractive.covering import has, late
from quaestor.agents.extractive.lexicon import generic, head_kind, kin
from quaestor.agents.extractive.names import key_of
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.trail import Trail
from quaestor.agents.extractive.values import dates

_LOOKED_AT = 12
_FIT = 4.0
_CONSIDERED = 5
_NEAR = 0.5
"""Of the best passage's value, for a passage that may carry an answer."""
_LED = 1.0
"""Off for a name that led here from another passage: it is what was asked about, not the answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A short answer and the sentences that carry it, the best first."""

    text: str
    score: float
    sentences: tuple[Sentence, ...]


def pick(question: Question, trail: Trail, ranked: Sequence[Sentence]) -> list[Answer]:
    """Return the candidate answers of the best sentences, best first, each once."""
    best: dict[str, Answer] = {}
    for one in ranked[:_LOOKED_AT]:
        reading = trail.readings[one.passage]
        led = {bridge.key for bridge in trail.bridges if bridge.passage != one.passage}
        for candidate in candidates(question, one.unit, reading)[:6]:
            key = key_of(candidate.text)
            score = one.score + _FIT * candidate.fit - (_LED if key in led else 0.0)
            held = best.get(key)
            if held is None:
                best[key] = Answer(candidate.text, score, (one,))
            else:
                top = max(held.score, score) + 0.2
                carrying = held.sentences if one in held.sentences else (*held.sentences, one)
                best[key] = Answer(held.text, top, carrying)
    return sorted(best.values(), key=lambda a: -a.score)


def is_carried(question: Question, trail: Trail, answer: Answer) -> bool:
    """Tell whether a sentence says the answer of what is asked, not only something of its kind.

    The relation that is resolved last must stand in the sentence or, for its first sentence, in
    the passage's title; a birth or death may be told by the date itself.
    """
    last = last_relation(question)
    if not last:
        return True
    return any(_says(question, trail, one, last) for one in answer.sentences)


def carried(question: Question, trail: Trail, answers: Sequence[Answer]) -> Answer | None:
    """Return the best answer if one of the best is carried by its sentence, else None."""
    if any(is_carried(question, trail, answer) for answer in answers[:_CONSIDERED]):
        return answers[0]
    return None


def _says(question: Question, trail: Trail, one: Sentence, last: str) -> bool:
    if trail.value[one.passage] < _NEAR * max(trail.value):
        return False
    wanted = occasion_of(question)
    if wanted != "other" and any(date.occasion == wanted for date in dates(one.unit.text)):
        return True
    return bool(
        has(last, one.unit.terms | one.unit.context | trail.readings[one.passage].title_terms)
    )


def last_relation(question: Question) -> str:
    """Return the relation term furthest from the question's names; empty where none is special."""
    telling = [t for t in question.relations if kin(t) and t not in generic() and not _asks(t)]
    return max(telling, key=lambda t: late(question, t), default="")


def _asks(term: str) -> bool:
    return head_kind(term) in ("date", "place", "number") and term not in ("birthplac", "birthday")
