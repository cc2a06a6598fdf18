"""Where the vertices of each column stand: as near to their neighbours as the order allows."""

from collections.abc import Sequence

from quaestor.views.columns import Columns

_SWEEPS = 10

_STRAIGHTNESS = (1.0, 2.0, 8.0)
"""How much an edge wants to be level, by how many of its two ends are bends: a long edge that
wiggles is harder to follow than a short one that slopes."""


def middles(
    columns: Columns,
    order: Sequence[Sequence[int]],
    heights: Sequence[float],
    *,
    nodes: int,
    gap: float,
) -> list[float]:
    """Return the height at which each vertex has its middle, the topmost edge being 0.

    Each column in turn is moved to where its edges are shortest in the sense of least squares,
    its order and its gaps kept, looking at the column before it, at the one after it, and at
    both in the end.

    Args:
        columns: The graph.
        order: Of each column, from top to bottom.
        heights: Of each vertex.
        nodes: How many of the vertices are nodes; the rest are bends.
        gap: Between two vertices of one column.
    """
    middle = [0.0] * len(heights)
    for column in order:
        for vertex, at in zip(column, _offsets(column, heights, gap), strict=True):
            middle[vertex] = at
    for sweep in range(_SWEEPS):
        both = sweep >= _SWEEPS - 4
        rightwards = sweep % 2 == 0
        for column in order if rightwards else reversed(order):
            sides = [columns.before] if rightwards else [columns.after]
            sides = [columns.before, columns.after] if both else sides
            wanted = [_wanted(vertex, sides, middle, nodes) for vertex in column]
            for vertex, at in zip(column, _placed(column, wanted, heights, gap), strict=True):
                middle[vertex] = at
    top = min((at - heights[vertex] / 2 for vertex, at in enumerate(middle)), default=0.0)
    return [at - top for at in middle]


def _wanted(
    vertex: int, sides: Sequence[Sequence[Sequence[int]]], middle: Sequence[float], nodes: int
) -> tuple[float, float]:
    """Return the height a vertex wants to be at, and how much it wants it."""
    pull = weight = 0.0
    for side in sides:
        for other in side[vertex]:
            straightness = _STRAIGHTNESS[(vertex >= nodes) + (other >= nodes)]
            pull += straightness * middle[other]
            weight += straightness
    return (pull / weight, weight) if weight else (middle[vertex], 0.05)


def _offsets(column: Sequence[int], heights: Sequence[float], gap: float) -> list[float]:
    """Return the middles of a column whose boxes are packed as tight as the gap allows."""
    offsets: list[float] = []
    below = 0.0
    for vertex in column:
        offsets.append(below + heights[vertex] / 2)
        below += heights[vertex] + gap
    return offsets


def _placed(
    column: Sequence[int],
    wanted: Sequence[tuple[float, float]],
    heights: Sequence[float],
    gap: float,
) -> list[float]:
    """Return the middles nearest to the wanted ones among those that keep order and gaps.

    With the packed offsets taken away, gaps become "not above the one before": isotonic
    regression, solved exactly by pooling adjacent violators.
    """
    offsets = _offsets(column, heights, gap)
    pools: list[tuple[float, float, int]] = []
    """Mean, weight and size of each pool of vertices that touch."""
    for (at, weight), offset in zip(wanted, offsets, strict=True):
        pool = (at - offset, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, mass, size = pools.pop()
            total = mass + pool[1]
            pool = ((mean * mass + pool[0] * pool[1]) / total, total, size + pool[2])
        pools.append(pool)
    means = [mean for mean, _, size in pools for _ in range(size)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
