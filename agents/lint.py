"""What of a good report code can check, in every mode: references, sentences, tables, headings.

A mark is `[n]` in prose and nothing else: not in code, not escaped, not a link, and only where
the number is one of the report's references; "[2024]" stays what its author wrote.

Source:
    Practices W3, W5, W9 and W11 of the writing notes: LiveResearchBench's presentation points
    (p3-p6, p9, p10) and DeepScholar-Bench's citation precision.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quaestor.agents.blocks import Line, lines_of
from quaestor.agents.markdown import LONG
from quaestor.agents.references import REFERENCES, is_list_heading
from quaestor.agents.wording import (
    CONFLICTS,
    GAPS,
    INFERENCE,
    NOT_CONFIRMED,
    NOTHING_FOUND,
    PARTLY,
    STOPPED,
    UNCONFIRMED,
    WITHOUT_MODEL,
)
from quaestor.tools.text.numbers import Number, numbers
from quaestor.tools.text.sentences import sentences
from quaestor.tools.text.words import content_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something a report must not have."""

    rule: str
    """`references`, `numbering`, `uncited`, `heading`, `table` or `contradiction`."""
    line: int
    """1-based."""
    message: str


MARK = re.compile(r"(?<!\\)\[(\d+)\](?![(:])")
_ENTRY = re.compile(r"- \[(\d+)\] (.*)")
_LEADING = re.compile(r"\s*((?:\[\d+\])+)[.\s]*")
_YEAR = re.compile(r"[12]\d{3}")
_HEADING = re.compile(r"(#{1,6})(?:\s+(.*?))?\s*#*$")
_OPEN = frozenset({GAPS, UNCONFIRMED, CONFLICTS, WITHOUT_MODEL})
"""Sections that say what is not known: they need no mark in every sentence."""
_VISIBLE = tuple(f"*{label}" for label in (INFERENCE, PARTLY, NOT_CONFIRMED))
ENOUGH_WORDS = 4
"""Content words two sentences share when they say another number of the same thing."""


def lint(markdown: str) -> list[Problem]:
    """Return what is wrong with a report, by line; nothing for a good one."""
    lines = lines_of(markdown)
    found = [
        *_headings(lines),
        *_references(lines),
        *_uncited(lines),
        *_tables(lines),
        *_contradictions(lines),
    ]
    return sorted(found, key=lambda problem: (problem.line, problem.rule, problem.message))


def _headings(lines: Sequence[Line]) -> Iterator[Problem]:
    level = 0
    for line in lines:
        match = None if line.code else _HEADING.match(line.text)
        if match is None:
            continue
        depth = len(match[1])
        if not (match[2] or "").strip():
            yield Problem(rule="heading", line=line.number, message="it is empty")
        if depth == 1 and level:
            yield Problem(rule="heading", line=line.number, message="a second title")
        if depth > level + 1:
            message = f"level {depth} follows level {level}"
            yield Problem(rule="heading", line=line.number, message=message)
        level = depth
    if not level:
        yield Problem(rule="heading", line=1, message="there is no title")


def _references(lines: Sequence[Line]) -> Iterator[Problem]:
    lists = [line for line in lines if line.heading and is_list_heading(line.section)]
    entries = [(int(m[1]), m[2], line) for line in lines if (m := _entry(line))]
    known = {number for number, _, _ in entries}
    for extra in lists[1:]:
        yield Problem(rule="references", line=extra.number, message="a second list of references")
    for heading in lists[:1]:
        if heading.section != REFERENCES:
            message = f"{heading.section!r} stands where {REFERENCES!r} is expected"
            yield Problem(rule="references", line=heading.number, message=message)
    for at, (number, _, line) in enumerate(entries, start=1):
        if number != at:
            message = f"[{number}] stands where [{at}] is expected"
            yield Problem(rule="numbering", line=line.number, message=message)
    sources: dict[str, int] = {}
    for number, source, line in entries:
        first = sources.setdefault(source, number)
        if first != number:
            message = f"[{number}] is the source of [{first}]"
            yield Problem(rule="numbering", line=line.number, message=message)
    yield from _marks(lines, known, entries)


