"""Writers of one process share commits; each sees its own, and none another's failure."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import select

from quaestor.memory import schema
from quaestor.memory.database import Database, insert_new


class Seen:
    """What another process sees of the texts, and how often something was committed."""

    def __init__(self, database: Database) -> None:
        self._connection = sqlite3.connect(database.path, isolation_level=None)

    def texts(self) -> set[str]:
        return {name for (name,) in self._connection.execute("SELECT sha256 FROM texts")}

    def version(self) -> int:
        """Another number whenever somebody else has committed."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def seen(database: Database) -> Generator[Seen]:
    opened = Seen(database)
    yield opened
    opened.close()


async def write(database: Database, name: str, *, fails: bool = False) -> None:
    async with database.writing() as connection:
        await connection.execute(insert_new(schema.texts), {"sha256": name, "body": b""})
        if fails:
            raise ValueError(name)


async def test_every_writer_goes_on_when_what_it_wrote_is_committed(
    database: Database, seen: Seen
) -> None:
    missing: list[str] = []
    versions: set[int] = set()

    async def write_and_look(name: str) -> None:
        await write(database, name)
        versions.add(seen.version())
        if name not in seen.texts():
            missing.append(name)

    await asyncio.gather(*(write_and_look(f"{number}") for number in range(100)))
    assert missing == []
    assert len(versions) < 10, "a hundred writers at once share some commits"


async def test_what_fails_leaves_nothing_of_its_own_and_all_of_the_others(
    database: Database, seen: Seen
) -> None:
    failing = {0, 3, 4, 9}
    brought = await asyncio.gather(
        *(write(database, f"{number}", fails=number in failing) for number in range(10)),
        return_exceptions=True,
    )
    assert [number for number, error in enumerate(brought) if error] == sorted(failing)
    assert seen.texts() == {f"{number}" for number in range(10) if number not in failing}


async def test_a_reader_is_not_shown_what_is_not_committed(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert_new(schema.texts), {"sha256": "a", "body": b""})
        async with database.reading() as reader:
            assert (await reader.execute(select(schema.texts))).all() == []
    async with database.reading() as reader:
        assert (await reader.execute(select(schema.texts.c.sha256))).all() == [("a",)]


@pytest.mark.parametrize("victim", [0, 2, 4])
async def test_the_others_are_committed_wherever_a_writer_is_cancelled(
    database: Database, seen: Seen, victim: int
) -> None:
    for after in range(60):
        names = [f"{after}-{number}" for number in range(5)]
        tasks = [asyncio.create_task(write(database, name)) for name in names]
        for _ in range(after):
            await asyncio.sleep(0)
        tasks[victim].cancel()
        ended = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 30)
        others = {name for name, error in zip(names, ended, strict=True) if error is None}
        assert len(others) >= 4
        assert others <= seen.texts()


def test_a_loop_that_ends_amid_its_writers_leaves_nothing_half_done(home: Path) -> None:
    async def begin() -> None:
        database = await Database.open(home)
        writers = [asyncio.create_task(write(database, f"{number}")) for number in range(9)]
        writers.append(asyncio.create_task(database.close()))
        await asyncio.sleep(0)

    asyncio.run(begin())
    with contextlib.closing(sqlite3.connect(home / "quaestor.db", timeout=0.0)) as connection:
        connection.execute("BEGIN IMMEDIATE")


async def test_a_commit_that_fails_is_every_writer_s_failure(
    database: Database, seen: Seen
) -> None:
    """A foreign key that is checked at the end makes the commit itself fail."""
    async with database.writing() as connection:
        raw = connection.raw
        raw.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        raw.execute(
            "CREATE TABLE child (parent REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
        )
    raw.execute("PRAGMA foreign_keys=ON")

    async def orphan() -> None:
        async with database.writing() as connection:
            connection.raw.execute("INSERT INTO child VALUES (7)")

    ended = await asyncio.gather(
        write(database, "a"), orphan(), write(database, "b"), return_exceptions=True
    )
    assert [type(error) for error in ended] == [sqlite3.IntegrityError] * 3
    assert seen.texts() == set()
    await write(database, "c")
    assert seen.texts() == {"c"}
    with contextlib.suppress(ValueError):
        await write(database, "d", fails=True)
    assert seen.texts() == {"c"}
