"""All a run kept, as one value: what its graph, its `why` and its pictures are made from."""

from collections import defaultdict
from dataclasses import dataclass

from quaestor.errors import IntegrityError
from quaestor.memory.calls import CallRow
from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence, Sighting
from quaestor.memory.finding import Finding
from quaestor.memory.plan import Branch, Plan, Task
from quaestor.memory.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """All of a run that its graph is made from."""

    run_id: str
    question: str
    plans: tuple[Plan, ...] = ()
    findings: tuple[Finding, ...] = ()
    calls: tuple[CallRow, ...] = ()
    documents: tuple[Document, ...] = ()
    """Those the run touched; a call's documents that are not here are not drawn."""
    evidence: tuple[Evidence, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    report: Report | None = None

    def check(self) -> None:
        """Refuse evidence whose document, and claims whose evidence, the record does not hold.

        Raises:
            IntegrityError: The message names the first one.
        """
        documents = {document.id for document in self.documents}
        for span in self.evidence:
            if span.document not in documents:
                raise IntegrityError(
                    f"run {self.run_id} holds evidence {span.id} "
                    f"but not its document {span.document[:12]}"
                )
        held = {span.id for span in self.evidence}
        for claim in self.report.claims if self.report else ():
            missing = [ref for ref in claim.evidence if ref not in held]
            if missing:
                raise IntegrityError(
                    f"run {self.run_id}: claim {claim.id} cites evidence {missing[0]}, "
                    "which the run does not hold"
                )

    def tasks(self) -> dict[str, tuple[Branch, Task]]:
        """Return every planned task with its branch, by id, in planned order."""
        return {task.id: (plan.branch, task) for plan in self.plans for task in plan.tasks}


def found_by(record: RunRecord) -> dict[str, list[Sighting]]:
    """Return how each span of the record was found, the sightings that kept it first.

    A span cut out of a passage while writing was not sighted itself: it was found as the
    passages were that share text with it.
    """
    direct: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sorted(record.sightings, key=_sighting_order):
        direct[sighting.evidence].append(sighting)
    sighted: dict[str, list[Evidence]] = defaultdict(list)
    for span in record.evidence:
        if span.id in direct:
            sighted[span.document].append(span)
    found: dict[str, list[Sighting]] = {}
    for span in record.evidence:
        around = [other for other in sighted[span.document] if overlap(span, other)]
        inherited = [sighting for other in around for sighting in direct[other.id]]
        found[span.id] = direct.get(span.id) or sorted(inherited, key=_sighting_order)
    return found


def overlap(one: Evidence, other: Evidence) -> bool:
    """Return whether two spans share text of the same document."""
    return one.document == other.document and one.start < other.end and other.start < one.end


def _sighting_order(sighting: Sighting) -> tuple[bool, str, str, int, int, str]:
    dropped = sighting.retained_by is None
    return (
        dropped,
        sighting.branch,
        sighting.task,
        sighting.step,
        sighting.rank,
        sighting.evidence,
    )
