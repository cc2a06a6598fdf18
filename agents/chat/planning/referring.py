"""`#n` in a model's tasks: which tasks are meant, and where those stand in the plan."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

REFERENCE = re.compile(r"#(\d{1,6})(?!\d)")
"""A task by its number, as `fill` of memory/plan.py takes it."""


def references(text: str, *, own: str) -> list[int]:
    """Return the numbers of the tasks a text refers to.

    Args:
        text: A task's question or query.
        own: The person's question: a `#7` that stands in it is a word, not a task.
    """
    words = {int(match[1]) for match in REFERENCE.finditer(own)}
    found = (int(match[1]) for match in REFERENCE.finditer(text))
    return [number for number in found if number not in words]


@dataclass(frozen=True, slots=True)
class Renumbering:
    """From the numbers a model gave its tasks to their places in the plan."""

    places: Mapping[int, int]
    """Of new tasks; those of the plan keep their number."""
    known: int
    """How many tasks the plan has."""
    own: str
    """The person's question."""

    def place(self, number: int) -> int:
        """Return where a task stands in the plan, from 1."""
        return number if number <= self.known else self.places[number]

    def rewrite(self, text: str) -> str:
        """Return a text that refers to places; a number of the person's own is written apart."""

        def put(match: re.Match[str]) -> str:
            number = int(match[1])
            if not references(match[0], own=self.own):
                return f"# {match[1]}"
            return f"#{self.place(number)}"

        return REFERENCE.sub(put, text)
