"""Ask 200 questions of models that reply anything, and look every citation up from outside.

    python -m benchmarks.models_200 DATASET_DIR [--model hash|garbage|telling]... [--limit 200]

DATASET_DIR holds `corpus.jsonl` and `questions.jsonl`. Each question is asked over the whole
corpus with the model in every role: one that fills every form by a hash of its prompt, one that
says random garbage, one whose hashed replies are believed (tests/telling.py). For each report:

* it is there, with the status `answered` or `insufficient_evidence`;
* every cited span is, letter by letter, in the document stored under its id, and in the corpus
  file as Python's own json reads it;
* it lies within what a tool call of this very run returned (read from the ledger's rows);
* every claim cites spans of the report's own list, and a claim without one is not `supported`.

Printed: violations (exit 1 if there is one), statuses, fall-backs by role and reason, seconds.
"""

import argparse
import asyncio
import json
import sqlite3
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quaestor import Corpus, Researcher
from quaestor.agents.workplace import Limits
from quaestor.archive import Archive
from quaestor.memory.report import Cited
from quaestor.report import Report
from quaestor.testing import Double, GarbageModel, HashModel
from tests.telling import TellingModel

MODELS: Mapping[str, Callable[[], Double]] = {
    "hash": HashModel,
    "garbage": GarbageModel,
    "telling": TellingModel,
}
Spans = Mapping[str, Sequence[tuple[int, int]]]
LIMITS = Limits(rounds=2, tasks=3, steps=4)
"""Of every run: what a model plans at random has no end of its own."""


@dataclass(slots=True)
class Tally:
    """What was counted over all questions."""

    reports: int = 0
    claims: int = 0
    cited: int = 0
    calls: int = 0
    seconds: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter[str])
    fallbacks: Counter[str] = field(default_factory=Counter[str])
    violations: list[str] = field(default_factory=list[str])


def brought(home: Path, run_id: str) -> Spans:
    """Return the stretches of documents that tool calls of a run returned, by document id."""
    query = """
        SELECT results.body FROM calls JOIN results ON results.id = calls.result
        WHERE calls.run_id = ? AND calls.kind != 'chat' AND results.outcome = 'done'
    """
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with sqlite3.connect(home / "quaestor.db") as database:
        bodies = [json.loads(body) for (body,) in database.execute(query, [run_id])]
    for body in bodies:
        for one in (*body.get("hits", ()), *filter(None, [body.get("read")])):
            if one["document"] is not None:
                found[one["document"]].append((one["start"], one["end"]))
    return found


def faults(report: Report, home: Path, corpus: str, spans: Spans) -> list[str]:
    """Return what is wrong with a report's citations, each looked up outside the report."""
    archive = Archive(home)
    found = [fault for one in report.cited for fault in _of_span(one, archive, corpus, spans)]
    known = {one.evidence.id for one in report.cited}
    for claim in report.claims:
        if set(claim.evidence) - known:
            found.append(f"claim {claim.id} cites what is not listed")
        if not claim.evidence and claim.verdict == "supported":
            found.append(f"claim {claim.id} is supported by nothing")
    if report.status not in ("answered", "insufficient_evidence"):
        found.append(f"status {report.status}")
    return found


def _of_span(one: Cited, archive: Archive, corpus: str, spans: Spans) -> list[str]:
    span, found = one.evidence, list[str]()
    if archive.document(span.document).text[span.start : span.end] != span.text or not span.text:
        found.append(f"span {span.id} does not match its document")
    if unicodedata.normalize("NFC", span.text) not in corpus:
        found.append(f"span {span.id} is nowhere in the corpus")
    around = spans.get(span.document, ())
    if not any(start <= span.start and span.end <= end for start, end in around):
        found.append(f"span {span.id} was brought by no call of this run")
    return found


def corpus_text(path: Path) -> str:
    """Return every row's title and text as a JSONL row's document has them."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return unicodedata.normalize("NFC", "\n\n".join(f"{r['title']}\n{r['text']}" for r in rows))


async def ask_all(
    path: Path, questions: Sequence[str], make: Callable[[], Double], home: Path
) -> Tally:
    """Ask each question with a new model in every role."""
    tally, text = Tally(), corpus_text(path)
    corpus = Corpus.open(path)
    await corpus.prepare(home)  # before the clock of the first question runs
    for question in questions:
        began, model = time.monotonic(), make()
        researcher = Researcher(
            [corpus],
            home=home,
            model=model,
            rounds=LIMITS.rounds,
            tasks=LIMITS.tasks,
            steps=LIMITS.steps,
        )
        run = researcher.start(question)
        try:
            report = await run
        except Exception as error:  # counted, not raised: the others are asked too
            tally.violations.append(f"{question[:60]}: no report: {type(error).__name__}: {error}")
            continue
        tally.seconds += time.monotonic() - began
        tally.reports += 1
        tally.calls += len(model.asked)
        tally.claims += len(report.claims)
        tally.cited += len(report.cited)
        tally.statuses[report.status] += 1
        tally.fallbacks.update(report.fallbacks)
        wrong = faults(report, home, text, brought(home, run.id))
        tally.violations += [f"{question[:60]}: {one}" for one in wrong]
    return tally


def main() -> int:
    """Ask; exit 1 at any violation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--model", action="append", choices=MODELS)
    parser.add_argument("--limit", type=int, default=200)
    options = parser.parse_args()
    rows = (options.dataset / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(row)["question"] for row in rows[: options.limit]]
    bad = 0
    for name in options.model or MODELS:
        with tempfile.TemporaryDirectory() as home:
            path = options.dataset / "corpus.jsonl"
            tally = asyncio.run(ask_all(path, questions, MODELS[name], Path(home)))
        bad += len(tally.violations)
        print(
            f"{name}: {tally.reports} of {len(questions)} with a report, {tally.claims} claims, "
            f"{tally.cited} spans cited, {len(tally.violations)} violations\n"
            f"  {dict(tally.statuses)}, {tally.calls / max(1, tally.reports):.1f} model calls and "
            f"{tally.seconds / max(1, tally.reports):.2f} s a question\n"
            f"  fall-backs: {dict(sorted(tally.fallbacks.items()))}",
            *tally.violations[:20],
            sep="\n",
            flush=True,
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
