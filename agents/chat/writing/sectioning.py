"""One section written from its own evidence, in as many replies as its evidence needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.chat.writing import checking
from quaestor.agents.chat.writing.citing import sentence_for
from quaestor.agents.chat.writing.prompts import Wish, Writing
from quaestor.agents.chat.writing.replies import WrittenSection
from quaestor.agents.chat.writing.stating import stated
from quaestor.agents.chat.writing.tabling import Table, table_of
from quaestor.agents.roles.synthesizer import Section, SectionPlan, Statement
from quaestor.memory.calls import Ask
from quaestor.memory.finding import Gap
from quaestor.tools.models.desk import NoReplyError
from quaestor.tools.models.tokens import clip

MOST_REPLIES = 3
"""Of one section; evidence that would take more is named as left out."""
QUOTED = 8
"""Sentences that stand for a section which the model did not write."""
_OTHERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A section as far as the model wrote it."""

    section: Section
    error: NoReplyError | None
    """Why it did not write all of it."""
    rest: SectionPlan
    """What another make writes then: one sentence of each passage that is left."""


async def write_section(writing: Writing, plan: SectionPlan, at: Ask) -> Attempt:
    """Write a section from the evidence its plan names, and no other."""
    every = writing.evidence.ids_of(spot.evidence for spot in plan.spots)
    left = list(every)
    pages: list[_Page] = []
    error: NoReplyError | None = None
    while left and len(pages) < MOST_REPLIES and error is None:
        try:
            pages.append(await _page(writing, plan, left, pages, at))
        except NoReplyError as failed:
            error = failed
        else:
            left = list(pages[-1].left)
    statements = [one for page in pages for one in page.statements]
    gaps = [gap for page in pages for gap in page.gaps]
    if not any(one.spots for one in statements):
        if error is None and any(page.wrote for page in pages):
            error = NoReplyError(writing.desk.calls.endpoint.name, "invalid")
        elif error is None:
            why = "the evidence kept for it says nothing of it"
            gaps.append(Gap(kind="not_found", what=plan.heading, why=why))
        statements, left = [], list(every) if error else left
    gaps += writing.left_out(left[QUOTED:] if error else left, what=plan.heading)
    section = Section(
        heading=plan.heading,
        statements=tuple(statements),
        table=next((page.table for page in pages if page.table), ()),
        gaps=tuple(gaps),
    )
    return Attempt(section=section, error=error, rest=_rest(writing, plan, left))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What one reply brought."""

    statements: tuple[Statement, ...]
    table: Table
    gaps: tuple[Gap, ...]
    left: tuple[str, ...]
    """Ids of evidence that its prompt had no room for."""
    wrote: bool
    """Whether the model wrote anything, good or not."""


async def _page(
    writing: Writing, plan: SectionPlan, ids: Sequence[str], before: Sequence[_Page], at: Ask
) -> _Page:
    display = writing.display(f"{plan.heading}\n{writing.view.question}")
    evidence = writing.evidence.only(ids)
    told = [one for page in before for one in page.statements]
    reply, shown = await writing.ask(
        Wish(
            kind=WrittenSection,
            name="write_section",
            show=lambda room: display.batch(evidence, ids, room),
            task=_task(writing, plan, told),
            at=at,
            check=checking.of_section,
        )
    )
    given = evidence.only(shown.ids)
    found = stated(reply.sentences, given)
    table, added = table_of(reply.table, given, [*told, *found.statements])
    return _Page(
        statements=(*found.statements, *added),
        table=table,
        gaps=writing.cut_short(shown.shortened, what=plan.heading),
        left=shown.left,
        wrote=bool(reply.sentences),
    )


def _task(writing: Writing, plan: SectionPlan, before: Sequence[Statement]) -> str:
    lines = [writing.asked(parts=len(writing.parts) <= _OTHERS)]
    if before:
        told = "\n".join(one.text for one in before)
        shown = writing.desk.enclosed(clip(told, writing.desk.room // 10))
        lines.append(f"The section says already, so do not say it again:\n{shown}")
    # A heading is the model's, made with the evidence before it.
    lines.append(f"Write this section and no other:\n{writing.desk.enclosed(plan.heading)}")
    return "\n\n".join(lines)


def _rest(writing: Writing, plan: SectionPlan, ids: Sequence[str]) -> SectionPlan:
    wanted = f"{plan.heading}\n{writing.view.question}"
    passages = writing.evidence.passages(ids[:QUOTED])
    return SectionPlan(
        heading=plan.heading,
        spots=tuple(sentence_for(wanted, one) for one in passages),
        number=plan.number,
    )
