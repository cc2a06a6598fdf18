"""The short answer: the candidate that the best sentences carry."""

from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.answers import candidates
from quaestor.agents.extractive.names import key_of
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.trail import Trail

_LOOKED_AT = 12
_FIT = 4.0


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
        for candidate in candidates(question, one.unit, reading)[:6]:
            score = one.score + _FIT * candidate.fit
            key = key_of(candidate.text)
            held = best.get(key)
            if held is None:
                best[key] = Answer(candidate.text, score, (one,))
            else:
                top = max(held.score, score) + 0.2
                carrying = held.sentences if one in held.sentences else (*held.sentences, one)
                best[key] = Answer(held.text, top, carrying)
    return sorted(best.values(), key=lambda a: -a.score)
