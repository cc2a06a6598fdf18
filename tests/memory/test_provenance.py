"""The graph of a run, edge by edge, and the path from a sentence to its bytes."""

import json
from dataclasses import replace
from io import BytesIO

import networkx as nx
import pytest

from quaestor.errors import IntegrityError, SettingsError
from quaestor.memory.documents import Location
from quaestor.memory.provenance import (
    EDGE_KINDS,
    NODE_KINDS,
    RunRecord,
    call_node,
    node,
    provenance,
    why,
)
from quaestor.memory.report import Claim, Report, Verdict
from tests.views.records import big_run, call, small_run, span

RUN = small_run()
LEAD, BORN = RUN.plans[0].tasks
TEAM, BIOS, WIKI = RUN.documents
LEADS, OLD, OTHER = RUN.evidence


def edges(record: RunRecord) -> set[tuple[str, str, str]]:
    graph = provenance(record)
    return {(tail, str(facts["kind"]), head) for tail, head, facts in graph.edges(data=True)}


def with_report(record: RunRecord, **changes: object) -> RunRecord:
    assert record.report is not None
    return replace(record, report=replace(record.report, **changes))  # type: ignore[arg-type]


def with_claims(record: RunRecord, *claims: Claim) -> RunRecord:
    return with_report(record, claims=claims)


def claim(verdict: Verdict, *evidence: str) -> Claim:
    return Claim(id="c1", text="A claim.", evidence=evidence, verdict=verdict)


def report_of(record: RunRecord) -> Report:
    assert record.report is not None
    return record.report


def test_every_edge_of_a_small_run_is_the_one_drawn_by_hand() -> None:
    question, report = "question:r-2026-abc", "report:r-2026-abc"
    lead, born = f"task:{LEAD.id}", f"task:{BORN.id}"
    a, b, c, d = (call_node(each) for each in RUN.calls)
    team, bios, wiki = (f"document:{each.id}" for each in RUN.documents)
    leads, old, other = (f"evidence:{each.id}" for each in RUN.evidence)
    assert edges(RUN) == {
        (question, "planned", lead),
        (question, "planned", born),
        (lead, "planned", born),
        (question, "asked", d),
        (lead, "asked", a),
        (lead, "asked", b),
        (born, "asked", b),
        (born, "asked", c),
        (a, "returned", team),
        (b, "returned", team),
        (b, "returned", bios),
        (c, "returned", wiki),
        (leads, "span_of", team),
        (old, "span_of", bios),
        (other, "span_of", wiki),
        (lead, "found", leads),
        (born, "found", old),
        (born, "found", other),
        (leads, "supports", "claim:c1"),
        (old, "supports", "claim:c2"),
        (other, "contradicts", "claim:c2"),
        ("claim:c1", "supports", report),
        ("claim:c2", "supports", report),
    }


def test_nodes_carry_their_kind_their_label_and_the_id_of_the_json() -> None:
    graph = provenance(RUN)
    born = graph.nodes[f"task:{BORN.id}"]
    assert born["kind"] == "task"
    assert born["ref"] == BORN.id
    assert born["label"] == "When was Ada Brandt born?"
    assert born["status"] == "done"
    assert graph.nodes[call_node(RUN.calls[1])]["label"] == "local_search Ada Brandt born"
    assert graph.nodes[call_node(RUN.calls[3])]["label"] == "chat"
    asked = replace(RUN.calls[3], asks=RUN.calls[1].asks, origin="private planner openai:m")
    beside = provenance(replace(RUN, calls=(*RUN.calls[:3], asked)))
    assert beside.nodes[call_node(asked)]["label"] == "private planner openai:m"
    assert graph.nodes["claim:c2"]["status"] == "partly"
    assert graph.nodes[f"evidence:{OLD.id}"]["text"] == "Ada Brandt was born in 1971."


@pytest.mark.parametrize("record", [small_run(), big_run()], ids=["a small run", "a big run"])
def test_kinds_are_the_named_ones_and_every_attribute_is_plain(record: RunRecord) -> None:
    graph = provenance(record)
    for name, facts in graph.nodes(data=True):
        assert facts["kind"] in NODE_KINDS
        assert name.startswith(f"{facts['kind']}:{facts['ref']}")
        assert all(type(value) in (str, int, float, bool) for value in facts.values())
    for _, _, facts in graph.edges(data=True):
        assert facts["kind"] in EDGE_KINDS
        assert all(type(value) in (str, int, float, bool) for value in facts.values())


