"""The table of benchmarks/answers.py, worked by hand on four questions."""

import pytest

from benchmarks.baselines import LEAN
from benchmarks.table import Method, baseline, quaestor, table
from quaestor.evaluation.answers import Outcome
from quaestor.evaluation.dataset import Question
from quaestor.memory.report import Status


def question(answer: str) -> Question:
    return Question(id=answer, question="?", answers=(answer,))


def outcome(found: float | None, *, em: float, status: Status = "answered") -> Outcome:
    return Outcome(
        question="q",
        status=status,
        answer="",
        em=em,
        f1=em,
        answer_in_evidence=found,
        gold_evidence_recall=None,
        evidence_precision=None,
        cited=2,
        cited_chars=100,
        longest_span_chars=70,
        fallbacks={},
        seconds=0,
    )


OUTCOMES = [
    outcome(1, em=1),
    outcome(None, em=1),  # answered by yes or no
    outcome(1, em=0),
    outcome(1, em=0, status="insufficient_evidence"),
    outcome(0, em=0, status="insufficient_evidence"),
]


def test_a_baseline_is_measured_by_its_spans() -> None:
    method = baseline("b", [question("Oslo"), question("Bern")], [["In Oslo.", "No"], []])
    assert (method.found, method.chars, method.spans, method.longest) == (
        [1, 0],
        [10, 0],
        [2, 0],
        8,
    )


def test_quaestors_row_leaves_out_what_no_span_can_answer() -> None:
    method = quaestor(OUTCOMES)
    assert method.found == [1, 1, 1, 0]
    assert (method.chars, method.spans, method.longest) == ([100] * 4, [2] * 4, 70)


def lean(name: str, *found: float) -> Method:
    return Method(
        name=name, found=list(found), chars=[10] * 4, spans=[1] * 4, longest=10, outcomes=[]
    )


def test_differences_are_paired_with_the_better_of_the_lean_baselines() -> None:
    better, worse = lean(LEAN[0], 1, 0, 0, 1), lean(LEAN[1], 0, 0, 1, 0)
    lines = table([quaestor(OUTCOMES), worse, better]).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    # 1 1 1 0 minus 1 0 0 1 = 0 1 1 -1: mean 1/4, deviations squared 11/16 x 4 = 2.75, root of
    # (2.75/3)/4 = 0.479
    assert cells[0] == [
        "Quaestor",
        "75.0 ± 25.0",
        "100",
        "2.0",
        "70",
        "25.0 ± 25.0",
        "25.0 ± 25.0",
        "50.0 ± 28.9",
        "50.0 ± 50.0",
        "25.0 ± 47.9",
    ]
    assert cells[1][-1] == "-25.0 ± 47.9"  # 0 0 1 0 minus 1 0 0 1 = -1 0 1 -1
    assert cells[2] == [LEAN[0], "50.0 ± 28.9", "10", "1.0", "10", "–", "–", "–", "–", ""]


def test_methods_over_different_questions_are_not_compared() -> None:
    short = Method(name="s", found=[1.0], chars=[1], spans=[1], longest=1, outcomes=[])
    with pytest.raises(ValueError, match="zip"):
        table([short, lean(LEAN[0], 1, 1, 1, 1), lean(LEAN[1], 0, 0, 0, 0)])
