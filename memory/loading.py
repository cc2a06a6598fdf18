"""A run's record, gathered from the database."""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import and_, select

from quaestor.memory import schema
from quaestor.memory.database import Database
from quaestor.memory.finding import Finding
from quaestor.memory.journal import load_calls
from quaestor.memory.plan import Plan
from quaestor.memory.record import RunRecord
from quaestor.memory.report import Report
from quaestor.memory.runs import RunRow
from quaestor.memory.sightings import Sightings
from quaestor.memory.store import Store
from quaestor.memory.values import Values

Value = TypeVar("Value")


async def load_record(database: Database, run: RunRow, report: Report | None) -> RunRecord:
    """Return all a run kept: its last plans, findings, calls, spans and their documents."""
    store = Store(database)
    sightings = await Sightings(database, run_id=run.run_id, token=0).all()
    calls = await load_calls(database, run.run_id)
    cited = [one.evidence for one in report.cited] if report else []
    spans = await store.evidence(
        [*dict.fromkeys(one.evidence for one in sightings), *(one.id for one in cited)]
    )
    touched = {span.document for span in spans.values()}
    touched.update(document for call in calls for document in call.documents)
    documents = await store.documents(sorted(touched))
    plans = await _all(database, run.run_id, Plan)
    return RunRecord(
        run_id=run.run_id,
        question=run.question,
        plans=_last(plans),
        findings=_one_a_task(await _all(database, run.run_id, Finding)),
        calls=tuple(calls),
        documents=tuple(documents.values()),
        evidence=tuple(spans.values()),
        sightings=tuple(sightings),
        report=report,
    )


async def _all(database: Database, run_id: str, kind: type[Value]) -> list[Value]:
    table = schema.values
    query = (
        select(table.c.id)
        .where(and_(table.c.run_id == run_id, table.c.kind == kind.__name__))
        .order_by(table.c.id)
    )
    async with database.reading() as connection:
        ids = (await connection.execute(query)).scalars().all()
    return await Values(database, run_id=run_id, token=0).load_all(kind, ids)


def _one_a_task(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the finding of each task; of one that was asked again, what brought more."""
    richest: dict[str, Finding] = {}
    for finding in findings:
        known = richest.get(finding.task)
        if known is None or _brought(finding) > _brought(known):
            richest[finding.task] = finding
    return tuple(richest.values())


def _brought(finding: Finding) -> int:
    return len(finding.kept) + len(finding.seen)


def _last(plans: Iterable[Plan]) -> tuple[Plan, ...]:
    """Return the longest plan of each branch: plans only grow."""
    longest: dict[str, Plan] = {}
    for plan in sorted(plans, key=lambda plan: len(plan.tasks)):
        longest[plan.branch] = plan
    return tuple(longest[branch] for branch in sorted(longest, reverse=True))
