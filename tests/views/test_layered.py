"""Laws of the layered drawing, for any graph."""

import random
from itertools import combinations, pairwise, product

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quaestor.views.columns import in_columns
from quaestor.views.layered import Layout, layered
from quaestor.views.ordering import crossings, ordered

_SIZE = st.tuples(st.integers(10, 200), st.integers(10, 90))


@st.composite
def graphs(draw: st.DrawFn, *, acyclic: bool = False) -> "nx.DiGraph[str]":
    """Graphs of up to fourteen nodes, loops, cycles and lonely nodes among them."""
    count = draw(st.integers(0, 14))
    pairs = st.tuples(st.integers(0, max(count - 1, 0)), st.integers(0, max(count - 1, 0)))
    edges = draw(st.lists(pairs, max_size=30)) if count else []
    graph: nx.DiGraph[str] = nx.DiGraph()
    for number in range(count):
        width, height = draw(_SIZE)
        graph.add_node(f"n{number}", size=(float(width), float(height)))
    for tail, head in edges:
        if not acyclic or tail < head:
            graph.add_edge(f"n{tail}", f"n{head}")
    return graph


def lay(graph: "nx.DiGraph[str]", late: tuple[str, ...] = ()) -> Layout:
    sizes = {name: facts["size"] for name, facts in graph.nodes(data=True)}
    return layered(graph, sizes, late=late)


@given(graphs(acyclic=True), st.booleans())
def test_every_edge_of_an_acyclic_graph_runs_to_the_right(
    graph: "nx.DiGraph[str]", late: bool
) -> None:
    layout = lay(graph, tuple(graph) if late else ())
    assert not layout.turned
    for tail, head in graph.edges:
        assert layout.boxes[tail].column < layout.boxes[head].column
        points = layout.routes[tail, head]
        assert all(one[0] < other[0] for one, other in pairwise(points))


@given(graphs())
def test_only_what_closes_a_cycle_runs_back_and_without_it_there_is_none(
    graph: "nx.DiGraph[str]",
) -> None:
    layout = lay(graph)
    loops = set(nx.selfloop_edges(graph))
    kept: nx.DiGraph[str] = nx.DiGraph(graph)
    kept.remove_edges_from([*layout.turned, *loops])
    assert nx.is_directed_acyclic_graph(kept)
    for tail, head in graph.edges:
        if (tail, head) not in loops:
            backwards = layout.boxes[tail].column > layout.boxes[head].column
            assert backwards == ((tail, head) in layout.turned)
            start, end = layout.routes[tail, head][0], layout.routes[tail, head][-1]
            assert start[1] == layout.boxes[tail].middle
            assert end[1] == layout.boxes[head].middle


@given(graphs())
def test_no_two_boxes_overlap_and_all_stand_inside(graph: "nx.DiGraph[str]") -> None:
    layout = lay(graph)
    assert set(layout.boxes) == set(graph)
    for one, other in combinations(layout.boxes.values(), 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        above = one.y + one.height < other.y or other.y + other.height < one.y
        assert beside or above
    for box in layout.boxes.values():
        assert -1e-6 <= box.x <= box.x + box.width <= layout.width + 1e-6
        assert -1e-6 <= box.y <= box.y + box.height <= layout.height + 1e-6


@given(graphs())
def test_long_edges_pass_between_the_boxes_of_the_columns_they_pass(
    graph: "nx.DiGraph[str]",
) -> None:
    layout = lay(graph)
    for points in layout.routes.values():
        for (x, y), (to_x, to_y) in pairwise(points[1:-1]):
            if y == to_y:
                middle = (x + to_x) / 2
                for box in layout.boxes.values():
                    inside = box.x < middle < box.x + box.width
                    assert not (inside and box.y < y < box.y + box.height)


@settings(max_examples=60)
@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_building_does_not_show(
    graph: "nx.DiGraph[str]", chance: random.Random
) -> None:
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges)
    chance.shuffle(nodes)
    chance.shuffle(edges)
    again: nx.DiGraph[str] = nx.DiGraph()
    again.add_nodes_from(nodes)
    again.add_edges_from(edges)
    one, other = lay(graph), lay(again)
    assert one == other
    assert list(one.boxes) == list(other.boxes)


@given(graphs(acyclic=True))
def test_crossings_are_those_that_counting_every_pair_gives(graph: "nx.DiGraph[str]") -> None:
    names = sorted(graph)
    columns = in_columns(
        len(names), [(names.index(tail), names.index(head)) for tail, head in graph.edges]
    )
    order = ordered(columns)
    assert [sorted(column) for column in order] == [sorted(each) for each in columns.members]
    place = {vertex: slot for column in order for slot, vertex in enumerate(column)}
    counted = 0
    for column in order:
        for upper, lower in combinations(column, 2):
            for one, other in product(columns.after[upper], columns.after[lower]):
                counted += place[other] < place[one]
    assert crossings(columns, order) == counted


def test_two_crossed_pairs_are_uncrossed() -> None:
    # 0 and 1 on the left, 2 and 3 on the right, drawn as an X when kept in order of number.
    columns = in_columns(4, [(0, 3), (1, 2)])
    assert crossings(columns, [[0, 1], [2, 3]]) == 1
    assert crossings(columns, ordered(columns)) == 0


def test_sweeps_uncross_what_the_first_order_leaves_crossed() -> None:
    # The middle one of the left stands best above the others: 1-4, 0-5, 0-3, 2-3.
    columns = in_columns(6, [(0, 3), (0, 5), (1, 4), (2, 3)])
    assert crossings(columns, [[0, 1, 2], [3, 5, 4]]) == 2
    assert crossings(columns, ordered(columns)) == 0


def test_a_chain_is_a_straight_line() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph([("a", "b"), ("b", "c"), ("a", "c")])
    layout = layered(graph, dict.fromkeys(graph, (10.0, 10.0)), column_gap=5)
    assert [layout.boxes[name].x for name in "abc"] == [0.0, 15.0, 30.0]
    assert layout.boxes["a"].middle == pytest.approx(layout.boxes["c"].middle, abs=8)


def test_equal_claims_are_ordered_by_their_number() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(f"claim:c{number}" for number in (10, 9, 2, 1))
    layout = layered(graph, dict.fromkeys(graph, (10.0, 10.0)))
    assert list(layout.boxes) == ["claim:c1", "claim:c2", "claim:c9", "claim:c10"]
    ranked = layered(graph, dict.fromkeys(graph, (10.0, 10.0)), rank={"claim:c10": -1})
    assert next(iter(ranked.boxes)) == "claim:c10"


def test_a_late_node_stands_right_before_what_it_leads_to() -> None:
    edges = [("q", "a"), ("a", "b"), ("b", "r"), ("q", "claim"), ("claim", "r")]
    graph: nx.DiGraph[str] = nx.DiGraph(edges)
    sizes = dict.fromkeys(graph, (10.0, 10.0))
    assert layered(graph, sizes).boxes["claim"].column == 1
    assert layered(graph, sizes, late={"claim"}).boxes["claim"].column == 2
