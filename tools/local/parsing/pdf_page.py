"""One page of a PDF: its characters, those left out that no reader sees.

Hidden is text in an invisible mode, without opacity, smaller than a point, off the page, or as
white as the page where nothing darker lies behind it.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from statistics import median
from typing import Any

from quaestor.tools.local.parsing.pdfium import RAW

_LEAST_POINTS = 1.0
_LEAST_OPACITY = 13  # of 255
_WHITE = 242  # of 255, in red, green and blue
_UNSEEN_MODES = (RAW.FPDF_TEXTRENDERMODE_INVISIBLE, RAW.FPDF_TEXTRENDERMODE_CLIP)
_HYPHEN = "\x02"  # PDFium's sign for a hyphen at a line's end, the lines being joined already
_MOST_BACKDROPS = 2_000
_NEW_BLOCK = 1.4
"""Of the usual distance between lines: from here on a gap parts paragraphs."""


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float

    def holds(self, other: "_Box", slack: float = 0.0) -> bool:
        x, y = (other.left + other.right) / 2, (other.bottom + other.top) / 2
        return (
            self.left - slack <= x <= self.right + slack
            and self.bottom - slack <= y <= self.top + slack
        )

    def contains(self, other: "_Box") -> bool:
        return (
            self.left <= other.left <= other.right <= self.right
            and self.bottom <= other.bottom <= other.top <= self.top
        )


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page shows."""

    text: str = field(repr=False)
    hidden: int
    """Characters left out."""


def page_text(page: Any) -> PageText:
    """Return the text of a page that a reader sees."""
    textpage = page.get_textpage()
    try:
        return _Reading(page, textpage).read()
    finally:
        textpage.close()


@dataclass(frozen=True, slots=True)
class _Run:
    """What is the same for all characters of one piece of text."""

    unpainted: bool
    white: bool
    inside: bool
    """All of it is known to lie on the page."""

    @property
    def seen(self) -> bool:
        return self.inside and not self.unpainted and not self.white


_GENERATED = _Run(unpainted=False, white=False, inside=True)


