"""A passage as the extractive roles read it: its units, their words and the names in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from quaestor.agents.extractive.columns import header_of
from quaestor.agents.extractive.names import Name, folded, key_of, names
from quaestor.tools.text.sentences import own_words, sentences
from quaestor.tools.text.words import Word, words

MAX_UNIT = 400
"""Code points of a cited span."""
_CLAUSE = re.compile(
    r"(?:;|\s[–—-]\s|,\s(?=(?:and|but|which|who|where|while|with|as|after)\b)|,\s)"
)
_DELIMITERS = re.compile(r"[,;|\t]")
_SHORT_LINE = 60
_AT_THE_START = 12
LEANS = re.compile(r"(?:he|she|it|they|his|her|its|their|this|these|that|those)\b", re.IGNORECASE)
"""How a sentence begins that speaks of what the one before names."""
_NO_SENTENCE = re.compile(r"#{1,6}\s[^\n]*|[\W_]+|\d{1,3}[.)]")
"""A heading, a rule, an item's number: it says what comes next, and nothing by itself."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, a clause of a long one, or a line of data."""

    start: int
    end: int
    """Code points of the passage's text, half open."""
    text: str
    flat: str
    """Its folded words, a space before, between and after: names are looked up in it."""
    words: tuple[Word, ...]
    terms: frozenset[str]
    names: tuple[Name, ...]
    """With offsets into `text`."""
    context: frozenset[str] = frozenset()
    """Terms it leaves to what stands before it: its columns' names, or what its 'it' stands for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage, read once."""

    title_key: str
    title_flat: str
    title_terms: frozenset[str]
    opening: str
    """The key of the name the text begins with: what it is about where no title says so."""
    flat: str
    terms: frozenset[str]
    """Of text and title."""
    units: tuple[Unit, ...]
    names: frozenset[str]
    """Keys of all names in the text."""
    columns: tuple[str, ...]
    """Their names, where the text is a table and begins with its first row."""
    delimiter: str
    """What stands between a table's cells; empty where the text is none."""


@lru_cache(maxsize=8192)
def read(text: str, title: str) -> Reading:
    """Return the reading of a passage of a document with that title."""
    columns, delimiter = header_of(text)
    bare = [_unit(text, start, end) for start, end in _spans(text, title)]
    units = _with_context(bare, frozenset(word.term for name in columns for word in words(name)))
    title_terms = frozenset(word.term for word in words(title))
    return Reading(
        title_key=key_of(title),
        title_flat=f" {folded(title)} ",
        title_terms=title_terms,
        opening=_opening(units),
        flat=f" {folded(text)} ",
        terms=title_terms.union(*(unit.terms for unit in units)),
        units=units,
        names=frozenset(name.key for unit in units for name in unit.names),
        columns=columns,
        delimiter=delimiter,
    )


def _with_context(units: Sequence[Unit], columns: frozenset[str]) -> tuple[Unit, ...]:
    """Add to each unit the terms of its columns, or of the sentence its pronoun stands for."""
    found: list[Unit] = []
    for unit in units:
        leans = found and LEANS.match(unit.text)
        before = found[-1].terms | found[-1].context if leans else frozenset[str]()
        found.append(replace(unit, context=columns | before) if columns or before else unit)
    return tuple(found)


def _opening(units: tuple[Unit, ...]) -> str:
    first = units[0].names[:1] if units else ()
    return first[0].key if first and first[0].start <= _AT_THE_START else ""


def _unit(text: str, start: int, end: int) -> Unit:
    part = text[start:end]
    found = tuple(words(part))
    return Unit(
        start=start,
        end=end,
        text=part,
        flat=f" {folded(part)} ",
        words=found,
        terms=frozenset(word.term for word in found),
        names=tuple(names(part)),
    )


def _spans(text: str, title: str) -> Iterator[tuple[int, int]]:
    begin = 0
    if title and text.startswith(title) and text[len(title) : len(title) + 1] in ("\n", "\r"):
        begin = len(title)
    for start, end in sentences(text, begin):
        for line_start, line_end in _lines(text, start, end):
            if not _NO_SENTENCE.fullmatch(text, line_start, line_end):
                yield from _clauses(text, *own_words(text, line_start, line_end))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a sentence at the line ends that separate data or headings, not wrapped prose."""
    at = start
    for match in re.finditer(r"\r\n|\n|\r", text[start:end]):
        here, following = start + match.start(), start + match.end()
        line = text[max(at, text.rfind("\n", at, here) + 1) : here]
        after = text[following:end].split("\n", 1)[0]
        if _is_break(line, after) and text[at:here].strip():
            yield _trim(text, at, here)
            at = following
    if text[at:end].strip():
        yield _trim(text, at, end)


def _is_break(line: str, after: str) -> bool:
    marks = len(_DELIMITERS.findall(line))
    if marks >= 2 and abs(marks - len(_DELIMITERS.findall(after))) <= 1:
        return True
    begins = after.lstrip()[:1]
    short = len(line) < _SHORT_LINE and not line.rstrip().endswith((",", "-"))
    return short and (begins.isupper() or begins.isdigit() or begins in "\"'“(#*-|")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is longer than a span may be, at the last clause boundary that fits."""
    while end - start > MAX_UNIT:
        cuts = [m.end() for m in _CLAUSE.finditer(text, start + MAX_UNIT // 3, start + MAX_UNIT)]
        space = text.rfind(" ", start + MAX_UNIT // 2, start + MAX_UNIT)
        cut = cuts[-1] if cuts else space + 1 if space > 0 else start + MAX_UNIT
        yield _trim(text, start, cut)
        start, end = _trim(text, cut, end)
    if start < end:
        yield start, end
