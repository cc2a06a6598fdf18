"""The sections of a plan: in the asked order, each with evidence, none of the parts forgotten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quaestor.agents.chat.writing.fitting import Shown, by_part, likeness, terms_of
from quaestor.agents.chat.writing.numbering import Numbered
from quaestor.agents.chat.writing.replies import ReportPlan
from quaestor.agents.chat.writing.written_sections import UNANSWERED, heading_of, unanswered
from quaestor.agents.roles.synthesizer import SectionPlan, Spot
from quaestor.memory.finding import Gap

MOST_SECTIONS = 60
ASSIGNED = 8
"""Passages that code gives to a part which the model planned no section for."""


@dataclass(slots=True)
class _Draft:
    """A section while its evidence is put together."""

    heading: str
    part: int
    """0 where it answers no single part."""
    ids: dict[str, None] = field(default_factory=dict[str, None])


def plan_sections(
    reply: ReportPlan, evidence: Numbered, shown: Shown, parts: Sequence[str]
) -> tuple[tuple[SectionPlan, ...], tuple[Gap, ...], tuple[str, ...]]:
    """Return the sections of a reply, gaps, and the ids of evidence that no prompt will show.

    Evidence that the plan's prompt had no room for goes to the section whose words it shares
    most of; what shares none stays left out.

    Args:
        reply: The model's.
        evidence: All there is.
        shown: What the model was shown.
        parts: The things asked for.
    """
    drafts, gaps = _from_reply(reply, evidence.only(shown.ids), parts)
    if len(parts) > 1:
        gaps += _add_missing(drafts, reply, evidence, parts)
        drafts.sort(key=lambda one: one.part or len(parts) + 1)
    gaps += [_too_many(one) for one in drafts[MOST_SECTIONS:]]
    drafts = drafts[:MOST_SECTIONS]
    left = _assign(drafts, evidence.only(shown.left), parts)
    plans = [_plan(one, number, evidence) for number, one in enumerate(drafts, start=1)]
    return tuple(plans), tuple(gaps), tuple(left)


def _from_reply(
    reply: ReportPlan, given: Numbered, parts: Sequence[str]
) -> tuple[list[_Draft], list[Gap]]:
    """Return the model's sections; those of one part or one heading are one section."""
    drafts: dict[object, _Draft] = {}
    gaps: list[Gap] = []
    for one in reply.sections:
        part = one.part if 1 <= one.part <= len(parts) and len(parts) > 1 else 0
        ids = given.known(one.evidence)
        otherwise = parts[part - 1] if part else parts[0]
        heading = heading_of(one.heading, otherwise, parts, given.passages(ids))
        if not ids:
            why = "the plan of the report named no evidence for it"
            gaps.append(Gap(kind="not_found", what=heading, why=why))
            continue
        draft = drafts.setdefault(part or heading.casefold(), _Draft(heading, part))
        draft.ids |= dict.fromkeys(ids)
    planned = {one.part for one in drafts.values()}
    gaps += unanswered([n for n in reply.unanswered if n not in planned], parts)
    return list(drafts.values()), gaps


def _add_missing(
    drafts: list[_Draft], reply: ReportPlan, evidence: Numbered, parts: Sequence[str]
) -> list[Gap]:
    """Add a section for each part that the model forgot, from what shares words with it."""
    held = {one.part for one in drafts} | set(reply.unanswered)
    gaps: list[Gap] = []
    lost = [number for number in range(1, len(parts) + 1) if number not in held]
    for number, ranked in zip(lost, by_part(evidence, [parts[n - 1] for n in lost]), strict=True):
        part = parts[number - 1]
        if ranked:
            ids = dict.fromkeys(name for name, _ in ranked[:ASSIGNED])
            drafts.append(_Draft(heading_of(part, part, parts), number, ids))
        else:
            gaps.append(Gap(kind="not_found", what=part, why=UNANSWERED))
    return gaps


def _assign(drafts: Sequence[_Draft], unseen: Numbered, parts: Sequence[str]) -> list[str]:
    """Give evidence that the plan did not see to the section nearest to it; return the rest."""
    wanted = [
        terms_of(f"{one.heading}\n{parts[one.part - 1] if one.part else ''}") for one in drafts
    ]
    left: list[str] = []
    held = {name for one in drafts for name in one.ids}
    for name, passage in unseen.by_id.items():
        if name in held:
            continue
        terms = terms_of(f"{passage.title}\n{passage.text}")
        scores = [likeness(one, terms) for one in wanted]
        best = max(range(len(scores)), key=lambda at: (scores[at], -at), default=-1)
        if best < 0 or not scores[best]:
            left.append(name)
        else:
            drafts[best].ids[name] = None
    return left


def _plan(draft: _Draft, number: int, evidence: Numbered) -> SectionPlan:
    return SectionPlan(
        heading=draft.heading, spots=tuple(_whole(evidence, draft.ids)), number=number
    )


def _whole(evidence: Numbered, ids: Iterable[str]) -> Iterable[Spot]:
    for one in evidence.passages(ids):
        yield Spot(evidence=one.evidence, start=one.start, end=one.end)


def _too_many(draft: _Draft) -> Gap:
    why = f"a report has at most {MOST_SECTIONS} sections"
    return Gap(kind="budget", what=draft.heading, why=why)