class _Reading:
    """The reading of one page; what is asked of PDFium twice is kept."""

    def __init__(self, page: Any, textpage: Any) -> None:
        self._page = page
        self._text = textpage.raw
        self._count: int = RAW.FPDFText_CountChars(self._text)
        left, bottom, right, top = page.get_bbox()
        self._sheet = _Box(min(left, right), min(bottom, top), max(left, right), max(bottom, top))
        self._runs: dict[int, _Run] = {}
        self._backdrops: list[_Box] | None = None

    def read(self) -> PageText:
        """Return the page's visible text, lines parted by what their distance says."""
        text = self._whole() if self._all_seen() else None
        if text is None:
            return self._by_character()
        lines: list[str] = []
        tops: list[float | None] = []
        at = 0
        for line in text.split("\n"):
            blanks = len(line) - len(line.lstrip())
            lines.append(line)
            tops.append(self._baseline(at + blanks) if line.strip() else None)
            at += len(line) + 1
        return PageText(_joined(lines, tops), 0)

    def _whole(self) -> str | None:
        """Return the text as PDFium puts it together, if its characters are those of the page."""
        units = (ctypes.c_ushort * (self._count + 1))()
        RAW.FPDFText_GetText(self._text, 0, self._count, units)
        text = bytes(units)[:-2].decode("utf-16-le", "surrogatepass")
        same = len(text) == self._count and "\x00" not in text
        return text.replace("\ufffe", _HYPHEN) if same else None

    def _by_character(self) -> PageText:
        """Return the page's text without the characters that no reader sees."""
        lines: list[list[str]] = [[]]
        tops: list[float | None] = [None]
        hidden = 0
        for index in range(self._count):
            char = chr(RAW.FPDFText_GetUnicode(self._text, index))
            if char == "\n":
                lines.append([])
                tops.append(None)
            elif char.isspace():
                lines[-1].append(char)
            elif self._hidden(index):
                hidden += 1
            else:
                if tops[-1] is None:
                    tops[-1] = self._baseline(index)
                lines[-1].append(char)
        return PageText(_joined(["".join(line) for line in lines], tops), hidden)

    def _all_seen(self) -> bool:
        """Look at the pieces of text the page is made of; the ones inside forms are not looked at.

        A page has a hundred times fewer of them than characters.
        """
        seen = True
        for number in range(RAW.FPDFPage_CountObjects(self._page)):
            thing = RAW.FPDFPage_GetObject(self._page, number)
            kind = RAW.FPDFPageObj_GetType(thing)
            if kind == RAW.FPDF_PAGEOBJ_TEXT:
                size, matrix = ctypes.c_float(), RAW.FS_MATRIX()
                RAW.FPDFTextObj_GetFontSize(thing, size)
                RAW.FPDFPageObj_GetMatrix(thing, matrix)
                run = self._judged(thing, size.value, matrix, inside=self._holds(thing))
                self._runs[ctypes.addressof(thing.contents)] = run
                seen = seen and run.seen
            elif kind == RAW.FPDF_PAGEOBJ_FORM:
                seen = False
        return seen

    def _holds(self, thing: Any) -> bool:
        sides = [ctypes.c_float() for _ in range(4)]
        found = RAW.FPDFPageObj_GetBounds(thing, *sides)
        return bool(found) and self._sheet.contains(_Box(*(side.value for side in sides)))

    def _hidden(self, index: int) -> bool:
        run = self._run(index)
        if run.unpainted or (run.inside and not run.white):
            return run.unpainted
        box = self._box(index)
        if not self._sheet.holds(box, slack=1.0):
            return True
        return run.white and not any(one.holds(box) for one in self._darker())

    def _run(self, index: int) -> _Run:
        thing = RAW.FPDFText_GetTextObject(self._text, index)
        if not thing:
            return _GENERATED
        key = ctypes.addressof(thing.contents)
        if key not in self._runs:
            matrix = RAW.FS_MATRIX()
            RAW.FPDFText_GetMatrix(self._text, index, matrix)
            size: float = RAW.FPDFText_GetFontSize(self._text, index)
            self._runs[key] = self._judged(thing, size, matrix, inside=False)
        return self._runs[key]

    def _judged(self, thing: Any, size: float, matrix: Any, *, inside: bool) -> _Run:
        """Return how a piece of text is painted; its matrix does not hold its font's size."""
        scale = min(hypot(matrix.a, matrix.b), hypot(matrix.c, matrix.d))
        color = _fill(thing)
        return _Run(
            unpainted=RAW.FPDFTextObj_GetTextRenderMode(thing) in _UNSEEN_MODES
            or size * scale < _LEAST_POINTS
            or (color is not None and color[3] < _LEAST_OPACITY),
            white=color is not None and min(color[:3]) >= _WHITE,
            inside=inside,
        )

    def _box(self, index: int) -> _Box:
        box = RAW.FS_RECTF()
        if not RAW.FPDFText_GetLooseCharBox(self._text, index, box):
            return self._sheet
        return _Box(box.left, box.bottom, box.right, box.top)

    def _baseline(self, index: int) -> float | None:
        x, y = ctypes.c_double(), ctypes.c_double()
        found = RAW.FPDFText_GetCharOrigin(self._text, index, x, y)
        return y.value if found else None

    def _darker(self) -> Sequence[_Box]:
        """Return what lies on the page and is not white: on it white text can be read."""
        if self._backdrops is None:
            kinds = (RAW.FPDF_PAGEOBJ_PATH, RAW.FPDF_PAGEOBJ_IMAGE, RAW.FPDF_PAGEOBJ_SHADING)
            self._backdrops = []
            for thing in self._page.get_objects(filter=kinds, max_depth=4):
                if len(self._backdrops) >= _MOST_BACKDROPS:
                    break
                if thing.type == RAW.FPDF_PAGEOBJ_PATH and not _fills(thing.raw):
                    continue
                self._backdrops.append(_Box(*thing.get_bounds()))
        return self._backdrops


def _fill(thing: Any) -> tuple[int, int, int, int] | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not RAW.FPDFPageObj_GetFillColor(thing, *parts):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _fills(path: Any) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not RAW.FPDFPath_GetDrawMode(path, mode, stroke) or mode.value == RAW.FPDF_FILLMODE_NONE:
        return False
    color = _fill(path)
    return color is None or (min(color[:3]) < _WHITE and color[3] >= _LEAST_OPACITY)


def _joined(lines: list[str], tops: list[float | None]) -> str:
    """Join lines, a blank one between two that stand further apart than lines do."""
    kept = [
        (_unbroken(line).strip(), top)
        for line, top in zip(lines, tops, strict=True)
        if line.strip()
    ]
    steps = [
        abs(before - here)
        for (_, before), (_, here) in pairwise(kept)
        if before is not None and here is not None and abs(before - here) > 1
    ]
    usual = median(steps) if steps else 0.0
    text = kept[0][0] if kept else ""
    for (_, before), (line, here) in pairwise(kept):
        apart = before is not None and here is not None and abs(before - here) > usual * _NEW_BLOCK
        text += ("\n\n" if apart else "\n") + line
    return text


def _unbroken(line: str) -> str:
    """Put words together that a hyphen parted; one between figures or names stays."""
    first, *rest = line.split(_HYPHEN)
    for part in rest:
        word = first[-1:].isalpha() and part[:1].isalpha()
        same = first[-1:].islower() == part[:1].islower()
        first += part if word and same else f"-{part}"
    return first
