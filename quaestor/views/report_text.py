"""A report as plain text for a terminal; nothing in it can steer the terminal."""

import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from quaestor.agents.references import REFERENCES
from quaestor.agents.report import CONFLICTS, GAPS, UNCONFIRMED, WITHOUT_MODEL
from quaestor.memory.fallbacks import fallback_words
from quaestor.memory.labels import one_line
from quaestor.memory.report import Claim, Report
from quaestor.views.report_parts import (
    STATUS_WORDS,
    Item,
    Reference,
    also_in,
    conflict_words,
    doubt,
    gap_items,
    is_confirmed,
    marks,
    numbers,
    place_of,
    references,
    source_facts,
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

    def said(claim: Claim) -> str:
        but = doubt(claim)
        return f"{claim.text} {mark(claim.evidence)}" + (f" ({but})" if but else "")

    def name(claim: Claim) -> str:
        return f"{claim.id:<4} " if detail else ""

    yield from wrapped(report.question, "")
    as_of = f", as of {report.as_of}" if report.as_of else ""
    answer = report.answer or "No short answer."
    yield from wrapped(f"{answer} {mark(report.answer_evidence)}", "  ")
    yield from wrapped(f"({STATUS_WORDS[report.status]}{as_of})", "  ")
    if detail:
        yield from wrapped(detail.about, "  ")
    confirmed = [claim for claim in report.claims if is_confirmed(claim)]
    if confirmed:
        yield ""
    for claim in confirmed:
        first = f"  {name(claim)}"
        yield from wrapped(said(claim), " " * len(first), first=first)
    yield from _section(
        CONFLICTS, [Item(text=conflict_words(one, mark)) for one in report.conflicts]
    )
    doubtful = [claim for claim in report.claims if not is_confirmed(claim)]
    yield from _section(UNCONFIRMED, [Item(text=f"{name(one)}{said(one)}") for one in doubtful])
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
    for cited in reference.quotes:
        quote = f"{place_of(cited)}: “{cited.evidence.text}”"
        yield from wrapped(quote, "        ", first="      - ")
    for other in also_in(reference):
        yield from wrapped(f"nearly the same text: {other}", "        ", first="      - ")


def _section(heading: str, items: list[Item]) -> Iterator[str]:
    if items:
        yield from ("", heading)
    for item in items:
        yield from wrapped(item.text, "    ", first="  - ")
        for line in item.below:
            yield from wrapped(line, "      ", first="    - ")


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
