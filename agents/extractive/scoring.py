"""How likely a sentence is to carry the answer: features of it, weighed and added.

The weights come from a listwise logistic regression over the sentences of training questions of
three multi-hop sets (HotpotQA, 2WikiMultihopQA, MuSiQue), each set counting the same; fitted on
two of them they lose about a point on the third. `complete` alone is set by hand: questions that
one sentence answers are rare in such sets and common elsewhere. benchmarks/fit_sentences.py refits
the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.answers import candidates
from quaestor.agents.extractive.bridging import Bridge
from quaestor.agents.extractive.covering import covered, open_terms, related, share, title_match
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.reading import MAX_UNIT, Reading, Unit

_MOST_NAMES = 5
WEIGHTS: Mapping[str, float] = {
    "value": 2.13,
    "gained": 3.2,
    "place": -0.12,
    "rank": 1.33,
    "begins": 0.26,
    "position": 0.8,
    "complete": 1.5,
    "covered": -1.13,
    "related": 0.77,
    "related in value": 0.68,
    "typed": 0.82,
    "fit": 2.0,
    "fit in value": 1.7,
    "fit and related": 0.61,
    "titled and begins": 0.6,
    "linked": 1.41,
    "names": 0.22,
    "length": 0.28,
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit of a passage with its score."""

    passage: int
    """Position among the passages."""
    unit: Unit
    index: int
    """Position in its passage, from 0."""
    score: float


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a passage before its sentences are read."""

    value: float
    """As an entry and by bridges, the best passage's being 1."""
    gained: float
    """Of that, by bridges."""
    place: int
    """Among the passages by value, from 0."""
    rank: int
    """In the result that brought it, from 1."""
    links: Mapping[str, float]
    """Names that lead here from other passages, with the bridges' weights."""


def features(
    question: Question, reading: Reading, unit: Unit, index: int, standing: Standing
) -> dict[str, float]:
    """Return the features of a sentence, by the names of `WEIGHTS`."""
    found = candidates(question, unit, reading)
    fit = found[0].fit if found else 0.0
    relation = related(question, unit.terms)
    fresh = sum(f" {name.key} " not in question.flat for name in unit.names)
    begins = float(index == 0)
    return {
        "value": standing.value,
        "gained": standing.gained,
        "place": 1 / (1 + standing.place),
        "rank": 1 / standing.rank,
        "begins": begins,
        "position": 1 / (1 + index),
        "complete": share(open_terms(question, reading), unit.terms | unit.context) ** 4,
        "covered": covered(question, unit.terms | reading.title_terms),
        "related": relation,
        "related in value": relation * standing.value,
        "typed": float(bool(found)),
        "fit": fit,
        "fit in value": fit * standing.value,
        "fit and related": fit * relation,
        "titled and begins": title_match(question, reading) * begins,
        "linked": max((standing.links.get(name.key, 0.0) for name in unit.names), default=0.0),
        "names": min(fresh, _MOST_NAMES) / _MOST_NAMES,
        "length": min(len(unit.text), MAX_UNIT) / MAX_UNIT,
    }


def score_sentences(
    question: Question, readings: Sequence[Reading], standings: Sequence[Standing]
) -> tuple[Sentence, ...]:
    """Return the sentences of all passages, those most likely to carry the answer first."""
    found: list[Sentence] = []
    for i, (reading, standing) in enumerate(zip(readings, standings, strict=True)):
        for index, unit in enumerate(reading.units):
            seen = features(question, reading, unit, index, standing)
            score = sum(WEIGHTS[name] * value for name, value in seen.items())
            found.append(Sentence(i, unit, index, round(score, 9)))
    return tuple(sorted(found, key=lambda s: (-s.score, s.passage, s.index)))


def standings(
    value: Sequence[float],
    entry: Sequence[float],
    ranks: Sequence[int],
    bridges: Sequence[Bridge],
) -> list[Standing]:
    """Return the standing of each passage.

    Args:
        value: Of each passage, with what bridges lead to it.
        entry: Of each passage, without.
        ranks: Each passage's best rank.
        bridges: All of them, also several of a name.
    """
    top = max(value, default=1.0) or 1.0
    order = sorted(range(len(value)), key=lambda i: (-value[i], i))
    return [
        Standing(
            value=value[i] / top,
            gained=(value[i] - entry[i]) / top,
            place=order.index(i),
            rank=ranks[i],
            links=_links(bridges, i),
        )
        for i in range(len(value))
    ]


def _links(bridges: Sequence[Bridge], passage: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for bridge in bridges:
        if bridge.passage != passage:
            found[bridge.key] = max(found.get(bridge.key, 0.0), bridge.weight)
    return found