def _marks(
    lines: Sequence[Line], known: set[int], entries: Sequence[tuple[int, str, Line]]
) -> Iterator[Problem]:
    used: dict[int, Line] = {}
    for line in lines:
        if line.section == REFERENCES:
            continue
        for match in MARK.finditer(line.prose):
            number = int(match[1])
            if number not in known and _is_ours(number, known):
                message = f"[{number}] is in no list of references"
                yield Problem(rule="references", line=line.number, message=message)
            used.setdefault(number, line)
    for number, _, line in entries:
        if number not in used:
            message = f"[{number}] is never cited"
            yield Problem(rule="references", line=line.number, message=message)
    order = [number for number in used if number in known]
    for before, after in pairwise(order):
        if after < before:
            message = f"[{after}] is first used after [{before}]"
            yield Problem(rule="numbering", line=used[after].number, message=message)


def _is_ours(number: int, known: set[int]) -> bool:
    """Return whether a number may be one of the references: "[2024]" is a year in brackets."""
    return number <= max(len(known) * 10, 99)


def _entry(line: Line) -> re.Match[str] | None:
    return _ENTRY.match(line.text) if line.section == REFERENCES and not line.code else None


def _uncited(lines: Sequence[Line]) -> Iterator[Problem]:
    for line in _stated(lines):
        for sentence in _sentences(line.prose):
            if sentence.startswith(_VISIBLE):
                break  # what follows such a label on its line belongs to it
            bare = MARK.sub("", sentence)
            if len(bare) >= LONG and bare == sentence:
                message = f"no reference: {bare[:60].strip()}"
                yield Problem(rule="uncited", line=line.number, message=message)


def _stated(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines that state something as fact."""
    for line in lines:
        beside = line.section in _OPEN or is_list_heading(line.section)
        ours = line.text.strip("*") in (NOTHING_FOUND, STOPPED)
        if not (line.code or line.heading or line.text.startswith("|") or beside or ours):
            yield line


def _sentences(text: str) -> list[str]:
    """Return the sentences of a line; marks behind a full stop belong to what is before it."""
    found: list[str] = []
    line = text.strip().removeprefix("- ")
    for start, end in sentences(line):
        sentence = line[start:end]
        leading = _LEADING.match(sentence)
        if leading and found:
            found[-1] += leading[1]
            sentence = sentence[leading.end() :]
        if sentence:
            found.append(sentence)
    return found


def _tables(lines: Sequence[Line]) -> Iterator[Problem]:
    rows: list[Line] = []
    for line in [*lines, Line(number=0, text="", section="", code=False, heading=False)]:
        if not line.code and line.text.startswith("|"):
            rows.append(line)
            continue
        if rows:
            yield from _table(rows)
        rows = []


def _table(rows: Sequence[Line]) -> Iterator[Problem]:
    cells = [_cells(row.text) for row in rows]
    if len(rows) < 3 or not all(re.fullmatch(r":?-{3,}:?", text) for text in cells[1]):
        message = "a table is a header, a line of dashes and rows"
        yield Problem(rule="table", line=rows[0].number, message=message)
        return
    for row, texts in zip(rows, cells, strict=True):
        if len(texts) != len(cells[0]):
            message = f"{len(texts)} cells under {len(cells[0])} headings"
            yield Problem(rule="table", line=row.number, message=message)
        elif not all(texts):
            yield Problem(rule="table", line=row.number, message="an empty cell")


def _cells(row: str) -> list[str]:
    return [text.strip() for text in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def _contradictions(lines: Sequence[Line]) -> Iterator[Problem]:
    """Find sentences that are the same but for one number, outside the list of conflicts."""
    said: dict[tuple[str, ...], tuple[str, list[Number]]] = {}
    for line in _stated(lines):
        for sentence in _sentences(line.prose):
            bare = MARK.sub("", sentence)
            figures = [number for number in numbers(bare) if not number.lone]
            for number in reversed(figures):
                bare = bare[: number.start] + bare[number.end :]
            words = tuple(content_terms(bare))
            if len(words) < ENOUGH_WORDS or not figures:
                continue
            first, before = said.setdefault(words, (sentence, figures))
            if _contradict(before, figures):
                message = f"it says another number than: {first[:80].strip()}"
                yield Problem(rule="contradiction", line=line.number, message=message)


def _contradict(before: Sequence[Number], after: Sequence[Number]) -> bool:
    """Return whether one number differs; another year makes it another statement."""
    if len(before) != len(after):
        return False
    differing = [one for one, two in zip(before, after, strict=True) if not one.agrees(two)]
    scope = len(before) > 1 and any(_YEAR.fullmatch(one.text) for one in differing)
    return len(differing) == 1 and not scope
