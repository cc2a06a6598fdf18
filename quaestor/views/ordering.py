"""The order of vertices within each column, so that edges cross seldom.

Barycentre sweeps with exchanges of neighbours, the best order met being kept. Ties keep the
order they had, so the same graph gives the same order every time.

Source:
    Sugiyama, Tagawa, Toda. "Methods for visual understanding of hierarchical system
    structures." IEEE Transactions on Systems, Man, and Cybernetics 11(2), 1981, section IV.
    Exchanges of neighbours: Gansner et al., "A technique for drawing directed graphs", IEEE
    Transactions on Software Engineering 19(3), 1993, section 3.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence

from quaestor.views.columns import Columns

_SWEEPS = 12
_EXCHANGE_UP_TO = 3000
"""Vertices: above this a sweep's exchanges cost more than the eye gains."""

Order = list[list[int]]


def ordered(columns: Columns) -> Order:
    """Return the vertices of each column from top to bottom."""
    order = _first_order(columns)
    best, fewest = order, crossings(columns, order)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        order = _swept(columns, order, rightwards=sweep % 2 == 0)
        if len(columns.column) <= _EXCHANGE_UP_TO:
            order = _exchanged(columns, order)
        now = crossings(columns, order)
        if now < fewest:
            best, fewest = order, now
    return best


def crossings(columns: Columns, order: Sequence[Sequence[int]]) -> int:
    """Return how many pairs of edges cross."""
    place = _places(order)
    total = 0
    for column in order[:-1]:
        passed: list[int] = []
        for vertex in column:
            heads = sorted(place[head] for head in columns.after[vertex])
            total += sum(len(passed) - bisect_right(passed, head) for head in heads)
            for head in heads:
                insort(passed, head)
    return total


def _first_order(columns: Columns) -> Order:
    """Return each column in the order of a walk down from its roots, which keeps trees apart."""
    order: Order = [[] for _ in columns.members]
    seen: set[int] = set()
    for root in (vertex for vertex, tails in enumerate(columns.before) if not tails):
        stack = [root]
        while stack:
            vertex = stack.pop()
            if vertex not in seen:
                seen.add(vertex)
                order[columns.column[vertex]].append(vertex)
                stack.extend(sorted(columns.after[vertex], reverse=True))
    return order


def _swept(columns: Columns, order: Order, *, rightwards: bool) -> Order:
    """Sort every column by the mean place of its neighbours in the column before it."""
    swept = [list(column) for column in order]
    beside = columns.before if rightwards else columns.after
    place = _places(order)
    walk = range(1, len(order)) if rightwards else range(len(order) - 2, -1, -1)
    for at in walk:
        mean = {
            vertex: sum(place[other] for other in beside[vertex]) / len(beside[vertex])
            for vertex in swept[at]
            if beside[vertex]
        }
        moving = iter(
            sorted((vertex for vertex in swept[at] if vertex in mean), key=mean.__getitem__)
        )
        # A vertex with no neighbour on that side keeps its slot.
        swept[at] = [next(moving) if vertex in mean else vertex for vertex in swept[at]]
        place.update({vertex: slot for slot, vertex in enumerate(swept[at])})
    return swept


def _exchanged(columns: Columns, order: Order) -> Order:
    """Exchange neighbours where that uncrosses edges, once down each column."""
    place = _places(order)
    for column in order:
        for slot in range(len(column) - 1):
            upper, lower = column[slot], column[slot + 1]
            if _between(columns, place, lower, upper) < _between(columns, place, upper, lower):
                column[slot], column[slot + 1] = lower, upper
                place[upper], place[lower] = slot + 1, slot
    return order


def _between(columns: Columns, place: dict[int, int], upper: int, lower: int) -> int:
    """Return how many edges of two vertices cross when one stands right above the other."""
    total = 0
    for beside in (columns.before, columns.after):
        below = sorted(place[other] for other in beside[lower])
        for other in beside[upper]:
            at = place[other]
            total += sum(1 for each in below if each < at)
    return total


def _places(order: Sequence[Sequence[int]]) -> dict[int, int]:
    return {vertex: slot for column in order for slot, vertex in enumerate(column)}
