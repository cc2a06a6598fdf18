"""A graph for other programs: GraphML and node-link JSON, with nothing left out."""

import json

import networkx as nx

from quaestor.views.escape import xml_chars


def graphml(graph: "nx.MultiDiGraph[str]") -> str:
    """Return a provenance graph as GraphML, for Gephi, yEd, igraph or networkx.

    Characters that XML cannot hold become U+FFFD, edges are numbered; the rest is as it was.
    """
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name, facts in graph.nodes(data=True):
        plain.add_node(xml_chars(name), **_plain(facts))
    for number, (tail, head, facts) in enumerate(graph.edges(data=True)):
        plain.add_edge(xml_chars(tail), xml_chars(head), key=f"e{number}", **_plain(facts))
    head = "<?xml version='1.0' encoding='utf-8'?>"
    return "\n".join([head, *nx.generate_graphml(plain)]) + "\n"


def node_link(graph: "nx.MultiDiGraph[str]") -> str:
    """Return a provenance graph as the node-link JSON that `networkx.node_link_graph` reads."""
    return json.dumps(nx.node_link_data(graph, edges="edges"), ensure_ascii=False, indent=1) + "\n"


def _plain(facts: dict[str, str | float | bool]) -> dict[str, str | float | bool]:
    return {
        name: xml_chars(value) if isinstance(value, str) else value for name, value in facts.items()
    }
