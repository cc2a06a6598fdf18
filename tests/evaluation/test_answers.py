"""Reports that are known, measured by hand."""

import dataclasses
import json

import pytest

from quaestor.evaluation.answers import evaluate_answers
from quaestor.evaluation.dataset import Dataset, Entry, Question
from quaestor.memory.documents import Document, Origin
from quaestor.memory.report import Cited, Report, Status

ORIGIN = Origin(kind="local", name="capitals", private=True)
OSLO = "Oslo\nOslo is the capital of Norway. It lies on a fjord."
BERN = "Bern\nBern is a city."


def cited(text: str, span: str, *, row: int) -> Cited:
    document = Document.of(
        text,
        uri=f"corpus.jsonl#row={row}",
        title=text.partition("\n")[0],
        media_type="text/plain",
        origin=ORIGIN,
        extractor="plain",
    )
    start = text.index(span)
    return Cited(
        evidence=document.span(start, start + len(span)),
        document=document,
        retained_by="instant",
        taken_at="2026-11-20T00:00:00Z",
    )


def report(answer: str, *spans: Cited, status: Status = "answered") -> Report:
    return Report(question="", status=status, answer=answer, markdown="", cited=spans)


CAPITAL = cited(OSLO, "Oslo is the capital of Norway.", row=1)  # 30 characters
FJORD = cited(OSLO, "It lies on a fjord.", row=1)  # 19 characters
CITY = cited(BERN, "Bern is a city.", row=2)  # 15 characters
PAGES = [cited(text, text, row=9) for text in ("Page", "Leaf")]  # none of the dataset's documents

DATASET = Dataset(
    name="capitals",
    entries=(
        Entry(id="oslo", title="Oslo", text="", line=1),
        Entry(id="bern", title="Bern", text="", line=2),
    ),
    questions=(
        Question(id="1", question="right", answers=("Norway",), gold=(frozenset(("oslo",)),)),
        Question(
            id="2",
            question="yes",
            answers=("yes",),
            gold=(frozenset(("oslo",)), frozenset(("bern",))),
        ),
        Question(id="3", question="unknown", answers=("Norway",), gold=(frozenset(("oslo",)),)),
        Question(id="4", question="wrong", answers=("the Alps",), gold=()),
        Question(id="5", question="nothing", answers=("Bern",), gold=(frozenset(("bern",)),)),
    ),
)
REPORTS = {
    "right": report("Norway", CAPITAL, FJORD, CITY, *PAGES),
    "yes": report("Yes", CAPITAL),
    # An answer beside the status is no answer, and what is cited still counts.
    "unknown": report("Norway", CITY, status="insufficient_evidence"),
    "wrong": report("Alps of Norway"),
    "nothing": report("", status="insufficient_evidence"),
}


async def ask(question: str) -> Report:
    return REPORTS[question]


async def test_each_measure_of_each_report() -> None:
    outcomes = (await evaluate_answers(DATASET, ask)).outcomes
    measured = [
        (
            one.em,
            one.f1,
            one.answer_in_evidence,
            one.gold_evidence_recall,
            one.evidence_precision,
            one.cited,
            one.cited_chars,
            one.longest_span_chars,
        )
        for one in outcomes
    ]
    assert measured == [
        (1, 1, 1, 1, 0.25, 5, 72, 30),  # oslo of oslo, bern and two pages
        (1, 1, None, 0.5, 1, 1, 30, 30),
        (0, 0, 0, 0, 0, 1, 15, 15),
        (0, 0.5, 0, None, None, 0, 0, 0),  # alps | alps, of, norway: P 1/3, R 1
        (0, 0, 0, 0, None, 0, 0, 0),
    ]


async def test_figures_are_means_over_the_questions_that_count() -> None:
    figures = (await evaluate_answers(DATASET, ask)).figures
    assert figures["em"] == {"mean": 0.4, "se": pytest.approx(0.06**0.5), "n": 5}
    assert figures["f1"]["mean"] == pytest.approx(2.5 / 5)
    assert figures["answer_in_evidence"]["mean"] == pytest.approx(1 / 4)
    assert figures["gold_evidence_recall"]["mean"] == pytest.approx(1.5 / 4)
    assert figures["evidence_precision"]["mean"] == pytest.approx((0.25 + 1 + 0) / 3)
    assert figures["cited_per_question"]["mean"] == pytest.approx(7 / 5)
    assert figures["cited_chars_per_question"]["mean"] == pytest.approx((72 + 30 + 15) / 5)
    assert figures["longest_span_chars"]["mean"] == pytest.approx((30 + 30 + 15) / 5)
    assert figures["longest_span_chars"]["max"] == 30
    assert figures["insufficient"]["mean"] == 0.4
    answered = figures["em_answered"]
    assert answered == {"mean": pytest.approx(2 / 3), "se": pytest.approx(1 / 3), "n": 3}
    assert figures["seconds"]["n"] == 5


async def test_steps_answered_without_the_model_are_counted_over_all_reports() -> None:
    async def fell_back(question: str) -> Report:
        counts = {"writer:refused": 1} | ({"planner:invalid": 2} if question == "yes" else {})
        return dataclasses.replace(REPORTS[question], fallbacks=counts)

    evaluation = await evaluate_answers(DATASET, fell_back)
    assert evaluation.figures["fallbacks"] == {"planner:invalid": 2, "writer:refused": 5}
    assert evaluation.outcomes[0].fallbacks == {"writer:refused": 1}


async def test_the_object_is_plain_json() -> None:
    evaluation = await evaluate_answers(DATASET, ask, limit=1)
    again = json.loads(json.dumps(evaluation.figures, allow_nan=False))
    assert again == evaluation.figures
    assert (again["dataset"], again["split"], again["questions"]) == ("capitals", None, 1)


async def test_a_stopped_report_counts_by_its_answer_and_not_as_answered() -> None:
    async def stopped(_: str) -> Report:
        return dataclasses.replace(REPORTS["right"], status="stopped")

    figures = (await evaluate_answers(DATASET, stopped, limit=1)).figures
    assert figures["em"]["mean"] == 1
    assert figures["em_answered"]["n"] == 0


async def test_progress_is_told_after_every_question() -> None:
    told: list[tuple[int, int]] = []
    await evaluate_answers(DATASET, ask, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
