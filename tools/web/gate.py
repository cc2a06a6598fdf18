"""The outgoing gate: would a query or address carry something only a private document has?

The second line of privacy. The first is that the public branch never sees private text
(graphs/branch.py); this one looks at what is about to leave. What the person typed, and what the
web or a public collection said in this run, may leave again: a query made of such words alone
passes, and then no private text is looked at.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from quaestor.tools.text.disguises import cleaned, joined, views
from quaestor.tools.text.identifying import compact, figures, named
from quaestor.tools.text.names import name_key
from quaestor.tools.text.words import content_terms, term_of, terms, words

IN_A_ROW = 4
"""Content words of a private text that may not stand in a row in what leaves."""
_LEAST_DECODED = 4
"""Letters of a word found under a disguise: a short one stands there by chance."""


class Known:
    """The words that may leave: those of the person, of the web and of public collections."""

    def __init__(self) -> None:
        self._terms: set[str] = set()
        self._keys: set[str] = set()

    def learn(self, text: str) -> None:
        """Add the words of a text that may leave."""
        clean = cleaned(text)
        for form in dict.fromkeys((clean, joined(clean))):
            self._terms.update(terms(form))
            self._keys |= figures(form)

    def explains(self, text: str) -> bool:
        """Tell whether every word of a piece of text is one that may leave."""
        found = words(text)
        if all(word.stop or word.term in self._terms for word in found):
            return True
        return compact(text) in self._keys

    def has(self, key: str) -> bool:
        """Tell whether a term, word, number or id may leave."""
        return key in self._keys or key in self._terms or term_of(key) in self._terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """Something in a query that must not be found in a private text."""

    lookups: tuple[tuple[str, ...], ...]
    """Index terms of which a private passage holds all of one, if it holds the clue."""
    key: str = ""
    """A word, number or id; or"""
    row: tuple[str, ...] = ()
    """content terms in a row."""


def clues(sent: str, known: Known) -> list[Clue]:
    """Return what in a query or address neither the person nor the public sources said.

    Nothing where each word of it may leave, in whatever order they stand: whether such a query
    is sent must not depend on what private documents say, or a page that knows how to make one
    could ask whether they hold a name.
    """
    clean = cleaned(sent)
    if all(map(known.explains, clean.split())):
        return []
    text = joined(clean)
    pieces = [piece for piece in text.split() if not known.explains(piece)]
    found = [*_rows(text, known), *_keys(text, known, least=1)]
    for view in views(" ".join(pieces))[1:]:
        found += [*_rows(view, known), *_keys(view, known, least=_LEAST_DECODED)]
    return list(dict.fromkeys(found))


def betrays(clue: Clue, private: str) -> bool:
    """Tell whether a private text has the clue: as a name, number or id, or as words in a row."""
    if clue.key:
        return clue.key in _identified(private)
    held, size = content_terms(private), len(clue.row)
    return any(tuple(held[at : at + size]) == clue.row for at in range(len(held) - size + 1))


@lru_cache(maxsize=1024)
def _identified(private: str) -> frozenset[str]:
    """Return what a private text must not lose; several clues ask of the same passage."""
    return figures(private) | named(private)


def _rows(text: str, known: Known) -> list[Clue]:
    terms = content_terms(text)
    rows = [tuple(terms[at : at + IN_A_ROW]) for at in range(len(terms) - IN_A_ROW + 1)]
    return [Clue(lookups=(row,), row=row) for row in rows if not all(map(known.has, row))]


def _keys(text: str, known: Known, *, least: int) -> list[Clue]:
    lookups: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for word in words(text):
        if not word.stop:
            single = text[word.start : word.end]
            lookups[name_key(single)].append(_terms(single))
    for key in figures(text):
        lookups[key] += [_terms(key), *_groups(key)]
    for piece in text.split():
        if figures(piece):
            lookups[compact(piece)].append(_terms(piece))
    return [
        Clue(lookups=tuple(dict.fromkeys(found)), key=key)
        for key, found in lookups.items()
        if len(key) >= least and not known.has(key)
    ]


def _terms(text: str) -> tuple[str, ...]:
    return tuple(word.term for word in words(text))


def _groups(number: str) -> tuple[tuple[str, ...], ...]:
    """Return a long number's digits in groups of three, as `5,572,200` is indexed."""
    if not number.isdigit() or len(number) <= 3:
        return ()
    first = len(number) % 3 or 3
    rest = [number[at : at + 3] for at in range(first, len(number), 3)]
    return ((number[:first], *rest),)
