"""A cancelled task leaves no transaction behind, not even one that began after it was cancelled."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path

import pytest
from aiosqlite import Connection
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import empty_checkpoint
from sqlalchemy import select

from quaestor.memory import schema
from quaestor.memory.checkpoints import close_saver, open_saver
from quaestor.memory.database import Database, insert_new
from quaestor.memory.lease import take
from quaestor.memory.unbroken import unbroken
from tests.memory.conftest import OpenSaver

CONFIG: RunnableConfig = {"configurable": {"thread_id": "r", "checkpoint_ns": ""}}


class Other:
    """Somebody else who is writing."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=0.0, isolation_level=None)

    def begin(self) -> None:
        """Raise at once where another transaction is open."""
        self._database.execute("BEGIN IMMEDIATE")

    def end(self) -> None:
        self._database.execute("COMMIT")

    def close(self) -> None:
        self._database.close()


@pytest.fixture
def other(database: Database) -> Generator[Other]:
    somebody = Other(database.path)
    yield somebody
    somebody.close()


async def cancelled(work: Callable[[], Awaitable[None]], after: int, other: Other) -> bool:
    """Cancel work after so many turns of the loop; say whether it was still under way."""

    async def work_and_clean_up() -> None:
        try:
            await work()
        finally:
            # As a run gives its lease back: with the cancellation, and all it broke off, in hand.
            other.begin()
            other.end()

    task = asyncio.create_task(work_and_clean_up())
    for _ in range(after):
        await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return task.cancelled()


async def test_a_writer_leaves_the_database_free_wherever_it_is_cancelled(
    database: Database, other: Other
) -> None:
    async def write() -> None:
        async with database.writing() as connection:
            for number in range(3):
                row = {"sha256": f"{number}", "body": b""}
                await connection.execute(insert_new(schema.texts), row)
                await connection.execute(select(schema.texts))

    cut = [await cancelled(write, after, other) for after in range(300)]
    assert sum(cut) > 3


async def test_a_saver_leaves_the_database_free_wherever_it_is_cancelled(
    database: Database, other: Other
) -> None:
    lease = await take(database, "r")

    async def put() -> None:
        saver = await open_saver(database.path, lease)
        try:
            await saver.aput(CONFIG, empty_checkpoint(), {}, {})
        finally:
            await close_saver(saver)

    cut = [await cancelled(put, after * 5, other) for after in range(60)]
    assert sum(cut) > 10


async def test_a_saver_is_closed_after_the_write_it_is_at(
    database: Database, other: Other, saver_of: OpenSaver
) -> None:
    saver = await saver_of(None)
    other.begin()
    putting = asyncio.create_task(saver.aput(CONFIG, empty_checkpoint(), {}, {}))
    await asyncio.sleep(0.05)
    closing = asyncio.create_task(close_saver(saver))
    await asyncio.sleep(0)
    other.end()
    await asyncio.gather(putting, closing)
    with sqlite3.connect(database.path) as connection:
        assert connection.execute("SELECT count(*) FROM checkpoints").fetchone() == (1,)
    connection.close()


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncGenerator[Connection]:
    opened = await unbroken(tmp_path / "x.db", timeout=1.0)
    yield opened
    await opened.close()


async def test_a_cancellation_comes_after_the_statement_and_is_counted_once(
    connection: Connection,
) -> None:
    done: list[object] = []

    async def work() -> None:
        cursor = await connection.execute("SELECT 7")
        done.append(await cursor.fetchone())
        done.append(asyncio.current_task().cancelling())  # type: ignore[union-attr]  # in a task
        await asyncio.sleep(60)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == [(7,), 1]


async def test_a_statement_that_fails_raises_its_error(connection: Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await connection.execute("SELECT * FROM elsewhere")
