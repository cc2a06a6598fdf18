"""A report as plain text for a terminal; nothing in it can steer the terminal."""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from quaestor.agents.references import REFERENCES
from quaestor.agents.wording import CONFLICTS, GAPS, UNCONFIRMED, WITHOUT_MODEL
from quaestor.memory.evidence import longest
from quaestor.memory.fallbacks import fallback_words
from quaestor.memory.labels import one_line
from quaestor.memory.report import Line, Report
from quaestor.views.report_parts import (
    STATUS_WORDS,
    Item,
    Reference,
    also_in,
    conflict_words,
    gap_items,
    marks,
    numbers,
    parts_of,
    place_of,
    references,
    remark,
    short_answer,
    source_facts,
    unconfirmed_of,
)

_WIDTH = 100
_LIMIT = 20_000
"""Code points of a claim or a quote: all of any real one, and an end to any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What somebody is shown who wants to look a report's claims and spans up."""

    about: str
    """The run, below the head."""
    reference: Callable[[Reference], Iterator[str]]
    """Returns the lines of a source; claims have their ids."""


def report_text(report: Report, *, detail: Detail | None = None) -> str:
    """Return the report's parts in reading order: answer, claims, what is open, references."""
    return "\n".join(_lines(report, detail)) + "\n"


def _lines(report: Report, detail: Detail | None) -> Iterator[str]:
    known = numbers(report)

    def mark(evidence: Iterable[str]) -> str:
        return marks(evidence, known)

    claims = {claim.id: claim for claim in report.claims}

    def said(line: Line) -> str:
        claim = claims.get(line.claim)
        behind = [mark(claim.evidence)] if claim else []
        if but := remark(line, claim):
            behind.append(f"({but})")
        return " ".join([line.text, *behind])

    def name(line: Line) -> str:
        return f"{line.claim:<4} " if detail else ""

    def items(lines: Iterable[Line]) -> list[Item]:
        return [Item(text=f"{name(line)}{said(line)}") for line in lines]

    yield from wrapped(report.question, "")
    as_of = f", as of {report.as_of}" if report.as_of else ""
    yield from wrapped(f"{short_answer(report)} {mark(report.answer_evidence)}", "  ")
    yield from wrapped(f"({STATUS_WORDS[report.status]}{as_of})", "  ")
    if detail:
        yield from wrapped(detail.about, "  ")
    for part in parts_of(report):
        if part.heading:
            yield from _section(part.heading, items(part.lines), table=part.table)
            continue
        yield ""
        for line in part.lines:
            first = f"  {name(line)}"
            yield from wrapped(said(line), " " * len(first), first=first)
    yield from _section(
        CONFLICTS, [Item(text=conflict_words(one, mark)) for one in report.conflicts]
    )
    yield from _section(UNCONFIRMED, items(unconfirmed_of(report)))
    yield from _section(GAPS, gap_items(report))
    fallbacks = fallback_words(report.fallbacks)
    yield from _section(WITHOUT_MODEL, [Item(text=fallbacks)] if fallbacks else [])
    if report.cited:
        yield from ("", REFERENCES)
    for reference in references(report):
        yield from detail.reference(reference) if detail else _reference(reference)


def _reference(reference: Reference) -> Iterator[str]:
    document = reference.document
    number = f"{f'[{reference.number}]':>5} "
    heading = f"{document.title or 'Untitled'}: {document.uri}"
    yield from wrapped(heading, "      ", first=number)
    yield from wrapped(", ".join(source_facts(reference)), "      ")
    shown = longest([cited.evidence for cited in reference.quotes])
    for cited in (one for one in reference.quotes if one.evidence in shown):
        quote = f"{place_of(cited)}: “{cited.evidence.text}”"
        yield from wrapped(quote, "        ", first="      - ")
    for other in also_in(reference):
        yield from wrapped(f"nearly the same text: {other}", "        ", first="      - ")


def _section(
    heading: str, items: list[Item], *, table: Sequence[Sequence[str]] = ()
) -> Iterator[str]:
    if items or table:
        yield from ("", *wrapped(heading, ""))
    yield from _table(table)
    for item in items:
        yield from wrapped(item.text, "    ", first="  - ")
        for line in item.below:
            yield from wrapped(line, "      ", first="    - ")


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the rows in columns where those fit a line, else a row after the other."""
    cells = [[one_line(cell, _LIMIT) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip_longest(*cells, fillvalue="")]
    fits = sum(widths) + 2 * len(widths) <= _WIDTH
    for row in cells:
        if fits:
            both = zip(row, widths, strict=False)
            yield f"  {'  '.join(cell.ljust(width) for cell, width in both)}".rstrip()
        else:
            yield from wrapped(" | ".join(row), "    ", first="  ")


def wrapped(text: str, indent: str, *, first: str | None = None) -> list[str]:
    """Return text in lines of a terminal.

    Args:
        text: From anywhere; what could steer a terminal is left out.
        indent: Before each line.
        first: Before the first line, in place of it.
    """
    return textwrap.wrap(
        one_line(text, _LIMIT),
        width=_WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
