"""The graph as it is read in a picture: from the question to the report, and only what helps.

The provenance graph is exact and has parallel edges; here every edge points the way a reader
follows (a document gives evidence), parallel ones are one, and detail can be folded away.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import networkx as nx

SUMMARY = ("question", "task", "document", "claim", "report")

_FRAME = ("question", "task", "claim", "report")

# Where edges meet in one, the one that a reader must not miss is told.
_TELLING = ("contradicts", "supports", "span_of", "returned", "found", "asked", "planned")


Facts = Mapping[str, Any]
"""Attributes of a node or an edge, JSON-plain, from whatever graph a caller has."""


def kind_of(facts: Facts) -> str:
    """Return the kind of a node or an edge; empty where it has none."""
    return str(facts.get("kind", ""))


def flow(graph: "nx.DiGraph[str]") -> "nx.DiGraph[str]":
    """Return a provenance graph with one edge between two nodes, in reading direction.

    A graph that is one already comes back as it is.
    """
    if not graph.is_multigraph():
        return graph
    drawn: nx.DiGraph[str] = nx.DiGraph(**graph.graph)
    drawn.add_nodes_from(graph.nodes(data=True))
    for start, end, facts in graph.edges(data=True):
        kind = kind_of(facts)
        tail, head = (end, start) if kind == "span_of" else (start, end)
        _join(drawn, tail, head, kind)
    return drawn


def summary(graph: "nx.DiGraph[str]", *, kinds: Collection[str] = SUMMARY) -> "nx.DiGraph[str]":
    """Return the nodes of some kinds, joined where a path leads through left-out nodes only.

    The joining edge has the kind of the path's last edge: a document `supports` the claim that
    a span of it supports.
    """
    whole = flow(graph)
    kept = [name for name, facts in whole.nodes(data=True) if kind_of(facts) in kinds]
    folded: nx.DiGraph[str] = nx.DiGraph(**whole.graph)
    folded.add_nodes_from((name, whole.nodes[name]) for name in kept)
    for name in kept:
        for head, kind in _reached(whole, name, folded):
            _join(folded, name, head, kind)
    return folded


def cited(graph: "nx.DiGraph[str]") -> "nx.DiGraph[str]":
    """Return the question, its tasks, the report, and what a claim rests on or is contradicted by.

    Leaves out what was read and not used, which in a long run is most of it.
    """
    whole = flow(graph)
    kinds = {name: kind_of(facts) for name, facts in whole.nodes(data=True)}
    kept = {name for name, kind in kinds.items() if kind in _FRAME}
    for claim in (name for name, kind in kinds.items() if kind == "claim"):
        kept |= nx.ancestors(whole, claim)
    # Built anew in the old order: a subgraph view would walk a set.
    used: nx.DiGraph[str] = nx.DiGraph(**whole.graph)
    used.add_nodes_from((name, facts) for name, facts in whole.nodes(data=True) if name in kept)
    used.add_edges_from(edge for edge in whole.edges(data=True) if {edge[0], edge[1]} <= kept)
    return used


def untangled(graph: "nx.DiGraph[str]") -> "nx.DiGraph[str]":
    """Return the graph without the edges that a longer path says already.

    That a task found a span is drawn by the call and the document between them. A path by way
    of a task that was `planned` later says nothing of the earlier one's calls, so plans and the
    rest are looked at apart. A graph with cycles has no such reduction and comes back whole.
    """
    whole = flow(graph)
    if not nx.is_directed_acyclic_graph(whole):
        return whole
    plans = {edge[:2] for edge in whole.edges(data=True) if kind_of(edge[2]) == "planned"}
    rest = {edge for edge in whole.edges if edge not in plans}
    needed: set[tuple[str, str]] = set()
    for part in (plans, rest):
        needed |= set(nx.transitive_reduction(whole.edge_subgraph(part)).edges)
    light: nx.DiGraph[str] = nx.DiGraph(**whole.graph)
    light.add_nodes_from(whole.nodes(data=True))
    light.add_edges_from(edge for edge in whole.edges(data=True) if edge[:2] in needed)
    return light


def readable(graph: "nx.DiGraph[str]", *, nodes: int = 120) -> "nx.DiGraph[str]":
    """Return as much of a run as one picture of about `nodes` nodes carries.

    All of it, else what the report rests on, else that without calls and spans.
    """
    if len(graph) <= nodes:
        return untangled(graph)
    used = cited(graph)
    return untangled(used if len(used) <= nodes else summary(used))


def _join(graph: "nx.DiGraph[str]", start: str, end: str, kind: str) -> None:
    """Add an edge, or make the one that is there the more telling of the two."""
    before = kind_of(graph.edges[start, end]) if graph.has_edge(start, end) else kind
    telling = [each for each in _TELLING if each in (before, kind)]
    graph.add_edge(start, end, kind=telling[0] if telling else kind)


def _reached(
    graph: "nx.DiGraph[str]", start: str, kept: "nx.DiGraph[str]"
) -> Iterator[tuple[str, str]]:
    """Yield the kept nodes a path leads to through others only, with its last edge's kind."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for end, facts in graph.adj[here].items():
            if end == start:
                continue
            if end in kept:
                yield end, kind_of(facts)
            elif end not in seen:
                seen.add(end)
                waiting.append(end)
