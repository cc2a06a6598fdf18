"""The call ledger: the one way outside.

A call that has finished is never made again in its run: not after a crash, not by a second
worker who asks the same. Look-up order: this run's call, the calls of the runs it came from,
the page cache, and only then the outside. Result and call are written in one transaction before
the caller sees them, and committed, with all that was written since, before anything goes
outside again.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, desc, select

from quaestor.errors import IntegrityError, OutsideError
from quaestor.memory import schema
from quaestor.memory.asked import first_step, key_at
from quaestor.memory.attempts import Failure, Patience, attempt
from quaestor.memory.calls import Ask, How
from quaestor.memory.connection import Connection
from quaestor.memory.database import Database, Writing, insert_new, upsert
from quaestor.memory.documents import Document
from quaestor.memory.flights import Flight
from quaestor.memory.journal import told_before
from quaestor.memory.recent import Recent
from quaestor.memory.requests import Kind, request_key, split
from quaestor.memory.store import save_blobs, save_documents

MAX_AGE_S: Mapping[str, float | None] = {"search": 3600.0, "fetch": 86_400.0, "embed": None}
"""What other runs may reuse, and how old it may be; None for no limit."""
NOTED = 256
"""Asks held in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What `do` brings back from the outside."""

    body: dict[str, Any]
    """JSON-plain; `documents`, if it is there, lists the ids of what was read."""
    documents: tuple[Document, ...] = ()
    """Committed together with the result."""
    blobs: tuple[bytes, ...] = ()
    """What was fetched for it, as it came; committed too, under its sha256."""
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A finished call: an answer, or a final failure, which is a result too."""

    key: str
    failed: bool
    body: dict[str, Any]
    """Of a failure: `error` (class name), `source`, `reason`."""
    taken_at: str
    """When the outside said it, ISO 8601 UTC."""
    charge: Mapping[str, float] = field(default_factory=dict[str, float])
    """What it costs the task's allotment: `calls`, `tokens`, `usd`."""


Do = Callable[[], Awaitable[Reply]]
PATIENCE = Patience()


