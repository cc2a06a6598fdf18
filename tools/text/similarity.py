"""How alike two texts are: a score for ranking, and near-duplicates by shared runs of words.

A score is a function of the two texts alone, so scores of different calls can be compared.
"""

import math
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from quaestor.tools.text.words import content_terms, fold, words

SHINGLE_WORDS = 8
NEAR_DUPLICATE = 0.9
"""Jaccard similarity of the shingles from which two texts count as one."""
_SHORT = 2_000
"""Code points of a text whose shingles are remembered: a passage, met at every merging anew."""

Shingles = frozenset[tuple[str, ...]]


class LexicalScorer:
    """Cosine over content terms with sublinear term frequency.

    There is no inverse document frequency: counted on the texts at hand it would make the
    score of a text depend on its neighbours.

    Example:
        >>> LexicalScorer().scores("the iron ore", ["Ore and iron.", "Copper"])
        [1.0, 0.0]
    """

    remote = False

    async def measure(self, wanted: object, *, call: object) -> "LexicalScorer":
        """Return itself: words need no call (tools/scoring/likeness.py says what is asked)."""
        del wanted, call
        return self

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one score a text; zeros for a query without content terms."""
        wanted = _weights(query)
        if not wanted:
            return [0.0] * len(texts)
        return [_cosine(wanted, _weights(text)) for text in texts]


def _weights(text: str) -> dict[str, float]:
    return {term: 1 + math.log(n) for term, n in Counter(content_terms(text)).items()}


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    # fsum: the result must not depend on the order in which the terms were met
    shared = math.fsum(weight * other[term] for term, weight in one.items() if term in other)
    if not shared:
        return 0.0
    squares = math.fsum(w * w for w in one.values()) * math.fsum(w * w for w in other.values())
    return min(1.0, shared / math.sqrt(squares))


def shingles(text: str) -> Shingles:
    """Return the runs of eight words of a text; a shorter text is one run of all its words."""
    return _runs_of([text[word.start : word.end] for word in words(text)])


def _runs_of(found: Sequence[str]) -> Shingles:
    run = [fold(word) for word in found]
    if not run:
        return frozenset()
    last = max(len(run) - SHINGLE_WORDS, 0)
    return frozenset(tuple(run[i : i + SHINGLE_WORDS]) for i in range(last + 1))


def jaccard(one: Set[object], other: Set[object]) -> float:
    """Return the share of shingles that both have, 0 to 1; two empty sets share nothing."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


@dataclass(frozen=True, slots=True)
class _Print:
    """What near-duplicates are told by.

    Texts with different figures never are: an updated number changes 8 of 200 shingles, and
    merging the two would lend a source a figure it does not give.
    """

    shingles: frozenset[str]
    """Each in one: a text remembers its hash, which a tuple counts anew at every look-up."""
    figures: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "_Print":
        found = [text[word.start : word.end] for word in words(text)]
        figures = sorted(one for one in found if _has_digit(one))
        runs = frozenset(" ".join(run) for run in _runs_of(found))
        return cls(runs, tuple(figures))

    def matches(self, other: "_Print") -> bool:
        return (
            self.figures == other.figures
            and jaccard(self.shingles, other.shingles) >= NEAR_DUPLICATE
        )


@lru_cache(maxsize=512)
def _print_of(text: str) -> _Print:
    return _Print.of(text)


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def clusters(texts: Sequence[str]) -> list[list[int]]:
    """Group near-duplicates, each with the first text of its group that it is one of.

    Being alike does not carry over from neighbour to neighbour, so a member is compared with
    the group's first text only: a group never drifts away from what stands for it.

    Returns:
        Groups of positions in `texts`, ascending within a group and by their first members.
    """
    groups: list[list[int]] = []
    prints: list[_Print] = []
    having: dict[str, list[int]] = {}
    for position, text in enumerate(texts):
        mark = _print_of(text) if len(text) <= _SHORT else _Print.of(text)
        near = sorted({group for shingle in mark.shingles for group in having.get(shingle, ())})
        home = next((group for group in near if prints[group].matches(mark)), None)
        if home is not None:
            groups[home].append(position)
            continue
        for shingle in mark.shingles:
            having.setdefault(shingle, []).append(len(groups))
        groups.append([position])
        prints.append(mark)
    return groups
