"""Exports that other programs read back."""

import json
from dataclasses import replace

import networkx as nx

from quaestor.memory.provenance import provenance
from quaestor.views.export import graphml, node_link
from tests.views.markup import parsed
from tests.views.records import big_run, small_run

NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"


def test_networkx_reads_the_graphml_back_whole() -> None:
    graph = provenance(big_run())
    again = nx.parse_graphml(graphml(graph), force_multigraph=True)
    assert {name: again.nodes[name] for name in again} == {
        name: graph.nodes[name] for name in graph
    }
    told = sorted(
        (tail, head, sorted(facts.items())) for tail, head, facts in graph.edges(data=True)
    )
    read = sorted(
        (tail, head, sorted((name, value) for name, value in facts.items() if name != "id"))
        for tail, head, facts in again.edges(data=True)
    )
    assert read == told


def test_graphml_is_strict_xml_with_an_id_for_each_edge() -> None:
    graph = provenance(small_run())
    root = parsed(graphml(graph))
    ids = [edge.get("id") for edge in root.iter(f"{NAMESPACE}edge")]
    assert len(ids) == len(set(ids)) == graph.number_of_edges()


def test_characters_xml_cannot_hold_are_replaced_and_the_rest_is_kept() -> None:
    graph = provenance(replace(small_run(), question="a"))
    graph.add_node("claim:c9", kind="claim", text='\x0c<b>"]]>&\uffff é\n')
    again = nx.parse_graphml(graphml(graph), force_multigraph=True)
    assert again.nodes["claim:c9"]["text"] == '\ufffd<b>"]]>&\ufffd é\n'


def test_networkx_reads_the_json_back_whole() -> None:
    graph = provenance(big_run())
    again = nx.node_link_graph(json.loads(node_link(graph)), edges="edges")
    assert nx.utils.graphs_equal(graph, again)
