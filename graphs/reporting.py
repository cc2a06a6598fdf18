"""The last nodes: synthesize, verify, revise once where something failed, report."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from quaestor.agents.chat.standing_in import AT, REASON, is_led, led_by, may_lead
from quaestor.agents.duplicates import Merged
from quaestor.agents.lint import lint
from quaestor.agents.material import Material
from quaestor.agents.report import compose
from quaestor.agents.revising import Verdicts, failing, judge, revise
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import WriteView
from quaestor.agents.roles.verifier import ClaimView
from quaestor.agents.synthesis import Draft, claim_views, readable, resolve, write
from quaestor.agents.withheld import withheld
from quaestor.graphs.joining import found_by
from quaestor.graphs.session import Session
from quaestor.graphs.state import ResearchState
from quaestor.memory import runs
from quaestor.memory.evidence import RETAINED, Evidence, Retained
from quaestor.memory.filing import file_report
from quaestor.memory.finding import Finding, Gap
from quaestor.memory.journal import taken_at
from quaestor.memory.plan import Brief
from quaestor.memory.report import Cited, Report

_log = logging.getLogger("quaestor")
_MADE_OF = ("question", "brief", "public", "private", "kept")
"""Keys of the state."""


async def synthesize(session: Session, state: ResearchState) -> dict[str, Any]:
    """Write the draft from what was kept."""
    view, merged = await _view(session, state)
    draft = await write(session.team.synthesizer, view, merged)
    await resolve(session.store, view.passages, draft)
    return {"draft": await session.values.save(draft)}


async def verify(session: Session, state: ResearchState) -> dict[str, Any]:
    """Judge the statements of the draft against the spans they cite: those written anew, or all."""
    draft = await session.values.load(Draft, state.get("draft", ""))
    views = await _claims(session, state, draft)
    before = None
    if state.get("revisions"):
        before = await session.values.load(Verdicts, state.get("judged", ""))
    verdicts = await judge(session.team.verifier, views, draft, before)
    failed = failing(draft, views, verdicts) if session.team.reviser else {}
    settled: dict[str, Any] = {"failing": len(failed)}
    if not is_led(draft, verdicts) and (before or not failed):
        led = await _led(session, state, draft, verdicts)
        if led is not None:
            draft, verdicts = led
            settled["draft"] = await session.values.save(draft)
    return settled | {"judged": await session.values.save(verdicts)}


async def _led(
    session: Session, state: ResearchState, draft: Draft, verdicts: Verdicts
) -> tuple[Draft, Verdicts] | None:
    """Return a draft of a model's behind the lead of a run without one, where that stands."""
    without = session.setup.team.synthesizer
    if session.team.synthesizer is without or not draft.outline.lead:
        return None
    view, merged = await _view(session, state)
    plain = await write(without, view, merged)
    spans = await resolve(session.store, view.passages, plain)
    views = claim_views(plain, spans, view.passages)
    its = await judge(session.team.verifier, views, plain, None)
    if not may_lead(plain, its, draft, verdicts):
        return None
    await session.fallbacks.add("writer", AT, REASON)
    return led_by(plain, its, draft, verdicts)


async def revise_draft(session: Session, state: ResearchState) -> dict[str, Any]:
    """Write anew, once, what failed."""
    draft = await session.values.load(Draft, state.get("draft", ""))
    verdicts = await session.values.load(Verdicts, state.get("judged", ""))
    assert session.team.reviser is not None
    failed = failing(draft, await _claims(session, state, draft), verdicts)
    anew = await revise(session.team.reviser, draft, failed)
    return {"draft": await session.values.save(anew), "revisions": 1}


async def _claims(session: Session, state: ResearchState, draft: Draft) -> tuple[ClaimView, ...]:
    view, _ = await _view(session, state)
    spans = await resolve(session.store, view.passages, draft)
    return claim_views(draft, spans, view.passages)


