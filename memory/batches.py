"""Writers of one process share a transaction, and so the one commit that waits for the disk.

A writer's statements run while it has its turn. Then it asks for a commit, which takes its turn
behind the writers who are waiting already: all of them are in it. Whoever comes later is in the
next one. A writer goes on when the commit it is in has ended, and not before.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncGenerator
from concurrent.futures import Executor

from quaestor.memory.connection import BUSY_TIMEOUT_MS, Connection
from quaestor.memory.unbroken import to_its_end

_LOOK_AGAIN_S = (0.001, 0.002, 0.005, 0.01, 0.02)
"""Pauses while another process writes; the last one again and again."""


class Batches:
    """The transactions of the connection that writes."""

    def __init__(self, connection: Connection, thread: Executor) -> None:
        self._connection = connection
        self._thread = thread
        self._turn = asyncio.Lock()
        self._open: asyncio.Future[None] | None = None
        """Of the transaction that is open: whether it was committed."""
        self._committing: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def joined(self) -> AsyncGenerator[Connection]:
        """Write in the transaction that is open, or in a new one, and see it committed.

        What fails leaves nothing of its own and all of the others'.
        """
        async with self._turn:
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
            if self._open is None:
                self._open = asyncio.get_running_loop().create_future()
                self._committing = asyncio.create_task(self._commit(self._open))
            batch = self._open
        await to_its_end(batch)

    async def close(self) -> None:
        """Close the connection when the commit that is asked for has ended."""
        if self._committing is not None:
            await to_its_end(self._committing)
        async with self._turn:
            self._connection.close()

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
            self._open.set_exception(_again(error))
            self._open = None

    async def _commit(self, batch: "asyncio.Future[None]") -> None:
        await _acquire(self._turn)
        try:
            if batch.done():
                return
            self._open = None
            loop = asyncio.get_running_loop()
            work = loop.run_in_executor(self._thread, self._connection.raw.execute, "COMMIT")
            await to_its_end(work)
        except BaseException as error:
            if self._connection.raw.in_transaction:
                self._connection.raw.execute("ROLLBACK")
            batch.set_exception(_again(error))
        else:
            batch.set_result(None)
        finally:
            self._turn.release()


async def _acquire(turn: asyncio.Lock) -> None:
    """Take a turn even where the task is cancelled: others wait for what it is to do."""
    while True:
        try:
            await turn.acquire()
        except asyncio.CancelledError:
            continue
        return


def _again(error: BaseException) -> Exception:
    """Return an error for the others of a transaction."""
    return error if isinstance(error, Exception) else sqlite3.OperationalError(repr(error))
