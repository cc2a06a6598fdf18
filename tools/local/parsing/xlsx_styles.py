"""What the styles of a workbook do to a number: a date, per cent, a unit, or nothing to see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import TypeVar

from quaestor.tools.blocks import Element
from quaestor.tools.local.parsing.archive import Archive
from quaestor.tools.local.parsing.markup import first_target, tree

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_BUILT_IN_DATES = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
_BUILT_IN_TIMES = {18, 19, 20, 21, 45, 46, 47}
_BUILT_IN_PERCENT = {9, 10}
_ASIDE = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[(?!h+\]|m+\]|s+\])[^\]]*\]')
_SIGNS = " -€$£¥₹°"
_DIGITS = re.compile(r"[0#?](?:[0#?.,E+/ -]*[0#?])?")
_LEAST_POINTS = 1.0
_T = TypeVar("_T")
_LAST_DAY = 2_958_465  # 31 December 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    """How one style shows a number."""

    date: bool = False
    time: bool = False
    percent: bool = False
    before: str = ""
    after: str = ""
    hidden: bool = False


_GENERAL = _Format()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStyles:
    """A workbook's cell styles, by their numbers."""

    formats: tuple[_Format, ...] = ()
    since_1904: bool = False
    """Days are counted from 1904, as old Macintosh workbooks do."""

    def hides(self, style: int) -> bool:
        """Return whether no reader sees a cell of a style."""
        return self._of(style).hidden

    def shown(self, value: str, style: int) -> str:
        """Return a number as the sheet shows it, as far as that changes what it means."""
        form = self._of(style)
        if form is _GENERAL and value.isdecimal() and len(value) < 16:
            return value
        try:
            number = float(value)
        except ValueError:
            return value
        if not isfinite(number):
            return value
        if (form.date or form.time) and 0 <= number <= _LAST_DAY:
            return self._moment(number, form)
        if form.percent:
            return f"{_plain(number * 100)}%"
        return f"{form.before}{_plain(number)}{form.after}"

    def _of(self, style: int) -> _Format:
        return self.formats[style] if style < len(self.formats) else _GENERAL

    def _moment(self, days: float, form: _Format) -> str:
        # Day 60 of the other system is 29 February 1900, which never was.
        start = datetime(1904, 1, 1) if self.since_1904 else datetime(1899, 12, 30)
        if not self.since_1904 and days < 60:
            start += timedelta(days=1)
        try:
            moment = start + timedelta(seconds=round(days * 86_400))
        except OverflowError:
            return _plain(days)
        if not form.date:
            return f"{moment:%H:%M:%S}" if days < 1 else f"{_plain(days * 24)} h"
        return moment.date().isoformat() if days == int(days) else moment.isoformat(sep=" ")


def read_cell_styles(archive: Archive, main: str, workbook: Element) -> CellStyles:
    """Return the styles of a workbook; none if it holds none."""
    part = first_target(archive, main, "styles")
    if part is None:
        return CellStyles()
    root = tree(archive, part)
    codes = {
        one.get("numFmtId") or "": one.get("formatCode") or "" for one in root.iter(f"{S}numFmt")
    }
    fonts = [_unseen(font) for font in root.iterfind(f"{S}fonts/{S}font")]
    fills = [_plain_fill(fill) for fill in root.iterfind(f"{S}fills/{S}fill")]
    facts = workbook.find(f"{S}workbookPr")
    return CellStyles(
        formats=tuple(
            _format(style, codes, fonts, fills) for style in root.iterfind(f"{S}cellXfs/{S}xf")
        ),
        since_1904=facts is not None and facts.get("date1904") in ("1", "true"),
    )


def _format(style: Element, codes: dict[str, str], fonts: list[str], fills: list[bool]) -> _Format:
    name = style.get("numFmtId") or "0"
    code = codes.get(name, "")
    font = _at(fonts, style.get("fontId"), "")
    white_on_white = font == "white" and _at(fills, style.get("fillId"), True)
    hidden = font == "tiny" or white_on_white or code.replace(" ", "") in (";;;", ";;")
    if not code:
        number = int(name) if name.isdecimal() else 0
        return _Format(
            date=number in _BUILT_IN_DATES,
            time=number in _BUILT_IN_TIMES,
            percent=number in _BUILT_IN_PERCENT,
            hidden=hidden,
        )
    return _coded(code.partition(";")[0], hidden=hidden)


def _coded(code: str, *, hidden: bool) -> _Format:
    """Read the part of a format's code that is for positive numbers."""
    bare = _ASIDE.sub("", code).lower()
    date = any(letter in bare for letter in "yd") and "general" not in bare
    time = any(letter in bare for letter in "hs") and "general" not in bare
    digits = _DIGITS.search(_ASIDE.sub(lambda found: " " * len(found[0]), code))
    if date or time or "%" in bare or digits is None:
        return _Format(date=date, time=time, percent="%" in bare, hidden=hidden)
    before, after = code[: digits.start()], code[digits.end() :]
    return _Format(before=_literals(before), after=_literals(after), hidden=hidden)


def _literals(code: str) -> str:
    """Return the words and signs a format puts beside a number."""

    def said(found: re.Match[str]) -> str:
        return "".join(filter(None, found.groups())) or (found[0] if found[0] in _SIGNS else "")

    return re.sub(f"{_ASIDE.pattern}|.", said, code)


def _unseen(font: Element) -> str:
    """Return `white` or `tiny` for a font that may hide text, else nothing."""
    size, color = font.find(f"{S}sz"), font.find(f"{S}color")
    if size is not None and real(size.get("val"), 11.0) <= _LEAST_POINTS:
        return "tiny"
    if color is None:
        return ""
    white = (color.get("rgb") or "").upper()[-6:] == "FFFFFF"
    return "white" if white or (color.get("theme") == "0" and not color.get("tint")) else ""


def _plain_fill(fill: Element) -> bool:
    """Return whether a cell's ground is that of the paper."""
    pattern = fill.find(f"{S}patternFill")
    if pattern is None:
        return False
    if pattern.get("patternType", "none") == "none":
        return True
    ground = pattern.find(f"{S}fgColor")
    return ground is not None and (ground.get("rgb") or "").upper()[-6:] == "FFFFFF"


def _at(values: Sequence[_T], number: str | None, otherwise: _T) -> _T:
    at = int(number) if number is not None and number.isdecimal() else 0
    return values[at] if at < len(values) else otherwise


def _plain(number: float) -> str:
    """Return a number as Excel shows it without a format: 15 digits at most."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}"


def real(value: str | None, otherwise: float) -> float:
    """Return the number an attribute holds, or another where it holds none."""
    try:
        return float(value or otherwise)
    except ValueError:
        return otherwise
