"""A report as plain text for a terminal; nothing in it can steer the terminal."""

import textwrap
from collections.abc import Iterator

from quaestor.memory.labels import one_line
from quaestor.memory.report import Report
from quaestor.views.report_parts import (
    STATUS_WORDS,
    conflict_words,
    doubt,
    fallback_words,
    gap_words,
    numbers,
    source_facts,
)

_WIDTH = 100
_LIMIT = 20_000
"""Code points of a claim or a quote: all of any real one, and an end to any other."""


def report_text(report: Report) -> str:
    """Return the report's parts in reading order: answer, claims, evidence, conflicts, gaps."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    known = numbers(report)
    yield from _wrapped(report.question, "")
    as_of = f", as of {report.as_of}" if report.as_of else ""
    yield from _wrapped(report.answer or "No short answer.", "  ")
    yield from _wrapped(f"({STATUS_WORDS[report.status]}{as_of})", "  ")
    if report.claims:
        yield ""
    for claim in report.claims:
        marks = "".join(f"[{known[ref]}]" for ref in claim.evidence if ref in known)
        but = doubt(claim)
        yield from _wrapped(f"{claim.text} {marks}" + (f" ({but})" if but else ""), "  ")
    if report.cited:
        yield from ("", "Evidence")
    for number, cited in enumerate(report.cited, start=1):
        yield from _wrapped(f"“{cited.evidence.text}”", "      ", first=f"{f'[{number}]':>5} ")
        facts = [cited.document.title, cited.document.uri, *source_facts(cited)]
        yield from _wrapped(", ".join(fact for fact in facts if fact), "      ")
    yield from _section("Conflicts", [conflict_words(each, known) for each in report.conflicts])
    yield from _section("Gaps", [gap_words(each) for each in report.gaps])
    fallbacks = fallback_words(report)
    yield from _section("Answered without the model", [fallbacks] if fallbacks else [])


def _section(heading: str, items: list[str]) -> Iterator[str]:
    if items:
        yield from ("", heading)
    for item in items:
        yield from _wrapped(item, "    ", first="  - ")


def _wrapped(text: str, indent: str, *, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        one_line(text, _LIMIT),
        width=_WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
