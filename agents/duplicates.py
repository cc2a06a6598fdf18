"""Near-duplicate passages become one, which keeps the sources of all."""

from collections.abc import Iterable
from dataclasses import dataclass

from quaestor.agents.roles.shown import Passage
from quaestor.tools.text.similarity import clusters


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Passages without near-duplicates."""

    passages: tuple[Passage, ...]
    """One of each group, best first."""
    also: dict[str, tuple[Passage, ...]]
    """For the evidence id of a passage that stands for others: those, best first."""


def merge_duplicates(passages: Iterable[Passage]) -> Merged:
    """Merge near-duplicates into the best of them; the same whatever the order of `passages`.

    A passage counts as better if it was kept, then by score, rank and evidence id. A span
    given twice counts once.
    """
    ordered = best_first(passages)
    groups = clusters([passage.text for passage in ordered])
    return Merged(
        passages=tuple(ordered[group[0]] for group in groups),
        also={
            ordered[group[0]].evidence: tuple(ordered[i] for i in group[1:])
            for group in groups
            if len(group) > 1
        },
    )


def best_first(passages: Iterable[Passage]) -> list[Passage]:
    """Return each span once, in the one order: kept, score, rank, evidence id."""
    found: dict[str, Passage] = {}
    for passage in sorted(passages, key=_key):
        found.setdefault(passage.evidence, passage)
    return list(found.values())


def _key(passage: Passage) -> tuple[bool, float, int, str, str, int]:
    # query and step tell apart two sightings of one span that are alike in everything before
    return (
        not passage.kept,
        -passage.score,
        passage.rank,
        passage.evidence,
        passage.query,
        passage.step,
    )
