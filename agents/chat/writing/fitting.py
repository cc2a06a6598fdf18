"""Evidence made to fit a prompt: shortened to plan from, whole to write from."""

import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from quaestor.agents.chat.writing.numbering import Numbered, without_forged
from quaestor.agents.roles.shown import Passage
from quaestor.memory.labels import one_line
from quaestor.tools.models.tokens import clip, estimate
from quaestor.tools.text.sentences import sentences
from quaestor.tools.text.words import content_terms

_EXCERPTS = (600, 300, 150)
"""Tokens of a passage's text, tried in this order until all passages fit a plan's prompt."""
_LINES = (60, 40, 24)
"""Likewise, where each is one line of a list."""
_LONGEST_TITLE = 100
_GLUE = 2
"""Tokens between two pieces of a prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Evidence as a prompt holds it."""

    text: str
    ids: tuple[str, ...]
    """Of what is shown, in the order of the view."""
    left: tuple[str, ...] = ()
    """Of what is not."""
    shortened: tuple[str, ...] = ()
    """Of what is shown in part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """How evidence is written into a prompt."""

    enclosed: Callable[[str], str]
    """Sets text of a source apart."""
    wanted: str
    """What a shortened passage is shortened to: its sentences nearest to this."""

    def item(self, name: str, passage: Passage, tokens: int | None = None) -> str:
        """Return a passage with its id above it; of its text at most so many tokens."""
        text = passage.text if tokens is None else excerpt(passage.text, self.wanted, tokens)
        title = one_line(passage.title, _LONGEST_TITLE)
        head = f"Title: {title}\n" if title and not text.startswith(passage.title) else ""
        if passage.modified:
            head += f"Date: {one_line(passage.modified, 40)}\n"
        return f"[{name}] from {_kind(passage)}\n{self.enclosed(without_forged(head + text))}"

    def line(self, name: str, passage: Passage, tokens: int) -> str:
        """Return a passage as one line of a list that is set apart as a whole."""
        text = " ".join(excerpt(passage.text, self.wanted, tokens).split())
        title = one_line(passage.title, _LONGEST_TITLE // 2)
        return f"[{name}] {without_forged(f'{title}: {text}' if title else text)}"

    def survey(self, evidence: Numbered, order: Sequence[str], room: int) -> Shown:
        """Return all evidence, each piece as long as leaves room for all, to plan from.

        Args:
            evidence: What there is.
            order: Its ids, those first that must be shown where not all can be.
            room: Tokens.
        """
        whole = self._items(evidence, room, None)
        if whole is not None:
            return whole
        for tokens in _EXCERPTS:
            shown = self._items(evidence, room, tokens)
            if shown is not None:
                return shown
        for tokens in _LINES:
            shown = self._lines(evidence, list(evidence.by_id), room, tokens)
            if not shown.left:
                return shown
        return self._lines(evidence, order, room, _LINES[-1])

    def batch(self, evidence: Numbered, order: Sequence[str], room: int) -> Shown:
        """Return evidence to write from, passages whole, as much as one prompt holds.

        A passage that would take more than half the room is shortened.
        """
        texts: dict[str, str] = {}
        shortened: set[str] = set()
        used = 0
        for name in order:
            text, cut = self.item(name, evidence.by_id[name]), False
            if estimate(text) > room // 2:
                text, cut = self.item(name, evidence.by_id[name], room // 4), True
            size = estimate(text) + _GLUE
            if used + size <= room:
                texts[name] = text
                used += size
                shortened |= {name} if cut else set()
        return _shown(evidence, texts, shortened)

    def _items(self, evidence: Numbered, room: int, tokens: int | None) -> Shown | None:
        texts: dict[str, str] = {}
        used = 0
        for name, passage in evidence.by_id.items():
            texts[name] = self.item(name, passage, tokens)
            used += estimate(texts[name]) + _GLUE
            if used > room:
                return None
        cut = {name for name in texts if tokens and estimate(evidence.by_id[name].text) > tokens}
        return _shown(evidence, texts, cut)

    def _lines(self, evidence: Numbered, order: Sequence[str], room: int, tokens: int) -> Shown:
        lines: dict[str, str] = {}
        marks = estimate(self.enclosed(""))
        used = marks + _GLUE
        for name in order:
            line = self.line(name, evidence.by_id[name], tokens)
            # As it will stand between the marks, which may write it longer.
            size = estimate(self.enclosed(line)) - marks + _GLUE
            if used + size <= room:
                lines[name] = line
                used += size
        ids = [name for name in evidence.by_id if name in lines]
        return Shown(
            text=self.enclosed("\n".join(lines[name] for name in ids)) if ids else "",
            ids=tuple(ids),
            left=tuple(name for name in evidence.by_id if name not in lines),
            shortened=tuple(ids),
        )


def excerpt(text: str, wanted: str, tokens: int) -> str:
    """Return the sentences of a text nearest to what is wanted, in their order, that fit.

    Example:
        >>> excerpt("Fog came in. The pier opened in 1961. Gulls.", "when the pier opened", 10)
        'The pier opened in 1961.'
    """
    if estimate(text) <= tokens:
        return text
    pieces = [text[start:end] for start, end in sentences(text)]
    scores = [likeness(terms_of(wanted), terms_of(piece)) for piece in pieces]
    ranked = sorted(range(len(pieces)), key=lambda at: (-scores[at], at))
    kept: list[int] = []
    used = 0
    for at in ranked:
        size = estimate(pieces[at]) + _GLUE
        if used + size > tokens:
            break
        kept.append(at)
        used += size
    if not kept:
        return clip(pieces[ranked[0]] if ranked else text, tokens)
    return " … ".join(pieces[at] for at in sorted(kept))


def by_part(evidence: Numbered, parts: Sequence[str]) -> list[list[tuple[str, float]]]:
    """Return for each thing asked the ids of the evidence that shares words with it, best first."""
    held = {name: terms_of(f"{one.title}\n{one.text}") for name, one in evidence.by_id.items()}
    found: list[list[tuple[str, float]]] = []
    for part in parts:
        scores = {name: likeness(terms_of(part), terms) for name, terms in held.items()}
        ranked = sorted(scores, key=lambda name: (-scores[name], int(name[1:])))
        found.append([(name, scores[name]) for name in ranked if scores[name] > 0])
    return found


@lru_cache(maxsize=4_096)
def terms_of(text: str) -> frozenset[str]:
    """Return the content words of a text as they are compared."""
    return frozenset(content_terms(text))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of words two texts have in common: the cosine of their sets."""
    return len(one & other) / math.sqrt(len(one) * len(other)) if one and other else 0.0


def fair_order(evidence: Numbered, parts: Sequence[str]) -> list[str]:
    """Return all ids: the best of every part, then the second best, ..., then the rest."""
    queues = [iter(ranked) for ranked in by_part(evidence, parts)] if len(parts) > 1 else []
    order: dict[str, None] = {}
    while queues:
        for queue in list(queues):
            name = next((name for name, _ in queue if name not in order), None)
            if name is None:
                queues.remove(queue)
            else:
                order[name] = None
    return list(dict.fromkeys([*order, *evidence.by_id]))


def _kind(passage: Passage) -> str:
    match passage.origin.kind:
        case "local":
            return "the person's own documents"
        case "web":
            return "the web"
        case _:
            return "another source"


def _shown(evidence: Numbered, texts: Mapping[str, str], shortened: Set[str]) -> Shown:
    ids = tuple(name for name in evidence.by_id if name in texts)
    return Shown(
        text="\n\n".join(texts[name] for name in ids),
        ids=ids,
        left=tuple(name for name in evidence.by_id if name not in texts),
        shortened=tuple(name for name in ids if name in shortened),
    )
