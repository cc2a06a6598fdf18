"""One revision round: what the verifier did not find supported is written anew, then judged again.

What still fails is labelled in the report (agents/report.py), never silently kept or dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quaestor.agents.faults import stops_the_run
from quaestor.agents.roles.reviser import Failing, Reviser
from quaestor.agents.roles.synthesizer import Statement
from quaestor.agents.roles.verifier import ClaimView, Judged, Verifier
from quaestor.agents.synthesis import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """The verifier's, one a statement of the draft, in the order of the text."""

    judged: tuple[Judged, ...]


def failing(draft: Draft, views: Sequence[ClaimView], verdicts: Verdicts) -> dict[int, Failing]:
    """Return the statements to write anew, by their place in the text.

    A statement in its span's own words is not written anew: there is nothing nearer to the span.
    """
    placed = enumerate(zip(draft.statements(), views, verdicts.judged, strict=True))
    return {
        number: Failing(statement=statement, spans=view.spans, titles=view.titles, judged=judged)
        for number, (statement, view, judged) in placed
        if judged.verdict != "supported" and view.spans and not view.copied
    }


async def revise(reviser: Reviser, draft: Draft, failed: dict[int, Failing]) -> Draft:
    """Return the draft with failing statements written anew; a reviser that breaks changes none."""
    try:
        written = await reviser.revise(tuple(failed.values()))
    except Exception as error:
        if stops_the_run(error):
            raise
        return draft
    changed = {
        number: replace(draft.statements()[number], text=text)
        for number, text in zip(failed, written, strict=True)
        if text is not None and text != draft.statements()[number].text
    }
    return _with(draft, changed)


async def judge(
    verifier: Verifier, views: Sequence[ClaimView], draft: Draft, before: Verdicts | None
) -> Verdicts:
    """Return a verdict for every statement; those not written anew keep the one they have.

    Verification can label a report, never lose it.
    """
    asked = range(len(views)) if before is None else draft.revised
    try:
        found = await verifier.judge(tuple(views[number] for number in asked))
    except Exception as error:
        if stops_the_run(error):
            raise
        reason = f"not verified: the verifier broke ({type(error).__name__})"
        found = tuple(Judged(verdict="partly", reason=reason) for _ in asked)
    judged = list(before.judged) if before else [Judged(verdict="partly")] * len(views)
    for number, one in zip(asked, found, strict=True):
        judged[number] = one
    return Verdicts(judged=tuple(judged))


def _with(draft: Draft, changed: dict[int, Statement]) -> Draft:
    """Return a draft with some of its statements changed, counted as `Draft.statements` does."""
    written = [changed.get(place, one) for place, one in enumerate(draft.statements())]
    leads = len(draft.outline.lead)
    rest = iter(written[leads:])
    sections = tuple(
        replace(section, statements=tuple(next(rest) for _ in section.statements))
        for section in draft.sections
    )
    return replace(
        draft,
        outline=replace(draft.outline, lead=tuple(written[:leads])),
        sections=sections,
        revised=tuple(sorted(changed)),
    )
