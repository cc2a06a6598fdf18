"""What is cited beside the sentences that carry an answer: a few that speak of the same things."""

import re
from collections.abc import Sequence

from quaestor.agents.extractive.covering import covered, has
from quaestor.agents.extractive.names import key_of
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.reading import Unit
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.trail import Trail
from quaestor.agents.roles.shown import Passage

_BELOW = 2.0
"""Under the score of what carries the answer, where that covers the whole question."""
_OPEN = 6.0
"""Further below for the share that it leaves open: an answer to half a question is often wrong."""
_UNSURE = 0.3
"""Share left open from which anything may help."""
_HEADING = 60
"""Code points at most of a line that may be a heading."""
_ENDS = re.compile(r"[.!?。！？…:;,|\"”’')\]]$")
_MARKS = re.compile(r"\s*\|\s*|\t|[,;]")
_RULE = re.compile(r"[\s|:+=-]+")
_FIELD = re.compile(r"\w[^:\n]{0,40}:\s+\S")
"""A line of a form, 'Due date: 6 March 2025': it states a value where its neighbours do too."""
_ITEM = re.compile(r"[-*+•–]\s|\d+[.)]\s")


def is_label(passage: Passage, unit: Unit) -> bool:
    """Tell a heading or a table's header row: it names what comes next and states nothing."""
    before = passage.text[: unit.start].rsplit("\n", 1)[-1]
    after, _, rest = passage.text[unit.end :].partition("\n")
    if before.strip(" |") or after.strip(" |"):
        return False
    following = next((line.strip() for line in rest.splitlines() if line.strip()), "")
    cells = [cell.strip() for cell in _MARKS.split(unit.text.strip("| "))]
    if len(cells) > 1:
        first = passage.start == 0 and not passage.text[: unit.start].strip()
        return _heads(cells, following, first=first)
    above = passage.text[: unit.start].rstrip().rsplit("\n", 1)[-1]
    if _FIELD.match(unit.text) and (_FIELD.match(following) or _FIELD.match(above)):
        return False
    short = len(unit.text) <= _HEADING and not _ENDS.search(unit.text)
    return short and bool(following) and not _ITEM.match(unit.text) and "\n" in passage.text


def _heads(cells: Sequence[str], following: str, *, first: bool) -> bool:
    """Tell whether cells are the names of the columns of the row that follows."""
    if following and _RULE.fullmatch(following):
        return True
    below = [cell.strip() for cell in _MARKS.split(following.strip("| "))]
    if below and below[0].startswith(f"{cells[0]}: "):
        return True
    worded = not any(ch.isdigit() for cell in cells for ch in cell)
    return first and worded and len(below) == len(cells)


def supporting(
    question: Question,
    trail: Trail,
    ranked: Sequence[Sentence],
    carrying: Sequence[Sentence],
    answer: str,
) -> list[Sentence]:
    """Return the sentences worth reading beside those that carry an answer, best first.

    They share a relation word with the question, or a name of the chain from the question to its
    answer, and score nearly as well as what carries it.
    """
    told = [one.unit.terms | trail.readings[one.passage].title_terms for one in carrying]
    still = 1 - covered(question, frozenset[str]().union(*told))
    if still > _UNSURE:
        return list(ranked)
    places = {(one.passage, one.index) for one in carrying}
    best = max((one.score for one in ranked if (one.passage, one.index) in places), default=0.0)
    least = best - _BELOW - _OPEN * still
    near = [one for one in ranked if one.score >= least]
    return _sharing(question, near, _chain(question, trail, carrying, answer))


def on_topic(question: Question, trail: Trail, ranked: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences that share a relation word or a name with an unanswered question.

    What stands in a passage that a name leads to may lean on its title: it stays. Where nothing
    is left, all do: they came by the words of the question all the same.
    """
    keys = frozenset(name.key for name in question.names)
    near = set(_sharing(question, ranked, keys))
    led = {bridge.key for bridge in trail.bridges}
    for one in ranked:
        reading = trail.readings[one.passage]
        if reading.title_key in led or not reading.title_terms.isdisjoint(question.terms):
            near.add(one)
    return [one for one in ranked if one in near] or list(ranked)


def _sharing(
    question: Question, ranked: Sequence[Sentence], keys: frozenset[str]
) -> list[Sentence]:
    return [
        one
        for one in ranked
        if any(has(term, one.unit.terms) for term in question.relations)
        or any(f" {key} " in one.unit.flat for key in keys)
    ]


def _chain(
    question: Question, trail: Trail, carrying: Sequence[Sentence], answer: str
) -> frozenset[str]:
    """Return the keys of what is asked about, of what leads from it to the answer, of that."""
    led = {bridge.key for bridge in trail.bridges}
    keys = {name.key for name in question.names} | {key_of(answer)}
    for one in carrying:
        keys.add(trail.readings[one.passage].title_key)
        keys.update(name.key for name in one.unit.names if name.key in led)
    return frozenset(key for key in keys if key)
