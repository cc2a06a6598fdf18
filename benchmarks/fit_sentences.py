"""Refit the weights by which the extractive agents rank sentences (agents/extractive/scoring.py).

Usage: python -m benchmarks.fit_sentences DATASET_DIR... [--split NAME] [--limit N] [--l2 X]

The extractive searcher is asked every question, one task each, and the features of every sentence
that the refiner's first stage kept are noted, with whether it holds a right answer in a gold
document. A listwise logistic regression then raises the share of the right sentences in the softmax
over all of a question's sentences; each data set counts the same, `complete` keeps its weight.
Prints the weights as Python and, for each data set, how often a right sentence is among the first
eight: with the weights in use, with the new ones, with some fitted on the other data sets alone.
"""

import argparse
import asyncio
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quaestor import Corpus
from quaestor.agents.extractive.questions import read_question
from quaestor.agents.extractive.scoring import WEIGHTS, features, standings
from quaestor.agents.extractive.searcher import ExtractiveNextStep
from quaestor.agents.extractive.trail import follow
from quaestor.agents.refiner import keep_instant
from quaestor.agents.roles.searcher import Done, SearcherView, Step, ToolCall
from quaestor.agents.roles.shown import Passage, SourceCard
from quaestor.evaluation.dataset import Question, corpus_path, load_dataset
from quaestor.evaluation.metrics import answer_in_evidence, is_yes_no
from quaestor.memory.evidence import evidence_id
from quaestor.memory.plan import Brief, Task
from quaestor.tools.text.similarity import LexicalScorer

NAMES = tuple(WEIGHTS)
FIXED = frozenset({"complete"})
FIRST = 8
"""Sentences of a question that a report may cite."""
STEPS = 8
ROUNDS = 300
RATE = 0.09
CARD = SourceCard(
    name="corpus", private=True, remote=False, tools=("chunk_search", "adjacent_passages")
)

