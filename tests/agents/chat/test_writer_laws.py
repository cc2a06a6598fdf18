"""What holds whatever a model replies: spans lie in passages, nothing long stands uncited."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from quaestor.agents.chat.writing.answering import answer_and_lead, holds
from quaestor.agents.chat.writing.fitting import Display, Shown, fair_order
from quaestor.agents.chat.writing.numbering import Numbered
from quaestor.agents.chat.writing.planning_sections import plan_sections
from quaestor.agents.chat.writing.replies import (
    Paragraph,
    ReportPlan,
    WrittenReport,
    WrittenSection,
)
from quaestor.agents.chat.writing.stating import stated
from quaestor.agents.chat.writing.tabling import table_of
from quaestor.agents.chat.writing.written_sections import written_sections
from quaestor.agents.roles.synthesizer import Statement
from quaestor.memory.plan import Brief
from quaestor.tools.models.tokens import estimate
from tests.agents.chat.write_views import FERRIES, passage_of, view

WHOLE = view()
# Passages from the middle of their documents: offsets count from a document's start.
SEEN = replace(
    WHOLE,
    passages=tuple(replace(one, start=700, end=700 + one.end) for one in WHOLE.passages),
)
EVIDENCE = Numbered.of(SEEN.passages)
PARTS = ("who built the Merganser", "how long the Eider is")
BRIEF = Brief(answer_type="name", parts=PARTS)

WORDS = st.sampled_from(
    "The Merganser|Ilse Marrand|built|in 1961|480 passengers|Bo Orr|1974,|[e2]|[e9]|52 metres|Yes,"
    "|Nobody knows.|GDP fell by 40 %|“green”|船|".split("|")
)
TEXTS = st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=60)
IDS = st.lists(
    st.sampled_from(["e1", "e2", "[e3]", "E4", "e5", "e0", "4", "", "e99999"])
    | st.integers(min_value=-2, max_value=9),
    max_size=4,
) | st.sampled_from(["e1, e2", "e9", ""])
SENTENCES = st.fixed_dictionaries({"text": TEXTS, "evidence": IDS})
HEADED = st.fixed_dictionaries({"text": TEXTS, "evidence": IDS, "heading": TEXTS})
ROWS = st.fixed_dictionaries({"cells": st.lists(TEXTS, max_size=4), "evidence": IDS})
SECTIONS = st.fixed_dictionaries({"part": st.integers(-1, 4), "heading": TEXTS, "evidence": IDS})
ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "answerable": st.booleans(),
    "answer": TEXTS,
    "answer_evidence": IDS,
    "lead": st.lists(SENTENCES, max_size=4),
}
REPORTS = st.fixed_dictionaries(
    ANSWERS
    | {
        "sentences": st.lists(HEADED, max_size=6),
        "table": st.lists(ROWS, max_size=6),
        "unanswered": st.lists(st.integers(-1, 4), max_size=3),
    }
)
PLANS = st.fixed_dictionaries(
    ANSWERS
    | {
        "sections": st.lists(SECTIONS, max_size=5),
        "unanswered": st.lists(st.integers(-1, 4), max_size=3),
    }
)


def lawful(statement: Statement) -> None:
    homes = {one.evidence: one for one in SEEN.passages}
    for spot in statement.spots:
        home = homes[spot.evidence]
        assert home.start <= spot.start < spot.end <= home.end
    assert "[e" not in statement.text.casefold()


@given(st.fixed_dictionaries(ANSWERS))
def test_an_answer_is_held_by_the_spans_of_its_lead_or_is_empty(reply: Mapping[str, Any]) -> None:
    answer, lead = answer_and_lead(
        Paragraph.model_validate(reply), EVIDENCE, SEEN.question, BRIEF, 3
    )
    for one in lead.statements:
        lawful(one)
        assert bool(one.spots) != bool(one.fault)
    if answer:
        homes = {one.evidence: one for one in SEEN.passages}
        cited = {spot.evidence for one in lead.statements for spot in one.spots}
        assert holds(answer, [homes[name] for name in sorted(cited)])


@given(REPORTS)
def test_a_whole_report_cites_only_what_was_given(reply: Mapping[str, Any]) -> None:
    sections, _ = written_sections(WrittenReport.model_validate(reply), EVIDENCE, PARTS)
    assert [one.number for one in sections] == list(range(1, len(sections) + 1))
    for section in sections:
        assert section.heading
        assert section.written
        for one in section.written:
            lawful(one)
        assert len({len(row) for row in section.table}) <= 1


@given(st.lists(SENTENCES, max_size=6), st.lists(ROWS, max_size=6))
def test_a_section_cites_only_what_it_was_given(
    sentences: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    reply = WrittenSection.model_validate({"sentences": sentences, "table": rows})
    given_here = EVIDENCE.only(["e2", "e3"])
    allowed = {one.evidence for one in given_here.by_id.values()}
    found = stated(reply.sentences, given_here)
    _, told = table_of(reply.table, given_here, found.statements)
    for one in (*found.statements, *told):
        lawful(one)
        assert {spot.evidence for spot in one.spots} <= allowed
    assert len(found.statements) <= len(reply.sentences)


@given(PLANS, st.sets(st.sampled_from(["e1", "e2", "e3", "e4"])))
def test_a_plan_gives_every_section_evidence_and_forgets_none(
    reply: Mapping[str, Any], ids: set[str]
) -> None:
    shown = tuple(sorted(ids))
    left = tuple(name for name in EVIDENCE.by_id if name not in ids)
    plans, gaps, lost = plan_sections(
        ReportPlan.model_validate(reply), EVIDENCE, Shown(text="", ids=shown, left=left), PARTS
    )
    assert all(plan.spots and plan.heading for plan in plans)
    used = {spot.evidence for plan in plans for spot in plan.spots}
    assert {EVIDENCE.by_id[name].evidence for name in left if name not in lost} <= used
    assert not {EVIDENCE.by_id[name].evidence for name in lost} & used
    assert len(plans) + len(gaps) >= len(PARTS)


TITLES = st.sampled_from([title for title, _ in FERRIES])
BODIES = st.lists(
    st.sampled_from([text for _, text in FERRIES] + ["船の長さは五十二メートル。", "x" * 90]),
    min_size=1,
    max_size=9,
).map(" ".join)


@settings(max_examples=60)
@given(st.lists(st.tuples(TITLES, BODIES), min_size=1, max_size=30), st.integers(60, 3_000))
def test_shown_evidence_fits_its_room_and_what_is_not_shown_is_named(
    texts: list[tuple[str, str]], room: int
) -> None:
    evidence = Numbered.of([passage_of(title, text) for title, text in texts])
    display = Display(
        enclosed=lambda text: f"<untrusted m>\n{text}\n</untrusted m>", wanted="Eider"
    )
    order = fair_order(evidence, PARTS)
    assert sorted(order) == sorted(evidence.by_id)
    for shown in (display.survey(evidence, order, room), display.batch(evidence, order, room)):
        assert estimate(shown.text) <= room
        assert sorted((*shown.ids, *shown.left)) == sorted(evidence.by_id)
        assert all(f"[{name}]" in shown.text for name in shown.ids)
        assert not any(f"[{name}]" in shown.text for name in shown.left)
