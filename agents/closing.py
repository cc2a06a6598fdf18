"""Which gaps a report closes: what a branch sought in vain is none where the report says it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.questions import read_question
from quaestor.agents.facts import facts
from quaestor.memory.finding import Gap
from quaestor.tools.text.names import name_words
from quaestor.tools.text.words import content_terms

ENOUGH = 0.75
"""Share of the content words of what was sought that one statement and its spans hold."""


@dataclass(frozen=True, slots=True)
class Told:
    """A statement that stands in the report."""

    text: str
    """Its own."""
    around: str
    """Its spans' text and their documents' titles."""


def still_open(
    gaps: Iterable[Gap], told: Sequence[Told], *, answered: Collection[str] = ()
) -> tuple[Gap, ...]:
    """Return the gaps that a report leaves open.

    Only what was searched for and not found can be closed; a source that is down stays down.

    Args:
        gaps: Of all branches and of the writing.
        told: The statements that stand in the report.
        answered: Questions that it answers as a whole.
    """
    whole = {frozenset(content_terms(one)) for one in answered}

    def closed(gap: Gap) -> bool:
        asked = frozenset(content_terms(gap.what))
        return asked in whole or any(_says(one, gap.what, asked) for one in told)

    return tuple(gap for gap in gaps if gap.kind != "not_found" or not closed(gap))


def _says(told: Told, what: str, asked: frozenset[str]) -> bool:
    """Say whether a statement speaks of all that is asked and gives what may be the answer."""
    held = asked & frozenset(content_terms(f"{told.text}\n{told.around}"))
    return bool(asked) and len(held) >= ENOUGH * len(asked) and _gives(told.text, what)


def _gives(text: str, what: str) -> bool:
    """Say whether a text holds a fact of the kind a question wants, and not only its own."""
    said, own = facts(text), name_words(what)
    match read_question(what).answer_type:
        case "date":
            years = [n.text for n in said.numbers if len(n.text) == 4 and n.text.isdigit()]
            return any(
                not name_words(one) <= own for one in (*years, *(d.text for d in said.dates))
            )
        case "number":
            return any(not name_words(one.text) <= own for one in said.numbers)
        case "name" | "place":
            return any(not own.issuperset(name.parts) for name in said.names)
        case _:
            return True
