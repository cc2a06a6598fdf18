"""Which passages and sentences answer a question: entry by its names and words, then bridges.

A passage is a good entry when its title is named in the question or its text covers the words of
it. A bridge is a name in a good passage, near words that are asked for; it leads to the passage
that name is the title of, or that says what is still open about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quaestor.agents.extractive.bridging import Bridge, bridges, lead
from quaestor.agents.extractive.covering import covered, mentioned, title_match
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.reading import Reading, read
from quaestor.agents.extractive.scoring import Sentence, score_sentences, standings
from quaestor.agents.roles.shown import Passage


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
    """Best first; a name may be met in several passages."""


def follow(question: Question, passages: Sequence[Passage]) -> Trail:
    """Return the trail of a question through passages."""
    held = _distinct(passages)
    readings = [read(passage.text, passage.title) for passage in held]
    entry = _entries(question, held, readings)
    first = bridges(question, readings, entry)
    value = lead(question, readings, entry, first)
    second = bridges(question, readings, value)
    value = lead(question, readings, value, second)
    return Trail(
        passages=tuple(held),
        readings=tuple(readings),
        entry=tuple(entry),
        value=tuple(value),
        bridges=tuple(_each(first + second)),
    )


def sentences(question: Question, trail: Trail) -> tuple[Sentence, ...]:
    """Return the sentences of all passages, those most likely to carry the answer first."""
    ranks = [passage.rank for passage in trail.passages]
    known = standings(trail.value, trail.entry, ranks, trail.bridges)
    return score_sentences(question, trail.readings, known)


def _each(found: Sequence[Bridge]) -> list[Bridge]:
    """Return the strongest bridge of each name out of each passage, best first."""
    best: dict[tuple[str, int], Bridge] = {}
    for bridge in found:
        place = (bridge.key, bridge.passage)
        if place not in best or bridge.weight > best[place].weight:
            best[place] = bridge
    return sorted(best.values(), key=lambda b: (-b.weight, b.key, b.passage))


def _distinct(passages: Sequence[Passage]) -> list[Passage]:
    """Return every passage once, with its best rank, kept if it was kept anywhere."""
    best: dict[str, Passage] = {}
    for passage in passages:
        held = best.get(passage.evidence)
        if held is None:
            best[passage.evidence] = passage
            continue
        kept = passage.kept or held.kept
        better = passage if passage.rank < held.rank else held
        best[passage.evidence] = better if better.kept == kept else replace(better, kept=kept)
    return list(best.values())


def _entries(
    question: Question, passages: Sequence[Passage], readings: Sequence[Reading]
) -> list[float]:
    raw = [
        1.5 * title_match(question, reading)
        + 0.8 * mentioned(question, reading)
        + 1.2 * covered(question, reading.terms)
        + 0.8 * max((covered(question, unit.terms) for unit in reading.units), default=0.0)
        + 0.3 / passage.rank
        for passage, reading in zip(passages, readings, strict=True)
    ]
    top = max(raw, default=1.0) or 1.0
    return [score / top for score in raw]
