"""The sections of a report that came whole in one reply."""

import re
from collections.abc import Sequence

from quaestor.agents.chat.writing.numbering import Numbered, without_marks
from quaestor.agents.chat.writing.replies import HeadedSentence, WrittenReport
from quaestor.agents.chat.writing.stating import stated
from quaestor.agents.chat.writing.tabling import Table, table_of
from quaestor.agents.facts import ground
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import SectionPlan, Statement
from quaestor.agents.verifier import unfounded
from quaestor.memory.finding import Gap
from quaestor.memory.labels import one_line

LONGEST_HEADING = 120
MOST_WORDS = 12
"""Of a heading."""
_ADDRESS = re.compile(r"\w:/|//|\bwww\.|\b(?:javascript|data|mailto|tel):", re.IGNORECASE)
UNANSWERED = "no evidence that was kept speaks of it"


def written_sections(
    reply: WrittenReport, given: Numbered, parts: Sequence[str]
) -> tuple[tuple[SectionPlan, ...], tuple[Gap, ...]]:
    """Return the sections of a reply in its order, and what is missing from them.

    Args:
        reply: The model's.
        given: The evidence it was given.
        parts: The things asked for.
    """
    plans: list[SectionPlan] = []
    gaps = list(unanswered(reply.unanswered, parts))
    for heading, said in _by_heading(reply.sentences, parts, given):
        found = stated(said, given)
        if found.statements:
            plans.append(_plan(heading, found.statements, len(plans) + 1))
    every = [one for plan in plans for one in plan.written]
    table, told = table_of(reply.table, given, every)
    if told and not plans:
        plans.append(_plan(one_line(parts[0], LONGEST_HEADING), (), 1))
    if told or table:
        at = _home(plans, told or every)
        statements = (*plans[at].written, *told)
        plans[at] = _plan(plans[at].heading, statements, at + 1, table)
    return tuple(plans), tuple(gaps)


def unanswered(numbers: Sequence[int], parts: Sequence[str]) -> tuple[Gap, ...]:
    """Return a gap for each part that a model found no evidence for."""
    known = [number for number in dict.fromkeys(numbers) if 1 <= number <= len(parts)]
    return tuple(Gap(kind="not_found", what=parts[n - 1], why=UNANSWERED) for n in known)


def heading_of(
    text: str, otherwise: str, parts: Sequence[str] = (), passages: Sequence[Passage] = ()
) -> str:
    """Return a heading on one line, without marks of Markdown or ids.

    A heading cites nothing: one that names what neither question nor evidence does, or that is as
    long as a sentence, would be a claim without a source. An address is no heading.

    Args:
        text: The model's.
        otherwise: What stands in its place.
        parts: The things asked for.
        passages: The evidence of the section.
    """
    line = one_line(without_marks(text)[0].lstrip("# "), LONGEST_HEADING)
    if line in [one_line(part, LONGEST_HEADING) for part in parts]:
        return line
    titles = tuple(dict.fromkeys(one.title for one in passages))
    base = ground((*parts, *(one.parted(one.start, one.end) for one in passages)), titles)
    wrong = len(line.split()) > MOST_WORDS or _ADDRESS.search(line)
    if not line or wrong or unfounded(line, base, titles):
        return one_line(otherwise, LONGEST_HEADING)
    return line


def _by_heading(
    said: Sequence[HeadedSentence], parts: Sequence[str], given: Numbered
) -> list[tuple[str, list[HeadedSentence]]]:
    """Return the sentences of each heading; a heading that comes again is the same section."""
    written: dict[str, list[HeadedSentence]] = {}
    for sentence in said:
        written.setdefault(sentence.heading.casefold(), []).append(sentence)
    found: dict[str, tuple[str, list[HeadedSentence]]] = {}
    for sentences in written.values():
        ids = given.known(dict.fromkeys(name for one in sentences for name in one.evidence))
        heading = heading_of(sentences[0].heading, parts[0], parts, given.passages(ids))
        found.setdefault(heading.casefold(), (heading, []))[1].extend(sentences)
    return list(found.values())


def _plan(
    heading: str, statements: Sequence[Statement], number: int, table: Table = ()
) -> SectionPlan:
    spots = dict.fromkeys(spot for one in statements for spot in one.spots)
    return SectionPlan(
        heading=heading,
        spots=tuple(spots),
        number=number,
        written=tuple(statements),
        table=table,
    )


def _home(plans: Sequence[SectionPlan], statements: Sequence[Statement]) -> int:
    """Return which section a table belongs to: the one that cites most of its evidence."""
    cited = {spot.evidence for one in statements for spot in one.spots}

    def shared(plan: SectionPlan) -> int:
        return len({spot.evidence for spot in plan.spots} & cited)

    return max(range(len(plans)), key=lambda at: (shared(plans[at]), at))
