"""Do the citations of reports hold? Measured over a question set; no gold answer is needed.

Published measures differ in what they leave out, so each figure here names what it counts, and
counts every report: one without a citation scores 0 and is not left out of the mean (docs/
evaluation.md sets them side by side).
"""

from dataclasses import dataclass
from typing import TypedDict

from quaestor.agents.lint import lint
from quaestor.evaluation.asking import Ask, Progress, asked
from quaestor.evaluation.dataset import Dataset
from quaestor.evaluation.metrics import Figure, figure
from quaestor.memory.report import Report, Status
from quaestor.spending import together


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedReport:
    """One question's report, its citations counted."""

    question: str
    """Its id."""
    status: Status
    spans: int
    """Cited."""
    existing: int
    """Of them: their text stands in the stored document at the place they name."""
    claims: int
    full: int
    """Claims that code and, where one was asked, a model found wholly supported."""
    partial: int
    """Claims found supported in part."""
    uncited: int
    """Long sentences of the report that need a citation and have none."""
    revised: int
    dropped: int
    fallbacks: dict[str, int]
    """How often an extractive step answered for a model, by `role:reason`."""


class SupportFigures(TypedDict):
    """Shares of a report's claims by what their spans say, full and partial kept apart."""

    full: Figure
    partial: Figure


class CitationFigures(TypedDict):
    """What `quaestor eval citations` prints; every share is a mean over all reports.

    * `quote_exists`: cited spans whose text stands in the stored document at their place, over
      the spans cited, of all reports together. Anything below 1 is a defect.
    * `supports`: claims that are `supported` (full) and `partly` (partial) over the claims; 0 for
      a report without claims. ALCE's citation recall is `full`, LongCite's `full` + half of
      `partial`; both leave a sentence without citations in, as here. ResearcherBench counts a
      partial support as a whole one: `full` + `partial`.
    * `coverage`: claims with evidence over these and the sentences of 50 characters and more that
      have none and are not marked as inference (DeepScholar-Bench's rule); 0 without claims.
    * `claims_revised`, `claims_dropped`: claims a report wrote anew after the verifier's verdict,
      and claims that failed again and stand in its unverified list.
    * `fallbacks`: how often an extractive step answered for a model, of all reports together, by
      `role:reason`: where they are many, the figures are not the model's.
    * `with_citations`: share of reports that cite anything (BrowseComp-Plus averages over these
      alone, which hides the others).
    """

    dataset: str
    split: str | None
    questions: int
    quote_exists: Figure
    supports: SupportFigures
    coverage: Figure
    claims_per_question: Figure
    claims_revised: Figure
    claims_dropped: Figure
    with_citations: Figure
    insufficient: Figure
    fallbacks: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationEvaluation:
    """The figures, and the reports they come from in the order of the questions."""

    figures: CitationFigures
    outcomes: tuple[CitedReport, ...]


async def evaluate_citations(
    dataset: Dataset,
    ask: Ask,
    *,
    split: str | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
) -> CitationEvaluation:
    """Ask every question and count citations; asking.py says what the arguments are.

    Raises:
        SettingsError: The split has no questions.
    """
    every = asked(dataset, ask, split=split, limit=limit, progress=progress)
    outcomes = [counted(question.id, report) async for question, report, _ in every]
    return CitationEvaluation(
        figures=_figures(dataset.name, split, outcomes), outcomes=tuple(outcomes)
    )


def counted(question: str, report: Report) -> CitedReport:
    """Return what a report's citations come to."""
    verdicts = [claim.verdict for claim in report.claims]
    return CitedReport(
        question=question,
        status=report.status,
        spans=len(report.cited),
        existing=sum(
            one.document.text[one.evidence.start : one.evidence.end] == one.evidence.text
            for one in report.cited
        ),
        claims=len(verdicts),
        full=verdicts.count("supported"),
        partial=verdicts.count("partly"),
        uncited=sum(problem.rule == "uncited" for problem in lint(report.markdown)),
        revised=report.claims_revised,
        dropped=report.claims_dropped,
        fallbacks=dict(report.fallbacks),
    )


def _figures(name: str, split: str | None, outcomes: list[CitedReport]) -> CitationFigures:
    spans = [number < one.existing for one in outcomes for number in range(one.spans)]
    return CitationFigures(
        dataset=name,
        split=split,
        questions=len(outcomes),
        quote_exists=figure(spans),
        supports=SupportFigures(
            full=figure(_share(one.full, one.claims) for one in outcomes),
            partial=figure(_share(one.partial, one.claims) for one in outcomes),
        ),
        coverage=figure(_share(one.claims, one.claims + one.uncited) for one in outcomes),
        claims_per_question=figure(one.claims for one in outcomes),
        claims_revised=figure(one.revised for one in outcomes),
        claims_dropped=figure(one.dropped for one in outcomes),
        with_citations=figure(one.spans > 0 for one in outcomes),
        insufficient=figure(one.status == "insufficient_evidence" for one in outcomes),
        fallbacks=together(one.fallbacks for one in outcomes),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
