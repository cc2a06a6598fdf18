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
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from quaestor.errors import IntegrityError
from quaestor.memory.asked import first_step, key_at
from quaestor.memory.attempts import Failure, Patience, attempt, tell_nobody
from quaestor.memory.calls import Ask, How
from quaestor.memory.connection import Connection
from quaestor.memory.database import Database, Writing
from quaestor.memory.entries import (
    Call,
    newest_result,
    note_adopted,
    note_ask,
    note_finished,
    note_flight,
    result_of,
    stamp,
)
from quaestor.memory.flights import Flight
from quaestor.memory.journal import told_before
from quaestor.memory.outcomes import Cost, Do, Outcome, Reply, counting, failure_of, outcome_of
from quaestor.memory.recent import Recent
from quaestor.memory.requests import Kind, request_key
from quaestor.memory.store import save_blobs, save_documents

MAX_AGE_S: Mapping[str, float | None] = {"search": 3600.0, "fetch": 86_400.0, "embed": None}
"""What other runs may reuse, and how old it may be; None for no limit."""
NOTED = 256
"""Asks held in memory."""


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
        on_wait: Told whom a call waits for and why, and when it no longer does (attempts.py).
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
        on_call: Callable[[str, str], None] = tell_nobody,
        on_wait: Callable[[str, str], None] = tell_nobody,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.run_id = run_id
        self._database = database
        self._token = token
        self._parents = parents
        self._fresh = fresh
        self._retry_failed = retry_failed
        self._on_call = on_call
        self._on_wait = on_wait
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
            call = Call(
                run_id=self.run_id,
                kind=kind,
                key=key,
                sample=sample,
                origin=origin,
                request=request,
                ask=ask,
                patience=patience,
            )
            work = self._settle(call, do)
            flight = Flight(asyncio.create_task(work))
            self._flights[key, sample] = flight
            flight.task.add_done_callback(lambda _task: self._flights.pop((key, sample), None))
        outcome = await flight.join()
        if not self._noted.get((key, sample, ask)):
            async with self._writing() as connection:
                await note_ask(connection, self.run_id, ask, outcome, sample=sample)
            self._noted.put((key, sample, ask), True)
        return outcome

    async def outcome(self, key: str, sample: int = 0) -> Outcome:
        """Return the outcome of a finished call of this run.

        Raises:
            IntegrityError: The run has no such call.
        """
        async with self._database.reading() as connection:
            row = await result_of(connection, self.run_id, key, sample)
        if row is None:
            raise IntegrityError(f"run {self.run_id} has no finished call {key[:12]}")
        return outcome_of(row)

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

    async def _settle(self, call: Call, do: Do) -> Outcome:
        async with self._writing() as connection:
            known = await self._known(connection, call)
            if known is None:
                began = self._clock()
                lost, before = await note_flight(connection, call, began)
            else:
                row, how = known
                if how is not None:
                    await note_adopted(connection, call, row, how, self._clock())
                    self._noted.put((call.key, call.sample, call.ask), True)
                return outcome_of(row)
        await self._database.settled(run_id=self.run_id, token=self._token)
        return await self._make(call, do, began=began, lost=lost, before=before)

    async def _known(
        self, connection: Connection, call: Call
    ) -> tuple[RowMapping, How | None] | None:
        """Return a result to give again, and how it comes into this run if it is not yet in."""
        own = await result_of(connection, self.run_id, call.key, call.sample)
        if own is not None and not self._opens(own, call):
            return own, None
        for parent in self._parents:
            inherited = await result_of(connection, parent, call.key, call.sample)
            if inherited is not None and not self._opens(inherited, call):
                return inherited, "inherited"
        cached = await self._cached(connection, call)
        return None if cached is None else (cached, "cached")

    def _opens(self, row: RowMapping, call: Call) -> bool:
        """Say whether a result is a failure to be asked again: once, when a run is resumed."""
        failed = row["outcome"] == "failed"
        return failed and self._retry_failed and (call.key, call.sample) not in self._retried

    async def _cached(self, connection: Connection, call: Call) -> RowMapping | None:
        if self._fresh or call.kind not in MAX_AGE_S or call.sample:
            return None
        row = await newest_result(connection, call.key)
        limit = MAX_AGE_S[call.kind]
        if row is None or limit is None:
            return row
        age = self._clock() - datetime.fromisoformat(row["taken_at"]).timestamp()
        return row if age <= limit else None

    async def _make(self, call: Call, do: Do, *, began: float, lost: int, before: int) -> Outcome:
        self._on_call(call.kind, "started")
        wasted: list[Cost] = []
        tried = await attempt(
            counting(do, wasted),
            patience=call.patience,
            name=call.origin or call.kind,
            tell=self._on_wait,
        )
        if isinstance(tried, Failure):
            self._retried.add((call.key, call.sample))
            status, attempts, reply = "failed", tried.attempts, Reply(body=failure_of(tried.error))
        else:
            status, (reply, attempts) = "done", tried
        result = {
            "key": call.key,
            "outcome": status,
            "body": json.dumps(reply.body, ensure_ascii=False, allow_nan=False),
            "taken_at": stamp(self._clock()),
            "tokens_in": reply.tokens_in,
            "tokens_out": reply.tokens_out,
            "usd": reply.usd,
        }
        async with self._writing() as connection:
            await save_documents(connection, reply.documents)
            await save_blobs(connection, reply.blobs)
            took = {
                "started": stamp(began),
                "seconds": round(max(0.0, self._clock() - began), 6),
                "attempts": before + attempts,
                "lost": lost,
            }
            outcome = await note_finished(connection, call, result, took, wasted)
        self._noted.put((call.key, call.sample, call.ask), True)
        self._on_call(call.kind, status)
        return outcome

    def _writing(self) -> Writing:
        return self._database.writing(run_id=self.run_id, token=self._token, wait=False)
