"""One source has one number, the same in a report's Markdown, in a terminal and in a notebook."""

import re

from quaestor.agents.material import Material
from quaestor.agents.report import compose
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import Outline, Section, Spot, Statement
from quaestor.agents.roles.verifier import Judged
from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence
from quaestor.memory.finding import Conflict
from quaestor.memory.plan import Brief
from quaestor.memory.report import Cited, Report
from quaestor.views.report_parts import numbers
from quaestor.views.report_text import report_text
from quaestor.views.report_view import report_html
from tests.views.markup import checked_html
from tests.views.records import document, span

PLANT = document("plant.md", "The plant", "Built in 1901. It had 400 workers. It closed in 1932.")
LETTER = document("letter.txt", "A letter", "The plant closed in 1933.")
RULES = document("rules.md", "Rules", "Visitors wear a helmet.")


def said(name: str, of: Evidence) -> tuple[Statement, tuple[Spot, Evidence]]:
    """Return a statement in the words of a span, and what its spot rests on."""
    spot = Spot(evidence=name, start=of.start, end=of.end)
    return Statement(text=of.text, spots=(spot,)), (spot, of)


def composed_report() -> Report:
    """Cited in this order: the plant's third sentence, the rules, the plant again, the letter."""
    documents: dict[str, Document] = {one.id: one for one in (PLANT, LETTER, RULES)}
    whole = {name: one.span(0, len(one.text)) for name, one in documents.items()}
    spans = [
        said(whole[PLANT.id].id, span(PLANT, "It closed in 1932.")),
        said(whole[RULES.id].id, span(RULES, "Visitors wear a helmet.")),
        said(whole[PLANT.id].id, span(PLANT, "It had 400 workers.")),
    ]
    conflict = Conflict(
        about="closing",
        values=("1932", "1933"),
        evidence=((whole[PLANT.id].id,), (whole[LETTER.id].id,)),
        rule="undecided",
    )
    lead, *others = [statement for statement, _ in spans]
    composed = compose(
        Material(
            question="When did the plant close?",
            brief=Brief(answer_type="date", parts=("closing",), as_of="2026-11-20"),
            status="answered",
            outline=Outline(answer="1932", lead=(lead,), sections=(), conflicts=(conflict,)),
            sections=[Section(heading="More", statements=tuple(others))],
            judged=[Judged(verdict="supported")] * 3,
            spans=dict(rests for _, rests in spans),
            passages={
                each.id: Passage(
                    evidence=each.id,
                    document=name,
                    start=each.start,
                    end=each.end,
                    text=each.text,
                    title=documents[name].title,
                    uri=documents[name].uri,
                    origin=documents[name].origin,
                )
                for name, each in whole.items()
            },
            documents=documents,
        )
    )
    return Report(
        question="When did the plant close?",
        status=composed.status,
        answer=composed.answer,
        markdown=composed.markdown,
        claims=composed.claims,
        cited=tuple(
            Cited(
                evidence=each,
                document=documents[each.document],
                retained_by="instant",
                taken_at="2026-11-20T07:59:00Z",
            )
            for each in composed.evidence
        ),
        conflicts=composed.conflicts,
        answer_evidence=composed.answer_evidence,
        as_of="2026-11-20",
    )


def test_markdown_text_and_html_number_the_same_sources_the_same() -> None:
    report = composed_report()
    page = checked_html(report_html(report)).words
    expected = {"1": "The plant", "2": "Rules", "3": "A letter"}
    listed = [
        re.findall(r"^- \[(\d)\] \*\*(.+?)\*\*", report.markdown, re.MULTILINE),
        re.findall(r"^ +\[(\d)\] (.+?):", report_text(report), re.MULTILINE),
        re.findall(r"\[(\d)\] ([^\[]+?) · \S+\.(?:md|txt)", page.split("References")[1]),
    ]
    assert [dict(entries) for entries in listed] == [expected] * 3
    assert [len(entries) for entries in listed] == [3] * 3


def test_every_mark_stands_behind_the_same_sentence_in_all_three() -> None:
    report = composed_report()
    for line in (
        "**1932** [1]\n",
        "It closed in 1932 [1].",
        "Visitors wear a helmet [2].",
        "It had 400 workers [1].",
        "closing: 1932 [1] against 1933 [3]; undecided.",
    ):
        assert line in report.markdown
    for shown in (report_text(report), checked_html(report_html(report)).words):
        for line in (
            "1932 [1]",
            "It closed in 1932. [1]",
            "Visitors wear a helmet. [2]",
            "It had 400 workers. [1]",
            "closing: 1932 [1] against 1933 [3]; undecided.",
        ):
            assert line in shown


def test_a_mark_leads_to_the_very_quote_it_stands_for() -> None:
    report = composed_report()
    assert [cited.evidence.text for cited in report.cited] == [
        "It had 400 workers.",
        "It closed in 1932.",
        "Visitors wear a helmet.",
        "The plant closed in 1933.",
    ]
    assert list(numbers(report).values()) == [1, 1, 2, 3]
    page = checked_html(report_html(report))
    key, *ids = page.ids
    # The answer, its sentence, the helmets, the workers, both sides of the conflict.
    places = ["e2", "e2", "e3", "e1", "e2", "e4"]
    assert page.links == [f"#{key}-{place}" for place in places]
    assert ids == [f"{key}-{place}" for place in ("s1", "e1", "e2", "s2", "e3", "s3", "e4")]
