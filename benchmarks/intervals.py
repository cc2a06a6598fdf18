"""The critical path of a run, from the servers' own logs."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Requests none of which began before the one before it had ended."""

    seconds: float
    """Their time together."""
    depth: int


def longest_chain(intervals: Iterable[tuple[float, float]]) -> Chain:
    """Return the longest chain of intervals that do not overlap, by their time together.

    What a program could at best do is wait for such a chain: it is the lower bound of its wall
    time if everything else were free. (Weighted interval scheduling.)

    Example:
        >>> longest_chain([(0, 2), (1, 5), (2, 4), (5, 6)])
        Chain(seconds=5.0, depth=3)
    """
    ordered = sorted(intervals, key=lambda one: one[1])
    ends = [end for _, end in ordered]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for number, (start, end) in enumerate(ordered):
        seconds, depth = best[bisect_right(ends, start, hi=number)]
        best.append(max(best[-1], (seconds + end - start, depth + 1)))
    return Chain(seconds=float(best[-1][0]), depth=best[-1][1])
