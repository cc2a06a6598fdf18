"""A table where a report compares three or more things by two or more attributes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.covering import has
from quaestor.agents.extractive.names import key_of
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.trail import Trail
from quaestor.agents.extractive.values import dates, quantities
from quaestor.tools.text.words import content_terms

_LEAST_THINGS = 3
_LEAST_ATTRIBUTES = 2
_COMPARES = re.compile(r"\bcompar\w+\b|\bdifferences?\b|\bversus\b|\bvs\b", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?=the\s|[A-Z0-9])")
_LIST = re.compile(r"\b(?:compare|of|by|in)\s+(?:the\s+)?([^?.;:]+?)\s+(?:of|for|between)\b", re.I)


def things_of(question: Question) -> tuple[str, ...]:
    """Return the things a comparison names, as it names them; none where it compares nothing."""
    if not _COMPARES.search(question.text):
        return ()
    named = (name.text for name in question.names if not name.initial)
    parts = (re.sub(r"^the\s+", "", part, flags=re.I) for n in named for part in _AND.split(n))
    return tuple(dict.fromkeys(part for part in parts if part))


def attributes_of(question: Question) -> tuple[str, ...]:
    """Return what things are compared by: 'mass' and 'accuracy' of 'compare the mass and ...'."""
    match = _LIST.search(question.text)
    if not match:
        return ()
    parts = re.split(r",\s*(?:and\s+)?|\s+and\s+", match[1])
    named = {key_of(thing) for thing in things_of(question)}
    bare = [re.sub(r"^(?:the|their|its)\s+", "", part.strip()) for part in parts]
    return tuple(part for part in bare if part and key_of(part) not in named)


@dataclass(frozen=True, slots=True)
class Row:
    """A thing and what of it is told."""

    cells: tuple[str, ...]
    """The thing, then a value an attribute; empty where none was found."""
    sentences: tuple[Sentence, ...]
    """That the values were read from."""


def table_of(
    question: Question, trail: Trail, ranked: Sequence[Sentence]
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Return the header of a comparison and a row for each thing of which anything is told."""
    things, attributes = things_of(question), attributes_of(question)
    if len(things) < _LEAST_THINGS or len(attributes) < _LEAST_ATTRIBUTES:
        return (), ()
    rows: list[Row] = []
    for thing in things:
        told = [_telling(trail, ranked, thing, attribute) for attribute in attributes]
        pairs = zip(told, attributes, strict=True)
        values = [_cell(one, attribute) if one else "" for one, attribute in pairs]
        used = dict.fromkeys(one for one in told if one)
        if used:
            rows.append(Row((thing, *values), tuple(used)))
    return ("", *attributes), tuple(rows)


def _telling(
    trail: Trail, ranked: Sequence[Sentence], thing: str, attribute: str
) -> Sentence | None:
    """Return the best sentence that speaks of a thing's attribute."""
    wanted = content_terms(attribute)
    key = f" {key_of(thing)} "
    for one in ranked:
        reading = trail.readings[one.passage]
        about = key in one.unit.flat or key in reading.title_flat
        if about and all(has(term, one.unit.terms) for term in wanted) and _figures(one):
            return one
    return None


def _figures(one: Sentence) -> list[tuple[int, str]]:
    found = [(number.start, number.text) for number in quantities(one.unit.text)]
    return sorted(found + [(date.start, date.text) for date in dates(one.unit.text)])


def _cell(one: Sentence, attribute: str) -> str:
    """Return the figure nearest behind the attribute's word, with its unit."""
    wanted = set(content_terms(attribute))
    at = next((word.start for word in one.unit.words if word.term in wanted), 0)
    behind = [text for start, text in _figures(one) if start >= at]
    return behind[0] if behind else _figures(one)[-1][1]
