"""Text from anywhere made fit for a label: one line, bounded, and unable to disturb its neighbours.

Quotes of evidence never go through here on their way to be checked; this is for eyes only.
"""

import unicodedata

ELLIPSIS = "…"
_MARKS_IN_A_ROW = 4
"""More combining marks than this on one letter is decoration that paints over its neighbours."""


def one_line(text: str, limit: int = 160) -> str:
    r"""Return `text` on one line of at most `limit` code points.

    White space of every kind becomes single spaces. Control and format characters go: escape
    sequences would steer a terminal, and a direction override would turn the text after the
    label around. Joiners stay, several scripts are spelt with them.

    Example:
        >>> one_line("two\nlines \x1b[31mred")
        'two lines [31mred'
        >>> one_line("a rather long title", limit=10)
        'a rather…'
    """
    if text.isascii() and text.isprintable():
        line = " ".join(text[: limit * 8].split())
        return _cut(text, line, limit)
    kept: list[str] = []
    marks = 0
    # Only so far: a label of ten million characters costs no more than one of a page.
    for char in text[: limit * 8]:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MARKS_IN_A_ROW:
            continue
        if char.isspace():
            kept.append(" ")
        elif category not in ("Cc", "Cf", "Cs") or char in "\u200c\u200d":
            kept.append(char)
    return _cut(text, " ".join("".join(kept).split()), limit)


def _cut(text: str, line: str, limit: int) -> str:
    whole = len(text) <= limit * 8
    if whole and len(line) <= limit:
        return line
    return line[: limit - 1].rstrip() + ELLIPSIS
