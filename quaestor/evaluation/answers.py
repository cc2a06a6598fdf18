"""Are answers right, and do they stand in what is cited? Measured over a question set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from quaestor.evaluation.asking import Ask, Progress, asked
from quaestor.evaluation.dataset import Dataset, Question
from quaestor.evaluation.locate import Locate, locator
from quaestor.evaluation.metrics import (
    Figure,
    answer_in_evidence,
    exact_match,
    figure,
    gold_precision,
    gold_recall,
    is_yes_no,
    token_f1,
)
from quaestor.memory.report import Report, Status
from quaestor.spending import together


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One question's report, measured. None: the measure does not apply to this question."""

    question: str
    """Its id."""
    status: Status
    answer: str
    em: float
    f1: float
    answer_in_evidence: float | None
    gold_evidence_recall: float | None
    evidence_precision: float | None
    cited: int
    cited_chars: int
    longest_span_chars: int
    fallbacks: dict[str, int]
    """How often an extractive step answered for a model, by `role:reason`."""
    seconds: float


class LongestFigure(Figure):
    """A figure whose greatest value matters as much as its mean."""

    max: float


class AnswerFigures(TypedDict):
    """What `quaestor eval answers` prints.

    * `em`, `f1`: the answer against the best right answer, normalised and counted as SQuAD does
      (metrics.py); a report that is not `answered` or `stopped` counts 0.
    * `answer_in_evidence`: a right answer stands, in whole words, in one cited span; questions
      answered by yes, no or maybe are left out.
    * `gold_evidence_recall`: gold documents among the documents cited over the gold documents.
    * `evidence_precision`: documents cited that are gold over the documents cited, where any is.
    * `cited_per_question`, `cited_chars_per_question`: spans cited, and their length together.
    * `longest_span_chars`: each question's longest cited span; `max` is the longest of all.
    * `insufficient`: share of reports that say `insufficient_evidence`.
    * `em_answered`: `em` among the reports that say `answered`.
    * `seconds`: wall time of a question.
    * `fallbacks`: how often an extractive step answered for a model, of all reports together, by
      `role:reason`: where they are many, the figures are not the model's.
    """

    dataset: str
    split: str | None
    documents: int
    questions: int
    em: Figure
    f1: Figure
    answer_in_evidence: Figure
    gold_evidence_recall: Figure
    evidence_precision: Figure
    cited_per_question: Figure
    cited_chars_per_question: Figure
    longest_span_chars: LongestFigure
    insufficient: Figure
    em_answered: Figure
    seconds: Figure
    fallbacks: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The figures, and the outcomes they come from in the order of the questions."""

    figures: AnswerFigures
    outcomes: tuple[Outcome, ...]


async def evaluate_answers(
    dataset: Dataset,
    ask: Ask,
    *,
    split: str | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask every question and measure the reports; asking.py says what the arguments are.

    Raises:
        SettingsError: The split has no questions.
    """
    locate = locator(dataset)
    every = asked(dataset, ask, split=split, limit=limit, progress=progress)
    outcomes = [
        measure(question, report, locate=locate, seconds=seconds)
        async for question, report, seconds in every
    ]
    figures = summarise(outcomes, dataset=dataset, split=split)
    return Evaluation(figures=figures, outcomes=tuple(outcomes))


def measure(question: Question, report: Report, *, locate: Locate, seconds: float) -> Outcome:
    """Return the measures of one report."""
    spans = [cited.evidence.text for cited in report.cited]
    lengths = [len(span) for span in spans]
    # What is cited from outside the corpus counts as a document too, by its own id.
    documents = {locate(cited.document.uri) or cited.document.id for cited in report.cited}
    answer = report.answer if report.status in ("answered", "stopped") else ""
    yes_no = is_yes_no(question.answers)
    gold = question.gold
    return Outcome(
        question=question.id,
        status=report.status,
        answer=answer,
        em=exact_match(answer, question.answers),
        f1=token_f1(answer, question.answers),
        answer_in_evidence=None if yes_no else answer_in_evidence(question.answers, spans),
        gold_evidence_recall=gold_recall(documents, gold) if gold else None,
        evidence_precision=gold_precision(documents, gold) if gold and documents else None,
        cited=len(spans),
        cited_chars=sum(lengths),
        longest_span_chars=max(lengths, default=0),
        fallbacks=dict(report.fallbacks),
        seconds=seconds,
    )


def summarise(outcomes: Sequence[Outcome], *, dataset: Dataset, split: str | None) -> AnswerFigures:
    """Return the figures of many outcomes."""
    longest = [float(one.longest_span_chars) for one in outcomes]
    return AnswerFigures(
        dataset=dataset.name,
        split=split,
        documents=len(dataset.entries),
        questions=len(outcomes),
        em=figure(one.em for one in outcomes),
        f1=figure(one.f1 for one in outcomes),
        answer_in_evidence=_known(one.answer_in_evidence for one in outcomes),
        gold_evidence_recall=_known(one.gold_evidence_recall for one in outcomes),
        evidence_precision=_known(one.evidence_precision for one in outcomes),
        cited_per_question=figure(one.cited for one in outcomes),
        cited_chars_per_question=figure(one.cited_chars for one in outcomes),
        longest_span_chars=LongestFigure(**figure(longest), max=max(longest, default=0.0)),
        insufficient=figure(one.status == "insufficient_evidence" for one in outcomes),
        em_answered=figure(one.em for one in outcomes if one.status == "answered"),
        seconds=figure(one.seconds for one in outcomes),
        fallbacks=together(one.fallbacks for one in outcomes),
    )


def _known(values: Iterable[float | None]) -> Figure:
    return figure(value for value in values if value is not None)
