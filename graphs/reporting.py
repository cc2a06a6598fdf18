"""The last three nodes: synthesize, verify, report."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quaestor.agents.report import compose
from quaestor.agents.roles import Judged, Passage, WriteView
from quaestor.agents.synthesis import Draft, claim_views, readable, resolve, write
from quaestor.graphs.joining import found_by
from quaestor.graphs.session import Session
from quaestor.graphs.state import ResearchState
from quaestor.memory import runs
from quaestor.memory.evidence import RETAINED, Retained
from quaestor.memory.filing import file_report
from quaestor.memory.finding import Finding, Gap
from quaestor.memory.journal import taken_at
from quaestor.memory.plan import Brief
from quaestor.memory.report import Cited, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """The verifier's, one a statement of the draft, in the order of the text."""

    judged: tuple[Judged, ...]


async def synthesize(session: Session, state: ResearchState) -> dict[str, Any]:
    """Write the draft from what was kept."""
    view, merged = await _view(session, state)
    draft = await write(session.setup.team.synthesizer, view, merged)
    await resolve(session.store, view.passages, draft)
    return {"draft": await session.values.save(draft)}


async def verify(session: Session, state: ResearchState) -> dict[str, Any]:
    """Judge every statement of the draft against the spans it cites."""
    draft = await session.values.load(Draft, state.get("draft", ""))
    view, _ = await _view(session, state)
    spans = await resolve(session.store, view.passages, draft)
    judged = await session.setup.team.verifier.judge(claim_views(draft, spans))
    return {"judged": await session.values.save(Verdicts(judged=tuple(judged)))}


async def _view(session: Session, state: ResearchState) -> tuple[WriteView, Merged]:
    """Return what the synthesizer sees, the same each time it is put together."""
    findings: list[Finding] = []
    gaps: list[Gap] = []
    for branch in session.setup.branches:
        found = await found_by(session, state, branch)
        findings += found.findings
        gaps += [*found.gaps, *(gap for finding in found.findings for gap in finding.gaps)]
    scores: dict[str, float] = {}
    for sighting in await session.sightings.all():
        scores[sighting.evidence] = max(scores.get(sighting.evidence, 0.0), sighting.score)
    merged = await readable(session.store, state.get("kept") or {}, scores)
    view = WriteView(
        question=state["question"],
        brief=await session.values.load(Brief, state.get("brief", "")),
        findings=tuple(findings),
        passages=merged.passages,
        gaps=tuple(dict.fromkeys([*gaps, *await _unread(session)])),
    )
    return view, merged


async def _unread(session: Session) -> list[Gap]:
    """Return what the sources could not read at the start, and which changed under the run."""
    row = await runs.run_row(session.database, session.run_id)
    gaps = [
        Gap(kind="unreadable", what=what, why=why, source=source)
        for source, what, why in row.settings.get("unread", [])
    ]
    changed = [
        Gap(
            kind="source_down",
            what=name,
            why="its content changed while the run was interrupted; what was read before stands",
            source=name,
        )
        for name in session.changed
    ]
    return gaps + changed