class Ledger:
    """The ledger of one run.

    Args:
        database: The open database of the home.
        run_id: The run that asks.
        token: Its lease.
        parents: The runs it was forked or extended from, nearest first.
        fresh: Reuse nothing of other runs' searches and pages.
        retry_failed: Ask again for what had failed for good.
        on_call: Told of each call at its start and its end, for progress.
        clock: Seconds since 1970; read for `taken_at` and ages, never for a request.
    """

    def __init__(
        self,
        database: Database,
        run_id: str,
        *,
        token: int,
        parents: tuple[str, ...] = (),
        fresh: bool = False,
        retry_failed: bool = False,
        on_call: Callable[[str, str], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.run_id = run_id
        self._database = database
        self._token = token
        self._parents = parents
        self._fresh = fresh
        self._retry_failed = retry_failed
        self._on_call = on_call or _tell_nobody
        self._clock = clock
        self._retried: set[tuple[str, int]] = set()
        # An ask noted twice changes nothing: to know the last ones spares most of the writing.
        self._noted = Recent[tuple[str, int, Ask], bool](NOTED)
        self._flights: dict[tuple[str, int], Flight[Outcome]] = {}

    async def call(
        self,
        kind: Kind,
        request: dict[str, Any],
        do: Do,
        *,
        ask: Ask,
        sample: int = 0,
        origin: str = "",
        patience: Patience = PATIENCE,
    ) -> Outcome:
        """Return the outcome of a request, paying for it at most once in this run.

        Args:
            kind: What sort of call it is.
            request: JSON-plain, a function of the run's state and of earlier outcomes only.
            do: Goes outside. Raises `OutsideError` where the outside fails: the ledger tries
                again while that error is retryable, and then records the failure.
            ask: Who wants it; each ask is charged the recorded cost.
            sample: Tells wanted repetitions of one request apart; from the caller's own step.
            origin: Label of the source asked, for people.
            patience: How long and how often it is tried.

        Raises:
            LeaseLostError: Another process has taken the run over.
        """
        key = request_key(kind, request)
        flight = self._flights.get((key, sample))
        if flight is None:
            work = self._settle(_Call(kind, key, sample, origin, request, ask, patience), do)
            flight = Flight(asyncio.create_task(work))
            self._flights[key, sample] = flight
            flight.task.add_done_callback(lambda _task: self._flights.pop((key, sample), None))
        outcome = await flight.join()
        if not self._noted.get((key, sample, ask)):
            async with self._writing() as connection:
                await self._note_ask(connection, key, sample, ask, outcome)
            self._noted.put((key, sample, ask), True)
        return outcome

    async def outcome(self, key: str, sample: int = 0) -> Outcome:
        """Return the outcome of a finished call of this run.

        Raises:
            IntegrityError: The run has no such call.
        """
        async with self._database.reading() as connection:
            row = await self._result_in(connection, self.run_id, key, sample)
        if row is None:
            raise IntegrityError(f"run {self.run_id} has no finished call {key[:12]}")
        return _outcome(row)

    async def first_step(self, key: str, branch: str, task: str) -> int | None:
        """Return the first step of a task that made a call, None if none did."""
        return await first_step(self._database, self.run_id, key, branch=branch, task=task)

    async def key_at(
        self, branch: str, task: str, step: int, *, kinds: Collection[str], before: int
    ) -> str:
        """Return the key of the call a task made at a step before another; empty if none."""
        if not 0 < step < before:
            return ""
        return await key_at(self._database, self.run_id, branch, task, step, kinds=kinds)

    async def told_before(
        self,
        ask: Ask,
        *,
        origin: str,
        holding: Sequence[object],
        until: Callable[[dict[str, Any]], bool],
    ) -> list[dict[str, Any]]:
        """Return what a source had told a branch of this run before a step (journal.py)."""
        return await told_before(
            self._database, self.run_id, ask, origin=origin, holding=holding, until=until
        )

    async def _settle(self, call: "_Call", do: Do) -> Outcome:
        async with self._writing() as connection:
            known = await self._known(connection, call)
            if known is None:
                began = self._clock()
                lost = await self._note_flight(connection, call, began)
            else:
                row, how = known
                if how is not None:
                    await self._adopt(connection, call, row, how)
                return _outcome(row)
        await self._database.settled(run_id=self.run_id, token=self._token)
        return await self._make(call, do, began=began, lost=lost)

    async def _known(
        self, connection: Connection, call: "_Call"
    ) -> tuple[RowMapping, How | None] | None:
        """Return a result to give again, and how it comes into this run if it is not yet in."""
        own = await self._result_in(connection, self.run_id, call.key, call.sample)
        if own is not None and not self._opens(own, call):
            return own, None
        for parent in self._parents:
            inherited = await self._result_in(connection, parent, call.key, call.sample)
            if inherited is not None and not self._opens(inherited, call):
                return inherited, "inherited"
        cached = await self._cached(connection, call)
        return None if cached is None else (cached, "cached")

    def _opens(self, row: RowMapping, call: "_Call") -> bool:
        """Say whether a result is a failure to be asked again: once, when a run is resumed."""
        failed = row["outcome"] == "failed"
        return failed and self._retry_failed and (call.key, call.sample) not in self._retried

    async def _result_in(
        self, connection: Connection, run_id: str, key: str, sample: int
    ) -> RowMapping | None:
        call = {"run": run_id, "key": key, "sample": sample}
        return (await connection.execute(_RESULT_OF_CALL, call)).mappings().first()

    async def _cached(self, connection: Connection, call: "_Call") -> RowMapping | None:
        if self._fresh or call.kind not in MAX_AGE_S or call.sample:
            return None
        row = (await connection.execute(_NEWEST_RESULT, {"key": call.key})).mappings().first()
        limit = MAX_AGE_S[call.kind]
        if row is None or limit is None:
            return row
        age = self._clock() - datetime.fromisoformat(row["taken_at"]).timestamp()
        return row if age <= limit else None

    async def _adopt(
        self, connection: Connection, call: "_Call", row: RowMapping, how: How
    ) -> None:
        values = call.row(self.run_id) | {
            "status": row["outcome"],
            "how": how,
            "result": row["id"],
            "started": _stamp(self._clock()),
        }
        await self._note_request(connection, call)
        await connection.execute(upsert(schema.calls, "status", "how", "result"), values)
        await self._note_ask(connection, call.key, call.sample, call.ask, _outcome(row))

    async def _make(self, call: "_Call", do: Do, *, began: float, lost: int) -> Outcome:
        self._on_call(call.kind, "started")
        tried = await attempt(do, patience=call.patience, name=call.origin or call.kind)
        failure = tried.error if isinstance(tried, Failure) else None
        if failure is not None:
            self._retried.add((call.key, call.sample))
        reply, attempts = (None, tried.attempts) if isinstance(tried, Failure) else tried
        body = reply.body if reply else _failure(failure)
        values = {
            "key": call.key,
            "outcome": "failed" if failure else "done",
            "body": json.dumps(body, ensure_ascii=False, allow_nan=False),
            "taken_at": _stamp(self._clock()),
            "tokens_in": reply.tokens_in if reply else 0,
            "tokens_out": reply.tokens_out if reply else 0,
            "usd": reply.usd if reply else 0.0,
        }
        async with self._writing() as connection:
            await save_documents(connection, reply.documents if reply else ())
            await save_blobs(connection, reply.blobs if reply else ())
            row = (await connection.execute(_NEW_RESULT, values)).mappings().one()
            finished = call.row(self.run_id) | {
                "status": values["outcome"],
                "how": "made",
                "result": row["id"],
                "started": _stamp(began),
                "seconds": round(max(0.0, self._clock() - began), 6),
                "attempts": attempts,
                "lost": lost,
            }
            await connection.execute(
                upsert(schema.calls, "status", "result", "seconds", "attempts"), finished
            )
            await self._note_ask(connection, call.key, call.sample, call.ask, _outcome(row))
        self._noted.put((call.key, call.sample, call.ask), True)
        self._on_call(call.kind, str(values["outcome"]))
        return _outcome(row)

    async def _note_flight(self, connection: Connection, call: "_Call", began: float) -> int:
        """Record that the call is under way; return how often it had been when a process died."""
        mine = {"run": self.run_id, "key": call.key, "sample": call.sample}
        before = (await connection.execute(_CALL, mine)).mappings().first()
        lost = 0
        if before is not None:
            lost = before["lost"] + (before["status"] == "in_flight")
        values = call.row(self.run_id) | {
            "status": "in_flight",
            "how": "made",
            "result": None,
            "started": _stamp(began),
            "lost": lost,
        }
        await self._note_request(connection, call)
        await connection.execute(
            upsert(schema.calls, "status", "how", "result", "started", "lost"), values
        )
        return lost

    async def _note_request(self, connection: Connection, call: "_Call") -> None:
        parts: dict[str, str] = {}
        body = json.dumps(split(call.request, parts), ensure_ascii=False, sort_keys=True)
        row = {"key": call.key, "kind": call.kind, "body": body}
        await connection.execute(insert_new(schema.requests), row)
        if parts:
            rows = [{"sha256": digest, "body": text} for digest, text in sorted(parts.items())]
            await connection.execute(insert_new(schema.parts), rows)

    async def _note_ask(
        self, connection: Connection, key: str, sample: int, ask: Ask, outcome: Outcome
    ) -> None:
        row = {
            "run_id": self.run_id,
            "key": key,
            "sample": sample,
            "branch": ask.branch,
            "task": ask.task,
            "step": ask.step,
            "round": ask.round,
            "charge": json.dumps(dict(outcome.charge), sort_keys=True),
        }
        await connection.execute(insert_new(schema.asks), row)

    def _writing(self) -> Writing:
        return self._database.writing(run_id=self.run_id, token=self._token, wait=False)


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


@dataclass(frozen=True, slots=True)
class _Call:
    kind: Kind
    key: str
    sample: int
    origin: str
    request: dict[str, Any]
    ask: Ask
    """Of whoever came first."""
    patience: Patience

    def row(self, run_id: str) -> dict[str, Any]:
        """Return the columns of `calls` that do not change, and the zeros of the others."""
        return {
            "run_id": run_id,
            "key": self.key,
            "sample": self.sample,
            "kind": self.kind,
            "origin": self.origin,
            "seconds": 0.0,
            "attempts": 0,
            "lost": 0,
        }


def _tell_nobody(_kind: str, _event: str) -> None:
    """Nobody watches."""


def _failure(error: OutsideError | None) -> dict[str, Any]:
    assert error is not None
    return {"error": type(error).__name__, "source": error.source, "reason": error.reason}


def _outcome(row: RowMapping) -> Outcome:
    return Outcome(
        key=row["key"],
        failed=row["outcome"] == "failed",
        body=json.loads(row["body"]),
        taken_at=row["taken_at"],
        charge={
            "calls": 1,
            "tokens": row["tokens_in"] + row["tokens_out"],
            "usd": row["usd"],
        },
    )


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
