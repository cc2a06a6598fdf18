"""How much of a question a text covers, and whether the question names its title."""

from collections.abc import Mapping, Set

from quaestor.agents.extractive.lexicon import kin
from quaestor.agents.extractive.names import key_of
from quaestor.agents.extractive.questions import RESOLVED_LAST, Question
from quaestor.agents.extractive.reading import Reading
from quaestor.tools.text.words import words

KIN = 0.7
"""A word of the same relation covers a question word so far."""
_LAST = 1.25 - RESOLVED_LAST
_OPENING = 0.8
"""Of a title, for the name a text begins with."""


def has(term: str, terms: Set[str]) -> float:
    """Return 1 where the term is there, `KIN` where a word of its relation is, else 0."""
    if term in terms:
        return 1.0
    return KIN if not kin(term).isdisjoint(terms) else 0.0


def covered(question: Question, terms: Set[str]) -> float:
    """Return the weighted share of the question's terms that a set of terms covers, 0 to 1."""
    return share(question.terms, terms)


def open_terms(question: Question, reading: Reading) -> dict[str, float]:
    """Return the question's terms, with weights, that a passage's title leaves to its sentences.

    What the title says, every sentence of the passage is about: it tells none of them apart. The
    relation that the question's form shows to be resolved last stays, wherever it stands.
    """
    left = {
        term: weight
        for term, weight in question.terms.items()
        if term not in reading.title_terms or late(question, term) >= _LAST
    }
    return left or question.terms


def share(weights: Mapping[str, float], terms: Set[str]) -> float:
    """Return the weighted share of some terms that a set of terms covers, 0 to 1."""
    total = sum(weights.values())
    return sum(weight * has(term, terms) for term, weight in weights.items()) / (total or 1)


def related(question: Question, terms: Set[str]) -> float:
    """Return the share of the relation terms that a set covers, the last to be resolved most.

    What stands furthest from the names of a question is resolved last: in 'where was the founder
    of Acme born' the answer stands beside 'born', the founder beside 'Acme'.
    """
    weights = {t: question.terms.get(t, 0) * late(question, t) for t in question.relations}
    total = sum(weights.values())
    return sum(weight * has(t, terms) for t, weight in weights.items()) / (total or 1)


def late(question: Question, term: str) -> float:
    """Return how late a relation term is resolved: 0.25 beside a name, up to 1.25."""
    return 1.25 - question.nearness.get(term, 0.5)


def open_words(question: Question, reading: Reading) -> list[str]:
    """Return the relation words of a question that a passage leaves open, as they stand in it."""
    still = {term for term in question.relations if not has(term, reading.terms)}
    found = (
        question.text[word.start : word.end] for word in words(question.text) if word.term in still
    )
    return list(dict.fromkeys(found))


def title_match(question: Question, reading: Reading) -> float:
    """Return how surely the question names what a passage is about, 0 to 1."""
    title = reading.title_key
    if reading.title_flat.strip() != title and title and reading.title_flat in question.flat:
        return 1.0
    opening = reading.opening if reading.opening != title else ""
    return max(_named(question, title), _OPENING * _named(question, opening))


def _named(question: Question, key: str) -> float:
    if not key or f" {key} " not in question.flat:
        return 0.0
    if any(key_of(option) == key for option in question.options):
        return 0.95
    length = len(key.split())
    named = any(key == name.key for name in question.names)
    strength = 0.9 if named or length > 2 else 0.75 if length == 2 else 0.3
    inside = any(f" {key} " in f" {name.key} " and key != name.key for name in question.names)
    return strength * (0.6 if inside else 1.0)


def mentioned(question: Question, reading: Reading) -> float:
    """Return the share of the question's names that a passage speaks of, 0 to 1."""
    keys = [name.key for name in question.names]
    found = sum(f" {key} " in reading.flat or key == reading.title_key for key in keys)
    return found / len(keys) if keys else 0.0


def gain(question: Question, reading: Reading, source: Reading) -> float:
    """Return the share of what the source leaves open that this passage covers, 0 to 1."""
    still = {t: w for t, w in question.terms.items() if has(t, source.terms) < 1}
    total = sum(still.values())
    return sum(w * has(t, reading.terms) for t, w in still.items()) / total if total else 0.5
