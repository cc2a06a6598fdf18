"""What a run asked at one place, and how it ended: for steps that learn from earlier ones."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from quaestor.memory import schema
from quaestor.memory.database import Database


async def asked(
    database: Database, run_id: str, *, kind: str, branch: str, round: int
) -> list[tuple[dict[str, Any], bool, dict[str, Any]]]:
    """Return the finished calls that no task asked at one place of a run.

    Args:
        database: The open database.
        run_id: The run.
        kind: Of the calls.
        branch: That asked.
        round: In which it asked.

    Returns:
        Of each: the request (its long parts as references), whether it failed, the result's
        body; ordered by key.
    """
    asks, calls, results, requests = schema.asks, schema.calls, schema.results, schema.requests
    query = (
        select(calls.c.key, requests.c.body, results.c.outcome, results.c.body.label("result"))
        .join(
            asks,
            and_(
                asks.c.run_id == calls.c.run_id,
                asks.c.key == calls.c.key,
                asks.c.sample == calls.c.sample,
            ),
        )
        .join(results, results.c.id == calls.c.result)
        .join(requests, requests.c.key == calls.c.key)
        .where(
            and_(
                calls.c.run_id == run_id,
                calls.c.kind == kind,
                asks.c.branch == branch,
                asks.c.task == "",
                asks.c.round == round,
            )
        )
        .order_by(calls.c.key)
    )
    async with database.reading() as connection:
        rows = (await connection.execute(query)).all()
    return [(json.loads(row.body), row.outcome == "failed", json.loads(row.result)) for row in rows]


_FIRST_STEP = select(func.min(schema.asks.c.step)).where(
    and_(
        schema.asks.c.run_id == bindparam("run"),
        schema.asks.c.key == bindparam("key"),
        schema.asks.c.branch == bindparam("branch"),
        schema.asks.c.task == bindparam("task"),
    )
)


async def first_step(
    database: Database, run_id: str, key: str, *, branch: str, task: str
) -> int | None:
    """Return the first step at which a task of a branch asked for a call, None if it never did."""
    asked_for = {"run": run_id, "key": key, "branch": branch, "task": task}
    async with database.reading() as connection:
        step: int | None = (await connection.execute(_FIRST_STEP, asked_for)).scalar_one()
    return step


async def key_at(
    database: Database, run_id: str, branch: str, task: str, step: int, *, kinds: Collection[str]
) -> str:
    """Return the key of the call of some kinds that a task asked for at a step; empty if none."""
    asks, calls = schema.asks, schema.calls
    query = (
        select(asks.c.key)
        .join(calls, and_(calls.c.run_id == asks.c.run_id, calls.c.key == asks.c.key))
        .where(
            and_(
                asks.c.run_id == run_id,
                asks.c.branch == branch,
                asks.c.task == task,
                asks.c.step == step,
                calls.c.kind.in_(sorted(kinds)),
            )
        )
        .order_by(asks.c.key)
    )
    async with database.reading() as connection:
        found = (await connection.execute(query)).scalars().first()
    return str(found or "")
