"""The rows of the table of answers.py: what each method cited, and how they compare."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.baselines import LEAN
from quaestor.evaluation.answers import Outcome
from quaestor.evaluation.dataset import Question
from quaestor.evaluation.metrics import Figure, answer_in_evidence, figure

COLUMNS = (
    "method",
    "answer in evidence",
    "chars",
    "spans",
    "longest",
    "EM",
    "F1",
    "insufficient",
    "EM answered",
    "minus the best lean baseline",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What one method cited for each question, in the order of the questions."""

    name: str
    found: list[float]
    """1.0 where a right answer stands in a span."""
    chars: list[int]
    spans: list[int]
    longest: int
    outcomes: list[Outcome]
    """Empty for a baseline, which answers nothing."""


def baseline(name: str, questions: Sequence[Question], cited: Sequence[Sequence[str]]) -> Method:
    """Return what a baseline's spans are worth."""
    pairs = list(zip(questions, cited, strict=True))
    return Method(
        name=name,
        found=[answer_in_evidence(question.answers, spans) for question, spans in pairs],
        chars=[sum(map(len, spans)) for spans in cited],
        spans=[len(spans) for spans in cited],
        longest=max((len(span) for spans in cited for span in spans), default=0),
        outcomes=[],
    )


def quaestor(outcomes: Sequence[Outcome]) -> Method:
    """Return Quaestor's row, over the questions where a span can hold the answer."""
    judged = [one for one in outcomes if one.answer_in_evidence is not None]
    return Method(
        name="Quaestor",
        found=[one.answer_in_evidence or 0.0 for one in judged],
        chars=[one.cited_chars for one in judged],
        spans=[one.cited for one in judged],
        longest=max((one.longest_span_chars for one in judged), default=0),
        outcomes=judged,
    )


def percent(value: Figure) -> str:
    """Return a share as percent, with its standard error where there is one."""
    if value["mean"] is None:
        return "–"
    error = "" if value["se"] is None else f" ± {100 * value['se']:.1f}"
    return f"{100 * value['mean']:.1f}{error}"


def row(method: Method, best: Method) -> list[str]:
    """Return a method's cells; `best` is the lean baseline the difference is taken to."""
    outcomes = method.outcomes
    answers = [
        figure(one.em for one in outcomes),
        figure(one.f1 for one in outcomes),
        figure(one.status == "insufficient_evidence" for one in outcomes),
        figure(one.em for one in outcomes if one.status == "answered"),
    ]
    paired = figure(a - b for a, b in zip(method.found, best.found, strict=True))
    return [
        method.name,
        percent(figure(method.found)),
        f"{figure(method.chars)['mean']:,.0f}",
        f"{figure(method.spans)['mean']:.1f}",
        str(method.longest),
        *map(percent, answers),
        "" if method is best else percent(paired),
    ]


def table(methods: Sequence[Method]) -> str:
    """Return the methods as a Markdown table."""
    lean = [method for method in methods if method.name in LEAN]
    best = max(lean, key=lambda method: sum(method.found))
    rows = [list(COLUMNS), ["---"] * len(COLUMNS), *(row(method, best) for method in methods)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
