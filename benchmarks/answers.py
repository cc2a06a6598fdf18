"""Does the answer stand in what is cited? Quaestor without a model beside plain BM25, in one table.

Usage: python -m benchmarks.answers DATASET_DIR... [--split NAME] [--limit N] [--out FILE]

For every dataset each question is asked once of a Researcher over the corpus, in a home of its own,
and the baselines of baselines.py answer the same questions. The rows of the table are over the
questions that are not answered by yes or no; differences are paired, question by question.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.baselines import BASELINES, Bm25
from benchmarks.table import Method, baseline, percent, quaestor, table
from quaestor import Corpus, Researcher
from quaestor.evaluation.answers import Evaluation, evaluate_answers
from quaestor.evaluation.dataset import Dataset, Question, corpus_path, load_dataset
from quaestor.evaluation.metrics import is_yes_no
from quaestor.memory.report import Report


def baselines(dataset: Dataset, questions: Sequence[Question]) -> list[Method]:
    """Return every baseline over the same questions."""
    ranked = Bm25(dataset.entries).best([question.question for question in questions])
    rows = list(zip(questions, ranked, strict=True))
    return [
        baseline(name, questions, [choose(asked.question, best) for asked, best in rows])
        for name, choose in BASELINES.items()
    ]


async def ask_all(folder: Path, dataset: Dataset, args: argparse.Namespace) -> Evaluation:
    """Ask every question of a Researcher over the corpus, in a home that is thrown away."""
    with tempfile.TemporaryDirectory() as home:
        corpus = Corpus.open(corpus_path(folder))
        await corpus.prepare(Path(home))  # before the clock of the first question runs
        researcher = Researcher(sources=[corpus], home=home)

        async def ask(question: str) -> Report:
            return await researcher.start(question)

        def progress(done: int, total: int) -> None:
            if done % 25 == 0 or done == total:
                print(f"{dataset.name}: {done} of {total}", file=sys.stderr)

        return await evaluate_answers(
            dataset, ask, split=args.split, limit=args.limit, progress=progress
        )


def measure(folder: Path, args: argparse.Namespace) -> Evaluation:
    """Print a dataset's table and return what Quaestor's row comes from."""
    dataset = load_dataset(folder)
    questions = dataset.select(split=args.split, limit=args.limit)
    spans = [question for question in questions if not is_yes_no(question.answers)]
    rivals = baselines(dataset, spans)
    evaluation = asyncio.run(ask_all(folder, dataset, args))
    print(f"\n{dataset.name}, {args.split or 'all splits'}: {len(spans)} questions; %, ± one")
    print("standard error of the mean; chars and spans a question, longest span of all\n")
    print(table([quaestor(evaluation.outcomes), *rivals]))
    figures = evaluation.figures
    print(f"\nWith yes/no questions ({figures['questions']}): EM {percent(figures['em'])},", end="")
    print(f" F1 {percent(figures['f1'])}, seconds {figures['seconds']['mean']:.2f} a question")
    return evaluation


def main(argv: Sequence[str] | None = None) -> None:
    """Measure every dataset named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("datasets", nargs="+", type=Path, metavar="DATASET_DIR")
    parser.add_argument("--split", help="the questions to ask; all of them by default")
    parser.add_argument("--limit", type=int, help="at most so many questions a dataset")
    parser.add_argument("--out", type=Path, help="write figures and every outcome here, as JSON")
    args = parser.parse_args(argv)
    evaluations = [measure(folder, args) for folder in args.datasets]
    if args.out:
        content = json.dumps([asdict(one) for one in evaluations], ensure_ascii=False, indent=1)
        args.out.write_text(content, "utf-8")


if __name__ == "__main__":
    main()
