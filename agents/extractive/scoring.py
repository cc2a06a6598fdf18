"""How likely a sentence is to carry the answer: features and their weights.

The weights come from a logistic regression over the sentences of the training questions of three
multi-hop sets, all sets weighted equally (benchmarks/answers_offline.py fits them again).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.answers import candidates
from quaestor.agents.extractive.bridging import Bridge
from quaestor.agents.extractive.covering import covered, related, title_match
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.reading import Reading, Unit


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit of a passage with its score."""

    passage: int
    """Position among the passages."""
    unit: Unit
    index: int
    """Position in its passage, from 0."""
    score: float


def features(
    question: Question,
    reading: Reading,
    unit: Unit,
    index: int,
    *,
    value: float,
    entry: float,
    place: int,
    rank: int,
    bridges: dict[str, Bridge],
) -> tuple[float, ...]:
    found = candidates(question, unit, reading)
    fit = found[0].fit if found else 0.0
    relation = related(question, unit.terms)
    begins = 1.0 if index == 0 else 0.0
    bridge = max((bridges[n.key].weight for n in unit.names if n.key in bridges), default=0.0)
    titled = title_match(question, reading)
    fresh = sum(f" {n.key} " not in question.flat for n in unit.names)
    return (
        value,
        value**3,
        value - entry,
        1 / (1 + place),
        1 / rank,
        begins,
        1 / (1 + index),
        covered(question, unit.terms) ** 4,
        covered(question, unit.terms | reading.title_terms),
        relation,
        relation * value,
        1.0 if found else 0.0,
        fit,
        fit * value,
        fit * relation,
        titled,
        titled * begins,
        bridge,
        min(fresh, 5) / 5,
        min(len(unit.text), 400) / 400,
        titled * relation,
    )


NAMES = ("value value3 gained place rank begins position covered covered_t relation relation_v typed fit "
 "fit_v fit_r titled titled_b bridge fresh length titled_r").split()

WEIGHTS = (1.65, 0.13, 2.34, 0.36, 1.33, 0.47, 0.67, 2.0, -0.4, 0.71, 0.62, 0.73, 1.65, 1.43, 0.66, -0.34, 0.45, 0.08, 0.36, 0.23, -0.21)


def score_sentences(
    question: Question,
    readings: Sequence[Reading],
    *,
    entry: Sequence[float],
    value: Sequence[float],
    ranks: Sequence[int],
    bridges: dict[str, Bridge],
) -> tuple[Sentence, ...]:
    """Return the sentences of all passages, those most likely to carry the answer first."""
    top = max(value, default=1.0) or 1.0
    order = sorted(range(len(value)), key=lambda i: -value[i])
    place = {i: position for position, i in enumerate(order)}
    found: list[Sentence] = []
    for i, reading in enumerate(readings):
        for index, unit in enumerate(reading.units):
            seen = features(
                question,
                reading,
                unit,
                index,
                value=value[i] / top,
                entry=entry[i] / top,
                place=place[i],
                rank=ranks[i],
                bridges=bridges,
            )
            score = sum(w * f for w, f in zip(WEIGHTS, seen, strict=True))
            found.append(Sentence(i, unit, index, score))
            if DUMP is not None:
                DUMP.append((i, unit, seen))
    return tuple(sorted(found, key=lambda s: (-s.score, s.passage, s.index)))

DUMP = None
