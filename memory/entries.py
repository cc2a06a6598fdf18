"""The ledger's rows of a call: under way, taken over, finished, and who asked for it.

Each is read or written in a transaction of the caller's.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, desc, select

from quaestor.memory import schema
from quaestor.memory.attempts import Patience
from quaestor.memory.calls import Ask, How
from quaestor.memory.connection import Connection
from quaestor.memory.database import insert_new, upsert
from quaestor.memory.outcomes import Cost, Outcome, outcome_of
from quaestor.memory.requests import Kind, split

_calls, _results = schema.calls, schema.results
_THAT_CALL = and_(
    _calls.c.run_id == bindparam("run"),
    _calls.c.key == bindparam("key"),
    _calls.c.sample == bindparam("sample"),
)
_CALL = select(_calls).where(_THAT_CALL)
_RESULT_OF_CALL = select(_results).join(_calls, _calls.c.result == _results.c.id).where(_THAT_CALL)
_NEWEST_RESULT = (
    select(_results)
    .where(and_(_results.c.key == bindparam("key"), _results.c.outcome == "done"))
    .order_by(desc(_results.c.id))
    .limit(1)
)
_NEW_RESULT = _results.insert().returning(*_results.c)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that a run wants."""

    run_id: str
    kind: Kind
    key: str
    sample: int
    origin: str
    request: dict[str, Any]
    ask: Ask
    """Of whoever came first."""
    patience: Patience

    def row(self) -> dict[str, Any]:
        """Return the columns of `calls` that do not change, and the zeros of the others."""
        return {
            "run_id": self.run_id,
            "key": self.key,
            "sample": self.sample,
            "kind": self.kind,
            "origin": self.origin,
            "seconds": 0.0,
            "attempts": 0,
            "lost": 0,
        }


async def result_of(
    connection: Connection, run_id: str, key: str, sample: int
) -> RowMapping | None:
    """Return the result of a run's call, None where it has none."""
    call = {"run": run_id, "key": key, "sample": sample}
    return (await connection.execute(_RESULT_OF_CALL, call)).mappings().first()


async def newest_result(connection: Connection, key: str) -> RowMapping | None:
    """Return what the outside last said to a request of any run."""
    return (await connection.execute(_NEWEST_RESULT, {"key": key})).mappings().first()


async def note_flight(connection: Connection, call: Call, began: float) -> tuple[int, int]:
    """Record that a call is under way.

    Returns:
        How often it had been when a process died, and how often it had been tried to its end.
    """
    mine = {"run": call.run_id, "key": call.key, "sample": call.sample}
    before = (await connection.execute(_CALL, mine)).mappings().first()
    lost = tried = 0
    if before is not None:
        lost = before["lost"] + (before["status"] == "in_flight")
        tried = before["attempts"]
    values = call.row() | {
        "status": "in_flight",
        "how": "made",
        "result": None,
        "started": stamp(began),
        "lost": lost,
    }
    await _note_request(connection, call)
    await connection.execute(
        upsert(schema.calls, "status", "how", "result", "started", "lost"), values
    )
    return lost, tried


async def note_adopted(
    connection: Connection, call: Call, row: RowMapping, how: How, now: float
) -> None:
    """Record that a run takes over a result of another, and who asked."""
    values = call.row() | {
        "status": row["outcome"],
        "how": how,
        "result": row["id"],
        "started": stamp(now),
    }
    await _note_request(connection, call)
    await connection.execute(upsert(schema.calls, "status", "how", "result"), values)
    await note_ask(connection, call.run_id, call.ask, outcome_of(row), sample=call.sample)


async def note_finished(
    connection: Connection,
    call: Call,
    result: dict[str, Any],
    took: dict[str, Any],
    wasted: Sequence[Cost],
) -> Outcome:
    """Record what the outside said, what that took and who asked.

    Args:
        connection: Of the transaction.
        call: What was called.
        result: The columns of `results`.
        took: Those of `calls` that tell how it went.
        wasted: What tries cost whose replies could not be used.
    """
    row = (await connection.execute(_NEW_RESULT, result)).mappings().one()
    finished = call.row() | {"status": row["outcome"], "how": "made", "result": row["id"]} | took
    await connection.execute(
        upsert(schema.calls, "status", "result", "seconds", "attempts"), finished
    )
    if wasted:
        mine = {"run_id": call.run_id, "key": call.key, "sample": call.sample}
        rows = [mine | asdict(cost) for cost in wasted]
        await connection.execute(schema.wasted.insert(), rows)
    outcome = outcome_of(row)
    await note_ask(connection, call.run_id, call.ask, outcome, sample=call.sample)
    return outcome


async def note_ask(
    connection: Connection, run_id: str, ask: Ask, outcome: Outcome, *, sample: int
) -> None:
    """Record who asked for a call, and what is charged for it."""
    row = {
        "run_id": run_id,
        "key": outcome.key,
        "sample": sample,
        "branch": ask.branch,
        "task": ask.task,
        "step": ask.step,
        "round": ask.round,
        "charge": json.dumps(dict(outcome.charge), sort_keys=True),
    }
    await connection.execute(insert_new(schema.asks), row)


async def _note_request(connection: Connection, call: Call) -> None:
    parts: dict[str, str] = {}
    body = json.dumps(split(call.request, parts), ensure_ascii=False, sort_keys=True)
    row = {"key": call.key, "kind": call.kind, "body": body}
    await connection.execute(insert_new(schema.requests), row)
    if parts:
        rows = [{"sha256": digest, "body": text} for digest, text in sorted(parts.items())]
        await connection.execute(insert_new(schema.parts), rows)


def stamp(seconds: float) -> str:
    """Return a time in ISO 8601, UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
