"""Characters nobody sees that do something: they steer terminals, turn lines around, hide text.

Stored text keeps them, or spans would not re-match; what is shown, and what a model is given,
does without.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

UnseenKind = Literal["control", "direction", "zero_width", "tag"]

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINES = frozenset("\n\t")
_JOINERS = frozenset("\u200c\u200d")
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0")
"""Letters and marks by their category, with nothing to be seen."""
_CONTROLS = "".join(
    char
    for char in map(chr, range(0x20000))  # of the planes above, the fourteenth alone has any
    if unicodedata.category(char) in ("Cc", "Cf") and char not in _LINES
)
_MAY_BE_UNSEEN = re.compile(
    f"[{re.escape(_CONTROLS + ''.join(sorted(_FILLERS)))}\ufe00-\ufe0f\U000e0000-\U000e01ef]"
)
"""What most texts have none of, which one look tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A text as its reader sees it, and how much of it was not to be seen."""

    text: str
    removed: Mapping[UnseenKind, int]
    """How many characters, by kind; kinds without any are left out."""


def seen(text: str) -> Seen:
    r"""Return a text without its unseen characters, lines and tabs as they are.

    A joiner stays between letters of scripts that are spelt with it, and between emoji; a
    selector stays behind what it selects a shape of.

    Example:
        >>> seen("pay\u200b \u202edaeh\u202c\U000e0061")
        Seen(text='pay daeh', removed={'zero_width': 1, 'direction': 2, 'tag': 1})
    """
    if not _MAY_BE_UNSEEN.search(text):
        return Seen(text=text, removed={})
    kept: list[str] = []
    removed: Counter[UnseenKind] = Counter()
    for at, char in enumerate(text):
        kind = _kind(char)
        before = kept[-1] if kept else ""
        if kind is None or (kind == "zero_width" and _has_use(char, before, text[at + 1 : at + 2])):
            kept.append(char)
        else:
            removed[kind] += 1
    return Seen(text="".join(kept), removed=dict(removed))


def _kind(char: str) -> UnseenKind | None:
    if char in _BIDI:
        return "direction"
    if "\U000e0000" <= char <= "\U000e007f":
        return "tag"
    if char in _FILLERS or _is_selector(char):
        return "zero_width"
    match unicodedata.category(char):
        case "Cc":
            return None if char in _LINES else "control"
        case "Cf":
            return "zero_width"
        case _:
            return None


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _has_use(char: str, before: str, after: str) -> bool:
    """Tell whether a joiner or selector changes how its neighbours look."""
    if char in _JOINERS:
        return _is_joined(before) and _is_joined(after)
    if _is_selector(char):
        return before != "" and unicodedata.category(before) in ("So", "Sm", "Lo", "Po", "Nd")
    return False


def _is_joined(char: str) -> bool:
    """Tell whether a character is of a kind that is written together: not Latin, not white."""
    return char > "\u036f" and unicodedata.category(char) in ("Lo", "Mn", "Mc", "So", "Sk")
