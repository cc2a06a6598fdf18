"""How a run found its spans and why it kept them, in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import and_, bindparam, select, update

from quaestor.memory import schema
from quaestor.memory.database import Database, Writing, insert_new
from quaestor.memory.evidence import Retained, Sighting


class Sightings:
    """The sightings of one run.

    Args:
        database: The open database.
        run_id: The run.
        token: Its lease.
    """

    def __init__(self, database: Database, *, run_id: str, token: int) -> None:
        self._database = database
        self._run_id = run_id
        self._token = token

    async def add(self, sightings: Sequence[Sighting]) -> None:
        """Store sightings; those already there stay, promoted or not."""
        rows = [{"run_id": self._run_id, **asdict(sighting)} for sighting in sightings]
        if rows:
            async with self._writing() as connection:
                await connection.execute(insert_new(schema.sightings), rows)

    async def promote(self, branch: str, reasons: Mapping[str, Retained]) -> None:
        """Say why spans of a branch that were seen and not kept are kept after all."""
        if not reasons:
            return
        spans = [{"span": span, "reason": reasons[span]} for span in sorted(reasons)]
        table = schema.sightings
        statement = (
            update(table)
            .where(
                and_(
                    table.c.run_id == self._run_id,
                    table.c.evidence == bindparam("span"),
                    table.c.branch == branch,
                    table.c.retained_by.is_(None),
                )
            )
            .values(retained_by=bindparam("reason"))
        )
        async with self._writing() as connection:
            await connection.execute(statement, spans)

    async def all(self) -> list[Sighting]:
        """Return every sighting, in an order that does not depend on arrival."""
        table = schema.sightings
        query = (
            select(table)
            .where(table.c.run_id == self._run_id)
            .order_by(table.c.branch, table.c.task, table.c.step, table.c.rank, table.c.evidence)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [Sighting(**{k: v for k, v in row.items() if k != "run_id"}) for row in rows]

    def _writing(self) -> Writing:
        return self._database.writing(run_id=self._run_id, token=self._token, wait=False)