Vector = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The sentences of one question: a row of features each, in the order of `NAMES`."""

    rows: tuple[Vector, ...]
    right: tuple[bool, ...]


async def brought(corpus: Corpus, call: ToolCall) -> tuple[Passage, ...]:
    """Make a call of the searcher, and keep of its passages what the refiner keeps."""
    if call.tool == "chunk_search":
        hits = await corpus.search(call.arguments["query"], limit=call.arguments["limit"])
    else:
        hits = await corpus.adjacent_passages(
            document=call.arguments.get("document"),
            start=call.arguments.get("start"),
            entity=call.arguments.get("entity"),
            limit=call.arguments["limit"],
        )
    found: list[Passage] = []
    for hit in hits:
        document = await corpus.open(hit)
        start, end = hit.start or 0, hit.end or len(document.text)
        found.append(
            Passage(
                evidence=evidence_id(document.id, start, end),
                document=document.id,
                start=start,
                end=end,
                text=document.text[start:end],
                title=document.title,
                uri=document.uri,
                origin=document.origin,
                rank=hit.rank,
            )
        )
    kept = {
        one.evidence: one.retained_by is not None
        for one in keep_instant(found, call.thought, likeness=LexicalScorer())
    }
    return tuple(replace(passage, kept=kept[passage.evidence]) for passage in found)


async def searched(corpus: Corpus, asked: str) -> list[Passage]:
    """Return what the extractive searcher keeps for a question."""
    steps: list[Step] = []
    while True:
        chosen = await ExtractiveNextStep().next(
            SearcherView(
                question=asked,
                brief=Brief(answer_type="text", parts=(asked,)),
                task=Task.of(asked, branch="private", source=CARD.name, queries=(asked,)),
                source=CARD,
                steps=tuple(steps),
                max_steps=STEPS,
                calls_left=STEPS - len(steps),
            )
        )
        if isinstance(chosen, Done):
            return [passage for step in steps for passage in step.passages if passage.kept]
        steps.append(Step(call=chosen, passages=await brought(corpus, chosen)))


def case_of(question: Question, passages: Sequence[Passage], gold: frozenset[str]) -> Case:
    """Return the features of every sentence; `gold` are the texts of the gold documents."""
    form = read_question(question.question)
    trail = follow(form, passages)
    ranks = [passage.rank for passage in trail.passages]
    known = standings(trail.value, trail.entry, ranks, trail.bridges)
    rows: list[Vector] = []
    right: list[bool] = []
    for passage, reading, standing in zip(trail.passages, trail.readings, known, strict=True):
        for index, unit in enumerate(reading.units):
            seen = features(form, reading, unit, index, standing)
            rows.append(tuple(seen[name] for name in NAMES))
            told = passage.document in gold and answer_in_evidence(question.answers, [unit.text])
            right.append(bool(told))
    return Case(rows=tuple(rows), right=tuple(right))


async def cases_of(folder: Path, split: str | None, limit: int | None) -> list[Case]:
    """Return the cases of a data set in which some sentence is right."""
    dataset = load_dataset(folder)
    ids = {f"{entry.title}\n{entry.text}": entry.id for entry in dataset.entries}
    found: list[Case] = []
    with tempfile.TemporaryDirectory() as home:
        corpus = Corpus.open(corpus_path(folder))
        await corpus.prepare(Path(home))
        for question in dataset.select(split=split, limit=limit):
            if is_yes_no(question.answers):
                continue
            passages = await searched(corpus, question.question)
            wanted = frozenset[str]().union(*question.gold)
            gold = frozenset(p.document for p in passages if ids.get(p.text) in wanted)
            found.append(case_of(question, passages, gold))
        await corpus.close()
    return [case for case in found if any(case.right)]


def dot(weights: Sequence[float], row: Vector) -> float:
    """Return the score of a sentence."""
    return sum(weight * value for weight, value in zip(weights, row, strict=True))


def hits(cases: Sequence[Case], weights: Sequence[float]) -> float:
    """Return the share of questions with a right sentence among the first eight."""

    def hit(case: Case) -> bool:
        order = sorted(range(len(case.rows)), key=lambda i: -dot(weights, case.rows[i]))
        return any(case.right[i] for i in order[:FIRST])

    return sum(map(hit, cases)) / (len(cases) or 1)


def pull(case: Case, weights: Sequence[float]) -> list[float]:
    """Return the gradient of the log share that the right sentences have of the softmax."""
    scores = [dot(weights, row) for row in case.rows]
    top = max(scores)
    shares = [math.exp(score - top) for score in scores]
    total = sum(shares)
    held = sum(share for share, right in zip(shares, case.right, strict=True) if right)
    grown = [0.0] * len(NAMES)
    for row, share, right in zip(case.rows, shares, case.right, strict=True):
        force = (share / held if right else 0.0) - share / total
        for i, value in enumerate(row):
            grown[i] += force * value
    return grown


def fit(sets: Sequence[Sequence[Case]], *, l2: float) -> list[float]:
    """Return weights that raise the right sentences, by Adam from the fixed ones alone."""
    start = [WEIGHTS[name] if name in FIXED else 0.0 for name in NAMES]
    weights, mean, square = list(start), [0.0] * len(NAMES), [0.0] * len(NAMES)
    for at in range(1, ROUNDS + 1):
        slope = [l2 * (begun - now) for begun, now in zip(start, weights, strict=True)]
        for cases in sets:
            for case in cases:
                for i, part in enumerate(pull(case, weights)):
                    slope[i] += part / len(cases) / len(sets)
        for i, name in enumerate(NAMES):
            mean[i] = 0.9 * mean[i] + 0.1 * slope[i]
            square[i] = 0.999 * square[i] + 0.001 * slope[i] ** 2
            if name not in FIXED:
                step = mean[i] / (1 - 0.9**at)
                weights[i] += RATE * step / (math.sqrt(square[i] / (1 - 0.999**at)) + 1e-8)
    return weights


def report(sets: Mapping[str, Sequence[Case]], *, l2: float) -> Iterator[str]:
    """Yield the lines that are printed."""
    fitted = fit(list(sets.values()), l2=l2)
    yield "WEIGHTS: Mapping[str, float] = {"
    yield from (f'    "{name}": {weight:.2f},' for name, weight in zip(NAMES, fitted, strict=True))
    yield "}"
    used = [WEIGHTS[name] for name in NAMES]
    for name, cases in sets.items():
        line = f"{name}: {len(cases)} questions, in use {hits(cases, used):.3f}"
        line += f", new {hits(cases, fitted):.3f}"
        others = [other for key, other in sets.items() if key != name]
        if others:
            line += f", fitted on the others {hits(cases, fit(others, l2=l2)):.3f}"
        yield line


def main(argv: Sequence[str] | None = None) -> None:
    """Fit over every data set named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("datasets", nargs="+", type=Path, metavar="DATASET_DIR")
    parser.add_argument("--split", help="the questions to fit on; all of them by default")
    parser.add_argument("--limit", type=int, help="at most so many questions a dataset")
    parser.add_argument("--l2", type=float, default=0.01, help="pull back to 0 (default 0.01)")
    args = parser.parse_args(argv)
    sets = {
        folder.name: asyncio.run(cases_of(folder, args.split, args.limit))
        for folder in args.datasets
    }
    print("\n".join(report({name: found for name, found in sets.items() if found}, l2=args.l2)))


if __name__ == "__main__":
    main()
