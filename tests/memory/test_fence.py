"""LangGraph's saver, too, is refused by the database once the run is somebody else's."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from quaestor.errors import LeaseLostError
from quaestor.memory.checkpoints import close_saver, open_saver
from quaestor.memory.database import Database
from quaestor.memory.lease import Lease, release, take
from tests.memory.conftest import OpenSaver

TAKEN_OVER = "the run was taken over by another process"


def config(run: str, at: str | None = None) -> RunnableConfig:
    return {
        "configurable": {
            "thread_id": run,
            "checkpoint_ns": "",
            **({"checkpoint_id": at} if at else {}),
        }
    }


async def put(saver: AsyncSqliteSaver, run: str) -> RunnableConfig:
    checkpoint = empty_checkpoint()
    return await saver.aput(
        config(run), checkpoint, {"source": "input", "step": 0, "parents": {}}, {}
    )


async def put_writes(saver: AsyncSqliteSaver, run: str) -> None:
    await saver.aput_writes(config(run, "c"), [("channel", {"x": 1})], task_id="t")


def rows(home: Path) -> dict[str, int]:
    with sqlite3.connect(home / "quaestor.db") as database:
        counted = {
            table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("checkpoints", "writes")
        }
    database.close()
    return counted


async def test_a_stale_saver_is_refused_and_the_new_one_is_not(
    database: Database, home: Path, saver_of: OpenSaver
) -> None:
    old = await saver_of(await take(database, "r"))
    await put(old, "r")
    await put_writes(old, "r")
    assert rows(home) == {"checkpoints": 1, "writes": 1}

    new = await saver_of(await take(database, "r"))
    for write in (put, put_writes):
        with pytest.raises(sqlite3.IntegrityError, match=TAKEN_OVER):
            await write(old, "r")
    await old.conn.rollback()
    assert rows(home) == {"checkpoints": 1, "writes": 1}

    await put(new, "r")
    await new.aput_writes(config("r", "d"), [("channel", {"x": 1})], task_id="t")
    assert rows(home) == {"checkpoints": 2, "writes": 2}


async def test_after_the_lease_was_given_back_nothing_is_written(
    database: Database, home: Path, saver_of: OpenSaver
) -> None:
    lease = await take(database, "r")
    saver = await saver_of(lease)
    await release(database, lease)
    with pytest.raises(sqlite3.IntegrityError, match=TAKEN_OVER):
        await put(saver, "r")
    await saver.conn.rollback()
    assert rows(home)["checkpoints"] == 0


async def test_a_run_s_fence_stands_round_that_run_alone(
    database: Database, home: Path, saver_of: OpenSaver
) -> None:
    saver = await saver_of(await take(database, "it's"))
    await take(database, "it's")
    await put(saver, "another")
    with pytest.raises(sqlite3.IntegrityError, match=TAKEN_OVER):
        await put(saver, "it's")
    assert rows(home)["checkpoints"] == 1


async def test_what_was_saved_is_read_back(database: Database, saver_of: OpenSaver) -> None:
    saver = await saver_of(await take(database, "r"))
    saved = await put(saver, "r")
    at: Any = saved.get("configurable", {})["checkpoint_id"]
    await saver.aput_writes(saved, [("channel", {"x": [1, None, "é"]})], task_id="t")
    found = await saver.aget_tuple(config("r", at))
    assert found is not None
    assert found.pending_writes == [("t", "channel", {"x": [1, None, "é"]})]


async def test_a_saver_that_joins_the_home_s_writers_is_refused_alike(
    database: Database, home: Path
) -> None:
    async with contextlib.AsyncExitStack() as stack:

        async def joining(lease: Lease) -> AsyncSqliteSaver:
            saver = await open_saver(database.path, lease, database=database)
            stack.push_async_callback(close_saver, saver)
            return saver

        old = await joining(await take(database, "r"))
        await put(old, "r")
        await put_writes(old, "r")
        lease = await take(database, "r")
        for write in (put, put_writes):
            with pytest.raises(LeaseLostError):
                await write(old, "r")
        assert rows(home) == {"checkpoints": 1, "writes": 1}
        await put(await joining(lease), "r")
        await database.settled()
        assert rows(home) == {"checkpoints": 2, "writes": 1}


async def test_a_saver_that_joins_reads_what_it_wrote_at_once(database: Database) -> None:
    lease = await take(database, "r")
    saver = await open_saver(database.path, lease, database=database)
    saved = await put(saver, "r")
    at: Any = saved.get("configurable", {})["checkpoint_id"]
    found = await saver.aget_tuple(config("r", at))
    await close_saver(saver)
    assert found is not None


async def test_a_saver_that_joins_writes_the_stock_saver_s_rows(
    tmp_path: Path,
) -> None:
    """Twice the same, through either: a checkpoint, its child, and writes of both kinds."""
    checkpoints = [empty_checkpoint(), empty_checkpoint()]
    written: list[dict[str, list[tuple[object, ...]]]] = []
    for joins in (False, True):
        home = tmp_path / str(joins)
        database = await Database.open(home)
        lease = await take(database, "r")
        saver = await open_saver(database.path, lease, database=database if joins else None)
        at = config("r")
        for step, checkpoint in enumerate(checkpoints):
            at = await saver.aput(
                at, checkpoint, {"source": "loop", "step": step, "parents": {"": "ä"}}, {}
            )
            for _ in range(2):
                await saver.aput_writes(at, [("a", 1), ("__error__", "x")], "t", "~p")
                await saver.aput_writes(at, [("__error__", "y")], "u")
        held = await saver.aget_tuple(config("r"))
        await close_saver(saver)
        await database.close()
        assert held is not None
        assert held.parent_config == config("r", checkpoints[0]["id"])
        written.append(whole(home))
    assert written[0] == written[1]
    assert [len(one) for one in written[0].values()] == [2, 6]


def whole(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with contextlib.closing(sqlite3.connect(home / "quaestor.db")) as database:
        return {
            table: sorted(database.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in ("checkpoints", "writes")
        }
