"""Citations counted by hand."""

from dataclasses import replace

import pytest

from quaestor.evaluation.citations import counted, evaluate_citations
from quaestor.evaluation.dataset import Dataset, Question
from quaestor.memory.report import Claim, Report, Verdict
from tests.evaluation.test_answers import CAPITAL, CITY, FJORD

DATASET = Dataset(
    name="four",
    entries=(),
    questions=tuple(
        Question(id=name, question=name, answers=(), gold=())
        for name in ("all", "half", "nothing", "uncited")
    ),
)
LONG = "This sentence is much longer than fifty characters and nobody says who says so."


def claims(*verdicts: Verdict) -> tuple[Claim, ...]:
    return tuple(
        Claim(id=f"c{number}", text="x", evidence=("e",), verdict=verdict)
        for number, verdict in enumerate(verdicts, 1)
    )


REPORTS = {
    "all": Report(
        question="",
        status="answered",
        answer="",
        markdown="",
        claims=claims("supported", "supported"),
        cited=(CAPITAL, FJORD),
    ),
    "half": Report(
        question="",
        status="answered",
        answer="",
        markdown="",
        claims=claims("supported", "partly", "unsupported", "contradicted"),
        cited=(CITY,),
        claims_revised=3,
        claims_dropped=2,
    ),
    "nothing": Report(question="", status="insufficient_evidence", answer="", markdown="# Q\n"),
    "uncited": Report(
        question="",
        status="answered",
        answer="",
        markdown=f"# Q\n\n{LONG}\n",
        claims=claims("supported"),
        cited=(CITY,),
    ),
}


async def ask(question: str) -> Report:
    return REPORTS[question]


async def test_every_report_counts_those_without_citations_too() -> None:
    figures = (await evaluate_citations(DATASET, ask)).figures
    assert figures["questions"] == 4
    # shares of 1, 1/4, 0 and 1 of the claims; the report without claims counts as 0
    assert figures["supports"]["full"]["mean"] == pytest.approx((1 + 0.25 + 0 + 1) / 4)
    assert figures["supports"]["partial"]["mean"] == pytest.approx(0.25 / 4)
    # one long sentence without a mark beside one claim
    assert figures["coverage"]["mean"] == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    assert figures["claims_revised"]["mean"] == pytest.approx(3 / 4)
    assert figures["claims_dropped"]["mean"] == pytest.approx(2 / 4)
    assert figures["with_citations"]["mean"] == pytest.approx(3 / 4)
    assert figures["insufficient"]["mean"] == pytest.approx(1 / 4)
    assert figures["quote_exists"] == {"mean": 1.0, "se": 0.0, "n": 4}


def test_a_span_that_is_not_its_documents_text_is_found() -> None:
    wrong = replace(CAPITAL.evidence, text="Oslo is the capital of Sweden.")
    report = replace(REPORTS["all"], cited=(replace(CAPITAL, evidence=wrong), FJORD))
    found = counted("q", report)
    assert (found.spans, found.existing) == (2, 1)
