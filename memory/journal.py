"""What a run asked the outside, read back from the ledger for people and programs."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, func, select

from quaestor.memory import schema
from quaestor.memory.calls import Ask, CallRow
from quaestor.memory.database import Database

STRETCH = 64
"""Steps, or results of earlier rounds, that are read at once to see what a source told."""


async def load_calls(database: Database, run_id: str) -> list[CallRow]:
    """Return every call of a run, those first asked for first."""
    calls, results, asks = schema.calls, schema.results, schema.asks
    query = (
        select(
            calls,
            results.c.body,
            results.c.tokens_in,
            results.c.tokens_out,
            results.c.usd,
        )
        .outerjoin(results, calls.c.result == results.c.id)
        .where(calls.c.run_id == run_id)
        .order_by(calls.c.started, calls.c.key, calls.c.sample)
    )
    who = (
        select(asks)
        .where(asks.c.run_id == run_id)
        .order_by(asks.c.round, asks.c.branch, asks.c.task, asks.c.step)
    )
    unused = select(schema.wasted).where(schema.wasted.c.run_id == run_id)
    async with database.reading() as connection:
        rows = (await connection.execute(query)).mappings().all()
        asked = (await connection.execute(who)).mappings().all()
        wasted = (await connection.execute(unused)).mappings().all()
    askers: dict[tuple[str, int], list[Ask]] = defaultdict(list)
    for row in asked:
        ask = Ask(branch=row["branch"], task=row["task"], round=row["round"], step=row["step"])
        askers[row["key"], row["sample"]].append(ask)
    paid: dict[tuple[str, int], list[RowMapping]] = defaultdict(list)
    for row in wasted:
        paid[row["key"], row["sample"]].append(row)
    return [
        _call(row, askers[row["key"], row["sample"]], paid[row["key"], row["sample"]])
        for row in rows
    ]


async def told_before(
    database: Database,
    run_id: str,
    ask: Ask,
    *,
    origin: str,
    holding: Sequence[object],
    until: Callable[[dict[str, Any]], bool],
) -> list[dict[str, Any]]:
    """Return what a source had told a branch before a step, of results that hold some values.

    The asking task's own results come first, the newest first, a stretch of steps at a time: a
    step costs the same after thousands, for what is wanted was mostly told a step or two before.
    What other tasks of the same round were told is left out: whether it is there yet depends on
    who is quicker, and nothing that decides may.

    Args:
        database: The open database of the home.
        run_id: The run.
        ask: The step.
        origin: Label of the source.
        holding: Texts that stand as values in the result, such as an address: each must.
        until: Says of a body that it is what was wanted: earlier stretches are not read.

    Returns:
        Their bodies; of results of earlier rounds, read where the task has none, at most
        `STRETCH`.
    """
    calls, results, asks = schema.calls, schema.results, schema.asks
    told = (
        select(results.c.body)
        .select_from(asks)
        .join(
            calls,
            and_(
                calls.c.run_id == asks.c.run_id,
                calls.c.key == asks.c.key,
                calls.c.sample == asks.c.sample,
            ),
        )
        .join(results, calls.c.result == results.c.id)
        .where(
            asks.c.run_id == run_id,
            asks.c.branch == ask.branch,
            calls.c.origin == origin,
            results.c.outcome == "done",
            *(func.instr(results.c.body, _written(one)) > 0 for one in holding),
        )
    )
    own = told.where(
        asks.c.task == ask.task,
        asks.c.round == ask.round,
        asks.c.step >= bindparam("since"),
        asks.c.step < bindparam("upto"),
    ).order_by(asks.c.step.desc())
    earlier = told.where(asks.c.round < ask.round).order_by(asks.c.round, asks.c.task, asks.c.step)
    found: list[dict[str, Any]] = []
    async with database.reading() as connection:
        for upto in range(ask.step, 0, -STRETCH):
            rows = await connection.execute(own, {"since": upto - STRETCH, "upto": upto})
            found += (bodies := [json.loads(row.body) for row in rows])
            if any(map(until, bodies)):
                return found
        if not found:
            rows = await connection.execute(earlier.limit(STRETCH))
            found += [json.loads(row.body) for row in rows]
    return found


def _written(value: object) -> str:
    """Return a value as the ledger writes it: a text between its quotes is no part of another."""
    return json.dumps(value, ensure_ascii=False)


async def taken_at(database: Database, run_id: str) -> dict[str, str]:
    """Return when the outside first gave each document this run read, by document id."""
    calls, results = schema.calls, schema.results
    query = (
        select(results.c.body, results.c.taken_at)
        .join(calls, calls.c.result == results.c.id)
        .where(and_(calls.c.run_id == run_id, results.c.outcome == "done"))
        .order_by(results.c.taken_at)
    )
    async with database.reading() as connection:
        rows = (await connection.execute(query)).all()
    first: dict[str, str] = {}
    for row in rows:
        for document in json.loads(row.body).get("documents", []):
            first.setdefault(document, row.taken_at)
    return first


def _call(row: RowMapping, asks: list[Ask], wasted: Sequence[RowMapping]) -> CallRow:
    body: dict[str, Any] = json.loads(row["body"]) if row["body"] else {}
    estimated = bool(body.get("usage", {}).get("estimated", 0))
    return CallRow(
        key=row["key"],
        kind=row["kind"],
        sample=row["sample"],
        status=row["status"],
        how="" if row["status"] == "in_flight" else row["how"],
        asks=tuple(asks),
        origin=row["origin"],
        started=row["started"],
        seconds=row["seconds"],
        tokens_in=(row["tokens_in"] or 0) + sum(one["tokens_in"] for one in wasted),
        tokens_out=(row["tokens_out"] or 0) + sum(one["tokens_out"] for one in wasted),
        usd=(row["usd"] or 0.0) + sum(one["usd"] for one in wasted),
        priced=bool(body.get("priced", True)) and all(one["priced"] for one in wasted),
        estimated=estimated or any(one["estimated"] for one in wasted),
        error=str(body.get("reason", "")) if row["status"] == "failed" else "",
        attempts=row["attempts"],
        lost=row["lost"],
        documents=tuple(body.get("documents", ())),
    )
