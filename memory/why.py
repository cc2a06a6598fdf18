"""Why a sentence stands in the report: the path from it to the bytes it was read from."""

from dataclasses import dataclass

from quaestor.errors import SettingsError
from quaestor.memory.calls import CallRow
from quaestor.memory.documents import Document, Location, Place
from quaestor.memory.evidence import Evidence, Sighting
from quaestor.memory.labels import one_line
from quaestor.memory.plan import Task
from quaestor.memory.record import RunRecord, found_by
from quaestor.memory.report import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """From a claim through one span it cites to the question that was asked."""

    claim: Claim
    evidence: Evidence
    document: Document
    place: Place
    """Where the span begins in the stored text."""
    location: Location | None
    """The row, page or cell it begins in, where the document has them."""
    call: CallRow | None
    """The call that brought the document; None where no call of the record did."""
    taken_at: str
    """When the outside gave the text, ISO 8601 UTC; empty where that is not known."""
    task: Task | None
    asked: str
    """What the task asked, with the answers it waited for filled in."""
    sighting: Sighting | None
    """How the task came to the span."""
    question: str

    def __str__(self) -> str:
        steps = [
            ("claim", f"{self.claim.id} ({self.claim.verdict}): {one_line(self.claim.text, 400)}"),
            ("rests on", f"{self.evidence.id}: “{one_line(self.evidence.text, 400)}”"),
            ("read in", self._where()),
            ("taken by", self._call()),
            ("for task", self._task()),
            ("to answer", one_line(self.question, 400)),
        ]
        return "\n".join(f"{name:>9}  {what}" for name, what in steps if what)

    def _where(self) -> str:
        at = f"line {self.place.line}, column {self.place.column}"
        part = self.document.part(self.evidence.start)
        if part:
            at = f"{one_line(part)}, {at}"
        return f"{self.document.origin.label}  {one_line(self.document.uri, 400)}  {at}"

    def _call(self) -> str:
        if self.call is None:
            return ""
        return f"{self.call.kind} {self.call.key[:12]} ({self.call.how}), {self.taken_at}"

    def _task(self) -> str:
        if self.task is None:
            return ""
        query = f", by the query “{one_line(self.sighting.query)}”" if self.sighting else ""
        return f"{self.task.id}: {one_line(self.asked, 400)}{query}"


def why(record: RunRecord, claim_id: str) -> tuple[Path, ...]:
    """Return the paths from a claim to the bytes, one for each span it cites, in cited order.

    Of several calls that returned the document, the one counts that the finding task made at
    the finding step, else that the task made, else the first.

    Raises:
        SettingsError: The report has no such claim; the message lists those it has.
        IntegrityError: The record names evidence or documents it does not hold.
    """
    record.check()
    claims = {claim.id: claim for claim in record.report.claims} if record.report else {}
    if claim_id not in claims:
        held = ", ".join(claims) or "none"
        raise SettingsError(f"no claim {claim_id!r} in run {record.run_id}; it has: {held}")
    spans = {span.id: span for span in record.evidence}
    found = found_by(record)
    return tuple(
        _path(record, claims[claim_id], spans[ref], next(iter(found[ref]), None))
        for ref in claims[claim_id].evidence
    )


def _path(record: RunRecord, claim: Claim, span: Evidence, sighting: Sighting | None) -> Path:
    document = next(each for each in record.documents if each.id == span.document)
    call = _taking_call(record, span.document, sighting)
    cited = record.report.cited if record.report else ()
    read = next((each.taken_at for each in cited if each.evidence.id == span.id), "")
    _, task = record.tasks().get(sighting.task, (None, None)) if sighting else (None, None)
    asked = {each.task: each.question for each in record.findings}
    return Path(
        claim=claim,
        evidence=span,
        document=document,
        place=document.place(span.start),
        location=document.location(span.start),
        call=call,
        taken_at=read or (call.started if call else ""),
        task=task,
        asked=asked.get(task.id, task.question) if task else "",
        sighting=sighting,
        question=record.question,
    )


def _taking_call(record: RunRecord, document: str, sighting: Sighting | None) -> CallRow | None:
    def distance(call: CallRow) -> int:
        if sighting is None:
            return 2
        asks = [ask for ask in call.asks if ask.task == sighting.task]
        if any(ask.branch == sighting.branch and ask.step == sighting.step for ask in asks):
            return 0
        return 1 if asks else 2

    calls = [call for call in record.calls if document in call.documents]
    return min(
        calls, key=lambda call: (distance(call), call.started, call.key, call.sample), default=None
    )
