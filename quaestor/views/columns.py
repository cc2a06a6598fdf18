"""The first half of a layered drawing: cycles broken, each vertex in a column, long edges cut up.

Vertices are numbers here: the graph's nodes in their given order, then one bend for each column
that a long edge passes. Nothing depends on the order in which a graph was built.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edge = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A graph whose every edge joins neighbouring columns."""

    column: list[int]
    """Of each vertex, bends after the nodes."""
    before: list[list[int]]
    """Neighbours one column to the left."""
    after: list[list[int]]
    """Neighbours one column to the right."""
    chains: dict[Edge, tuple[int, ...]]
    """For each edge given, the vertices it runs through, from its tail to its head."""
    turned: frozenset[Edge]
    """Edges that run backwards, because they close a cycle."""

    @property
    def members(self) -> list[list[int]]:
        """The vertices of each column, by number."""
        columns: list[list[int]] = [[] for _ in range(max(self.column, default=-1) + 1)]
        for vertex, column in enumerate(self.column):
            columns[column].append(vertex)
        return columns


def in_columns(
    nodes: int, edges: Iterable[Edge], *, late: Collection[int] = frozenset()
) -> Columns:
    """Put `nodes` vertices into columns so that edges run to the right.

    A vertex stands as far to the left as the longest path that leads to it; one of `late`, or one
    that nothing leads to, as far to the right as what it leads to. Edges from a vertex to itself
    are left out.
    """
    given = sorted({(tail, head) for tail, head in edges if tail != head})
    turned = _closing(nodes, given)
    forward = {edge: (edge[1], edge[0]) if edge in turned else edge for edge in given}
    column = _longest_paths(nodes, sorted(set(forward.values())), late)
    chains: dict[Edge, tuple[int, ...]] = {}
    bends: dict[Edge, tuple[int, ...]] = {}
    for edge in given:
        tail, head = forward[edge]
        if (tail, head) not in bends:
            between = range(column[tail] + 1, column[head])
            bends[tail, head] = (tail, *(len(column) + at for at in range(len(between))), head)
            column.extend(between)
        path = bends[tail, head]
        chains[edge] = path[::-1] if edge in turned else path
    before, after = _neighbours(len(column), bends.values())
    return Columns(
        column=column, before=before, after=after, chains=chains, turned=frozenset(turned)
    )


def _neighbours(
    vertices: int, paths: Iterable[Sequence[int]]
) -> tuple[list[list[int]], list[list[int]]]:
    before: list[list[int]] = [[] for _ in range(vertices)]
    after: list[list[int]] = [[] for _ in range(vertices)]
    for path in paths:
        for left, right in pairwise(path):
            after[left].append(right)
            before[right].append(left)
    return before, after


def _closing(nodes: int, edges: Sequence[Edge]) -> set[Edge]:
    """Return the edges that close a cycle, met by a depth-first walk in vertex order."""
    heads: list[list[int]] = [[] for _ in range(nodes)]
    entered = [False] * nodes
    for tail, head in edges:
        heads[tail].append(head)
        entered[head] = True
    closing: set[Edge] = set()
    unseen, open_, done = 0, 1, 2
    state = [unseen] * nodes
    # From where nothing leads to first: then what closes a cycle is what a reader calls back.
    for root in sorted(range(nodes), key=lambda vertex: (entered[vertex], vertex)):
        if state[root] != unseen:
            continue
        state[root] = open_
        walk = [(root, iter(heads[root]))]
        while walk:
            here, rest = walk[-1]
            following = next(rest, None)
            if following is None:
                state[here] = done
                walk.pop()
            elif state[following] == open_:
                closing.add((here, following))
            elif state[following] == unseen:
                state[following] = open_
                walk.append((following, iter(heads[following])))
    return closing


def _longest_paths(nodes: int, edges: Sequence[Edge], late: Collection[int]) -> list[int]:
    """Return each vertex's column in an acyclic graph."""
    before, after = _neighbours(nodes, edges)
    column = [0] * nodes
    waiting = [len(tails) for tails in before]
    ready = [vertex for vertex in range(nodes) if not waiting[vertex]]
    for vertex in ready:  # grows while it is walked
        for head in after[vertex]:
            column[head] = max(column[head], column[vertex] + 1)
            waiting[head] -= 1
            if not waiting[head]:
                ready.append(head)
    for vertex in reversed(ready):  # what it leads to has moved already
        if after[vertex] and (vertex in late or not before[vertex]):
            column[vertex] = min(column[head] for head in after[vertex]) - 1
    return column
