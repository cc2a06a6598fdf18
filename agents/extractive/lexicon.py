"""The general English word lists of the extractive roles, read once from the files beside them.

They speak of relations and kinds of answers, never of a subject: whatever a folder is about, its
questions ask when, where, who and how much with the same words.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from quaestor.memory.plan import AnswerType
from quaestor.tools.text.words import content_terms, fold, terms

_KINDS: dict[str, AnswerType] = {
    "name": "name",
    "place": "place",
    "date": "date",
    "number": "number",
    "text": "text",
}


def _lines(name: str) -> Iterator[str]:
    text = files("quaestor.agents.extractive").joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@lru_cache(maxsize=1)
def _relations() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _lines("relations.txt"):
        asked, _, answers = line.partition(":")
        keys = terms(asked)
        for key in keys:
            found.setdefault(key, set()).update(keys, terms(answers))
    return {stem: frozenset(kin - {stem}) for stem, kin in found.items()}


def kin(term: str) -> frozenset[str]:
    """Return the terms that answer a question asked with `term`, itself left out."""
    return _relations().get(term, frozenset())


@lru_cache(maxsize=1)
def _heads() -> dict[str, AnswerType]:
    found: dict[str, AnswerType] = {}
    for line in _lines("heads.txt"):
        kind, _, nouns = line.partition(":")
        for noun in nouns.split():
            found.setdefault(terms(noun)[0], _KINDS[kind])
    return found


def head_kind(term: str) -> AnswerType | None:
    """Return the kind of answer a noun asks for, where the list knows it."""
    return _heads().get(term)


@lru_cache(maxsize=1)
def generic() -> frozenset[str]:
    """Return the terms that say what kind of thing is meant and rarely tell passages apart."""
    return frozenset(term for line in _lines("generic.txt") for term in content_terms(line))


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Return, by folded name or demonym, the country it stands for."""
    return _by_name("demonyms.txt")


@lru_cache(maxsize=1)
def regions() -> dict[str, str]:
    """Return, by folded name, the country a well-known part of one lies in."""
    return _by_name("regions.txt")


def _by_name(file: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _lines(file):
        country, _, others = line.partition(";")
        owned = others.split(",") if file == "regions.txt" else [country, *others.split(",")]
        for name in owned:
            key = " ".join(fold(part) for part in name.replace(".", "").split())
            if key:
                found.setdefault(key, country)
    return found
