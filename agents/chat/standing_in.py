"""Where a model's lead was not confirmed: one that needs no model takes its place."""

from dataclasses import replace

from quaestor.agents.chat.writing.answering import rejected
from quaestor.agents.revising import Verdicts
from quaestor.agents.roles.synthesizer import Statement
from quaestor.agents.roles.verifier import Judged
from quaestor.agents.synthesis import Draft
from quaestor.memory.calls import Ask
from quaestor.tools.text.words import content_terms

AT = Ask(branch="research", task="", round=4, step=0)
REASON = "unconfirmed"
"""One of memory/fallbacks.py."""
UNCARRIED = "not all that would carry it was confirmed"
_FAILED = ("unsupported", "contradicted")


def is_led(draft: Draft, verdicts: Verdicts) -> bool:
    """Return whether what leads a draft stands: all of it that is cited, where it has an answer."""
    lead = _lead(draft, verdicts)
    stands = [_stands(*both) for both in lead if both[0].spots and not both[0].fault]
    return any(stands) and (all(stands) or not draft.outline.answer)


def may_lead(plain: Draft, its: Verdicts, draft: Draft, verdicts: Verdicts) -> bool:
    """Return whether a draft's lead may stand before another's, which does not stand.

    Where some sentences of the other do, both must have come to the same answer.
    """
    partly = any(_stands(*both) for both in _lead(draft, verdicts))
    return is_led(plain, its) and (not partly or _agree(plain, draft))


def led_by(plain: Draft, its: Verdicts, draft: Draft, verdicts: Verdicts) -> tuple[Draft, Verdicts]:
    """Return a draft behind another's answer and lead; what failed of its own has its fault.

    Args:
        plain: The other draft.
        its: The verdicts on it.
        draft: One whose lead does not stand.
        verdicts: Those on it.
    """
    own, lead = len(draft.outline.lead), plain.outline.lead
    own_lead = [_told(*both) for both in _lead(draft, verdicts)]
    judged = [*its.judged[: len(lead)], *verdicts.judged[:own]]
    if _terms(draft) - _terms(plain):
        own_lead.append(rejected(draft.outline.answer, why=UNCARRIED))
        judged.append(Judged(verdict="unsupported"))
    moved = len(judged) - own
    judged += verdicts.judged[own:] if draft.sections else its.judged[len(lead) :]
    known = {one.values for one in draft.outline.conflicts}
    more = (one for one in plain.outline.conflicts if one.values not in known)
    outline = replace(
        draft.outline,
        answer=plain.outline.answer,
        lead=(*lead, *own_lead),
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


def _told(statement: Statement, judged: Judged) -> Statement:
    """Return a statement that stands as it is, any other with its fault."""
    if statement.fault or _stands(statement, judged):
        return statement
    return replace(statement, fault=judged.reason or "its sources do not say so")


def _agree(one: Draft, other: Draft) -> bool:
    """Return whether two answers are the same, or one is a part of the other."""
    first, second = _terms(one), _terms(other)
    return bool(first and second) and (first <= second or second <= first)


def _terms(draft: Draft) -> frozenset[str]:
    return frozenset(content_terms(draft.outline.answer))


def _lead(draft: Draft, verdicts: Verdicts) -> list[tuple[Statement, Judged]]:
    return list(zip(draft.outline.lead, verdicts.judged, strict=False))
