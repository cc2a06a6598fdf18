"""`eval`: retrieval, answers and citations measured on questions, printed as one JSON object."""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from quaestor.archive import Archive
from quaestor.cli.indexing import prepare, showing_progress
from quaestor.cli.output import (
    Json,
    amount,
    check_output,
    emit,
    json_lines,
    json_text,
    notice,
)
from quaestor.cli.paying import tell_failures, tell_paid
from quaestor.cli.sources import tell_who_reads
from quaestor.evaluation.answers import Evaluation, evaluate_answers
from quaestor.evaluation.asking import Ask, Progress
from quaestor.evaluation.citations import CitationEvaluation, evaluate_citations
from quaestor.evaluation.dataset import Dataset, corpus_path, load_dataset
from quaestor.evaluation.locate import locator
from quaestor.evaluation.retrieval import evaluate_retrieval
from quaestor.memory.calls import CallRow
from quaestor.memory.report import Report
from quaestor.researcher import Researcher
from quaestor.spending import Spend, spent, summed
from quaestor.tools.local.corpus import Corpus

_PASSAGES_A_DOCUMENT = 3
"""Asked for first: a document usually shows with few of its passages."""
_DIGITS = 6
"""Behind the point: a millionth of a dollar is what `spend` counts in."""


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

    def measure(ask: Ask, progress: Progress | None) -> Coroutine[Any, Any, Evaluation]:
        return evaluate_answers(dataset, ask, split=split, limit=limit, progress=progress)

    _research(folder, measure, home=home, model=model, out=out)


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

    def measure(ask: Ask, progress: Progress | None) -> Coroutine[Any, Any, CitationEvaluation]:
        return evaluate_citations(dataset, ask, split=split, limit=limit, progress=progress)

    _research(folder, measure, home=home, model=model, out=out)


def _research(
    folder: Path,
    measure: Callable[[Ask, Progress | None], Coroutine[Any, Any, Evaluation | CitationEvaluation]],
    *,
    home: Path | None,
    model: list[str] | None,
    out: Path | None,
) -> None:
    """Print the figures of a researcher over the dataset's corpus, and what its runs cost."""
    corpus = Corpus.open(corpus_path(folder))
    with _home(home) as kept:
        researcher = Researcher([corpus], home=kept, model=model)
        tell_who_reads(researcher)
        _index(corpus, kept)
        asking = _Asking(researcher)
        with _counting() as progress:
            evaluation = asyncio.run(measure(asking.ask, progress))
        paid, calls = asking.paid(), asking.calls()
    figures: Json = {**evaluation.figures, "spend": asdict(paid)}
    _give(figures, {"outcomes": [asdict(one) for one in evaluation.outcomes]}, out)
    tell_paid(paid)
    without = sum(figures["fallbacks"].values())
    if without:
        tell_failures(calls, home=home)
        notice(f"{amount(without, 'step')} answered without the model: see `fallbacks`")


class _Asking:
    """Asks a researcher, and adds up what its runs cost."""

    def __init__(self, researcher: Researcher) -> None:
        self._researcher = researcher
        self._runs: list[str] = []

    async def ask(self, question: str) -> Report:
        report = await self._researcher.start(question)
        self._runs.append(report.run_id)
        return report

    def calls(self) -> list[CallRow]:
        """Return the calls of all its runs."""
        archive = Archive(self._researcher.home)
        return [call for name in self._runs for call in archive.calls(name)]

    def paid(self) -> Spend:
        """Return what all its runs have spent together."""
        archive = Archive(self._researcher.home)
        return summed([spent(archive.calls(name), archive.run(name)) for name in self._runs])


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
    shown = _rounded(figures)
    emit(json_lines(shown))
    if out is not None:
        emit(json_text({**shown, **more}), out)


def _rounded(value: Any) -> Any:
    """Return figures with no more digits than are read."""
    if isinstance(value, dict):
        named = cast("Json", value)
        return {name: _rounded(one) for name, one in named.items()}
    return round(value, _DIGITS) if isinstance(value, float) else value


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
