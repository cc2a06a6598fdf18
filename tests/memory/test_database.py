"""The home's database: its owner's alone, of one version, and one writer at a time."""

import asyncio
import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import func, insert, select, text

from quaestor.errors import SettingsError
from quaestor.memory import schema
from quaestor.memory.database import FILE_NAME, Database, connect, insert_new, upsert

WRITER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA busy_timeout=30000")
database.execute("BEGIN IMMEDIATE")
print("WRITING", flush=True)
sys.stdin.readline()
database.execute("INSERT INTO texts VALUES ('theirs', x'00')")
database.execute("COMMIT")
"""
"""Another process in the middle of a transaction, until it is sent a line."""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def open_umask() -> Generator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
async def test_a_home_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    async with contextlib.AsyncExitStack() as stack:
        database = await Database.open(home)
        stack.push_async_callback(database.close)
        second = await connect(database.path)
        stack.push_async_callback(second.close)
        async with database.writing() as connection:
            await connection.execute(insert(schema.texts), {"sha256": "a", "body": b""})
        files = sorted(home.iterdir())
        assert [one.name for one in files] == [FILE_NAME, f"{FILE_NAME}-shm", f"{FILE_NAME}-wal"]
        assert {mode(one) for one in files} == {0o600}
        assert mode(home) == 0o700


async def test_a_folder_with_other_things_in_it_keeps_its_mode(home: Path) -> None:
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    (home / "letter.txt").write_text("Dear reader")
    await (await Database.open(home)).close()
    assert (mode(home), mode(home / FILE_NAME)) == (0o755, 0o600)


@pytest.fixture
async def second(database: Database) -> AsyncGenerator[aiosqlite.Connection]:
    connection = await connect(database.path)
    yield connection
    await connection.close()


async def test_what_the_database_is_set_to(
    database: Database, second: aiosqlite.Connection
) -> None:
    async with database.reading() as first:
        for pragma, expected in [
            ("journal_mode", "wal"),
            ("synchronous", 2),  # FULL
            ("busy_timeout", 30_000),
            ("trusted_schema", 0),
        ]:
            assert await first.scalar(text(f"PRAGMA {pragma}")) == expected
            async with second.execute(f"PRAGMA {pragma}") as cursor:
                assert await cursor.fetchone() == (expected,)


async def test_a_home_of_another_version_is_refused(home: Path) -> None:
    await (await Database.open(home)).close()
    await (await Database.open(home)).close()  # the same version is not
    with sqlite3.connect(home / FILE_NAME) as database:
        database.execute("UPDATE home SET version = 99")
    database.close()
    says = r"made by another version of quaestor \(schema 99, this one reads 1\).*--home"
    with pytest.raises(SettingsError, match=says):
        await Database.open(home)


@pytest.mark.parametrize(
    "in_the_way",
    [
        pytest.param("home", id="a file where the home should be"),
        pytest.param(f"home/{FILE_NAME}/x", id="a folder where the database should be"),
    ],
)
async def test_a_home_that_cannot_be_written_is_refused(tmp_path: Path, in_the_way: str) -> None:
    (tmp_path / in_the_way).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / in_the_way).write_text("in the way")
    with pytest.raises(SettingsError, match=r"home cannot be written .*; name another with --home"):
        await Database.open(tmp_path / "home")


async def test_a_file_that_is_no_database_is_refused(home: Path) -> None:
    home.mkdir()
    (home / FILE_NAME).write_bytes(b"Dear reader, " * 100)
    with pytest.raises(SettingsError, match=r"quaestor\.db is no database .*--home"):
        await Database.open(home)
    assert (home / FILE_NAME).read_bytes() == b"Dear reader, " * 100


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    async def break_off() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(schema.texts), {"sha256": "a", "body": b""})
            raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        await break_off()
    assert await count(database) == 0


async def test_new_rows_stay_and_upserts_change_the_named_columns(database: Database) -> None:
    row = {"run_id": "r", "owner": "one", "token": 1, "expires": 1.0}
    other = {"run_id": "r", "owner": "two", "token": 2, "expires": 2.0}
    async with database.writing() as connection:
        await connection.execute(insert_new(schema.leases), row)
        await connection.execute(insert_new(schema.leases), other)
        assert (await connection.execute(select(schema.leases))).one() == ("r", "one", 1, 1.0)
        await connection.execute(upsert(schema.leases, "owner", "expires"), other)
        assert (await connection.execute(select(schema.leases))).one() == ("r", "two", 1, 2.0)


async def test_a_home_in_use_is_opened_and_read_while_somebody_writes(
    database: Database, home: Path
) -> None:
    """In this very thread, where nobody could end the transaction meanwhile."""
    with contextlib.closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        opened = await asyncio.wait_for(Database.open(home), 10)
        assert await count(opened) == 0
        await opened.close()


async def test_a_second_process_s_writer_waits_and_a_reader_does_not(database: Database) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(database.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        assert await asyncio.to_thread(process.stdout.readline) == "WRITING\n"
        assert await count(database) == 0  # not held up, and shown nothing unfinished

        async def write() -> list[str]:
            async with database.writing() as connection:
                before = (await connection.execute(select(schema.texts.c.sha256))).scalars().all()
                await connection.execute(insert(schema.texts), {"sha256": "ours", "body": b""})
                return list(before)

        writing = asyncio.create_task(write())
        done, _ = await asyncio.wait([writing], timeout=0.3)
        assert not done
        await asyncio.to_thread(process.communicate, "go on\n", 30)
        assert await writing == ["theirs"]
    finally:
        process.kill()
        process.communicate()
    assert await count(database) == 2


async def count(database: Database) -> int:
    async with database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(schema.texts)) or 0
