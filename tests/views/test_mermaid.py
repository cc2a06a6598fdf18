"""Mermaid text: every line of it is one of the few forms we write."""

import re

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.memory.provenance import provenance
from quaestor.views.flow import flow
from quaestor.views.mermaid import mermaid
from tests.views.markup import HOSTILE
from tests.views.records import big_run, small_run

_LABEL = r'"(?P<label>(?:[^"#&<>`\\{}\[\]%;*~$\n]|#\d+;)*)"'
_NODE = re.compile(
    r"    n\d+(?:\(\[|\(|\{\{|\[/|>|\[\[|\[)"
    + _LABEL
    + r"(?:\]\)|\)|\}\}|/\]|\]\]|\])(?::::kind_[a-z]+)?"
)
_EDGE = re.compile(r'    n(\d+) (?:-->|-\.->)(?:\|"(?:supports|contradicts)"\|)? n(\d+)')
_STYLE = re.compile(r"    classDef kind_[a-z]+ fill:#\w{6},stroke:#\w{6},color:#\w{6}")


def read(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the labels and edges of a flowchart that has lines of our forms only."""
    first, *lines = text.removesuffix("\n").split("\n")
    assert first == "flowchart LR"
    labels: list[str] = []
    edges: list[tuple[int, int]] = []
    for line in lines:
        if node := _NODE.fullmatch(line):
            labels.append(re.sub(r"#(\d+);", lambda code: chr(int(code[1])), node["label"]))
        elif edge := _EDGE.fullmatch(line):
            edges.append((int(edge[1]), int(edge[2])))
        else:
            assert _STYLE.fullmatch(line), line
    return labels, edges


def test_the_flowchart_has_the_nodes_and_edges_of_the_graph() -> None:
    graph = provenance(big_run())
    labels, edges = read(mermaid(graph))
    assert len(labels) == len(graph)
    drawn = flow(graph)
    # The ids follow kinds in reading order, so edges run from smaller to larger numbers.
    assert len(edges) == drawn.number_of_edges() == len(set(edges))
    assert labels[0] == drawn.nodes["question:r-big"]["label"]
    assert all(tail < head for tail, head in edges)


def test_a_small_run_reads_as_written_by_hand() -> None:
    lines = mermaid(provenance(small_run())).splitlines()
    assert lines[1] == '    n0(["When was the leader of the pump line born?"]):::kind_question'
    assert '    n9[/"Brandt"/]:::kind_document' in lines
    assert '    n12 -.->|"contradicts"| n14' in lines


@pytest.mark.parametrize("label", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_labels_stay_labels(label: str) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node(label, kind="claim", label=label)
    graph.add_node("end", kind="call", label="end")
    graph.add_edge(label, "end", kind=label)
    labels, edges = read(mermaid(graph))
    assert len(labels) == 2
    assert edges == [(1, 0)]


@given(st.text(max_size=70))
def test_a_label_comes_back_as_it_is_shown(text: str) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node("x", kind="task", label=text)
    ((label,), _) = read(mermaid(graph))
    if text.isprintable() and all(ord(char) < 0x300 for char in text):
        assert label == (" ".join(text.split()) or "task")


@pytest.mark.parametrize(
    ("label", "written"),
    [
        pytest.param("1. Introduction", "1#46; Introduction", id="a numbered heading"),
        pytest.param("- item", "#45; item", id="a bullet"),
        pytest.param("*bold*", "#42;bold#42;", id="stars"),
        pytest.param("1971", "1971", id="a year stays a year"),
        pytest.param("3.5 percent", "3#46;5 percent", id="a number at the start loses nothing"),
    ],
)
def test_labels_that_look_like_markdown_are_shown_as_they_are(label: str, written: str) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node("x", kind="claim", label=label)
    assert f'n0["{written}"]' in mermaid(graph)
