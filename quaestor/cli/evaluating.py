"""`eval`: retrieval, answers and citations measured on questions, printed as one JSON object."""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Awaitable, Callable, Generator
from dataclasses import asdict
from pathlib import Path

from quaestor.cli.indexing import prepare, showing_progress
from quaestor.cli.output import Json, amount, check_output, emit, json_text, notice
from quaestor.cli.sources import tell_who_reads
from quaestor.evaluation.answers import evaluate_answers
from quaestor.evaluation.citations import evaluate_citations
from quaestor.evaluation.dataset import Dataset, corpus_path, load_dataset
from quaestor.evaluation.locate import locator
from quaestor.evaluation.retrieval import Progress, evaluate_retrieval
from quaestor.memory.report import Report
from quaestor.researcher import Researcher
from quaestor.tools.local.corpus import Corpus

_PASSAGES_A_DOCUMENT = 3
"""Asked for first: a document usually shows with few of its passages."""


def retrieval(
    folder: Path, *, home: Path | None, split: str | None, limit: int | None, out: Path | None
) -> None:
    """Print how well a plain search finds what the answers rest on."""
    check_output(out)
    dataset, corpus = load_dataset(folder), Corpus.open(corpus_path(folder))

    async def measure(kept: Path) -> Json:
        await corpus.prepare(kept)
        try:
            with _counting() as progress:
                figures = await evaluate_retrieval(
                    dataset,
                    document_search(corpus, dataset),
                    split=split,
                    limit=limit,
                    progress=progress,
                )
        finally:
            await corpus.close()
        return {**figures}

    with _home(home) as kept:
        _index(corpus, kept)
        found = asyncio.run(measure(kept))
    _give(found, {}, out)


def answers(
    folder: Path,
    *,
    home: Path | None,
    model: list[str] | None,
    split: str | None,
    limit: int | None,
    out: Path | None,
) -> None:
    """Print whether answers are right and stand in what is cited."""
    check_output(out)
    dataset = load_dataset(folder)
    with _asking(folder, home, model) as ask, _counting() as progress:
        evaluation = asyncio.run(
            evaluate_answers(dataset, ask, split=split, limit=limit, progress=progress)
        )
    outcomes = [asdict(outcome) for outcome in evaluation.outcomes]
    _give({**evaluation.figures}, {"outcomes": outcomes}, out)


def citations(
    folder: Path,
    *,
    home: Path | None,
    model: list[str] | None,
    split: str | None,
    limit: int | None,
    out: Path | None,
) -> None:
    """Print whether cited spans exist and support what they are cited for."""
    check_output(out)
    dataset = load_dataset(folder, judged=False)
    with _asking(folder, home, model) as ask, _counting() as progress:
        evaluation = asyncio.run(
            evaluate_citations(dataset, ask, split=split, limit=limit, progress=progress)
        )
    outcomes = [asdict(outcome) for outcome in evaluation.outcomes]
    _give({**evaluation.figures}, {"outcomes": outcomes}, out)
    answered = sum(evaluation.figures["fallbacks"].values())
    if answered:
        notice(f"{amount(answered, 'step')} answered without the model: see `fallbacks`")


@contextlib.contextmanager
def _asking(
    folder: Path, home: Path | None, model: list[str] | None
) -> Generator[Callable[[str], Awaitable[Report]]]:
    """Give what asks a question of the dataset's corpus, and tells who reads it."""
    corpus = Corpus.open(corpus_path(folder))
    with _home(home) as kept:
        researcher = Researcher([corpus], home=kept, model=model)
        tell_who_reads(researcher)
        _index(corpus, kept)

        async def ask(question: str) -> Report:
            return await researcher.start(question)

        yield ask


def document_search(corpus: Corpus, dataset: Dataset) -> Callable[[str, int], Awaitable[list[str]]]:
    """Return a search that gives the dataset's documents, each once, by its best passage."""
    locate = locator(dataset)

    async def search(question: str, number: int) -> list[str]:
        asked = number * _PASSAGES_A_DOCUMENT
        while True:
            hits = await corpus.search(question, limit=asked)
            ids = [known for hit in hits if (known := locate(hit.uri)) is not None]
            distinct = list(dict.fromkeys(ids))
            if len(distinct) >= number or len(hits) < asked:
                return distinct[:number]
            asked *= 2

    return search


def _index(corpus: Corpus, home: Path) -> None:
    with showing_progress() as shown:
        asyncio.run(prepare([corpus], home, shown))


def _give(figures: Json, more: Json, out: Path | None) -> None:
    """Print the figures; a file is given what they come from as well."""
    emit(json_text(figures))
    if out is not None:
        emit(json_text({**figures, **more}), out)


@contextlib.contextmanager
def _home(given: Path | None) -> Generator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="quaestor-eval-") as folder:
        yield Path(folder)


@contextlib.contextmanager
def _counting() -> Generator[Progress | None]:
    """Give what counts the questions in a terminal; elsewhere nothing is said."""
    if not sys.stderr.isatty():
        yield None
        return

    def count(done: int, total: int) -> None:
        print(f"\r{done:,} of {total:,} questions", end="", file=sys.stderr, flush=True)

    try:
        yield count
    finally:
        print(file=sys.stderr)
