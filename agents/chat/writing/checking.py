"""What a model is asked to mend about a writer's reply, in words it can mend it by."""

from collections.abc import Iterable, Sequence

from quaestor.agents.chat.writing.answering import problem_with
from quaestor.agents.chat.writing.numbering import Numbered, without_marks
from quaestor.agents.chat.writing.replies import (
    Paragraph,
    ReportPlan,
    Row,
    Sentence,
    WithAnswer,
    WrittenReport,
    WrittenSection,
)
from quaestor.agents.chat.writing.tabling import named_in
from quaestor.agents.markdown import LONG
from quaestor.memory.plan import Brief

_NAMED = 8


def of_paragraph(reply: Paragraph, given: Numbered, brief: Brief) -> str:
    """Return what is wrong with a paragraph; empty where nothing is."""
    return _first([_unknown(reply.answer_evidence, given), _lead(reply, given, brief)])


def of_report(reply: WrittenReport, given: Numbered, brief: Brief) -> str:
    """Return what is wrong with a whole report; empty where nothing is."""
    return _first(
        [
            _unknown(reply.answer_evidence, given),
            _lead(reply, given, brief),
            _sentences(reply.sentences, given),
            _rows(reply.table, given),
        ]
    )


def of_plan(reply: ReportPlan, given: Numbered, brief: Brief, parts: int) -> str:
    """Return what is wrong with a plan; empty where nothing is."""
    found = [_unknown(reply.answer_evidence, given), _lead(reply, given, brief)]
    for one in reply.sections:
        found.append(_unknown(one.evidence, given))
        if not one.evidence:
            found.append(f"the section {one.heading[:60]!r} names no evidence")
    held = {one.part for one in reply.sections} | set(reply.unanswered)
    lost = [number for number in range(1, parts + 1) if number not in held]
    if parts > 1 and lost and reply.answerable:
        numbers = ", ".join(map(str, lost[:_NAMED]))
        found.append(f"no section for part {numbers}: plan one, or list it as unanswered")
    return _first(found)


def of_section(reply: WrittenSection, given: Numbered) -> str:
    """Return what is wrong with a section; empty where nothing is."""
    return _first([_sentences(reply.sentences, given), _rows(reply.table, given)])


def _lead(reply: WithAnswer, given: Numbered, brief: Brief) -> str:
    if not reply.answerable:
        return ""
    if not reply.lead and not reply.answer:
        return "lead must answer the question; if the evidence does not, answerable is false"
    return _first([_sentences(reply.lead, given), problem_with(reply, given, brief)])


def _sentences(said: Sequence[Sentence], given: Numbered) -> str:
    for number, sentence in enumerate(said, start=1):
        text, marked = without_marks(sentence.text)
        named = [*sentence.evidence, *marked]
        if unknown := _unknown(named, given):
            return unknown
        if not named and len(text) >= LONG:
            return f"sentence {number} names no evidence: {text[:60]!r}"
    return ""


def _rows(rows: Sequence[Row], given: Numbered) -> str:
    for number, row in enumerate(rows, start=1):
        named = named_in(row)
        if unknown := _unknown(named, given):
            return unknown
        if number > 1 and not named:
            return f"row {number} of the table names no evidence: {'; '.join(row.cells)[:60]!r}"
    return ""


def _unknown(ids: Iterable[str], given: Numbered) -> str:
    unknown = given.unknown(ids)
    if not unknown:
        return ""
    names = ", ".join(one[:20] for one in unknown[:_NAMED])
    return f"no evidence {names} was given; name only ids that stand before a piece of evidence"


def _first(problems: Iterable[str]) -> str:
    return next((one for one in problems if one), "")
