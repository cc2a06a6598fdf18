"""One database a home: documents, ledger, lease and checkpoints share one SQLite file."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.schema import Table

from quaestor.errors import LeaseLostError, SettingsError
from quaestor.memory import schema
from quaestor.memory.batches import Batches
from quaestor.memory.connection import PRAGMAS, Connection
from quaestor.memory.unbroken import Unbroken, to_its_end, unbroken

FILE_NAME = "quaestor.db"
Writing = contextlib.AbstractAsyncContextManager[Connection]
"""What `Database.writing` gives: a transaction."""


class Database:
    """The open database of one home, bound to the event loop that opened it.

    One connection writes, one transaction at a time, and another reads what is committed: within
    a process nobody waits for a lock of SQLite's. What this process wrote it reads from then on,
    committed or not; no other process is shown it before.
    """

    def __init__(self, path: Path, reader: Connection, writer: Connection) -> None:
        self.path = path
        self._reader = reader
        self._writer = writer
        self._reads = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="quaestor-commit")
        self._batches = Batches(writer, self._thread)

    @classmethod
    async def open(cls, home: Path) -> "Database":
        """Open the home's database, making both if they are not there (0700, 0600).

        Raises:
            SettingsError: The home cannot be written, is damaged, or was made by another version.
        """
        path = make_home(home)
        # It may wait for another process, and the file is read.
        loop = asyncio.get_running_loop()
        opening = asyncio.ensure_future(loop.run_in_executor(None, _open, path))
        reader, writer = await to_its_end(opening)
        return cls(path, reader, writer)

    async def close(self) -> None:
        """Close the connections; safe to call twice."""
        await self._batches.close()
        async with self._reads:
            # The last one to close tidies the file up, and waits for the disk.
            loop = asyncio.get_running_loop()
            await to_its_end(loop.run_in_executor(None, self._reader.close))
        self._thread.shutdown()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncGenerator[Connection]:
        """A connection to read with: it sees all that this process has written."""
        async with self._batches.uncommitted() as connection:
            if connection is not None:
                yield connection
                return
            async with self._reads:
                self._reader.raw.execute("BEGIN")
                try:
                    yield self._reader
                finally:
                    self._reader.raw.execute("COMMIT")

    @contextlib.asynccontextmanager
    async def writing(
        self, *, run_id: str = "", token: int = 0, wait: bool = True
    ) -> AsyncGenerator[Connection]:
        """A transaction; with a run, only while its lease still carries `token`.

        Args:
            run_id: On whose behalf is written.
            token: Of its lease.
            wait: Go on when it is committed; else it soon will be, after all that was written
                before it, together with what others write meanwhile. Should that fail, whatever
                the run writes next fails, and so does `settled`.

        Raises:
            LeaseLostError: Another process has taken the run over; nothing is written.
        """
        writer = (run_id, token) if run_id else object()
        async with self._batches.joined(writer) as connection:
            if run_id:
                held = connection.raw.execute(
                    "SELECT token FROM leases WHERE run_id = ?", (run_id,)
                ).fetchone()
                if held != (token,):
                    raise LeaseLostError(run_id)
            yield connection
        if wait:
            await self._batches.settled(writer)

    async def settled(self, *, run_id: str = "", token: int = 0) -> None:
        """Wait until all that was written is committed, and raise where the run's could not be."""
        await self._batches.settled((run_id, token))


def _open(path: Path) -> tuple[Connection, Connection]:
    with contextlib.ExitStack() as stack:
        try:
            writer = Connection(path)
            stack.callback(writer.close)
            _check_version(path, writer)
            reader = Connection(path)
        except sqlite3.DatabaseError as error:
            if not _is_no_database(error):
                raise
            raise SettingsError(
                f"{path} is no database or is damaged; move it away or name another folder "
                "with --home"
            ) from error
        # It has waited as long as it may: from here on whoever writes waits in the event loop.
        writer.raw.execute("PRAGMA busy_timeout=0")
        stack.pop_all()
    return reader, writer


def _check_version(path: Path, writer: Connection) -> None:
    # Whoever only wants to read must not wait for a writer, who may be waiting for it.
    held = {name for (name,) in writer.raw.execute("SELECT name FROM sqlite_master")}
    if held >= _named() and writer.raw.execute("SELECT * FROM home").fetchone() == (
        schema.VERSION,
    ):
        return
    writer.raw.execute("BEGIN IMMEDIATE")
    with writer.raw:
        writer.create(schema.metadata)
        found = writer.raw.execute("SELECT version FROM home").fetchone()
        if found is None:
            writer.raw.execute("INSERT INTO home (version) VALUES (?)", (schema.VERSION,))
        elif found != (schema.VERSION,):
            raise SettingsError(
                f"{path} was made by another version of quaestor (schema {found[0]}, "
                f"this one reads {schema.VERSION}); name another folder with --home"
            )


def _named() -> set[str]:
    """Return the names of all tables and indexes of a home."""
    tables = schema.metadata.tables.values()
    return {table.name for table in tables} | {
        str(index.name) for table in tables for index in table.indexes
    }


@lru_cache
def insert_new(table: Table) -> Any:
    """Return an INSERT that leaves a row that is already there as it is."""
    return sqlite_insert(table).on_conflict_do_nothing()


@lru_cache
def upsert(table: Table, *changing: str) -> Any:
    """Return an INSERT that, for a row that is there, sets the named columns anew."""
    statement = sqlite_insert(table)
    return statement.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_={name: statement.excluded[name] for name in changing},
    )


async def connect(path: Path) -> Unbroken:
    """Open another connection to the same file, set up alike: LangGraph's saver takes it."""
    connection = unbroken(path)
    await connection
    for pragma in PRAGMAS:
        await connection.execute(pragma)
    return connection


def make_home(home: Path) -> Path:
    """Make the home a folder of its owner's and return where its database stands.

    Raises:
        SettingsError: It cannot be written.
    """
    path = home / FILE_NAME
    try:
        home.mkdir(parents=True, exist_ok=True)
        # A folder somebody keeps other things in is left as they set it.
        if path.exists() or not any(home.iterdir()):
            home.chmod(0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SettingsError(
            f"the home {home} cannot be written ({error.strerror}); name another with --home"
        ) from error
    os.close(descriptor)
    return path


def _is_no_database(error: sqlite3.DatabaseError) -> bool:
    codes = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
    return getattr(error, "sqlite_errorcode", 0) in codes
