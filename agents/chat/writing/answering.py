"""The short answer: it stands only where the evidence it cites carries it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from quaestor.agents.chat.writing.citing import sentence_for, verbatim
from quaestor.agents.chat.writing.numbering import Numbered, without_marks
from quaestor.agents.chat.writing.replies import Sentence, WithAnswer
from quaestor.agents.chat.writing.stating import Stated, stated
from quaestor.agents.chat.writing.tabling import carried
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import Spot, Statement
from quaestor.memory.plan import Brief
from quaestor.tools.text.names import akin, name_words, names
from quaestor.tools.text.words import content_terms

LONGEST_ANSWER = 160
"""Code points: a short answer is a few words."""
REJECTED = "what it names as its source does not hold it"
_TOGETHER = 3
"""Passages quoted where only several of them hold an answer."""
_ADVERB = re.compile(r"\W*(?!(?:approximately|exactly|nearly|roughly)\b)([^\W\d_]+ly)\b", re.I)
_YES_NO = re.compile(r"^\s*(?:yes|no|neither|both)\b\s*[:,;.–—-]*\s*", re.IGNORECASE)


def answer_and_lead(
    reply: WithAnswer, evidence: Numbered, question: str, brief: Brief, most: int
) -> tuple[str, Stated]:
    """Return the short answer, empty where nothing carries it, and the sentences that do.

    An answer that nothing carries stands behind them with its fault.

    Args:
        reply: The model's.
        evidence: What was given to it.
        question: The person's.
        brief: What is asked; a report has no short answer.
        most: Sentences of the lead.
    """
    lead = stated(reply.lead[:most], evidence, inference=False)
    answer = answer_of(reply, brief)
    if not answer:
        return "", lead
    named = evidence.known(_named(reply))
    statements = lead.statements
    if not holds(answer, evidence.passages(named)):
        said = answer in [one.text for one in statements]
        return "", lead if said else Stated(statements=(*statements, rejected(answer)))
    if not led(answer, statements, evidence):
        added = _verbatim(answer, question, evidence.passages(named))
        statements = (*added, *statements)
    return answer, Stated(statements=statements)


def rejected(answer: str, *, why: str = REJECTED) -> Statement:
    """Return what a reader is told of a model's short answer that does not stand."""
    return Statement(text=f"The model's short answer: {answer}", spots=(), fault=why)


def problem_with(reply: WithAnswer, evidence: Numbered, brief: Brief) -> str:
    """Return what a model is asked to mend about its answer; empty where nothing."""
    answer = answer_of(reply, brief)
    if len(without_marks(reply.answer)[0]) > LONGEST_ANSWER and brief.answer_type != "report":
        return "the answer must be a few words; the lead says the rest"
    named = evidence.known(_named(reply))
    if answer and not named:
        return "answer_evidence must name the evidence that says the answer"
    if answer and not holds(answer, evidence.passages(named)):
        return (
            "the evidence named for the answer does not hold it: give the answer as the evidence "
            "has it, name other evidence, or leave it empty"
        )
    return ""


def answer_of(reply: WithAnswer, brief: Brief) -> str:
    """Return the answer a reply gives; empty for a report, and where it is no short one."""
    answer = without_marks(reply.answer)[0]
    short = brief.answer_type != "report" and len(answer) <= LONGEST_ANSWER
    return answer if short and reply.answerable else ""


def holds(answer: str, passages: Sequence[Passage]) -> bool:
    """Return whether passages carry an answer; a bare yes or no needs only to cite some."""
    rest = _YES_NO.sub("", answer)
    carries = not rest or (carried(rest, passages) and _named_first(rest, passages))
    return bool(passages) and carries


def _named_first(answer: str, passages: Sequence[Passage]) -> bool:
    """Return whether what an answer begins with stands in passages, if it may be a name.

    A sentence may begin with any word, with a capital for that alone; a short answer begins with
    what was asked for. An adverb says more than the evidence does, or looks like a name.
    """
    text = "\n".join(f"{one.title}\n{one.text}" for one in passages)
    words, terms = name_words(text), set(content_terms(text))
    adverb = _ADVERB.match(answer)
    return (not adverb or terms.issuperset(content_terms(adverb[1]))) and all(
        terms.issuperset(content_terms(name.text)) or words & akin(name.parts[0])
        for name in names(answer)
        if name.opens
    )


def _named(reply: WithAnswer) -> list[str]:
    """Return the ids given for the answer: its own, then the lead's."""
    return [*reply.answer_evidence, *(name for one in reply.lead for name in _ids(one))]


def _ids(sentence: Sentence) -> list[str]:
    return [*sentence.evidence, *without_marks(sentence.text)[1]]


def led(answer: str, lead: Sequence[Statement], evidence: Numbered) -> bool:
    """Return whether the spans of a lead's sentences hold an answer."""
    return holds(answer, cited_by(lead, evidence))


def cited_by(statements: Sequence[Statement], evidence: Numbered) -> list[Passage]:
    """Return the spans that statements cite, each as a passage of its own."""
    homes = {one.evidence: one for one in evidence.by_id.values()}
    return [_cut(homes[spot.evidence], spot) for one in statements for spot in one.spots]


def _cut(passage: Passage, spot: Spot) -> Passage:
    text = passage.text[spot.start - passage.start : spot.end - passage.start]
    return replace(passage, start=spot.start, end=spot.end, text=text)


def _verbatim(answer: str, question: str, passages: Sequence[Passage]) -> list[Statement]:
    """Return the sentences of passages that hold an answer, in their own words."""
    wanted = _YES_NO.sub("", answer) or question
    alone = next((one for one in passages if holds(answer, [one])), None)
    used = [alone] if alone else passages[:_TOGETHER]
    return [verbatim(one, sentence_for(wanted, one)) for one in used]
