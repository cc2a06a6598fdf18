"""Gaps in a reader's words: one sentence each, and what a source could not read in one list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from quaestor.memory.finding import Gap

LISTED = 10
"""Unreadable files named of one source: a folder of thousands must not bury the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What one source could not read, where that is more than one thing."""

    source: str
    count: int
    named: tuple[Gap, ...]
    """The first of them, without the source, which stands once above them."""


def by_source(gaps: Iterable[Gap]) -> list[Gap | Unread]:
    """Return each gap once, those of kind `unreadable` put together by source.

    Order is that of first occurrence; a source with one unreadable file keeps its plain gap. A
    source that failed for one reason, whatever was asked of it, has one gap.
    """
    single = _by_failure(gaps)
    unread: dict[str, list[Gap]] = {}
    for gap in single:
        if gap.kind == "unreadable":
            unread.setdefault(gap.source, []).append(gap)
    found: list[Gap | Unread] = []
    for gap in single:
        same = unread.get(gap.source, []) if gap.kind == "unreadable" else []
        if len(same) < 2:
            found.append(gap)
        elif gap is same[0]:
            named = tuple(replace(one, source="") for one in same[:LISTED])
            found.append(Unread(source=gap.source, count=len(same), named=named))
    return found


def _by_failure(gaps: Iterable[Gap]) -> list[Gap]:
    """Return each gap once, those of a source that failed for one reason as one of the source."""
    alike: dict[Gap, list[Gap]] = {}
    for gap in dict.fromkeys(gaps):
        of_source = gap.kind in ("source_down", "refused") and gap.source
        key = replace(gap, what=gap.source, tried=()) if of_source else gap
        alike.setdefault(key, []).append(gap)
    return [
        same[0]
        if len(same) == 1
        else replace(key, tried=tuple(q for gap in same for q in gap.tried))
        for key, same in alike.items()
    ]


def gap_words(gap: Gap, show: Callable[[str], str] = str) -> str:
    """Return a gap as a sentence: what is missing, why, and what was tried.

    Args:
        gap: The gap.
        show: Makes a text from outside fit for where the sentence will stand.
    """
    source = f" ({show(gap.source)})" if gap.source and gap.source != gap.what else ""
    text = f"{show(gap.what)}{source}: {show(gap.why.rstrip('. '))}."
    tried = ", ".join(f"“{show(query)}”" for query in dict.fromkeys(gap.tried))
    return f"{text} Tried: {tried}." if tried else text


def unread_words(unread: Unread, show: Callable[[str], str] = str) -> tuple[str, list[str]]:
    """Return the heading of what a source could not read, and the lines below it."""
    where = f" in {show(unread.source)}" if unread.source else ""
    lines = [gap_words(gap, show) for gap in unread.named]
    more = unread.count - len(unread.named)
    if more:
        lines.append(f"and {more} more.")
    return f"{unread.count} could not be read{where}:", lines
