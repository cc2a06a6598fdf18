"""The runs of a home: what was asked, how far it came, what came out."""

import json
import shlex
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import RowMapping, bindparam, desc, func, select, update

from quaestor.errors import RunNotFoundError
from quaestor.memory import schema
from quaestor.memory.database import Database, insert_new

RunState = Literal["running", "waiting", "interrupted", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run as `quaestor runs` lists it."""

    run_id: str
    number: int
    """1 for the first run of the home."""
    question: str
    settings: dict[str, Any]
    """JSON-plain: what a resume needs to build the same graph."""
    state: RunState
    started: str
    """ISO 8601 UTC."""
    seconds: float
    """Spent running, all resumes together."""
    parents: tuple[str, ...]
    """Runs it was forked or extended from, nearest first."""
    report: str | None
    """Id of the report among the run's values (memory/values.py)."""


async def add_run(
    database: Database,
    run_id: str,
    *,
    question: str,
    settings: dict[str, Any],
    started: str,
    token: int,
) -> None:
    """Note a run that starts; one that is there already (a resume) stays as it is."""
    runs = schema.runs
    async with database.writing(run_id=run_id, token=token) as connection:
        highest = await connection.scalar(select(func.max(runs.c.number)))
        await connection.execute(
            insert_new(runs),
            {
                "run_id": run_id,
                "number": (highest or 0) + 1,
                "question": question,
                "settings": json.dumps(settings, sort_keys=True),
                "state": "running",
                "started": started,
                "seconds": 0.0,
                "parents": "[]",
            },
        )


async def set_state(
    database: Database,
    run_id: str,
    state: RunState,
    *,
    token: int,
    seconds: float = 0.0,
    report: str | None = None,
) -> None:
    """Note how far a run has come, and the seconds it ran since the last note."""
    runs = schema.runs
    values: dict[str, Any] = {"state": state, "seconds": runs.c.seconds + seconds}
    if report is not None:
        values["report"] = report
    async with database.writing(run_id=run_id, token=token) as connection:
        await connection.execute(update(runs).where(runs.c.run_id == run_id).values(values))


_RUN = select(schema.runs).where(schema.runs.c.run_id == bindparam("run"))


async def known_run(database: Database, run_id: str) -> RunRow | None:
    """Return a run by its whole id, None where the home has none yet."""
    async with database.reading() as connection:
        # A home may hold thousands.
        exact = (await connection.execute(_RUN, {"run": run_id})).mappings().first()
    return None if exact is None else _row(exact)


async def run_row(database: Database, run_id: str) -> RunRow:
    """Return a run by its id, the start of its id, or `last`.

    Raises:
        RunNotFoundError: There is none, or the start fits several.
    """
    exact = await known_run(database, run_id)
    if exact is not None:
        return exact
    found = await list_runs(database)
    if run_id == "last" and found:
        return found[0]
    fitting = [row for row in found if run_id and row.run_id.startswith(run_id)]
    if len(fitting) != 1:
        raise RunNotFoundError(run_id, shlex.quote(str(database.path.parent)))
    return fitting[0]


async def list_runs(database: Database) -> list[RunRow]:
    """Return the runs of the home, the last started first."""
    query = select(schema.runs).order_by(desc(schema.runs.c.number))
    async with database.reading() as connection:
        rows = (await connection.execute(query)).mappings().all()
    return [_row(row) for row in rows]


def _row(row: RowMapping) -> RunRow:
    return RunRow(
        run_id=row["run_id"],
        number=row["number"],
        question=row["question"],
        settings=json.loads(row["settings"]),
        state=row["state"],
        started=row["started"],
        seconds=row["seconds"],
        parents=tuple(json.loads(row["parents"])),
        report=row["report"],
    )