def test_networkx_carries_the_graph_through_json_and_graphml() -> None:
    graph = provenance(big_run())
    told = json.loads(json.dumps(nx.node_link_data(graph, edges="edges")))
    again = nx.node_link_graph(told, edges="edges")
    assert nx.utils.graphs_equal(graph, again)
    written = BytesIO()
    nx.write_graphml(graph, written)
    read = nx.read_graphml(BytesIO(written.getvalue()), force_multigraph=True)
    assert {name: read.nodes[name] for name in read} == {name: graph.nodes[name] for name in graph}
    assert read.number_of_edges() == graph.number_of_edges()


def test_the_order_in_which_a_run_was_recorded_does_not_show() -> None:
    record = big_run()
    shuffled = replace(
        record,
        calls=record.calls[::-1],
        documents=record.documents[::-1],
        evidence=record.evidence[::-1],
        sightings=record.sightings[::-1],
        findings=record.findings[::-1],
    )
    one, other = provenance(record), provenance(shuffled)
    assert list(one.nodes(data=True)) == list(other.nodes(data=True))
    assert sorted(map(str, one.edges(data=True))) == sorted(map(str, other.edges(data=True)))


def test_equal_ids_of_different_kinds_are_different_nodes() -> None:
    claims = (replace(report_of(RUN).claims[0], id=OLD.id),)
    graph = provenance(with_claims(RUN, *claims))
    assert {f"claim:{OLD.id}", f"evidence:{OLD.id}"} <= set(graph)


def test_the_samples_of_one_request_are_two_calls() -> None:
    again = replace(RUN.calls[3], sample=1)
    graph = provenance(replace(RUN, calls=(*RUN.calls, again)))
    assert call_node(RUN.calls[3]) != call_node(again)
    assert call_node(again) in graph


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        pytest.param("supported", "supports", id="a supported claim is supported"),
        pytest.param("partly", "supports", id="a partly supported claim is supported"),
        pytest.param("contradicted", "contradicts", id="a contradicted claim is contradicted"),
        pytest.param("unsupported", None, id="an unsupported claim has nothing from what it cites"),
    ],
)
def test_the_verdict_decides_how_cited_evidence_bears(verdict: Verdict, kind: str | None) -> None:
    record = with_claims(RUN, claim(verdict, LEADS.id))
    bearing = {each for _, each, head in edges(record) if head == "claim:c1"}
    assert bearing == ({kind} if kind else set())


def test_a_claim_that_states_a_conflict_is_contradicted_by_neither_side() -> None:
    record = with_claims(RUN, claim("supported", OLD.id, OTHER.id))
    bearing = {(tail, kind) for tail, kind, head in edges(record) if head == "claim:c1"}
    assert bearing == {
        (f"evidence:{OLD.id}", "supports"),
        (f"evidence:{OTHER.id}", "supports"),
    }


def test_a_conflict_reaches_a_claim_that_cites_a_part_of_its_passage() -> None:
    part = span(BIOS, "born in 1971")
    record = with_claims(replace(RUN, evidence=(*RUN.evidence, part)), claim("supported", part.id))
    assert (f"evidence:{OTHER.id}", "contradicts", "claim:c1") in edges(record)


def test_a_span_cut_from_a_passage_was_found_as_the_passage_was() -> None:
    part, beside = span(TEAM, "led by Ada Brandt"), span(TEAM, "Our people")
    record = replace(RUN, evidence=(*RUN.evidence, part, beside))
    found = {(tail, head) for tail, kind, head in edges(record) if kind == "found"}
    assert (f"task:{LEAD.id}", f"evidence:{part.id}") in found
    assert not [head for _, head in found if head == f"evidence:{beside.id}"]


