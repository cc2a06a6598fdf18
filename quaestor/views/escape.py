"""Untrusted text made safe for XML, HTML and a box of a given width."""

import html
import re
import unicodedata

from quaestor.memory.labels import ELLIPSIS

# What XML 1.0 (production 2, Char) has no way to write, not even as a reference.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NARROW = frozenset("iIjlft.,:;'`|!()[]{}-/\\ \"")
_BROAD = frozenset("mwMW@%—…")


def xml_chars(text: str) -> str:
    """Return `text` with U+FFFD for each character that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def escape(text: str) -> str:
    """Return `text` for element content or a quoted attribute of XML and HTML alike."""
    return html.escape(xml_chars(text), quote=True)


def text_width(text: str) -> float:
    """Return how wide `text` is, in units of its font size.

    An estimate on the broad side of common sans-serif fonts: no font is asked, because the
    picture is made where no screen is and shown where the font is not known.
    """
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> float:
    if char in _NARROW:
        return 0.4
    if char in _BROAD:
        return 1.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if unicodedata.combining(char):
        return 0.0
    return 0.72 if char.isupper() else 0.62


def wrap(text: str, *, width: float, lines: int) -> list[str]:
    """Break `text` into at most `lines` lines of `width` font sizes, cut with an ellipsis.

    Breaks at spaces; a word wider than a line (a URL, a script without spaces) breaks inside.
    """
    rows: list[str] = []
    rest = text.strip()
    while rest and len(rows) < lines:
        head = _fitting(rest, width)
        if head == len(rest):
            rows.append(rest)
            return rows
        space = rest.rfind(" ", 0, head + 1)
        cut = space if space > head // 2 else head
        rows.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest and rows:
        last = rows[-1]
        rows[-1] = last[: _fitting(last, width - 1.0)].rstrip() + ELLIPSIS
    return rows


def _fitting(text: str, width: float) -> int:
    """Return how many characters of `text` fit, at least one."""
    used = 0.0
    for index, char in enumerate(text):
        used += _char_width(char)
        if used > width:
            return max(index, 1)
    return len(text)
