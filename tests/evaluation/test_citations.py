"""The citations of three reports that are known, counted by hand."""

from dataclasses import replace

import pytest

from quaestor.errors import SettingsError
from quaestor.evaluation.citations import CitedReport, counted, evaluate_citations
from quaestor.evaluation.dataset import Dataset, Question
from quaestor.memory.documents import Document, Origin
from quaestor.memory.report import Cited, Claim, Report, Verdict

TEXT = "The lighthouse of Ferrowick was built in 1871. It is painted white and red."
DOCUMENT = Document.of(
    TEXT,
    uri="harbour.md",
    title="Harbour",
    media_type="text/plain",
    origin=Origin(kind="local", name="docs", private=True),
    extractor="plain",
)
BUILT = "The lighthouse of Ferrowick was built in 1871."
UNCITED = "Many visitors come to Ferrowick in summer to see the lighthouse."
assert len(UNCITED) > 50


def cited(span: str) -> Cited:
    start = TEXT.index(span)
    return Cited(
        evidence=DOCUMENT.span(start, start + len(span)),
        document=DOCUMENT,
        retained_by="instant",
        taken_at="2026-11-20T00:00:00Z",
    )


FIRST, SECOND = cited(BUILT), cited("It is painted white and red.")
FORGED = replace(FIRST, evidence=replace(FIRST.evidence, text=BUILT.replace("1871", "1971")))


def claim(number: int, verdict: Verdict, span: Cited) -> Claim:
    return Claim(id=f"c{number}", text=BUILT, evidence=(span.evidence.id,), verdict=verdict)


GOOD = Report(
    question="good",
    status="answered",
    answer="1871",
    markdown=(
        f"# When?\n\n{BUILT[:-1]} [1].\n\n{UNCITED}\n\nShort is free.\n\n"
        f"*Inference:* {UNCITED}\n\n## References\n\n- [1] **Harbour** (local:docs): harbour.md\n"
    ),
    claims=(claim(1, "supported", FIRST), claim(2, "partly", SECOND)),
    cited=(FIRST, SECOND),
    claims_revised=1,
)
NONE = Report(
    question="none",
    status="insufficient_evidence",
    answer="",
    markdown="# When?\n\n**The evidence found does not answer this question.**\n",
)
BAD = Report(
    question="bad",
    status="answered",
    answer="1971",
    markdown=(
        f"# When?\n\n## What could not be confirmed\n\n- {BUILT[:-1]} [1].\n\n"
        "## References\n\n- [1] **Harbour** (local:docs): harbour.md\n"
    ),
    claims=(claim(1, "unsupported", FORGED),),
    cited=(FORGED,),
    claims_dropped=1,
)
REPORTS = {one.question: one for one in (GOOD, NONE, BAD)}
DATASET = Dataset(
    name="ferrowick",
    entries=(),
    questions=tuple(Question(id=name, question=name, answers=()) for name in REPORTS),
)


async def ask(question: str) -> Report:
    return REPORTS[question]


def test_a_report_is_counted() -> None:
    assert counted("1", GOOD) == CitedReport(
        question="1",
        status="answered",
        spans=2,
        existing=2,
        claims=2,
        full=1,
        partial=1,
        uncited=1,
        revised=1,
        dropped=0,
    )


async def test_every_report_counts_one_without_a_citation_with_nothing() -> None:
    figures = (await evaluate_citations(DATASET, ask)).figures
    assert figures["questions"] == 3
    assert (figures["quote_exists"]["mean"], figures["quote_exists"]["n"]) == (2 / 3, 3)
    assert figures["supports"]["full"]["mean"] == pytest.approx((1 / 2 + 0 + 0) / 3)
    assert figures["supports"]["partial"]["mean"] == pytest.approx((1 / 2 + 0 + 0) / 3)
    assert figures["coverage"]["mean"] == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert figures["claims_per_question"]["mean"] == 1
    assert figures["claims_revised"]["mean"] == pytest.approx(1 / 3)
    assert figures["claims_dropped"]["mean"] == pytest.approx(1 / 3)
    assert figures["with_citations"]["mean"] == pytest.approx(2 / 3)
    assert figures["insufficient"]["mean"] == pytest.approx(1 / 3)


async def test_the_first_questions_alone_are_asked_and_each_is_told() -> None:
    told: list[tuple[int, int]] = []
    found = await evaluate_citations(
        DATASET, ask, limit=2, progress=lambda done, all_: told.append((done, all_))
    )
    assert [one.question for one in found.outcomes] == ["good", "none"]
    assert told == [(1, 2), (2, 2)]


async def test_a_split_that_no_question_has_is_refused() -> None:
    with pytest.raises(SettingsError, match="no split 'dev'"):
        await evaluate_citations(DATASET, ask, split="dev")
