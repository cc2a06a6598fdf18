"""The synthesizer with a model: it proposes sentences and ids, code decides what may stand."""

from dataclasses import dataclass, replace

from quaestor.agents.chat.writing import outlining
from quaestor.agents.chat.writing.answering import REJECTED, cited_by, led, rejected
from quaestor.agents.chat.writing.fitting import likeness, terms_of
from quaestor.agents.chat.writing.prompts import Writing
from quaestor.agents.chat.writing.sectioning import write_section
from quaestor.agents.chat.writing.written_sections import heading_of
from quaestor.agents.extractive.conflicts import conflicts_of
from quaestor.agents.roles.synthesizer import Outline, Section, SectionPlan, Synthesizer, WriteView
from quaestor.memory.calls import Ask
from quaestor.tools.models.desk import Desk, NoReplyError

_OPEN = ("text", "report")
"""Kinds of answer that a lead may give without a short one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSynthesizer:
    """Asks a model for the outline and the sections; what it cites is copied by code.

    A short report comes in one reply, its sections written; a long one is planned first and its
    sections are written side by side. Whatever has no room in a prompt is named as a gap.
    """

    desk: Desk
    fallback: Synthesizer

    async def outline(self, view: WriteView) -> Outline:
        """Return the short answer and the sections; no answer where the evidence carries none.

        What the model leaves out of answer and lead, or names nothing for, the fallback gives.
        """
        questions = [
            *(view.brief.parts or (view.question,)),
            *(one.question for one in view.findings),
        ]
        known = view.conflicts or conflicts_of(questions, view.passages)
        writing = Writing.of(self.desk, replace(view, conflicts=known))
        try:
            made = await outlining.outline(writing)
        except NoReplyError as error:
            await self.desk.fell_back(outlining.AT, error)
            return await self._plainer(view)
        return await self._completed(writing, made) if made.lead or made.sections else made

    async def section(self, view: WriteView, plan: SectionPlan) -> Section:
        """Write one section from the spots its plan names, and no others."""
        if plan.written:
            return Section(heading=plan.heading, statements=plan.written, table=plan.table)
        at = Ask(branch="research", task="", round=1, step=plan.number)
        writing = Writing.of(self.desk, view)
        attempt = await write_section(writing, plan, at)
        if attempt.error is None:
            return _headed(attempt.section, writing)
        await self.desk.fell_back(at, attempt.error)
        section = attempt.section
        added = await self.fallback.section(view, attempt.rest)
        whole = replace(
            section,
            statements=(*section.statements, *added.statements),
            table=section.table or added.table,
            gaps=(*section.gaps, *added.gaps),
        )
        return _headed(whole, writing)

    async def _completed(self, writing: Writing, made: Outline) -> Outline:
        """Return an outline with the answer and the lead it lacks, where there are any."""
        view, kind = writing.view, writing.view.brief.answer_type
        standing = any(not one.fault for one in made.lead)
        lost = any(one.fault == REJECTED for one in made.lead)
        if standing and (made.answer or (kind in _OPEN and not lost)):
            return made
        plain = await self._plainer(view)
        answer = "" if kind == "report" else plain.answer
        if standing and not (answer and led(answer, made.lead, writing.evidence)):
            return made
        made = replace(made, lead=tuple(one for one in made.lead if one != rejected(answer)))
        if standing:
            return replace(made, answer=answer)
        first = plain.lead or outlining.first_of(made.sections, writing.evidence, view.question)
        return replace(
            made,
            answer=answer,
            lead=(*first, *made.lead),
            sections=made.sections or plain.sections,
        )

    async def _plainer(self, view: WriteView) -> Outline:
        """Return the fallback's outline with its sections written: the model is not asked again."""
        outline = await self.fallback.outline(view)
        sections: list[SectionPlan] = []
        for number, plan in enumerate(outline.sections, start=1):
            one = await self.fallback.section(view, plan)
            if one.statements:
                written = replace(plan, number=number, written=one.statements, table=one.table)
                sections.append(written)
        conflicts = tuple(dict.fromkeys((*view.conflicts, *outline.conflicts)))
        return replace(outline, sections=tuple(sections), conflicts=conflicts)


def _headed(section: Section, writing: Writing) -> Section:
    """Return a section under a heading that names nothing but what it was found to cite.

    It was planned from all of the section's evidence, and not all of that is cited in the end.
    """
    spans = cited_by(section.statements, writing.evidence)
    told = [one.text for one in section.statements] + [one.text for one in spans]
    said = terms_of("\n".join(told))
    nearest = max(writing.parts, key=lambda part: likeness(terms_of(part), said))
    return replace(section, heading=heading_of(section.heading, nearest, writing.parts, spans))
