"""The short ids evidence goes by in a writer's prompts, and how a reply's ids are read back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from quaestor.agents.roles.shown import Passage

_ID = re.compile(r"[\[(【]?\s*[eE]?\s*(\d{1,6})\s*[\])】]?")
_IDS = r"\d{1,6}(?: ?(?:[,;&+–-]|and) ?[eE]?\d{1,6})* ?"
_MARK = re.compile(
    r"(?<![`\\])(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"  # code stays as it is
    rf"| ?(?<!\\)(?:\[\^?|【) ?(?P<named>[eE]{_IDS})[\]】](?:\([^() ]*\))?"
    rf"| ?\( ?(?P<round>e{_IDS})\)"  # (E330) is an additive
)
_FORGED = re.compile(r"\[(?=\s*[eE]\s*\d)")


@dataclass(frozen=True, slots=True)
class Numbered:
    """Passages by their short ids: `e1` is the first of the view, in every prompt of a run."""

    by_id: Mapping[str, Passage]

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> "Numbered":
        """Return the passages of a view, numbered in their order."""
        return cls({f"e{number}": one for number, one in enumerate(passages, start=1)})

    def only(self, ids: Iterable[str]) -> "Numbered":
        """Return a part of them, under the ids they have."""
        wanted = set(ids)
        return Numbered({name: one for name, one in self.by_id.items() if name in wanted})

    def known(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return those of a reply's ids that were given, each once, in the reply's order."""
        return tuple(dict.fromkeys(name for name in ids if name in self.by_id))

    def unknown(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return those that were not."""
        return tuple(dict.fromkeys(name for name in ids if name not in self.by_id))

    def ids_of(self, evidence: Iterable[str]) -> tuple[str, ...]:
        """Return the short ids of evidence ids, in the order of the view."""
        wanted = set(evidence)
        return tuple(name for name, one in self.by_id.items() if one.evidence in wanted)

    def passages(self, ids: Iterable[str]) -> list[Passage]:
        """Return what known ids stand for."""
        return [self.by_id[name] for name in ids]


def read_ids(value: object) -> object:
    """Return a reply's ids as a list of `e3`, however a model wrote them; else as it is.

    Example:
        >>> read_ids(["[e3]", "E4", 5]), read_ids("e1, e2"), read_ids("source one")
        (['e3', 'e4', 'e5'], ['e1', 'e2'], ['source one'])
    """
    if isinstance(value, (str, int)):
        parts = re.split(r"[,;\s]+(?=[\[(【]?[eE]?\d)", str(value))
        return [_read_id(part) for part in parts if part]
    if isinstance(value, list):
        given = cast("list[object]", value)
        return [_read_id(one) if isinstance(one, (str, int)) else one for one in given]
    return value


def _read_id(one: str | int) -> str:
    match = _ID.fullmatch(str(one).strip())
    return f"e{int(match[1])}" if match else str(one).strip()


def without_marks(text: str) -> tuple[str, list[str]]:
    """Return a sentence without ids written into it, and those ids.

    A mark is a bracket that holds ids and nothing else: `x[0]`, "the rule of [2024]" and what
    stands in code stay as they are.

    Example:
        >>> without_marks("It opened in 1961 [e2, e3].")
        ('It opened in 1961.', ['e2', 'e3'])
    """
    found: list[str] = []

    def note(match: re.Match[str]) -> str:
        named = match["named"] or match["round"]
        if not named:
            return match[0]
        found.extend(f"e{int(digits)}" for digits in re.findall(r"\d+", named))
        return " " if match.string[match.end() : match.end() + 1].isalnum() else ""

    line = " ".join(text.split())
    return _MARK.sub(note, line).strip(), found


def without_forged(text: str) -> str:
    """Return text of a source in which nothing looks like one of our ids."""
    return _FORGED.sub("(", text)
