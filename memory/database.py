"""One database a home: documents, ledger, lease and checkpoints share one SQLite file."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import Connection, event, insert, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import Table

from quaestor.errors import LeaseLostError, SettingsError
from quaestor.memory import schema
from quaestor.memory.unbroken import unbroken

FILE_NAME = "quaestor.db"
Writing = contextlib.AbstractAsyncContextManager[AsyncConnection]
"""What `Database.writing` gives: a transaction."""
BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another process's transaction before it gives up."""

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA trusted_schema=OFF",
)


class Database:
    """The open database of one home, bound to the event loop that opened it.

    All of our statements go through one connection, one transaction at a time, so that within
    a process nobody waits for a lock of SQLite's.
    """

    def __init__(self, engine: AsyncEngine, path: Path) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self.path = path

    @classmethod
    async def open(cls, home: Path) -> "Database":
        """Open the home's database, making both if they are not there (0700, 0600).

        Raises:
            SettingsError: The home cannot be written, is damaged, or was made by another version.
        """
        path = make_home(home)
        engine = create_async_engine(
            f"sqlite+aiosqlite:///{path}",
            poolclass=StaticPool,
            connect_args={"async_creator_fn": unbroken},
        )
        event.listen(engine.sync_engine, "connect", _on_connect)
        event.listen(engine.sync_engine, "begin", _on_begin)
        database = cls(engine, path)
        try:
            await database._check_version()
        except BaseException as error:
            await engine.dispose()
            if _is_no_database(error):
                raise SettingsError(
                    f"{path} is no database or is damaged; move it away or name another folder "
                    "with --home"
                ) from error
            raise
        return database

    async def close(self) -> None:
        """Close the connection; safe to call twice."""
        await self._engine.dispose()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """A connection to read with: it waits for no writer of another process."""
        async with self._turn, self._engine.connect() as connection:
            yield await connection.execution_options(reads=True)

    @contextlib.asynccontextmanager
    async def writing(self, *, run_id: str = "", token: int = 0) -> AsyncGenerator[AsyncConnection]:
        """A transaction; with a run, only while its lease still carries `token`.

        Raises:
            LeaseLostError: Another process has taken the run over; nothing is written.
        """
        async with self._turn, self._engine.begin() as connection:
            if run_id:
                held = await connection.scalar(
                    select(schema.leases.c.token).where(schema.leases.c.run_id == run_id)
                )
                if held != token:
                    raise LeaseLostError(run_id)
            yield connection

    async def _check_version(self) -> None:
        async with self.writing() as connection:
            await connection.run_sync(schema.metadata.create_all)
            version = await connection.scalar(select(schema.home.c.version))
            if version is None:
                await connection.execute(insert(schema.home).values(version=schema.VERSION))
            elif version != schema.VERSION:
                raise SettingsError(
                    f"{self.path} was made by another version of quaestor (schema {version}, "
                    f"this one reads {schema.VERSION}); name another folder with --home"
                )


def insert_new(table: Table) -> Any:
    """Return an INSERT that leaves a row that is already there as it is."""
    return sqlite_insert(table).on_conflict_do_nothing()


def upsert(table: Table, *changing: str) -> Any:
    """Return an INSERT that, for a row that is there, sets the named columns anew."""
    statement = sqlite_insert(table)
    return statement.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_={name: statement.excluded[name] for name in changing},
    )


async def connect(path: Path) -> aiosqlite.Connection:
    """Open a second connection to the same file, set up alike: LangGraph's saver takes it."""
    connection = await unbroken(path)
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


def _is_no_database(error: BaseException) -> bool:
    codes = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlite_errorcode", 0) in codes


def _on_connect(connection: Any, _record: object) -> None:
    # The driver would open transactions by itself, and deferred ones: two processes that read
    # first and write later would then fail instead of waiting for each other.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _on_begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
