"""How near is the text read of a page to its article, and does it carry answers?

Usage: python -m benchmarks.pages DATASET_DIR [--questions FILE]

DATASET_DIR has expected.jsonl, a row {id, file, url, text} a page, where `file` is the gzipped HTML
and `text` its article as a person copied it. Printed is one table: what Quaestor, trafilatura and
readability-lxml make of the same bytes; below it, what reading them in a child costs. FILE has a
row {question, answer, id} a question, `id` naming the page that answers it: all pages are served on
loopback behind a search engine in SearXNG's form, every question is asked of that web without a
model, and every span that is cited is compared with its place in the stored document and in the
page's bytes read again.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.extractors import EXTRACTORS, Overlap, overlap, quaestor_text
from benchmarks.saved_web import SavedPage, SavedWeb, load_pages, serving
from benchmarks.table import percent
from quaestor import Report, Researcher, Web
from quaestor.archive import blocking
from quaestor.errors import UnreadableError
from quaestor.evaluation.metrics import answer_in_evidence, figure
from quaestor.memory.report import Cited
from quaestor.run import Run
from quaestor.tools.local.parsing.parsers import PAGE
from quaestor.tools.local.parsing.pool import ParserPool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, and the page that answers it."""

    question: str
    answer: str
    page: str
    """Its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of a question."""

    rank: int | None
    """Of its page with the search engine, asked in the question's own words."""
    said: str
    """The short answer; the status where there is none."""
    in_evidence: bool
    """The answer stands in a span that is cited."""
    in_its_page: bool
    """It stands in a span of the page the question was written from."""
    page_cited: bool
    spans: int
    wrong_spans: int
    """Spans that are not their stored document's text at their place."""


def extraction(pages: Sequence[SavedPage]) -> str:
    """Return the table of extractors over all pages."""
    scores = {
        name: [overlap(extract(page.raw), page.wanted) for page in pages]
        for name, extract in EXTRACTORS.items()
    }
    ours = next(iter(scores.values()))
    rows = ["| extractor | precision | recall | token F1 | F1 minus Quaestor's | pages of F1 0 |"]
    rows.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    rows += [_row(name, found, ours) for name, found in scores.items()]
    return "\n".join(rows)


def in_children(pages: Sequence[SavedPage]) -> str:
    """Return what it costs to read the pages in a warm child, and that it gives the same text."""
    quaestor_text(pages[0].raw)
    began = time.monotonic()
    here = [quaestor_text(page.raw) for page in pages]
    middle = time.monotonic()
    with ParserPool(children=1, pages=True) as pool:
        _text_of(pool, pages[0].raw)
        warm = time.monotonic()
        there = [_text_of(pool, page.raw) for page in pages]
        end = time.monotonic()
    same = sum(one == other for one, other in zip(here, there, strict=True))
    seconds = (middle - began, warm - middle, end - warm)
    return (
        f"Read here in {seconds[0]:.2f} s, in a child in {seconds[2]:.2f} s"
        f" ({seconds[2] / seconds[0]:.2f} times) once it was warm, which took {seconds[1]:.2f} s;"
        f" {same} of {len(pages)} texts are the same, byte for byte."
    )


def _text_of(pool: ParserPool, raw: bytes) -> str:
    try:
        return pool.parse(raw, PAGE).text
    except UnreadableError:
        return ""


def _row(name: str, found: Sequence[Overlap], ours: Sequence[Overlap]) -> str:
    means = [percent(figure(column)) for column in zip(*found, strict=True)]
    apart = figure(one.f1 - other.f1 for one, other in zip(found, ours, strict=True))
    difference = "" if found is ours else percent(apart)
    empty = sum(one.f1 == 0 for one in found)
    return f"| {name} | {' | '.join(means)} | {difference} | {empty} |"


