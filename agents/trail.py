"""A searcher's steps as a chain of stored values: its state holds the last one's id alone.

LangGraph writes a node's whole state at every superstep. A list of steps would make the n-th
checkpoint n long; a chain costs each step the same, whether it is the tenth or the two
thousandth, and who chooses loads as much of it as it looks at.
"""

from dataclasses import dataclass

from quaestor.agents.refiner import Retention
from quaestor.agents.roles.searcher import ToolCall
from quaestor.memory.values import Values
from quaestor.tools.text.words import content_terms

RECENT = 20
"""Queries a new one is compared with."""
NEAR = 0.8
"""Share of content words two queries have in common that ask the same (Jaccard)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenStep:
    """A step a searcher has taken: what it called, and what of the result it kept."""

    call: ToolCall
    key: str
    """Of the ledger's call, which holds the result; empty where there is none."""
    retained: tuple[Retention, ...] = ()
    notice: str = ""
    """Said in place of the result: the call had been made before, or names no step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step, or one note, and the way to those before it."""

    before: str
    """Id of the link before; empty at the first."""
    number: int
    """Steps taken so far, this one included."""
    step: TakenStep | None
    """None for a note: only the chooser's memory changed."""
    memory: str = ""
    """What the chooser carries on."""
    recent: tuple[str, ...] = ()
    """The last queries, the newest last."""
    barren: int = 0
    """Steps in a row, up to this one, that repeated an earlier one or could not be made."""
    repeats: int = 0
    """Such steps in all."""


async def links(values: Values, head: str, *, steps: int | None = None) -> list[Link]:
    """Return the last links of a trail, the oldest first.

    Args:
        values: The run's.
        head: Id of the last link; empty for a trail not begun.
        steps: At least so many steps of it; all of it where it is None.
    """
    found: list[Link] = []
    taken = 0
    while head and (steps is None or taken < max(steps, 1)):
        link = await values.load(Link, head)
        found.append(link)
        taken += link.step is not None
        head = link.before
    return found[::-1]


def longer(last: Link | None, head: str, taken: TakenStep, *, query: str, failed: bool) -> Link:
    """Return the link that a step adds to a trail.

    Args:
        last: The link before, None at the first.
        head: Its id.
        taken: The step.
        query: What it searched for; empty where it searched for nothing.
        failed: It was a call that may not be made.
    """
    recent = last.recent if last else ()
    idle = failed or bool(taken.notice) or any(is_near(query, one) for one in recent)
    return Link(
        before=head,
        number=(last.number if last else 0) + 1,
        step=taken,
        memory=taken.call.memory or (last.memory if last else ""),
        recent=(*recent, query)[-RECENT:] if query else recent,
        barren=(last.barren if last else 0) + 1 if idle else 0,
        repeats=(last.repeats if last else 0) + idle,
    )


def noted(last: Link | None, head: str, memory: str) -> Link:
    """Return the link that a note adds: nothing but another memory."""
    if last is None:
        return Link(before="", number=0, step=None, memory=memory)
    return Link(
        before=head,
        number=last.number,
        step=None,
        memory=memory,
        recent=last.recent,
        barren=last.barren,
        repeats=last.repeats,
    )


def is_near(query: str, other: str) -> bool:
    """Say whether two queries ask the same in nearly the same words.

    Example:
        >>> is_near("height of the Eiffel Tower", "Eiffel Tower height"), is_near("a", "")
        (True, False)
    """
    mine, others = set(content_terms(query)), set(content_terms(other))
    either = mine | others
    return bool(either) and len(mine & others) >= NEAR * len(either)
