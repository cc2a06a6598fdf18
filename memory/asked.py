"""What a run asked at one place, and how it ended: for steps that learn from earlier ones."""

import json
from typing import Any

from sqlalchemy import and_, select

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
