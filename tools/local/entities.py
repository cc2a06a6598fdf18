"""Who and what a collection is about, as far as its titles tell."""

from collections import Counter
from collections.abc import Sequence

from quaestor.tools.text.names import names

MOST = 20
_LOOKED_AT = 2_000
"""Titles, spread over all: a collection of a million must not hold up the start of a run."""


def entities_of(titles: Sequence[str]) -> tuple[str, ...]:
    """Return the names that stand in two titles or more, most frequent first, then by name.

    Example:
        >>> entities_of(["Bergen in winter", "The port of Bergen", "Ferries", "Oslo"])
        ('Bergen',)
    """
    counts: Counter[tuple[str, ...]] = Counter()
    shown: dict[tuple[str, ...], str] = {}
    for title in titles[:: max(1, -(-len(titles) // _LOOKED_AT))]:
        for name in {one.parts: one for one in names(title)}.values():
            counts[name.parts] += 1
            shown.setdefault(name.parts, name.text)
    often = [parts for parts, count in counts.items() if count > 1]
    best = sorted(often, key=lambda parts: (-counts[parts], parts))[:MOST]
    return tuple(shown[parts] for parts in best)
