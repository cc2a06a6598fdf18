"""A report with the verdict of every claim and the place of every span: what `show` prints."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from quaestor.cli.places import place_text
from quaestor.memory.labels import one_line
from quaestor.memory.runs import RunRow
from quaestor.plain import collection_roots
from quaestor.report import Report
from quaestor.views.report_parts import (
    STATUS_WORDS,
    Item,
    Reference,
    also_in,
    conflict_words,
    doubt,
    gap_items,
    marks,
    numbers,
    references,
    source_facts,
)

_WIDTH = 100
_LIMIT = 20_000
"""Code points of a claim or a quote: all of any real one, and an end to any other."""


def located_report(report: Report, row: RunRow) -> str:
    """Return a report as text: ids to ask `show` for, and places to open in an editor."""
    return "\n".join(_lines(report, row)) + "\n"


def _lines(report: Report, row: RunRow) -> Iterator[str]:
    known = numbers(report)

    def mark(evidence: Iterable[str]) -> str:
        return marks(evidence, known)

    yield from _wrapped(report.question, "")
    yield from _wrapped(report.answer or "No short answer.", "  ")
    as_of = f", as of {report.as_of}" if report.as_of else ""
    yield f"  ({STATUS_WORDS[report.status]}{as_of})"
    yield f"  run {row.run_id}, started {row.started}, {row.seconds:.1f} s"
    claims = [
        (one.id, f"{one.text} {mark(one.evidence)} ({doubt(one) or one.verdict})")
        for one in report.claims
    ]
    if claims:
        yield from ("", "Claims")
    for name, text in claims:
        yield from _wrapped(text, "       ", first=f"  {name:<4} ")
    yield from _section(
        "Conflicts", [Item(text=conflict_words(one, mark)) for one in report.conflicts]
    )
    yield from _section("Gaps", gap_items(report))
    if report.cited:
        yield from ("", "References")
    for reference in references(report):
        yield from _reference(reference, collection_roots(row))


def _reference(reference: Reference, roots: Mapping[str, str]) -> Iterator[str]:
    document = reference.document
    facts = [document.title or "Untitled", *source_facts(reference), f"document {document.id[:12]}"]
    yield from _wrapped(", ".join(facts), "      ", first=f"{f'[{reference.number}]':>5} ")
    for cited in reference.quotes:
        where = one_line(place_text(document, cited.evidence.start, roots), 2000)
        # Never wrapped: a path is there to be copied.
        yield f"      {cited.evidence.id}  {where}"
        yield from _wrapped(f"“{cited.evidence.text}”", "        ")
    for other in also_in(reference):
        yield from _wrapped(f"nearly the same text: {other}", "        ")


def _section(heading: str, items: list[Item]) -> Iterator[str]:
    if items:
        yield from ("", heading)
    for item in items:
        yield from _wrapped(item.text, "    ", first="  - ")
        for line in item.below:
            yield from _wrapped(line, "      ", first="    - ")


def _wrapped(text: str, indent: str, *, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        one_line(text, _LIMIT),
        width=_WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