@pytest.mark.parametrize(
    ("record", "named"),
    [
        pytest.param(
            replace(RUN, documents=(BIOS, WIKI)), TEAM.id[:12], id="a document is missing"
        ),
        pytest.param(replace(RUN, evidence=(LEADS, OTHER)), OLD.id, id="cited evidence is missing"),
    ],
)
def test_a_record_with_a_hole_is_refused_by_name(record: RunRecord, named: str) -> None:
    with pytest.raises(IntegrityError, match=named):
        provenance(record)
    with pytest.raises(IntegrityError, match=named):
        why(record, "c1")


def test_a_run_that_has_only_begun_is_a_question_and_its_tasks() -> None:
    begun = RunRecord(run_id="r", question="Q?", plans=RUN.plans)
    graph = provenance(begun)
    assert {facts["status"] for _, facts in graph.nodes(data=True) if facts["kind"] == "task"} == {
        "waiting"
    }
    asking = replace(begun, calls=RUN.calls[:1])
    assert provenance(asking).nodes[f"task:{LEAD.id}"]["status"] == "running"
    assert provenance(asking).nodes[f"task:{BORN.id}"]["status"] == "waiting"


def test_documents_a_call_returned_and_the_run_did_not_keep_are_not_drawn() -> None:
    record = replace(
        RUN, calls=(*RUN.calls, replace(call("e" * 64, "search", [], []), documents=("0" * 64,)))
    )
    assert node("document", "0" * 64) not in provenance(record)


def test_why_leads_from_the_sentence_to_the_bytes() -> None:
    (path,) = why(RUN, "c2")
    assert path.evidence == OLD
    assert path.document.text[path.evidence.start : path.evidence.end] == path.evidence.text
    assert path.call == RUN.calls[1]
    assert path.task == BORN
    assert str(path).splitlines() == [
        "    claim  c2 (partly): She was born in 1971.",
        f" rests on  {OLD.id}: “Ada Brandt was born in 1971.”",
        "  read in  local:handbook  bios.md  line 1, column 1",
        f" taken by  local_search {'b' * 12} (made), 2026-11-20T07:59:00Z",
        f" for task  {BORN.id}: When was Ada Brandt born?, by the query “Ada Brandt born”",
        "to answer  When was the leader of the pump line born?",
    ]


def test_of_several_calls_the_one_of_the_finding_step_counts() -> None:
    # Both calls a and b returned the team page to this task; the span was seen at its step 1.
    (path,) = why(RUN, "c1")
    assert path.call == RUN.calls[0]
    later = replace(RUN, sightings=(replace(RUN.sightings[0], step=2),))
    assert why(later, "c1")[0].call == RUN.calls[1]


def test_a_path_names_the_row_and_the_time_of_an_uncited_span() -> None:
    located = replace(
        WIKI, locations=(Location(kind="row", number=7, start=0, end=len(WIKI.text)),)
    )
    record = with_claims(
        replace(RUN, documents=(TEAM, BIOS, located)), claim("supported", OTHER.id)
    )
    (path,) = why(record, "c1")
    assert path.taken_at == RUN.calls[2].started
    assert "https://wiki.example/brandt  row 7, line 1, column 1" in str(path)


def test_a_span_no_call_and_no_task_is_known_for_still_has_its_document() -> None:
    (path,) = why(replace(RUN, calls=(), sightings=()), "c1")
    assert (path.call, path.task, path.sighting) == (None, None, None)
    assert path.document == TEAM
    assert [line.split()[0] for line in str(path).splitlines()] == ["claim", "rests", "read", "to"]


def test_a_claim_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(SettingsError, match="no claim 'c9' in run r-2026-abc; it has: c1, c2"):
        why(RUN, "c9")
    with pytest.raises(SettingsError, match="it has: none"):
        why(replace(RUN, report=None), "c1")


def test_a_path_cannot_steer_the_terminal_it_is_printed_in() -> None:
    hostile = with_claims(
        replace(RUN, question="\x1b[2JQ\u202e?"),
        Claim(id="c1", text="\x1b]0;x\x07claim\nclaim", evidence=(LEADS.id,), verdict="supported"),
    )
    shown = str(why(hostile, "c1")[0])
    assert shown.isprintable() is False  # its own line ends
    assert shown.replace("\n", "").isprintable()
    assert len(shown.splitlines()) == 6