async def ask_all(pages: Sequence[SavedPage], questions: Sequence[Question]) -> list[Judged]:
    """Ask every question of the served pages, in a home that is thrown away."""
    async with serving(pages) as saved:
        with tempfile.TemporaryDirectory() as home:
            web = Web(f"searxng:http://{saved.host}", allow_hosts=[saved.host])
            researcher = Researcher([web], home=home)
            return [await ask(researcher, saved, question) for question in questions]


async def ask(researcher: Researcher, saved: SavedWeb, asked: Question) -> Judged:
    """Ask one question and look at what is cited for it."""
    run = researcher.start(asked.question)
    report: Report = await run
    its_own = [one for one in report.cited if _page_id(saved, one) == asked.page]
    ranked = [page.id for path in saved.rank(asked.question) if (page := saved.page_at(path))]
    return Judged(
        rank=ranked.index(asked.page) + 1 if asked.page in ranked else None,
        said=report.answer or f"({report.status})",
        in_evidence=_holds(report.cited, asked.answer),
        in_its_page=_holds(its_own, asked.answer),
        page_cited=bool(its_own),
        spans=len(report.cited),
        wrong_spans=await asyncio.to_thread(_wrong_spans, run, saved, report.cited),
    )


def _page_id(saved: SavedWeb, cited: Cited) -> str:
    page = saved.page_at(cited.document.uri)
    return "" if page is None else page.id


def _holds(cited: Sequence[Cited], answer: str) -> bool:
    return answer_in_evidence([answer], [one.evidence.text for one in cited]) == 1.0


def _wrong_spans(run: Run, saved: SavedWeb, cited: Sequence[Cited]) -> int:
    """Count the spans that are not what stands at their place.

    Neither in the document as the home's database has it, nor in the page's bytes read again, may
    another text stand there.
    """
    wrong = 0
    for one in cited:
        span, page = one.evidence, saved.page_at(one.document.uri)
        texts = [run.document(span.document).text, quaestor_text(page.raw) if page else ""]
        wrong += any(text[span.start : span.end] != span.text for text in texts)
    return wrong


def table(questions: Sequence[Question], judged: Sequence[Judged]) -> str:
    """Return a row for each question and the sums."""
    rows = [
        "| question | expected | short answer | in evidence | of its page | page cited | rank |"
    ]
    rows.append("| --- | --- | --- | --- | --- | --- | ---: |")
    for asked, one in zip(questions, judged, strict=True):
        marks = [
            "yes" if mark else "no" for mark in (one.in_evidence, one.in_its_page, one.page_cited)
        ]
        said = " ".join(one.said.split()).replace("|", "\\|")
        cells = [asked.question, asked.answer, said, *marks, str(one.rank or "–")]
        rows.append(f"| {' | '.join(cells)} |")
    rows.append(
        f"\n{len(judged)} questions: the answer stands in the cited evidence of "
        f"{sum(one.in_evidence for one in judged)}, in that of its own page for "
        f"{sum(one.in_its_page for one in judged)}; the page is cited for "
        f"{sum(one.page_cited for one in judged)}. Spans cited: "
        f"{sum(one.spans for one in judged)}, not their document's text: "
        f"{sum(one.wrong_spans for one in judged)}."
    )
    return "\n".join(rows)


def load_questions(file: Path) -> list[Question]:
    """Return the questions of a file."""
    rows = map(json.loads, file.read_text("utf-8").splitlines())
    return [
        Question(question=row["question"], answer=row["answer"], page=row["id"]) for row in rows
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; exit 1 if a span does not match."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("dataset", type=Path, metavar="DATASET_DIR")
    parser.add_argument("--questions", type=Path, metavar="FILE")
    options = parser.parse_args(argv)
    pages = load_pages(options.dataset)
    print(f"{len(pages)} pages; %, ± one standard error of the mean; differences are paired\n")
    print(extraction(pages))
    print(f"\n{in_children(pages)}")
    if options.questions is None:
        return 0
    questions = load_questions(options.questions)
    judged = blocking(ask_all(pages, questions))
    print(f"\n{table(questions, judged)}")
    return 1 if any(one.wrong_spans for one in judged) else 0


if __name__ == "__main__":
    sys.exit(main())
