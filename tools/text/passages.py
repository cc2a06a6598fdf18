"""Passages: pieces of about 200-250 tokens that search ranks, with exact offsets.

Every character that is not white space lies in exactly one passage. A passage begins and ends
where a sentence, a row or a block of code does, unless one of those alone is too long.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quaestor.memory.documents import Location
from quaestor.tools.text.sentences import sentences
from quaestor.tools.text.words import UNSPACED

MOST_TOKENS = 250
ENOUGH_TOKENS = 200
TAIL_TOKENS = 40
"""A last passage shorter than this joins the one before it."""

# A character of a script without spaces, a word or a run of marks. Runs are bounded, so that 250
# tokens bound the length of a passage too.
_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]{{1,24}}|[^\w\s]{{1,24}}")
_BLANK_LINES = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\s*")
_SECTION = re.compile(r"#{1,6}[ \t]")
_HEADING = re.compile(r"#{1,6}[ \t][^\r\n]*|[^\r\n]+(?:\r\n|\r|\n)(?:=+|-+)")
_RULE = re.compile(r"-{2,}")  # a line that makes a heading of the one above, a sentence of its own


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is not cut any further, and how long it is."""

    start: int
    end: int
    tokens: int
    heading: bool = False
    """It says only what comes next."""
    section: bool = False
    """A part of the text begins with it."""


def passages(
    text: str, locations: Sequence[Location] = (), *, code: bool = False
) -> list[tuple[int, int]]:
    """Return the passages of a text as (start, end) offsets, in order.

    Args:
        text: The whole text.
        locations: Those of kind `row` are kept whole, unless a row alone is too long.
        code: Cut at blank lines and line ends instead of sentences.
    """
    found: list[tuple[int, int]] = []
    for units in _runs(text, locations, code=code):
        found.extend(_pack(units))
    return found


def _runs(text: str, locations: Sequence[Location], *, code: bool) -> Iterator[list[_Unit]]:
    """Yield the units of the text, in runs that share no passage."""
    rows = sorted((at.start, at.end) for at in locations if at.kind == "row")
    run: list[_Unit] = []
    at = 0
    for start, end in rows:
        run.extend(_units(text, at, max(at, start), code=code))
        at = max(at, end)
        row = _unit(text, start, end)
        if row.tokens > MOST_TOKENS:
            yield run
            yield _units(text, start, end, code=code)
            run = []
        elif row.tokens:
            run.append(row)
    run.extend(_units(text, at, len(text), code=code))
    yield run


def _units(text: str, start: int, end: int, *, code: bool) -> list[_Unit]:
    if start >= end:
        return []
    whole = _blocks(text, start, end) if code else sentences(text, start, end)
    found: list[_Unit] = []
    for first, last in whole:
        if not code and found and _RULE.fullmatch(text, first, last):
            first = found.pop().start  # noqa: PLW2901 - taken back in, with its line
        unit = _unit(text, first, last, prose=not code)
        if unit.tokens > MOST_TOKENS:
            found.extend(_cut(text, first, last))
        elif unit.tokens:
            found.append(unit)
    return found


def _unit(text: str, start: int, end: int, *, prose: bool = False) -> _Unit:
    return _Unit(
        start,
        end,
        len(_TOKEN.findall(text, start, end)),
        heading=prose and _HEADING.fullmatch(text, start, end) is not None,
        section=prose and _SECTION.match(text, start, end) is not None,
    )


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what stands between blank lines, each from the start of its first line."""
    at = start
    for gap in _BLANK_LINES.finditer(text, start, end):
        yield at, gap.start()
        line = max(text.rfind("\n", at, gap.end()), text.rfind("\r", at, gap.end()))
        at = line + 1
    yield at, end


def _cut(text: str, start: int, end: int) -> Iterator[_Unit]:
    """Yield the parts of something too long, cut at a line end or a space where there is one."""
    tokens = [match.span() for match in _TOKEN.finditer(text, start, end)]
    first, at = 0, start
    while len(tokens) - first > MOST_TOKENS:
        cut = _best_cut(text, tokens, first)
        yield _Unit(at, tokens[cut - 1][1], cut - first)
        first, at = cut, tokens[cut][0]
    yield _Unit(at, end, len(tokens) - first)


def _best_cut(text: str, tokens: list[tuple[int, int]], first: int) -> int:
    best, quality = first + MOST_TOKENS, -1
    for cut in range(first + MOST_TOKENS, first + ENOUGH_TOKENS, -1):
        gap = text[tokens[cut - 1][1] : tokens[cut][0]]
        worth = 2 if "\n" in gap or "\r" in gap else 1 if gap else 0
        if worth > quality:
            best, quality = cut, worth
    return best


def _pack(units: Iterable[_Unit]) -> list[tuple[int, int]]:
    """Join units into passages; a heading goes with what follows it."""
    packed: list[list[_Unit]] = []
    now: list[_Unit] = []
    size = 0
    for unit in units:
        full = size + unit.tokens > MOST_TOKENS
        if now and (full or (unit.section and size >= ENOUGH_TOKENS // 2)):
            now, ahead = _without_last_headings(now, MOST_TOKENS - unit.tokens)
            packed.append(now)
            now, size = ahead, sum(one.tokens for one in ahead)
        now.append(unit)
        size += unit.tokens
    if now and packed and size < TAIL_TOKENS and not now[0].section:
        packed[-1].extend(now)
    elif now:
        packed.append(now)
    return [(group[0].start, group[-1].end) for group in packed]


def _without_last_headings(units: list[_Unit], room: int) -> tuple[list[_Unit], list[_Unit]]:
    """Split off the headings a group ends with, if something stays and they fit elsewhere."""
    stay = len(units)
    while stay and units[stay - 1].heading:
        stay -= 1
    ahead = units[stay:]
    if stay == 0 or sum(unit.tokens for unit in ahead) > room:
        return units, []
    return units[:stay], ahead
