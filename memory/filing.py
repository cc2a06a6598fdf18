"""A report as it is kept: ids and prose; its documents and spans are the home's."""

from dataclasses import dataclass

from quaestor.memory.evidence import Retained
from quaestor.memory.finding import Conflict, Gap
from quaestor.memory.report import Cited, Claim, Line, Part, Report, Status
from quaestor.memory.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledCitation:
    """A cited span, by id."""

    evidence: str
    retained_by: Retained
    taken_at: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledReport:
    """All of a `Report` but the text of what it cites."""

    question: str
    status: Status
    answer: str
    markdown: str
    claims: tuple[Claim, ...]
    parts: tuple[Part, ...]
    unconfirmed: tuple[Line, ...]
    cited: tuple[FiledCitation, ...]
    conflicts: tuple[Conflict, ...]
    gaps: tuple[Gap, ...]
    fallbacks: dict[str, int]
    as_of: str
    answer_evidence: tuple[str, ...] = ()
    claims_revised: int = 0
    claims_dropped: int = 0


def file_report(report: Report) -> FiledReport:
    """Return a report as it is kept."""
    return FiledReport(
        question=report.question,
        status=report.status,
        answer=report.answer,
        markdown=report.markdown,
        claims=report.claims,
        parts=report.parts,
        unconfirmed=report.unconfirmed,
        cited=tuple(
            FiledCitation(
                evidence=one.evidence.id,
                retained_by=one.retained_by,
                taken_at=one.taken_at,
                also=one.also,
            )
            for one in report.cited
        ),
        conflicts=report.conflicts,
        gaps=report.gaps,
        fallbacks=dict(report.fallbacks),
        as_of=report.as_of,
        answer_evidence=report.answer_evidence,
        claims_revised=report.claims_revised,
        claims_dropped=report.claims_dropped,
    )


async def read_report(filed: FiledReport, store: Store) -> Report:
    """Return the report, every span of it compared with its stored document again.

    Raises:
        IntegrityError: A span no longer matches.
    """
    spans = await store.evidence(one.evidence for one in filed.cited)
    documents = await store.documents(span.document for span in spans.values())
    return Report(
        question=filed.question,
        status=filed.status,
        answer=filed.answer,
        markdown=filed.markdown,
        claims=filed.claims,
        parts=filed.parts,
        unconfirmed=filed.unconfirmed,
        cited=tuple(
            Cited(
                evidence=spans[one.evidence],
                document=documents[spans[one.evidence].document],
                retained_by=one.retained_by,
                taken_at=one.taken_at,
                also=one.also,
            )
            for one in filed.cited
        ),
        conflicts=filed.conflicts,
        gaps=filed.gaps,
        fallbacks=filed.fallbacks,
        as_of=filed.as_of,
        answer_evidence=filed.answer_evidence,
        claims_revised=filed.claims_revised,
        claims_dropped=filed.claims_dropped,
    )
