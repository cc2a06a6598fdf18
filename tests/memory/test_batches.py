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
from quaestor.memory.lease import Lease, take


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


async def write(database: Database, name: str, *, fails: bool = False, wait: bool = True) -> None:
    async with database.writing(wait=wait) as connection:
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


async def texts_read(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(select(schema.texts.c.sha256))).scalars())


async def test_what_is_written_is_read_at_once_and_is_on_the_disk_when_it_is_asked_for(
    database: Database, seen: Seen
) -> None:
    await write(database, "a", wait=False)
    assert await texts_read(database) == ["a"]
    assert seen.texts() == set()
    await database.settled()
    assert seen.texts() == {"a"}
    assert await texts_read(database) == ["a"]


async def test_what_nobody_waits_for_is_on_the_disk_soon(database: Database, seen: Seen) -> None:
    await write(database, "a", wait=False)
    while not seen.texts():
        await asyncio.sleep(0.001)


async def test_a_writer_who_waits_is_behind_those_who_do_not(
    database: Database, seen: Seen
) -> None:
    for name in "abc":
        await write(database, name, wait=False)
    await write(database, "d")
    assert seen.texts() == {"a", "b", "c", "d"}


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


def test_a_loop_that_ends_keeps_what_was_written_and_no_lock(home: Path) -> None:
    async def begin() -> None:
        await write(await Database.open(home), "a", wait=False)

    asyncio.run(begin())
    with contextlib.closing(sqlite3.connect(home / "quaestor.db", timeout=0.0)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert connection.execute("SELECT sha256 FROM texts").fetchall() == [("a",)]


def test_a_loop_that_ends_amid_its_writers_leaves_nothing_half_done(home: Path) -> None:
    async def begin() -> None:
        database = await Database.open(home)
        writers = [asyncio.create_task(write(database, f"{number}")) for number in range(9)]
        writers.append(asyncio.create_task(database.close()))
        await asyncio.sleep(0)

    asyncio.run(begin())
    with contextlib.closing(sqlite3.connect(home / "quaestor.db", timeout=0.0)) as connection:
        connection.execute("BEGIN IMMEDIATE")


ORPHAN = "INSERT INTO child VALUES (7)"


async def check_foreign_keys(database: Database) -> None:
    """Have an `ORPHAN` break the commit itself."""
    async with database.writing() as connection:
        raw = connection.raw
        raw.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        raw.execute(
            "CREATE TABLE child (parent REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
        )
    raw.execute("PRAGMA foreign_keys=ON")


async def test_a_commit_nobody_waited_for_fails_what_its_runs_do_next_and_no_other_run(
    database: Database, seen: Seen
) -> None:
    await check_foreign_keys(database)
    leases = [await take(database, run_id) for run_id in ("lost", "too", "later")]

    async def note(lease: Lease, statement: str) -> None:
        async with database.writing(
            run_id=lease.run_id, token=lease.token, wait=False
        ) as connection:
            connection.raw.execute(statement)

    lost, too, later = leases
    await note(lost, ORPHAN)
    await note(too, "INSERT INTO texts VALUES ('a', '')")
    for lease in (lost, too):
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            await database.settled(run_id=lease.run_id, token=lease.token)
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            await note(lease, "INSERT INTO texts VALUES ('b', '')")
    await note(later, "INSERT INTO texts VALUES ('c', '')")
    await database.settled(run_id=later.run_id, token=later.token)
    assert seen.texts() == {"c"}
    again = await take(database, "lost")
    await note(again, "INSERT INTO texts VALUES ('d', '')")
    await database.settled(run_id="lost", token=again.token)
    assert seen.texts() == {"c", "d"}


async def test_a_commit_that_fails_is_every_writer_s_failure(
    database: Database, seen: Seen
) -> None:
    """A foreign key that is checked at the end makes the commit itself fail."""
    await check_foreign_keys(database)

    async def orphan() -> None:
        async with database.writing() as connection:
            connection.raw.execute(ORPHAN)

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
