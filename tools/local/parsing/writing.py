"""Text put together block by block while the places of its parts are noted."""

import re
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from quaestor.memory.documents import Location, LocationKind
from quaestor.memory.text import normalise
from quaestor.tools.local.parsing.parsed import MOST_CHARS, MOST_PARTS, Parsed, RefusedFileError

_MOST_TITLE = 200
_MOST_NAME = 80
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
# As in tools/html.py: what splits words and smuggles text past a reader. The joiners stay.
_INVISIBLE = re.compile(
    "[\xad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"\s+")


class Writer:
    """Collects a file's text; every block is normalised as it comes, so offsets stay true."""

    def __init__(self) -> None:
        self.changes: Counter[str] = Counter()
        self._parts: list[str] = []
        self._length = 0
        self._locations: list[Location] = []
        self._unbegun: list[list[int]] = []
        """Of each open part that nothing was written in yet, where its start will be put."""

    @property
    def empty(self) -> bool:
        """Nothing was written yet."""
        return not self._length

    def block(self, text: str, *, gap: str = "\n\n") -> None:
        """Write a block, `gap` after what stands before it; nothing if it is blank.

        Raises:
            RefusedFileError: The text has grown too long.
        """
        clean = self.clean(text).strip("\n").rstrip()
        if not clean.strip():
            return
        if self._length:
            self._append(gap)
        for start in self._unbegun:
            start.append(self._length)
        self._unbegun.clear()
        self._append(clean)

    def clean(self, text: str) -> str:
        """Return text as it is stored, counting what was taken out of it."""
        if text.isascii() and text.isprintable():
            return text  # the most of what is written
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        for name, pattern in (("invisible", _INVISIBLE), ("control", _CONTROL)):
            plain, found = pattern.subn("", plain)
            self.changes[name] += found
        done = normalise(plain)
        self.changes.update(done.changes)
        return done.text

    def hide(self, text: str) -> None:
        """Count text that is left out because no reader sees it."""
        self.changes["hidden"] += len(text.strip())

    @contextmanager
    def part(
        self, kind: LocationKind, number: int, *, name: str = ""
    ) -> Generator[None, None, None]:
        """Note what is written meanwhile as a part of the document; nothing if that is nothing."""
        start: list[int] = []
        self._unbegun.append(start)
        at = len(self._locations)
        yield
        if not start:
            self._unbegun = [other for other in self._unbegun if other is not start]
            return
        if len(self._locations) >= MOST_PARTS:
            raise RefusedFileError(f"too many parts: the limit is {MOST_PARTS:,}")
        named = _SPACE.sub(" ", self.clean(name)).strip()[:_MOST_NAME]
        whole = Location(kind=kind, number=number, start=start[0], end=self._length, name=named)
        self._locations.insert(at, whole)  # before the parts inside it

    def parsed(self, *, title: str, media_type: str, extractor: str, version: str) -> Parsed:
        """Return what was written."""
        one_line = _SPACE.sub(" ", self.clean(title)).strip()
        return Parsed(
            text="".join(self._parts),
            title=one_line[:_MOST_TITLE].strip(),
            media_type=media_type,
            extractor=extractor,
            version=version,
            locations=tuple(self._locations),
            changes={name: count for name, count in sorted(self.changes.items()) if count},
        )

    def _append(self, text: str) -> None:
        self._length += len(text)
        if self._length > MOST_CHARS:
            raise RefusedFileError(f"too much text: the limit is {MOST_CHARS:,} characters")
        self._parts.append(text)
