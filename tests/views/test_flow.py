"""Folding a run until it can be read."""

import networkx as nx

from quaestor.memory.provenance import provenance
from quaestor.views.flow import cited, flow, readable, summary, untangled
from tests.views.records import big_run, small_run

RUN = small_run()
LEAD, BORN = (f"task:{task.id}" for task in RUN.plans[0].tasks)
TEAM, BIOS, WIKI = (f"document:{each.id}" for each in RUN.documents)
QUESTION, REPORT = "question:r-2026-abc", "report:r-2026-abc"


def edges(graph: "nx.DiGraph[str]") -> dict[tuple[str, str], str]:
    return {(tail, head): facts["kind"] for tail, head, facts in graph.edges(data=True)}


def test_a_document_gives_its_spans_and_parallel_edges_are_one() -> None:
    graph = provenance(RUN)
    before = set(graph.edges(keys=True))
    drawn = flow(graph)
    assert edges(drawn)[TEAM, f"evidence:{RUN.evidence[0].id}"] == "span_of"
    assert flow(drawn) is drawn
    assert set(graph.edges(keys=True)) == before
    assert nx.is_directed_acyclic_graph(drawn)


def test_what_is_left_out_joins_what_is_kept() -> None:
    folded = summary(provenance(RUN))
    assert edges(untangled(folded)) == {
        (QUESTION, LEAD): "planned",
        (LEAD, BORN): "planned",
        (LEAD, BIOS): "returned",  # by the call both tasks shared
        (LEAD, TEAM): "returned",
        (BORN, TEAM): "returned",
        (BORN, BIOS): "returned",
        (BORN, WIKI): "returned",
        (TEAM, "claim:c1"): "supports",
        (BIOS, "claim:c2"): "supports",
        (WIKI, "claim:c2"): "contradicts",
        ("claim:c1", REPORT): "supports",
        ("claim:c2", REPORT): "supports",
    }


def test_folding_down_to_claims_still_tells_which_task_carries_which() -> None:
    folded = summary(provenance(RUN), kinds=("task", "claim"))
    assert edges(folded) == {
        (LEAD, BORN): "planned",
        (LEAD, "claim:c1"): "supports",
        (LEAD, "claim:c2"): "supports",
        (BORN, "claim:c1"): "supports",
        (BORN, "claim:c2"): "contradicts",
    }


def test_untangling_leaves_what_only_one_edge_says() -> None:
    graph = provenance(RUN)
    light = edges(untangled(graph))
    whole = edges(flow(graph))
    gone = {pair: kind for pair, kind in whole.items() if pair not in light}
    assert set(gone.values()) == {"planned", "found"}
    assert (QUESTION, BORN) in gone
    asked = {pair for pair, kind in whole.items() if kind == "asked"}
    assert asked <= set(light)


def test_what_was_read_and_not_used_can_be_left_out() -> None:
    record = big_run()
    graph = provenance(record)
    used = cited(graph)
    assert record.report is not None
    told = {ref for claim in record.report.claims for ref in claim.evidence}
    against = {
        ref for conflict in record.report.conflicts for side in conflict.evidence for ref in side
    }
    kept = {name.split(":")[1] for name in used if name.startswith("evidence:")}
    assert told <= kept <= told | against
    assert {name for name in graph if name.startswith("task:")} <= set(used)
    assert list(used) == [name for name in graph if name in used]


def test_a_readable_picture_folds_only_as_far_as_it_must() -> None:
    graph = provenance(big_run())
    assert set(readable(graph)) == set(graph)
    middle = len(cited(graph))
    assert middle < len(graph)
    assert set(readable(graph, nodes=middle)) == set(cited(graph))
    kinds = {facts["kind"] for _, facts in readable(graph, nodes=10).nodes(data=True)}
    assert kinds == {"question", "task", "document", "claim", "report"}


def test_a_graph_with_a_cycle_is_drawn_whole() -> None:
    ring: nx.DiGraph[str] = nx.DiGraph([("a", "b"), ("b", "c"), ("c", "a"), ("a", "c")])
    assert set(untangled(ring).edges) == set(ring.edges)
    assert set(summary(ring, kinds=("",)).edges) == set(ring.edges)