async def report(session: Session, state: ResearchState) -> dict[str, Any]:
    """Compose the report, keep it, and return the graph's output."""
    draft = await session.values.load(Draft, state.get("draft", ""))
    verdicts = await session.values.load(Verdicts, state.get("judged", ""))
    view, _ = await _view(session, state)
    spans = await resolve(session.store, view.passages, draft)
    documents = await session.store.documents(sorted({one.document for one in view.passages}))
    gaps = (*view.gaps, *draft.gaps)
    answered = bool(draft.outline.answer) or any(not one.fault for one in draft.outline.lead)
    if not answered and not any(gap.kind == "private" for gap in gaps):
        gaps = (*gaps, *_withheld(session, view))
    tried = tuple(dict.fromkeys(q for finding in view.findings for q in finding.queries))
    if not answered and not any(gap.tried for gap in gaps):
        why = "nothing that was read carries an answer"
        gaps = (*gaps, Gap(kind="not_found", what=view.question, why=why, tried=tried))
    fallbacks = await session.fallbacks.counted()
    composed = compose(
        Material(
            question=state["question"],
            brief=view.brief,
            status="answered" if answered else "insufficient_evidence",
            outline=draft.outline,
            sections=draft.sections,
            judged=verdicts.judged,
            spans=spans,
            passages={one.evidence: one for one in view.passages},
            documents=documents,
            gaps=gaps,
            tried=() if any(gap.tried == tried for gap in gaps) else tried,
            also=draft.also,
            fallbacks=fallbacks,
            unverified=session.setup.unverified,
        )
    )
    for problem in lint(composed.markdown):
        _log.warning("report of %s: %s, line %d", session.run_id, problem.rule, problem.line)
    await session.store.add_evidence(composed.evidence)
    taken = await taken_at(session.database, session.run_id)
    finished = Report(
        question=state["question"],
        status=composed.status,
        answer=composed.answer,
        markdown=composed.markdown,
        claims=composed.claims,
        parts=composed.parts,
        unconfirmed=composed.unconfirmed,
        cited=tuple(
            Cited(
                evidence=span,
                document=documents[span.document],
                retained_by=_reason(span, view.passages, state.get("kept") or {}),
                taken_at=taken.get(span.document, ""),
                also=_also(span, view.passages, draft.also),
            )
            for span in composed.evidence
        ),
        conflicts=composed.conflicts,
        gaps=composed.gaps,
        as_of=view.brief.as_of,
        answer_evidence=composed.answer_evidence,
        fallbacks=fallbacks,
        claims_revised=len(draft.revised),
        claims_dropped=composed.dropped,
    )
    filed = await session.values.save(file_report(finished))
    token = session.lease.token
    await runs.set_state(session.database, session.run_id, "done", token=token, report=filed)
    return _output(finished, session.run_id)


def _withheld(session: Session, view: WriteView) -> list[Gap]:
    """Return what only a query with private words could have found, where there is a web."""
    if not any(source.remote for source in session.setup.of("public")):
        return []
    private = [finding for finding in view.findings if finding.branch == "private"]
    texts = [f"{one.title}\n{one.text}" for one in view.passages if not one.origin.private]
    return withheld(view.question, private, texts)


def _output(report: Report, run_id: str) -> dict[str, Any]:
    """Return the report JSON-plain: the one content that stands in state."""
    return {
        "status": report.status,
        "answer": report.answer,
        "report": report.markdown,
        "claims": [
            {
                "id": claim.id,
                "text": claim.text,
                "evidence": list(claim.evidence),
                "verdict": claim.verdict,
            }
            for claim in report.claims
        ],
        "evidence": [
            {
                "id": one.evidence.id,
                "document": one.evidence.document,
                "uri": one.document.uri,
                "title": one.document.title,
                "origin": one.document.origin.label,
                "start": one.evidence.start,
                "end": one.evidence.end,
                "text": one.evidence.text,
                "retained_by": one.retained_by,
                "taken_at": one.taken_at,
            }
            for one in report.cited
        ],
        "gaps": [{**asdict(gap), "tried": list(gap.tried)} for gap in report.gaps],
        "run_id": run_id,
    }


def _reason(span: Evidence, passages: Iterable[Passage], kept: Mapping[str, str]) -> Retained:
    """Return why the passage a cited span was cut from was kept: the first reason that applies."""
    reasons = [kept.get(one.evidence) for one in _around(span, passages)]
    for reason in RETAINED:
        if reason in reasons:
            return reason
    return "claim"


def _also(
    span: Evidence, passages: Iterable[Passage], also: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    named = [one for passage in _around(span, passages) for one in also.get(passage.evidence, ())]
    return tuple(dict.fromkeys(named))


def _around(span: Evidence, passages: Iterable[Passage]) -> list[Passage]:
    return [
        one
        for one in passages
        if one.document == span.document and one.start <= span.start and span.end <= one.end
    ]


async def _view(session: Session, state: ResearchState) -> tuple[WriteView, Merged]:
    """Return what the synthesizer sees, the same each time it is put together."""
    made_of = json.dumps([state.get(name) for name in _MADE_OF], sort_keys=True)
    known = session.written_from.get(made_of)
    if known is None:
        known = await _put_together(session, state)
        session.written_from.put(made_of, known)
    return known


async def _put_together(session: Session, state: ResearchState) -> tuple[WriteView, Merged]:
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
