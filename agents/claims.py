"""From drafted prose with evidence ids in brackets to its claims, each with the ids it carries.

A mark is a bracket that holds ids and nothing else, in prose: `x[0]`, "the rule of [2024]" and
whatever stands in code or in mathematics stays as written. Nothing but marks is taken away.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from quaestor.tools.text.sentences import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A sentence of a draft."""

    text: str
    """Without its marks."""
    ids: tuple[str, ...] = ()
    """Known ones, in the order of their first use."""
    unknown: tuple[str, ...] = ()
    """As they were written: what looks like an id and is none."""


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    names: tuple[str, ...]


_CODE = re.compile(
    r"(?P<fence>```|~~~).*?(?:(?P=fence)|\Z)|(?<![`\\])(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL,
)
_MATH = re.compile(
    r"\$\$.+?\$\$|\\\(.+?\\\)|\\\[.+?\\\]|(?<![\\$\w])\$(?![\s$])[^$\n]*(?<![\s\\$])\$(?![\d$])",
    re.DOTALL,
)
_BRACKET = re.compile(
    r"(?<!\\)\[\^?(?P<in>[^\[\]\n]{1,300})\](?!\()|【(?P<wide>[^【】\n]{1,300})】"
)
_BETWEEN = re.compile(r"\s*[,;&+–-]\s*|\s+(?:and\s+)?", re.IGNORECASE)
_DEFAULT = "e0"
"""What an id looks like where none is given."""
_DEFINED = re.compile(r":\s")


def split_claims(text: str, ids: Collection[str]) -> tuple[Drafted, ...]:
    """Return the sentences of a draft in order, each with the ids its marks name.

    A mark belongs to the sentence it stands in or right behind; one that opens a line of text,
    to the sentence that follows. A sentence without a mark carries no id, wherever the next
    mark stands.

    Args:
        text: Prose of a model, with ids in brackets: `[e3]`, `[e3, e5]`, `[e3][e5]`.
        ids: The ids it may name; their form tells what else was meant for one.

    Example:
        >>> for one in split_claims("Iron rusts [e1]. Wet. [e2, e9] See x[0].", ["e1", "e2"]):
        ...     print(one.text, one.ids, one.unknown)
        Iron rusts. ('e1',) ()
        Wet. ('e2',) ('e9',)
        See x[0]. () ()
    """
    marks = list(_marks(text, ids))
    bare, places = _without(text, marks)
    spans = sentences(bare)
    owners: list[list[_Mark]] = [[] for _ in spans]
    lost: list[_Mark] = []
    for mark, (place, opens) in zip(marks, places, strict=True):
        owner = _owner(spans, bare, place, opens=opens)
        (lost if owner is None else owners[owner]).append(mark)
    known = {name.casefold(): name for name in ids}
    made = [_drafted(bare[s:e], own, known) for (s, e), own in zip(spans, owners, strict=True)]
    return (*made, *([_drafted("", lost, known)] if lost else []))


def without_marks(text: str, ids: Collection[str]) -> str:
    """Return a draft as it reads without its marks."""
    return _without(text, list(_marks(text, ids)))[0]


def _marks(text: str, ids: Collection[str]) -> Iterator[_Mark]:
    known = {name.casefold() for name in ids}
    shapes = {re.sub(r"\d+", "0", name) for name in known or {_DEFAULT}}
    prose = _MATH.sub(_blank, _CODE.sub(_blank, text))
    for match in _BRACKET.finditer(prose):
        names = tuple(filter(None, _BETWEEN.split((match["in"] or match["wide"]).strip())))
        if not names or not all(_is_id(name.casefold(), known, shapes) for name in names):
            continue
        before, behind = prose[: match.start()], prose[match.end() :]
        digits = all(name.isdigit() for name in names)
        if digits and re.search(r"\w$", before[-1:]):
            continue  # x[0]
        if before.rpartition("\n")[2].strip() == "" and _DEFINED.match(behind):
            continue  # a list of references of the model's own
        yield _Mark(match.start(), match.end(), names)


def _is_id(name: str, known: set[str], shapes: set[str]) -> bool:
    """Return whether a name is an id, or formed like one; a number may also be a year."""
    if name in known:
        return True
    if name.isdigit() and len(name) > 3:
        return False
    return re.sub(r"\d+", "0", name) in shapes and any(ch.isdigit() for ch in name)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "\x1f", match[0])


def _without(text: str, marks: list[_Mark]) -> tuple[str, list[tuple[int, bool]]]:
    """Return the text without marks, and for each where it stood and whether it opens a line."""
    bare = ""
    at = 0
    places: list[tuple[int, bool]] = []
    for mark in marks:
        bare += text[at : mark.start]
        at = mark.end
        follows = text[at : at + 1]
        if follows in set(".,;:!?)]…。！？") or text.startswith(("[", " [", "【"), at):
            bare = bare.rstrip(" \t\u00a0\u202f") if follows else bare
        elif follows == " " and (not bare or bare[-1].isspace()):
            at += 1
        elif follows.isalnum() and bare and not bare[-1].isspace():
            bare += " "
        line = bare.rpartition("\n")[2]
        places.append((len(bare), not line.strip()))
    return bare + text[at:], places


def _owner(spans: list[tuple[int, int]], bare: str, place: int, *, opens: bool) -> int | None:
    """Return which sentence a mark at a place belongs to; None where there is none."""
    ahead = bare[place:].partition("\n")[0].strip()
    behind = [i for i, (start, _) in enumerate(spans) if start < place]
    if behind and not (opens and ahead):
        return behind[-1]
    after = [i for i, (start, _) in enumerate(spans) if start >= place]
    return after[0] if after else behind[-1] if behind else None


def _drafted(text: str, marks: list[_Mark], known: dict[str, str]) -> Drafted:
    names = dict.fromkeys(name for mark in marks for name in mark.names)
    ids = dict.fromkeys(known[n.casefold()] for n in names if n.casefold() in known)
    unknown = tuple(name for name in names if name.casefold() not in known)
    return Drafted(text=text, ids=tuple(ids), unknown=unknown)
