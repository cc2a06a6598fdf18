"""The brief a model proposes, and what code keeps of it."""

import re
from collections.abc import Iterable
from datetime import date

from pydantic import BaseModel, Field

from quaestor.agents.chat.planning.wording import gist, subject
from quaestor.agents.chat.texts import text
from quaestor.agents.extractive.languages import language_of
from quaestor.agents.extractive.names import folded, names
from quaestor.memory.plan import AnswerType, Brief
from quaestor.tools.models.messages import Prompt
from quaestor.tools.models.tokens import clip

MOST_PARTS = 12
MOST_CONSTRAINTS = 6
_LONGEST = 300
_HEADING_WORDS = 5
_LANGUAGE = re.compile(r"[a-z]{2}")


class BriefReply(BaseModel):
    """What the report must contain."""

    answer_type: AnswerType = Field(description="the kind of answer that is wanted")
    parts: list[str] = Field(description="the things asked for, in the order of the question")
    options: list[str] = Field(
        default=[], description="things compared or chosen between, as the question names them"
    )
    constraints: list[str] = Field(
        default=[], description="conditions, in the question's words: a date, a unit, a scope"
    )
    as_of: str = Field(
        default="", description="YYYY-MM-DD if the question names the day it is about, else empty"
    )
    language: str = Field(default="", description="two letters: the question's language")


def brief_prompt(question: str, *, as_of: str, room: int) -> Prompt:
    """Return the request for a brief: a function of the question and the day."""
    return Prompt.of(text("brief"), f"Today is {as_of}.\n\nQuestion: {clip(question, room // 2)}")


def brief_fault(reply: BriefReply, *, question: str, as_of: str) -> str:
    """Return what the model should mend; empty where the brief is good."""
    faults: list[str] = []
    parts = [_line(part) for part in reply.parts if _line(part)]
    if not parts:
        faults.append("parts is empty: name at least one thing that is asked for")
    if len(parts) > MOST_PARTS:
        faults.append(f"there are more than {MOST_PARTS} parts: put some together")
    for number, part in enumerate(parts, 1):
        if not _asked_for(part, reply.answer_type, question):
            faults.append(f"part {number} is not asked for: use the question's own words")
    if reply.answer_type == "choice" and len(_options(reply, question)) < 2:
        faults.append("a choice needs two options that stand in the question")
    if reply.as_of and not _day(reply.as_of, question=question, today=as_of):
        faults.append("as_of is no YYYY-MM-DD of a date that stands in the question: leave it out")
    return "; ".join(faults[:5])


def brief_of(reply: BriefReply, *, question: str, as_of: str) -> Brief | None:
    """Return what is sound of a brief, None where it asks for nothing the question asks for."""
    kind: AnswerType = reply.answer_type
    options = _options(reply, question)
    if kind == "choice" and len(options) < 2:
        kind = "text"
    parts = [part for part in _distinct(reply.parts) if _asked_for(part, kind, question)]
    if not parts:
        return None
    code = reply.language.strip().lower()
    return Brief(
        answer_type=kind,
        parts=tuple(parts[:MOST_PARTS]),
        options=options,
        constraints=_constraints(reply, question),
        as_of=_day(reply.as_of, question=question, today=as_of) or as_of,
        language=code if _LANGUAGE.fullmatch(code) else language_of(question),
    )


def _asked_for(part: str, kind: AnswerType, question: str) -> bool:
    """Tell a part of the question from a topic of the model's own.

    A report may have headings that the question does not spell ("Costs"), if they name nothing.
    """
    if subject(part) & subject(question):
        return True
    named = any(not name.initial for name in names(part)) or re.search(r"\d", part)
    return kind == "report" and not named and 0 < len(part.split()) <= _HEADING_WORDS


def _options(reply: BriefReply, question: str) -> tuple[str, ...]:
    """Return the options that stand in the question, word by word."""
    whole = f" {folded(question)} "
    held = [one for one in _distinct(reply.options) if f" {folded(one)} " in whole]
    return tuple(one for one in held if folded(one))[:MOST_PARTS]


def _constraints(reply: BriefReply, question: str) -> tuple[str, ...]:
    """Return the conditions of which at least half the words are the question's."""
    whole = subject(question)

    def is_its_own(said: str) -> bool:
        return 2 * len(subject(said) & whole) >= len(subject(said)) > 0

    held = [one for one in _distinct(reply.constraints) if is_its_own(one)]
    return tuple(held[:MOST_CONSTRAINTS])


def _day(said: str, *, question: str, today: str) -> str:
    """Return a day that the question speaks of and that is not still to come."""
    try:
        day = date.fromisoformat(said.strip())
    except ValueError:
        return ""
    named = str(day.year) in question and day.isoformat() <= today
    return day.isoformat() if named else ""


def _distinct(texts: Iterable[str]) -> list[str]:
    """Return each text once, on one line, in order."""
    held: dict[frozenset[str] | str, str] = {}
    for one in texts:
        line = _line(one)
        if line:
            held.setdefault(gist(line) or line, line)
    return list(held.values())


def _line(said: str) -> str:
    return " ".join(said.split())[:_LONGEST].strip()
