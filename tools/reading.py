"""A document read one segment at a time: whole passages, from where the last segment stopped."""

from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence
from quaestor.tools.text.passages import passages

SEGMENT = 6_000
"""Code points. Most articles are shorter, so that most pages are read at once."""
_REST = SEGMENT * 5 // 4
"""A rest that is no longer than this is one segment: a few lines are not worth a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What of a document was read: code points of its text, half open."""

    document: str
    start: int
    end: int
    length: int
    """Of the whole text."""

    @property
    def more(self) -> bool:
        """Whether something stands behind it."""
        return self.end < self.length


def segment(document: Document, start: int = 0) -> Stretch:
    """Return the segment of a document that begins at `start`; at least one passage."""
    length = len(document.text)
    end = length
    if length - start > _REST:
        ends = [end for _, end in _passages(document) if end > start]
        inside = [end for end in ends if end - start <= SEGMENT]
        end = (inside or ends[:1] or [length])[-1]
        if end >= max(ends, default=0):
            end = length  # white space alone stands behind
    return Stretch(document=document.id, start=start, end=end, length=length)


def spans_of(document: Document, stretch: Stretch) -> list[Evidence]:
    """Return the passages that end inside a stretch, in the order of the text."""
    return [
        document.span(start, end)
        for start, end in _passages(document)
        if stretch.start < end <= stretch.end
    ]


def _passages(document: Document) -> Sequence[tuple[int, int]]:
    return passages(document.text, document.locations)
