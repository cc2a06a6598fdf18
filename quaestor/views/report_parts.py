"""The sentences a report is shown by, the same in every medium; plain text, not escaped yet."""

from quaestor.memory.finding import Conflict, Gap
from quaestor.memory.report import Cited, Claim, Report

STATUS_WORDS = {
    "answered": "answered",
    "insufficient_evidence": "the evidence does not carry an answer",
    "stopped": "stopped before it was done",
    "failed": "failed",
}

GAP_WORDS = {
    "not_found": "not found",
    "unreadable": "unreadable",
    "source_down": "did not answer",
    "refused": "refused",
    "private": "would need a private fact in a web query",
    "budget": "budget spent",
    "failed": "a worker failed",
}


def numbers(report: Report) -> dict[str, int]:
    """Return the reference number of each cited span, by evidence id."""
    return {cited.evidence.id: number for number, cited in enumerate(report.cited, start=1)}


def doubt(claim: Claim) -> str:
    """Return what the verifier has against a claim; empty for a supported one."""
    if claim.verdict == "supported":
        return ""
    return f"{claim.verdict}: {claim.reason}" if claim.reason else claim.verdict


def place_of(cited: Cited) -> str:
    """Return where in its document a span begins: `page 3, line 12, column 1`."""
    at = cited.document.place(cited.evidence.start)
    location = cited.document.location(cited.evidence.start)
    inside = f"{location.kind} {location.number}, " if location else ""
    return f"{inside}line {at.line}, column {at.column}"


def source_facts(cited: Cited) -> list[str]:
    """Return what a reader weighs a span by, after its title and address."""
    facts = [cited.document.origin.label, place_of(cited)]
    if cited.document.modified:
        facts.append(f"changed {cited.document.modified}")
    if cited.taken_at:
        facts.append(f"read {cited.taken_at}")
    if cited.also:
        facts.append("also in " + "; ".join(cited.also))
    return facts


def conflict_words(conflict: Conflict, known: dict[str, int]) -> str:
    """Return a conflict as a sentence: what about, which values by whom, which stands first."""
    sides: list[str] = []
    for value, evidence in zip(conflict.values, conflict.evidence, strict=True):
        marks = "".join(f"[{known[ref]}]" for ref in evidence if ref in known)
        sides.append(f"{value} {marks}".rstrip())
    return f"{conflict.about}: {' against '.join(sides)} ({conflict.rule})"


def gap_words(gap: Gap) -> str:
    """Return a gap as a sentence: what is missing, why, and what was tried."""
    tried = f"; tried: {', '.join(gap.tried)}" if gap.tried else ""
    source = f" [{gap.source}]" if gap.source else ""
    return f"{gap.what}{source}: {GAP_WORDS[gap.kind]}, {gap.why}{tried}"


def fallback_words(report: Report) -> str:
    """Return how often an extractive step answered for a model; empty where none did."""
    counts = sorted(report.fallbacks.items())
    return ", ".join(f"{name} ({count})" for name, count in counts)
