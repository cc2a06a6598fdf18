"""Runs of one loop have one database of a home between them; the last one closes it."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import func, select

from quaestor.errors import SettingsError
from quaestor.memory import schema
from quaestor.memory.database import Database, insert_new
from quaestor.memory.homes import shared


async def write(database: Database, name: str) -> None:
    async with database.writing() as connection:
        await connection.execute(insert_new(schema.texts), {"sha256": name, "body": b""})


async def count(database: Database) -> int:
    async with database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(schema.texts)) or 0


async def test_it_is_one_until_the_last_has_given_it_back(home: Path) -> None:
    async with shared(home) as first:
        async with shared(home / ".." / home.name) as second:
            assert second is first
            await asyncio.gather(write(first, "a"), write(second, "b"))
        await write(first, "c")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        await write(first, "d")
    async with shared(home) as again:
        assert again is not first
        assert await count(again) == 3


def test_each_loop_has_its_own(home: Path) -> None:
    async def begin() -> Database:
        async with shared(home) as database:
            await write(database, "a")
            return database

    assert asyncio.run(begin()) is not asyncio.run(begin())


async def test_all_who_wait_for_a_home_that_cannot_be_used_are_told(home: Path) -> None:
    home.write_text("in the way")

    async def open_it() -> None:
        async with shared(home):
            pass

    told = await asyncio.gather(open_it(), open_it(), return_exceptions=True)
    assert [type(error) for error in told] == [SettingsError, SettingsError]
    home.unlink()
    await open_it()


async def test_who_no_longer_waits_leaves_it_to_the_others(home: Path) -> None:
    for after in range(30):

        async def open_and_write(name: str) -> None:
            async with shared(home) as database:
                await write(database, name)

        names = [f"{after}-{number}" for number in range(3)]
        tasks = [asyncio.create_task(open_and_write(name)) for name in names]
        for _ in range(after):
            await asyncio.sleep(0)
        tasks[0].cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert ended[1:] == [None, None]
    async with shared(home) as database:
        assert await count(database) >= 60
