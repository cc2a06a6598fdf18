"""Writers of one process share a transaction, and so the one commit that waits for the disk.

A writer's statements run while it has its turn, and it goes on at once: what it wrote is seen by
this process from then on, and by the disk soon after, in the order in which it was written.
Whoever must know that it is there asks for it by `settled`, and so do all who wrote before: the
ledger does before anything goes outside.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncGenerator, Hashable
from concurrent.futures import Executor

from quaestor.memory.connection import BUSY_TIMEOUT_MS, Connection
from quaestor.memory.unbroken import to_its_end

LATEST_S = 0.01
"""Seconds until a transaction nobody waits for is committed."""
_LOOK_AGAIN_S = (0.001, 0.002, 0.005, 0.01, 0.02)
"""Pauses while another process writes; the last one again and again."""


class _Batch:
    """One transaction and who wrote in it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.writers = set[Hashable]()
        self.due: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[None] = loop.create_future()
        self._timer = loop.call_later(LATEST_S, self.end)

    def end(self) -> None:
        """Ask for its commit."""
        self._timer.cancel()
        if not self.due.done():
            self.due.set_result(None)


class Batches:
    """The transactions of the connection that writes.

    Args:
        connection: That writes; nobody else uses it.
        thread: Where its commits wait.
    """

    def __init__(self, connection: Connection, thread: Executor) -> None:
        self._connection = connection
        self._thread = thread
        self._turn = asyncio.Lock()
        self._open: _Batch | None = None
        self._last: _Batch | None = None
        """That is open, or was the last to be: those before it have ended."""
        self._committing: asyncio.Task[None] | None = None
        """Held here, or it might be collected before it ends."""
        self._failed: dict[Hashable, Exception] = {}

    @contextlib.asynccontextmanager
    async def joined(self, writer: Hashable) -> AsyncGenerator[Connection]:
        """Write in the transaction that is open, or in a new one.

        What fails leaves nothing of its own and all of the others'.

        Args:
            writer: Whose it is: when what it wrote cannot be committed, all it writes later and
                its `settled` fail.
        """
        async with self._turn:
            self._check(writer)
            first = self._open is None
            if first:
                await self._begin()
            else:
                self._connection.raw.execute("SAVEPOINT one")
            try:
                yield self._connection
            except BaseException as error:
                self._undo(error, first=first)
                raise
            if not first:
                self._connection.raw.execute("RELEASE one")
            self._opened().writers.add(writer)

    @contextlib.asynccontextmanager
    async def uncommitted(self) -> AsyncGenerator[Connection | None]:
        """The connection while it holds what is not committed yet, to read with; else None."""
        if self._open is None and not self._turn.locked():
            yield None
            return
        async with self._turn:
            yield None if self._open is None else self._connection

    async def settled(self, writer: Hashable) -> None:
        """Wait until everything written so far is committed; raise where the writer's is not."""
        await self._end()
        self._check(writer)

    async def close(self) -> None:
        """Close the connection when everything is committed."""
        await self._end()
        async with self._turn:
            self._connection.close()

    async def _end(self) -> None:
        if self._last is not None:
            self._last.end()
            await to_its_end(self._last.ended)

    def _check(self, writer: Hashable) -> None:
        if writer in self._failed:
            raise self._failed[writer]

    def _opened(self) -> _Batch:
        if self._open is None:
            loop = asyncio.get_running_loop()
            self._open = self._last = _Batch(loop)
            self._committing = loop.create_task(self._commit(self._open))
        return self._open

    async def _begin(self) -> None:
        """Begin a transaction, waiting while another process has one."""
        gives_up = time.monotonic() + BUSY_TIMEOUT_MS / 1000
        looked = 0
        while True:
            try:
                self._connection.raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > gives_up:
                    raise
            else:
                return
            await asyncio.sleep(_LOOK_AGAIN_S[min(looked, len(_LOOK_AGAIN_S) - 1)])
            looked += 1

    def _undo(self, error: BaseException, *, first: bool) -> None:
        raw = self._connection.raw
        if first and raw.in_transaction:
            raw.execute("ROLLBACK")
        elif raw.in_transaction:
            raw.execute("ROLLBACK TO one")
            raw.execute("RELEASE one")
        elif self._open is not None:
            # SQLite itself has undone all of it: a full disk, say.
            self._lose(self._open, error)
            self._open = None

    async def _commit(self, batch: _Batch) -> None:
        # A loop that ends cancels what is left in it: no transaction may stay open behind it.
        with contextlib.suppress(asyncio.CancelledError):
            await batch.due
        await _acquire(self._turn)
        try:
            if batch.ended.done():
                return
            self._open = None
            loop = asyncio.get_running_loop()
            work = loop.run_in_executor(self._thread, self._connection.raw.execute, "COMMIT")
            await to_its_end(work)
        except BaseException as error:
            if self._connection.raw.in_transaction:
                self._connection.raw.execute("ROLLBACK")
            self._lose(batch, error)
        else:
            batch.ended.set_result(None)
        finally:
            batch.end()
            self._turn.release()

    def _lose(self, batch: _Batch, error: BaseException) -> None:
        """End a batch that is not committed: whoever wrote in it is told when it next asks."""
        told = error if isinstance(error, Exception) else sqlite3.OperationalError(repr(error))
        self._failed.update(dict.fromkeys(batch.writers, told))
        batch.ended.set_result(None)


async def _acquire(turn: asyncio.Lock) -> None:
    """Take a turn even where the task is cancelled: others wait for what it is to do."""
    while True:
        try:
            await turn.acquire()
        except asyncio.CancelledError:
            continue
        return
