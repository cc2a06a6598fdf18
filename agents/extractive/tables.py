"""A table where a report compares three or more things by two or more attributes."""

import re
from collections.abc import Sequence

from quaestor.agents.extractive.covering import has
from quaestor.agents.extractive.names import key_of
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.trail import Trail
from quaestor.agents.extractive.values import dates, quantities
from quaestor.tools.text.words import content_terms

_LEAST_THINGS = 3
_LEAST_ATTRIBUTES = 2
_UNKNOWN = "not found"
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


def table_of(
    question: Question, trail: Trail, ranked: Sequence[Sentence]
) -> tuple[tuple[tuple[str, ...], ...], tuple[Sentence, ...]]:
    """Return a header, a row a thing, and the sentences the cells were read from."""
    things, attributes = things_of(question), attributes_of(question)
    if len(things) < _LEAST_THINGS or len(attributes) < _LEAST_ATTRIBUTES:
        return (), ()
    rows: list[tuple[str, ...]] = [("", *attributes)]
    used: list[Sentence] = []
    for thing in things:
        cells = [thing]
        for attribute in attributes:
            one = _telling(trail, ranked, thing, attribute)
            cells.append(_cell(one, attribute) if one else _UNKNOWN)
            used += [one] if one else []
        rows.append(tuple(cells))
    return tuple(rows), tuple(dict.fromkeys(used))


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
