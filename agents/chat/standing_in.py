"""Where no sentence of a model's lead was confirmed: one that needs no model takes its place."""

from dataclasses import replace

from quaestor.agents.chat.writing.answering import rejected
from quaestor.agents.revising import Verdicts
from quaestor.agents.roles.synthesizer import Statement
from quaestor.agents.roles.verifier import Judged
from quaestor.agents.synthesis import Draft
from quaestor.memory.calls import Ask

AT = Ask(branch="research", task="", round=4, step=0)
REASON = "unconfirmed"
"""One of memory/fallbacks.py."""
UNCARRIED = "no sentence that would carry it was confirmed"
_FAILED = ("unsupported", "contradicted")


def is_led(draft: Draft, verdicts: Verdicts) -> bool:
    """Return whether a sentence of a draft's lead stands as fact."""
    return any(_stands(*both) for both in zip(draft.outline.lead, verdicts.judged, strict=False))


def led_by(plain: Draft, its: Verdicts, draft: Draft, verdicts: Verdicts) -> tuple[Draft, Verdicts]:
    """Return a draft behind another's answer and lead; its own lead goes on as what failed.

    Args:
        plain: The other draft.
        its: The verdicts on it.
        draft: One whose lead does not stand.
        verdicts: Those on it.
    """
    own, lead, answer = len(draft.outline.lead), plain.outline.lead, draft.outline.answer
    failed = [_failed(*both) for both in zip(draft.outline.lead, verdicts.judged, strict=False)]
    judged = [*its.judged[: len(lead)], *verdicts.judged[:own]]
    if answer and answer != plain.outline.answer:
        failed.append(rejected(answer, why=UNCARRIED))
        judged.append(Judged(verdict="unsupported"))
    moved = len(judged) - own
    judged += verdicts.judged[own:] if draft.sections else its.judged[len(lead) :]
    known = {one.values for one in draft.outline.conflicts}
    more = (one for one in plain.outline.conflicts if one.values not in known)
    outline = replace(
        draft.outline,
        answer=plain.outline.answer,
        lead=(*lead, *failed),
        conflicts=(*draft.outline.conflicts, *more),
    )
    led = replace(
        draft,
        outline=outline,
        sections=draft.sections or plain.sections,
        gaps=tuple(dict.fromkeys((*draft.gaps, *plain.gaps))),
        revised=tuple(place + (len(lead) if place < own else moved) for place in draft.revised),
    )
    return led, Verdicts(judged=tuple(judged))


def _stands(statement: Statement, judged: Judged) -> bool:
    return bool(statement.spots) and not statement.fault and judged.verdict not in _FAILED


def _failed(statement: Statement, judged: Judged) -> Statement:
    return replace(statement, fault=statement.fault or judged.reason or "its sources do not say so")
