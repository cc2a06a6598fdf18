"""Untrusted text set apart for a model: between marks it cannot know and cannot write.

The marks lower the chance that a model takes a page's words for its orders; what it could do if
it did is settled elsewhere, by what code lets a reply say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from quaestor.memory.text import content_id
from quaestor.tools.text.unseen import UnseenKind, seen

_DIGITS = 24
_TEMPLATE = re.compile(
    r"<\|[^|>\n]{0,40}\|?>|<\uff5c[^>\n]{0,40}\uff5c>|</?(?:s|bos|eos)>|\[/?(?:INST|SYS)\]|<</?SYS>>"
    r"|<(?:start|end)_of_turn>",
    re.IGNORECASE,
)
"""What chat templates of common models begin and end a turn with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A text between marks, as a prompt holds it."""

    text: str
    removed: Mapping[UnseenKind, int]
    """Unseen characters left out, by kind."""
    broken: int
    """Marks and template tokens in it that were written apart."""


def boundary(seed: str) -> str:
    """Return the mark of a run: a function of its seed, which no source is told.

    Example:
        >>> boundary("a") == boundary("a"), boundary("a") == boundary("b")
        (True, False)
    """
    return content_id("boundary", seed, length=_DIGITS)


def enclose(text: str, *, mark: str) -> Enclosed:
    """Return a text between an opening and a closing line that hold the mark.

    The text cannot close itself: the mark, in whatever case, and tokens of chat templates are
    written with a space in them. For reading only: spans are counted in the stored text.
    """
    shown = seen(text)
    whole, marks = re.subn(re.escape(mark), _apart, shown.text, flags=re.IGNORECASE)
    whole, tokens = _TEMPLATE.subn(_apart, whole)
    return Enclosed(
        text=f"<untrusted {mark}>\n{whole}\n</untrusted {mark}>",
        removed=shown.removed,
        broken=marks + tokens,
    )


def _apart(match: re.Match[str]) -> str:
    return f"{match[0][0]} {match[0][1:]}"
