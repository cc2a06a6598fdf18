"""A layered drawing of a directed graph: boxes in columns, edges running to the right.

The same graph gives the same drawing whatever the order it was built in.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from quaestor.views.columns import in_columns
from quaestor.views.ordering import ordered
from quaestor.views.placing import middles

_BEND_HEIGHT = 6.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where a node stands."""

    x: float
    """Left edge."""
    y: float
    """Upper edge."""
    width: float
    height: float
    column: int

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where everything stands, the upper left corner being (0, 0)."""

    boxes: dict[str, Box]
    """By node, column after column and downwards."""
    routes: dict[tuple[str, str], tuple[tuple[float, float], ...]]
    """For each edge the points it runs through: two at each column it passes, and its ends."""
    turned: frozenset[tuple[str, str]]
    """Edges that run to the left, because they close a cycle."""
    width: float
    height: float


def layered(
    graph: "nx.DiGraph[str]",
    sizes: Mapping[str, tuple[float, float]],
    *,
    rank: Mapping[str, int] | None = None,
    late: Collection[str] = (),
    column_gap: float = 64.0,
    row_gap: float = 14.0,
) -> Layout:
    """Lay out a graph from left to right.

    Args:
        graph: Any directed graph; edges from a node to itself are not drawn.
        sizes: Width and height of each node.
        rank: Which node stands first where the edges leave it open, smallest first.
        late: Nodes that stand as far to the right as what they lead to allows, not to the left.
        column_gap: Between columns, where edges bend.
        row_gap: Between the boxes of one column.
    """
    ranks = rank or {}
    names = sorted(graph, key=lambda name: (ranks.get(name, 0), _natural(name)))
    number = {name: at for at, name in enumerate(names)}
    columns = in_columns(
        len(names),
        ((number[tail], number[head]) for tail, head in graph.edges),
        late={number[name] for name in late},
    )
    order = ordered(columns)
    widths = [sizes[name][0] for name in names]
    heights = [sizes[name][1] for name in names]
    heights += [_BEND_HEIGHT] * (len(columns.column) - len(names))
    middle = middles(columns, order, heights, nodes=len(names), gap=row_gap)
    across = _across(order, widths, column_gap)
    boxes = {
        names[vertex]: Box(
            x=across[vertex][0],
            y=middle[vertex] - heights[vertex] / 2,
            width=widths[vertex],
            height=heights[vertex],
            column=at,
        )
        for at, column in enumerate(order)
        for vertex in column
        if vertex < len(names)
    }
    routes = {
        (names[tail], names[head]): _route(chain, across, middle, turned=edge in columns.turned)
        for edge, chain in columns.chains.items()
        for tail, head in [edge]
    }
    return Layout(
        boxes=boxes,
        routes=routes,
        turned=frozenset((names[tail], names[head]) for tail, head in columns.turned),
        width=max((right for _, right in across.values()), default=0.0),
        height=max((at + heights[v] / 2 for v, at in enumerate(middle)), default=0.0),
    )


def _across(
    order: Sequence[Sequence[int]], widths: Sequence[float], gap: float
) -> dict[int, tuple[float, float]]:
    """Return where each vertex begins and ends: nodes centred, bends as wide as their column."""
    across: dict[int, tuple[float, float]] = {}
    left = 0.0
    for column in order:
        widest = max(widths[vertex] for vertex in column if vertex < len(widths))
        for vertex in column:
            width = widths[vertex] if vertex < len(widths) else widest
            across[vertex] = (left + (widest - width) / 2, left + (widest + width) / 2)
        left += widest + gap
    return across


def _route(
    chain: Sequence[int],
    across: Mapping[int, Point],
    middle: Sequence[float],
    *,
    turned: bool,
) -> tuple[Point, ...]:
    """Return the points of an edge: out of its tail, level past every bend, into its head."""
    rightwards = chain[::-1] if turned else chain
    points = [(across[rightwards[0]][1], middle[rightwards[0]])]
    for bend in rightwards[1:-1]:
        points += [(x, middle[bend]) for x in across[bend]]
    points.append((across[rightwards[-1]][0], middle[rightwards[-1]]))
    return tuple(reversed(points)) if turned else tuple(points)


def _natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Return a key that sorts c2 before c10: digits by value, everything else as text."""
    parts: list[tuple[int, str]] = []
    for part in re.split(r"([0-9]+)", name):
        digits = part.lstrip("0") if part.isascii() and part.isdigit() else None
        parts.append((-1, part) if digits is None else (len(digits), digits))
    return parts, name
