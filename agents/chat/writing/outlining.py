"""The answer and the plan of a report: a paragraph, a report in one reply, or sections to come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from quaestor.agents.chat.writing import checking
from quaestor.agents.chat.writing.answering import answer_and_lead
from quaestor.agents.chat.writing.citing import sentence_for, verbatim
from quaestor.agents.chat.writing.fitting import Shown, fair_order
from quaestor.agents.chat.writing.numbering import Numbered
from quaestor.agents.chat.writing.planning_sections import plan_sections
from quaestor.agents.chat.writing.prompts import Wish, Writing
from quaestor.agents.chat.writing.replies import Paragraph, ReportPlan, WithAnswer, WrittenReport
from quaestor.agents.chat.writing.written_sections import written_sections
from quaestor.agents.roles.synthesizer import Outline, SectionPlan, Statement, WriteView
from quaestor.memory.calls import Ask
from quaestor.memory.finding import Gap
from quaestor.tools.models.desk import NoReplyError
from quaestor.tools.models.tokens import estimate

AT = Ask(branch="research", task="", round=1, step=0)
ONE_REPLY_TOKENS = 12_000
"""Of evidence: a report on more than that is longer than one reply."""
ONE_REPLY_PARTS = 6
_TOO_MUCH = ("cut_off", "too_long")
_PARAGRAPH = 5
_LEAD = 3


async def outline(writing: Writing) -> Outline:
    """Return the outline of a report, its sections written where one reply holds it all.

    Its lead may be without a statement that can stand, or its answer empty: what the model named
    for them does not carry them. Without lead and sections there is no answer at all.

    Raises:
        NoReplyError: Nothing came that can stand.
    """
    if not writing.view.passages:
        return nothing(writing.view)
    if writing.view.brief.depth == "quick":
        return await _paragraph(writing)
    if not _is_short(writing):
        return await _planned(writing, _TOO_MUCH)
    try:
        return await _whole(writing)
    except NoReplyError as error:
        if error.reason not in _TOO_MUCH:
            raise
    # A plan of so few parts is short: a model that does not end it ends no section either.
    return await _planned(writing, ("too_long",))


def nothing(view: WriteView) -> Outline:
    """Return the outline of a report that no evidence answers, with the gap that says so."""
    tried = tuple(dict.fromkeys(query for one in view.findings for query in one.queries))
    why = "nothing that was read carries an answer"
    gap = Gap(kind="not_found", what=view.question, why=why, tried=tried)
    return Outline(answer="", lead=(), sections=(), conflicts=view.conflicts, gaps=(gap,))


def _is_short(writing: Writing) -> bool:
    """Return whether one reply holds the report."""
    if len(writing.parts) > ONE_REPLY_PARTS:
        return False
    if writing.view.brief.answer_type != "report":
        return True
    tokens = sum(estimate(one.text) + 40 for one in writing.view.passages)
    return tokens <= min(ONE_REPLY_TOKENS, writing.desk.room * 2 // 3)


async def _paragraph(writing: Writing) -> Outline:
    order = fair_order(writing.evidence, writing.parts)
    display = writing.display(_wanted(writing))
    reply, shown = await writing.ask(
        Wish(
            kind=Paragraph,
            name="write_paragraph",
            show=lambda room: display.batch(writing.evidence, order, room),
            task=_task(writing),
            at=AT,
            check=lambda one, given: checking.of_paragraph(one, given, writing.view.brief),
        )
    )
    return await _outline(
        writing, reply, shown, _Body(gaps=_cut(writing, shown), left=shown.left), most=_PARAGRAPH
    )


async def _whole(writing: Writing) -> Outline:
    order = fair_order(writing.evidence, writing.parts)
    display = writing.display(_wanted(writing))
    reply, shown = await writing.ask(
        Wish(
            kind=WrittenReport,
            name="write_report",
            show=lambda room: display.batch(writing.evidence, order, room),
            task=_task(writing),
            at=AT,
            check=lambda one, given: checking.of_report(one, given, writing.view.brief),
        )
    )
    sections, gaps = written_sections(reply, writing.evidence.only(shown.ids), writing.parts)
    body = _Body(sections=sections, gaps=(*gaps, *_cut(writing, shown)), left=shown.left)
    return await _outline(writing, reply, shown, body, most=_LEAD)


async def _planned(writing: Writing, too_much: Collection[str]) -> Outline:
    try:
        reply, shown = await _plan(writing)
    except NoReplyError as error:
        plain = _by_parts(writing)
        if error.reason not in too_much or not plain.sections:
            raise
        await writing.desk.fell_back(AT, error)
        return plain
    plans, gaps, left = plan_sections(reply, writing.evidence, shown, writing.parts)
    body = _Body(sections=plans, gaps=gaps, left=left)
    return await _outline(writing, reply, shown, body, most=_LEAD)


def _by_parts(writing: Writing) -> Outline:
    """Return the parts as sections: code looks for their evidence, a model writes them."""
    if len(writing.parts) == 1:
        return Outline(answer="", lead=(), sections=())
    shown = Shown(text="", ids=(), left=tuple(writing.evidence.by_id))
    plans, gaps, left = plan_sections(ReportPlan(), writing.evidence, shown, writing.parts)
    return Outline(
        answer="",
        lead=(),
        sections=plans,
        conflicts=writing.view.conflicts,
        gaps=(*gaps, *writing.left_out(left, what=writing.view.question)),
    )


async def _plan(writing: Writing) -> tuple[ReportPlan, Shown]:
    order = fair_order(writing.evidence, writing.parts)
    display = writing.display(_wanted(writing))
    return await writing.ask(
        Wish(
            kind=ReportPlan,
            name="plan_report",
            show=lambda room: display.survey(writing.evidence, order, room),
            task=_task(writing),
            at=AT,
            check=lambda one, given: checking.of_plan(
                one, given, writing.view.brief, len(writing.parts)
            ),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """A report below its lead."""

    sections: tuple[SectionPlan, ...] = ()
    gaps: tuple[Gap, ...] = ()
    left: tuple[str, ...] = ()
    """Ids of evidence that had no room."""


async def _outline(
    writing: Writing, reply: WithAnswer, shown: Shown, body: _Body, *, most: int
) -> Outline:
    view = writing.view
    left = writing.left_out(body.left, what=view.question)
    if not reply.answerable:
        empty = nothing(view)
        return Outline(
            answer="", lead=(), sections=(), conflicts=view.conflicts, gaps=(*empty.gaps, *left)
        )
    given = writing.evidence.only(shown.ids)
    answer, lead = answer_and_lead(reply, given, view.question, view.brief, most)
    if not lead.standing:
        error = NoReplyError(writing.desk.calls.endpoint.name, "invalid")
        if not (lead.statements or body.sections):
            raise error
        await writing.desk.fell_back(AT, error)
    return Outline(
        answer=answer,
        lead=lead.statements,
        sections=body.sections,
        conflicts=view.conflicts,
        gaps=(*body.gaps, *left),
    )


def first_of(
    sections: Sequence[SectionPlan], evidence: Numbered, question: str
) -> tuple[Statement, ...]:
    """Return the first cited sentence of a report: what leads it where nothing else can."""
    for section in sections:
        if cited := [one for one in section.written if one.spots]:
            return (cited[0],)
        for passage in evidence.passages(evidence.ids_of(one.evidence for one in section.spots)):
            return (verbatim(passage, sentence_for(question, passage)),)
    return ()


def _cut(writing: Writing, shown: Shown) -> tuple[Gap, ...]:
    return writing.cut_short(shown.shortened, what=writing.view.question)


def _wanted(writing: Writing) -> str:
    return "\n".join((writing.view.question, *writing.parts))


def _task(writing: Writing) -> str:
    return "\n\n".join(one for one in (writing.missing(), writing.asked()) if one)
