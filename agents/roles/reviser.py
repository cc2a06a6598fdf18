"""The reviser: a statement that failed, to be written anew once."""

from dataclasses import dataclass
from typing import Protocol

from quaestor.agents.roles.synthesizer import Statement
from quaestor.agents.roles.verifier import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A statement the verifier did not find wholly supported."""

    statement: Statement
    spans: tuple[str, ...]
    """The text of what it cites."""
    titles: tuple[str, ...]
    judged: Judged


class Reviser(Protocol):
    """Writes failing statements anew, once, from the spans they cite and no others."""

    async def revise(self, failing: tuple[Failing, ...]) -> tuple[str | None, ...]:
        """Return a new sentence for each, None where it stays as it is."""
        ...
