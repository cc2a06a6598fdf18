"""The sentences a report is shown by, the same in every medium; plain text, not escaped yet.

A reference number stands for a source, as in the report's Markdown, so that a person may read
`[2]` in a notebook and find `[2]` in the file that was sent around.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from quaestor.agents.gaps import Unread, by_source, gap_words, unread_words
from quaestor.memory.documents import Document
from quaestor.memory.finding import Conflict
from quaestor.memory.report import Cited, Claim, Line, Part, Report, Verdict

STATUS_WORDS = {
    "answered": "answered",
    "insufficient_evidence": "the evidence does not carry an answer",
    "stopped": "stopped before it was done",
    "failed": "failed",
}

DOUBTS: dict[Verdict, str] = {
    "partly": "confirmed in part",
    "unsupported": "not confirmed",
    "contradicted": "contradicted by its sources",
}

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|\+00:00)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A source of the report with every span cited from it."""

    number: int
    document: Document
    quotes: tuple[Cited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of a list, and what stands below it."""

    text: str
    below: tuple[str, ...] = ()


def references(report: Report) -> list[Reference]:
    """Return the sources, numbered in the order in which `report.cited` first names each."""
    quotes: dict[str, list[Cited]] = {}
    for cited in report.cited:
        quotes.setdefault(cited.evidence.document, []).append(cited)
    return [
        Reference(number=number, document=held[0].document, quotes=tuple(held))
        for number, held in enumerate(quotes.values(), start=1)
    ]


def numbers(report: Report) -> dict[str, int]:
    """Return the reference number behind each cited span, by evidence id: its source's."""
    return {
        cited.evidence.id: reference.number
        for reference in references(report)
        for cited in reference.quotes
    }


def marks(evidence: Iterable[str], known: Mapping[str, int]) -> str:
    """Return the reference marks of spans: each source once, in ascending order."""
    return "".join(f"[{number}]" for number in sorted({known[e] for e in evidence if e in known}))


def is_confirmed(claim: Claim) -> bool:
    """Return whether a claim may stand among the findings, be it with a reservation."""
    return claim.verdict in ("supported", "partly")


def doubt(claim: Claim) -> str:
    """Return what the verifier has against a claim; empty for a supported one."""
    if claim.verdict == "supported":
        return ""
    words = DOUBTS[claim.verdict]
    return f"{words}: {claim.reason}" if claim.reason else words


def short_answer(report: Report) -> str:
    """Return the answer in short; empty where a report that answers has none to give."""
    return report.answer or ("" if report.status == "answered" else "No short answer.")


def parts_of(report: Report) -> tuple[Part, ...]:
    """Return the text by headings; of a report that was made of claims alone, those confirmed."""
    if report.parts or report.unconfirmed:
        return report.parts
    lines = tuple(_line(claim) for claim in report.claims if is_confirmed(claim))
    return (Part(lines=lines),) if lines else ()


def unconfirmed_of(report: Report) -> tuple[Line, ...]:
    """Return what stands apart because it failed."""
    if report.parts or report.unconfirmed:
        return report.unconfirmed
    return tuple(_line(claim) for claim in report.claims if not is_confirmed(claim))


def _line(claim: Claim) -> Line:
    return Line(text=claim.text, claim=claim.id)


def remark(line: Line, claim: Claim | None) -> str:
    """Return what is to be said behind a sentence: why it is doubted, or that nothing is cited."""
    if claim is not None:
        return doubt(claim)
    return f"{DOUBTS['unsupported']}: {line.doubt}" if line.doubt else "inference"


def place_of(cited: Cited) -> str:
    """Return where in its document a span begins: `page 3, line 12, column 1`."""
    at = cited.document.place(cited.evidence.start)
    part = cited.document.part(cited.evidence.start)
    inside = f"{part}, " if part else ""
    return f"{inside}line {at.line}, column {at.column}"


def moment(time: str) -> str:
    """Return a time in UTC to the minute; anything else as it is.

    Example:
        >>> moment("2026-11-20T09:28:26.917+00:00")
        '2026-11-20 09:28 UTC'
        >>> moment("2026-11-20")
        '2026-11-20'
    """
    match = _MOMENT.fullmatch(time)
    return f"{match[1]} {match[2]} UTC" if match else time


def source_facts(reference: Reference) -> list[str]:
    """Return what a reader weighs a source by, after its title and address."""
    document = reference.document
    facts = [document.origin.label, *(["private"] if document.origin.private else [])]
    if document.modified:
        facts.append(f"changed {moment(document.modified)}")
    taken = dict.fromkeys(cited.taken_at for cited in reference.quotes if cited.taken_at)
    return [*facts, *(f"read {time}" for time in dict.fromkeys(map(moment, taken)))]


def also_in(reference: Reference) -> list[str]:
    """Return the sources, as `label uri`, in which nearly the same text stands."""
    return list(dict.fromkeys(one for cited in reference.quotes for one in cited.also))


def conflict_words(
    conflict: Conflict, mark: Callable[[Iterable[str]], str], show: Callable[[str], str] = str
) -> str:
    """Return a conflict as a sentence: what about, which values by whom, what decided.

    Args:
        conflict: The conflict.
        mark: Returns the marks of the spans with the ids given.
        show: Makes a text from outside fit for where the sentence will stand.
    """
    sides = [
        f"{show(value)}{conflict.day(place)} {mark(evidence)}".rstrip()
        for place, (value, evidence) in enumerate(
            zip(conflict.values, conflict.evidence, strict=True)
        )
    ]
    rule = conflict.rule.strip(". ")
    is_decided = rule not in ("", "undecided")
    decided = f"decided by: {show(rule)}" if is_decided else "undecided"
    return f"{show(conflict.about)}: {' against '.join(sides)}; {decided}."


def gap_items(report: Report, show: Callable[[str], str] = str) -> list[Item]:
    """Return the gaps as sentences; what one source could not read stands below one line."""
    items: list[Item] = []
    for gap in by_source(report.gaps):
        if isinstance(gap, Unread):
            head, lines = unread_words(gap, show)
            items.append(Item(text=head, below=tuple(lines)))
        else:
            items.append(Item(text=gap_words(gap, show)))
    return items
