"""Where a run's model could not answer and the extractive step did: counted, never silent."""

from collections import Counter
from dataclasses import asdict, dataclass

from sqlalchemy import select

from quaestor.memory import schema
from quaestor.memory.calls import Ask
from quaestor.memory.database import Database, insert_new


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
    """`refused`, `cut_off`, `no_json`, `invalid`, `empty`, `down`, `late`, `closed`, ..."""


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
        async with self._database.writing(run_id=self._run_id, token=self._token) as connection:
            await connection.execute(insert_new(schema.fallbacks), row)

    async def counted(self) -> dict[str, int]:
        """Return how often, by `role:reason`, sorted."""
        table = schema.fallbacks
        query = select(table.c.role, table.c.reason).where(table.c.run_id == self._run_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(query)
            found = Counter(f"{row.role}:{row.reason}" for row in rows)
        return {name: found[name] for name in sorted(found)}
