"""Where a run's model could not answer and the extractive step did: counted, never silent."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import delete, select

from quaestor.memory import schema
from quaestor.memory.calls import Ask
from quaestor.memory.database import Database, insert_new

REASONS = {
    "refused": "it refused",
    "cut_off": "its reply was cut off",
    "no_json": "its reply was not in the form asked for",
    "invalid": "its reply did not fit what was asked",
    "empty": "its reply was empty",
    "error": "its client raised an error",
    "down": "no connection, or an error of its server",
    "throttled": "it takes no more requests for now",
    "late": "it took too long",
    "closed": "it turns requests down",
    "too_long": "the prompt was too long for it",
    "unsupported": "it can reply in no form that was tried",
    "unconfirmed": "what it led with was not confirmed",
}
"""Why a model's step was taken without it, by the reasons of tools/models/desk.py and of
agents/chat/standing_in.py; what a run's first calls taught of a model (tools/models/lessons.py) is
the reason of every later step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """One step that an extractive make took for a model."""

    role: str
    """`planner`, `searcher`, `refiner`, `writer`, `verifier`."""
    branch: str
    task: str
    round: int
    step: int
    reason: str
    """One of `REASONS`."""


class Fallbacks:
    """Those of one run.

    Args:
        database: The open database.
        run_id: The run.
        token: Its lease.
    """

    def __init__(self, database: Database, *, run_id: str, token: int) -> None:
        self._database = database
        self._run_id = run_id
        self._token = token

    async def add(self, role: str, at: Ask, reason: str) -> None:
        """Note a fall-back; noting it again after a resume changes nothing."""
        row = {
            "run_id": self._run_id,
            **asdict(
                Fallback(
                    role=role,
                    branch=at.branch,
                    task=at.task,
                    round=at.round,
                    step=at.step,
                    reason=reason,
                )
            ),
        }
        async with self._database.writing(
            run_id=self._run_id, token=self._token, wait=False
        ) as connection:
            await connection.execute(insert_new(schema.fallbacks), row)

    async def clear(self) -> None:
        """Forget those of an earlier going: the run starts again from its question."""
        table = schema.fallbacks
        async with self._database.writing(
            run_id=self._run_id, token=self._token, wait=False
        ) as connection:
            await connection.execute(delete(table).where(table.c.run_id == self._run_id))

    async def counted(self) -> dict[str, int]:
        """Return how often, by `role:reason`, sorted."""
        table = schema.fallbacks
        query = select(table.c.role, table.c.reason).where(table.c.run_id == self._run_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(query)
            found = Counter(f"{row.role}:{row.reason}" for row in rows)
        return {name: found[name] for name in sorted(found)}


def fallback_words(fallbacks: Mapping[str, int]) -> str:
    """Return how often an extractive step answered for a model; empty where none did.

    Args:
        fallbacks: As `Fallbacks.counted` gives them.

    Example:
        >>> fallback_words({"writer:cut_off": 2})
        'writer 2 times (its reply was cut off)'
    """
    said: list[str] = []
    for name, count in sorted(fallbacks.items()):
        role, _, reason = name.partition(":")
        times = "once" if count == 1 else f"{count} times"
        said.append(f"{role} {times} ({REASONS.get(reason, reason)})")
    return ", ".join(said)
