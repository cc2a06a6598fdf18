"""Proper names and title-like mentions in text, told by their capitals and quotation marks."""

import re
from dataclasses import dataclass

from quaestor.tools.text.words import RUN, STOP_WORDS, WORD, fold

_TOKEN = re.compile(rf"{RUN}(?:['’.&/-]{RUN})*")
_QUOTED = re.compile(r"[\"“„«]([^\"”“»\n]{2,90})[\"”“»]")
_JOINS = frozenset(
    "of the de la le du des del della di da do dos das van von der den zu y e and & for al el bin "
    "ibn ben ap".split()
)
_TITLE_JOINS = _JOINS | frozenset("in on at to a an from with is by".split())
_TIMES = frozenset(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday""".split()
)
_ARTICLES = ("the ", "a ", "an ")
_MAX_JOINS = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A mention of something that has a name."""

    key: str
    """Folded words with one space between, without a leading article: what is compared."""
    text: str
    start: int
    end: int
    """Code points of the text, half open."""
    initial: bool = False
    """One word at the start of a sentence: its capital may mean nothing."""


def key_of(text: str) -> str:
    """Return the folded words of a name, without a leading article or an end in brackets."""
    bare = re.sub(r"\s*\([^)]*\)\s*$", "", text) or text
    key = folded(bare)
    for article in _ARTICLES:
        if key.startswith(article) and len(key) > len(article):
            return key[len(article) :]
    return key


def folded(text: str) -> str:
    """Return the folded words of a text with one space between."""
    return " ".join(filter(None, map(fold, WORD.findall(text))))


def names(text: str, *, titles: bool = False) -> list[Name]:
    """Return the names of a text in order; a quoted title hides the names inside it.

    Args:
        text: Any text.
        titles: Titles stand in it unquoted, as in most questions: small words such as "in" and
            "with" between capitals do not end a name.
    """
    joins = _TITLE_JOINS if titles else _JOINS
    quoted = [
        Name(key_of(match[1]), match[1], match.start(1), match.end(1))
        for match in _QUOTED.finditer(text)
        if any(ch.isupper() or ch.isdigit() for ch in match[1])
    ]
    plain = [
        name
        for name in _capitalised(text, joins)
        if not any(q.start < name.end and name.start < q.end for q in quoted)
    ]
    return sorted((name for name in quoted + plain if name.key), key=lambda name: name.start)


def _capitalised(text: str, joins: frozenset[str]) -> list[Name]:
    found: list[Name] = []
    run: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        if run and not _continues(text, run[-1], token):
            _close(found, text, run)
            run = []
        if _is_capital(token[0]) or (run and _may_stand_inside(token[0], run, joins)):
            run.append(token)
        elif run:
            _close(found, text, run)
            run = [token] if _is_lead_number(token[0]) else []
        elif _is_lead_number(token[0]):
            run = [token]
    _close(found, text, run)
    return found


def _is_capital(token: str) -> bool:
    return token[0].isupper() or any(ch.isupper() for ch in token[1:])


def _is_lead_number(token: str) -> bool:
    return token.isdigit() and len(token) <= 4


def _may_stand_inside(token: str, run: list[re.Match[str]], joins: frozenset[str]) -> bool:
    small = 0
    for match in reversed(run):
        if _is_capital(match[0]):
            break
        small += 1
    return small < _MAX_JOINS and (token in joins or token[0].isdigit())


def _continues(text: str, last: re.Match[str], token: re.Match[str]) -> bool:
    between = text[last.end() : token.start()]
    if between.strip() == "" and "\n" not in between:
        return True
    return between in (". ", ".") and len(last[0]) <= 2 and last[0][0].isupper()


def _close(found: list[Name], text: str, run: list[re.Match[str]]) -> None:
    """Cut what cannot begin or end a name, then keep what is left."""
    while run and not _is_capital(run[-1][0]) and not _ends_name(run):
        run = run[:-1]
    while run and _cannot_begin(text, run):
        run = run[1:]
    if not run or all(fold(match[0]) in _TIMES or match[0].isdigit() for match in run):
        return
    middle = next((i for i, m in enumerate(run) if m[0] in ("and", "&")), 0)
    if 0 < middle < len(run) - 1 and _are_two(run, middle):
        _close(found, text, run[:middle])
        _close(found, text, run[middle + 1 :])
        return
    start, end = run[0].start(), run[-1].end()
    alone = len(run) == 1 and _begins_sentence(text, start)
    found.append(Name(key_of(text[start:end]), text[start:end], start, end, alone))


def _are_two(run: list[re.Match[str]], middle: int) -> bool:
    """Tell 'Ann Lee and Bo Orr' from 'Steel and Iron' and 'Institute of Arts and Letters'."""
    left = run[:middle]
    full = sum(_is_capital(match[0]) for match in left) >= 2
    return full and len(run) - middle > 2 and not any(m[0] in ("of", "for") for m in left)


def _ends_name(run: list[re.Match[str]]) -> bool:
    """Tell whether a number belongs to the name it ends: 'Big Hero 6', not 'Paris in 1986'."""
    return len(run) > 1 and run[-1][0].isdigit() and _is_capital(run[-2][0])


def _cannot_begin(text: str, run: list[re.Match[str]]) -> bool:
    first = run[0][0]
    if first in _TITLE_JOINS:
        return True
    if first[0].isdigit():
        return len(run) < 3 or not _is_capital(run[1][0]) or fold(run[1][0]) in _TIMES
    return fold(first) in STOP_WORDS and (len(run) == 1 or _begins_sentence(text, run[0].start()))


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t\"'“‘([")
    return not before or before[-1] in ".!?\n:;"
