"""What plain BM25 cites for a question: three ways, each from its passages to a list of spans.

BM25 is bm25s with its defaults and Snowball's English stemmer over title, newline, text. Nothing of
Quaestor chooses or cuts here, so the comparison does not move with it.
"""

import importlib
import re
from collections.abc import Callable, Sequence
from typing import Any

import Stemmer  # type: ignore[import-not-found]  # PyStemmer ships no types

from quaestor.evaluation.dataset import Entry

DEPTH = 20
"""Passages a question: the deepest that a baseline reads."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"\w\w+")
# Lucene's English list, which bm25s takes as well
_LUCENE = """a an and are as at be but by for if in into is it no not of on or such that the their
    then there these they this to was will with"""
_STOP_WORDS = frozenset(_LUCENE.split())
_stem: Callable[[str], str] = Stemmer.Stemmer("english").stemWord  # pyright: ignore

Choose = Callable[[str, Sequence[Entry]], list[str]]
"""From a question and its passages, best first, to the spans cited."""


class Bm25:
    """The passages of a corpus, ranked by bm25s.

    Args:
        entries: The corpus.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        # By name, because bm25s is in the extra `bench` alone, and without types.
        self._bm25s: Any = importlib.import_module("bm25s")
        self._stemmer = Stemmer.Stemmer("english")
        self._entries = entries
        self._index: Any = self._bm25s.BM25()
        self._index.index(self._terms([entry.indexed for entry in entries]), show_progress=False)

    def best(self, questions: Sequence[str]) -> list[list[Entry]]:
        """Return the passages of each question, best first."""
        depth = min(DEPTH, len(self._entries))
        rows, _ = self._index.retrieve(self._terms(questions), k=depth, show_progress=False)
        return [[self._entries[at] for at in row] for row in rows]

    def _terms(self, texts: Sequence[str]) -> Any:
        return self._bm25s.tokenize(
            list(texts), stopwords="en", stemmer=self._stemmer, show_progress=False
        )


def top_five_passages(_question: str, passages: Sequence[Entry]) -> list[str]:
    """Return the five best passages whole, titles included."""
    return [entry.indexed for entry in passages[:5]]


def eight_sentences(question: str, passages: Sequence[Entry]) -> list[str]:
    """Return the eight sentences with most different words of the question, the shorter first."""
    asked = terms(question)
    found = [sentence for entry in passages for sentence in sentences(entry.text)]
    return sorted(found, key=lambda one: (-len(asked & terms(one)), len(one)))[:8]


def first_sentences(_question: str, passages: Sequence[Entry]) -> list[str]:
    """Return the first sentence of each of the eight best passages, its title before it."""
    return [
        f"{entry.title}\n{sentence}"
        for entry in passages[:8]
        for sentence in sentences(entry.text)[:1]
    ]


def sentences(text: str) -> list[str]:
    """Return a text cut wherever white space follows one of `.`, `!` and `?`."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def terms(text: str) -> set[str]:
    """Return the stems of a text's words of two letters and more that are no stop words."""
    words = _WORD.findall(text.lower())
    return {_stem(word) for word in words if word not in _STOP_WORDS}


BASELINES: dict[str, Choose] = {
    "BM25, top five passages": top_five_passages,
    "BM25, eight sentences of the top 20": eight_sentences,
    "BM25, first sentences of the top eight": first_sentences,
}
LEAN = tuple(BASELINES)[1:]
"""The baselines that cite about as much as Quaestor may."""
