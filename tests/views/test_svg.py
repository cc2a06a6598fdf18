"""The picture: well-formed, self-contained and readable, whatever the labels say."""

from itertools import combinations, pairwise
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quaestor.memory.provenance import NODE_KINDS, RunRecord, provenance
from quaestor.views.escape import text_width
from quaestor.views.flow import untangled
from quaestor.views.palette import INK, LINE, LOOKS, SOFT_INK, STATUS
from quaestor.views.svg import svg
from tests.views.markup import HOSTILE, SVG, checked_svg
from tests.views.records import big_run, small_run


def labelled(label: str) -> "nx.DiGraph[str]":
    """Return one node of each kind, with the same label, id and facts, in a row."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for kind in NODE_KINDS:
        facts = {"text": label, "uri": label, "status": label, "ref": label}
        graph.add_node(f"{kind}:{label}", kind=kind, label=label, **facts)
    names = list(graph)
    graph.add_edges_from(pairwise(names), kind="supports")
    return graph


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("label", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_labels_stay_text(label: str) -> None:
    root = checked_svg(svg(labelled(label), title=label))
    assert len(root.findall(f".//{SVG}g/{SVG}title")) == 2 * len(NODE_KINDS) - 1 + 1


@settings(max_examples=40)
@given(st.text(max_size=300))
def test_no_label_at_all_breaks_the_picture(label: str) -> None:
    checked_svg(svg(labelled(label), title=label))


def test_a_script_element_is_shown_as_the_words_it_is() -> None:
    root = checked_svg(svg(labelled("<script>alert(1)</script>")))
    assert "<script>alert(1)</script>" in texts(root)


@pytest.mark.parametrize("record", [small_run(), big_run()], ids=["a small run", "a big run"])
def test_every_node_is_drawn_with_its_whole_label_as_tooltip(record: RunRecord) -> None:
    graph = provenance(record)
    root = checked_svg(svg(untangled(graph)))
    tips = [title.text or "" for title in root.iter(f"{SVG}title")]
    for _, facts in graph.nodes(data=True):
        assert any(
            tip.startswith(" ".join(str(facts.get("text", facts["label"])).split())[:400])
            for tip in tips
        )


def test_a_picture_is_the_same_every_time_and_however_the_graph_was_built() -> None:
    graph = provenance(big_run())
    again: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    again.add_nodes_from(list(graph.nodes(data=True))[::-1])
    again.add_edges_from(list(graph.edges(data=True))[::-1])
    assert svg(graph) == svg(again)


def test_labels_end_before_their_box_does() -> None:
    root = checked_svg(svg(provenance(big_run())))
    for group in root.iter(f"{SVG}g"):
        outline = group.find(f"{SVG}rect")
        for text in group.findall(f"{SVG}text"):
            if outline is not None and group.find(f"{SVG}title") is not None:
                right = float(outline.get("x", "")) + float(outline.get("width", ""))
                end = float(text.get("x", "")) + text_width(text.text or "") * float(
                    text.get("font-size", "")
                )
                assert end <= right
                low = float(outline.get("y", "")) + float(outline.get("height", ""))
                assert float(text.get("y", "")) < low


def test_the_legend_names_what_is_there_and_nothing_else() -> None:
    root = checked_svg(svg(provenance(RunRecord(run_id="r", question="Q?"))))
    assert texts(root) == ["question", "question", "Q?"]
    whole = texts(checked_svg(svg(provenance(small_run()))))
    assert whole[: len(NODE_KINDS) + 2] == [*NODE_KINDS, "supports", "contradicts"]


def test_an_empty_graph_is_an_empty_picture() -> None:
    empty: nx.DiGraph[str] = nx.DiGraph()
    assert texts(checked_svg(svg(empty))) == []


def test_contradicting_evidence_is_dashed_not_only_red() -> None:
    root = checked_svg(svg(provenance(small_run())))
    dashed = [
        group.findtext(f"{SVG}title")
        for group in root.iter(f"{SVG}g")
        if group.find(f"{SVG}path[@stroke-dasharray]") is not None
    ]
    assert dashed == ["contradicts", "contradicts"]  # the legend's and the one of the run


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_reads_on_its_fill_and_lines_on_light_and_dark_pages() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for look in LOOKS.values():
        assert contrast(INK, look.fill) >= 7
        assert contrast(SOFT_INK, look.fill) >= 4.5
    for colour in [LINE, *(colour for _, colour in STATUS.values())]:
        assert contrast(colour, "#ffffff") >= 3
        assert contrast(colour, "#111111") >= 3


def test_kinds_differ_by_more_than_colour() -> None:
    shapes = [look.shape for look in LOOKS.values()]
    assert all(one != other for one, other in combinations(shapes, 2))


def test_a_models_call_is_labelled_by_role_and_model_once() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node(
        "call:1",
        kind="call",
        label="public planner openai:m",
        call_kind="chat",
        origin="public planner openai:m",
        how="made",
        status="done",
    )
    root = checked_svg(svg(graph))
    shown = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert "call · chat · made" in shown
    assert " ".join(shown).count("planner") == 1
