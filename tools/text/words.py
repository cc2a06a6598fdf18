"""Words as search and scoring see them: folded, stemmed, in any script.

Words are folded (NFKD, marks off, lower case) and stemmed; runs of Han, kana, Hangul, Thai, Lao,
Khmer and Burmese, most of which have no spaces between words, become overlapping pairs of
characters.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found]  # PyStemmer ships no types

# `\w` leaves out the marks that vowels of Indic scripts, points and accents are written with.
_MARKS = "".join(ch for ch in map(chr, range(0x300, 0x1D00)) if unicodedata.category(ch)[0] == "M")
RUN = rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*"
"""Letters and digits with their marks, as part of a regular expression."""
WORD = re.compile(rf"{RUN}(?:['’]{RUN})*")
UNSPACED = "぀-ヿ㐀-䶿一-鿿豈-﫿ｦ-ﾟ가-힯\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U0003ffff"
"""Characters, as of a regular expression's class, of scripts that are searched by pairs."""
_CJK = re.compile(rf"[{UNSPACED}]+")
_POSSESSIVE = re.compile(r"['’]s?$")
_stem: Callable[[str], str] = Stemmer.Stemmer("english").stemWord  # pyright: ignore

STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be been before being between both but by can
    could did do does doing during each for from further had has have having he her here hers him
    his how i if in into is it its itself just me more most my no nor not of off on once only or
    other our out over own same she should so some such than that the their them then there these
    they this those through to too under until up very was we were what when where which while who
    whom whose why will with would you your yours""".split()
)
"""English function and question words: they carry no topic."""

KNOWN = 65_536
"""Words remembered, in some thirty megabytes at most; those of a text are mostly among them."""
_SHORT = 2_000
"""Code points of a text whose terms are remembered: a passage, a title, a question."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text and where it stands."""

    term: str
    """Folded and stemmed: what is compared."""
    start: int
    end: int
    """Code points of the text, half open."""
    stop: bool = False
    """A function word: left out of content terms."""


@lru_cache(maxsize=KNOWN)
def fold(word: str) -> str:
    """Return a word in lower case without marks or a possessive ending."""
    if word.isascii():
        return _POSSESSIVE.sub("", word.lower())
    decomposed = unicodedata.normalize("NFKD", word.lower())
    bare = "".join(ch for ch in decomposed if not unicodedata.combining(ch))
    return _POSSESSIVE.sub("", unicodedata.normalize("NFC", bare))


@lru_cache(maxsize=KNOWN)
def term_of(word: str) -> str:
    """Return the folded word's stem."""
    return _stem(fold(word))


def _is_stop(word: str) -> bool:
    return fold(word) in STOP_WORDS


def words(text: str) -> list[Word]:
    """Return the words of a text in order, with where they stand."""
    found: list[Word] = []
    for match in WORD.finditer(text):
        run = match[0]
        if run.isascii() or not _CJK.search(run):
            term = term_of(run)
            if term:
                found.append(Word(term, match.start(), match.end(), _is_stop(run)))
        else:
            found.extend(_mixed(run, match.start()))
    return found


def _mixed(run: str, at: int) -> list[Word]:
    """Return the words of a run that holds characters of scripts without spaces."""
    found: list[Word] = []
    last = 0
    for cjk in _CJK.finditer(run):
        found.extend(_between(run, last, cjk.start(), at))
        found.extend(_pairs(cjk[0], at + cjk.start()))
        last = cjk.end()
    found.extend(_between(run, last, len(run), at))
    return [word for word in found if word.term]


def _between(run: str, start: int, end: int, at: int) -> list[Word]:
    """Return the words of a part of a run; an apostrophe that opens it belongs to none."""
    parts = WORD.finditer(run, start, end)
    return [Word(term_of(part[0]), at + part.start(), at + part.end()) for part in parts]


def _pairs(run: str, at: int) -> list[Word]:
    if len(run) == 1:
        return [Word(run, at, at + 1)]
    return [Word(run[i : i + 2], at + i, at + i + 2) for i in range(len(run) - 1)]


def terms(text: str) -> list[str]:
    """Return the terms of a text in order, function words included; as `words`, but faster."""
    found: list[str] = []
    for run in WORD.findall(text):
        if run.isascii() or not _CJK.search(run):
            found.append(term_of(run))
        else:
            found.extend(word.term for word in _mixed(run, 0))
    return [term for term in found if term]


def content_terms(text: str) -> list[str]:
    """Return the terms of a text in order, without function words."""
    return list(_content(text)) if len(text) <= _SHORT else _content_terms(text)


@lru_cache(maxsize=2_048)
def _content(text: str) -> tuple[str, ...]:
    return tuple(_content_terms(text))


def _content_terms(text: str) -> list[str]:
    found: list[str] = []
    for run in WORD.findall(text):
        if run.isascii() or not _CJK.search(run):
            if not _is_stop(run):
                found.append(term_of(run))
        else:
            found.extend(word.term for word in _mixed(run, 0))
    return [term for term in found if term]
