"""A run has one owner: whoever holds its lease, told apart by a fencing token."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from quaestor.errors import LeaseLostError, RunBusyError
from quaestor.memory import schema
from quaestor.memory.database import Database, upsert

LASTS_S = 30.0
"""After so long without a sign of life another process may take the run over."""
RENEW_EVERY_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to write for one run."""

    run_id: str
    owner: str
    """`host:process:start`, so that a process id used again is another owner."""
    token: int
    """One higher at every taking; each write of the run compares it."""


def this_process() -> str:
    """Return the owner this process is."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


async def take(
    database: Database,
    run_id: str,
    *,
    owner: str | None = None,
    clock: Callable[[], float] = time.time,
) -> Lease:
    """Take the run's lease: free, its own, expired, or of a process that is no more.

    Raises:
        RunBusyError: A living process holds it.
    """
    owner = owner or f"{this_process()}/{os.urandom(4).hex()}"
    async with database.writing() as connection:
        row = (
            await connection.execute(select(schema.leases).where(schema.leases.c.run_id == run_id))
        ).mappings().first()  # fmt: skip
        if row is not None and row["expires"] > clock() and _may_live(row["owner"]):
            raise RunBusyError(run_id, row["owner"])
        lease = Lease(run_id=run_id, owner=owner, token=(row["token"] if row else 0) + 1)
        await connection.execute(
            upsert(schema.leases, "owner", "token", "expires"),
            {
                "run_id": run_id,
                "owner": owner,
                "token": lease.token,
                "expires": clock() + LASTS_S,
            },
        )
    return lease


async def holder(database: Database, run_id: str) -> str:
    """Return who holds a run now; empty where nobody living does."""
    async with database.reading() as connection:
        query = select(schema.leases).where(schema.leases.c.run_id == run_id)
        row = (await connection.execute(query)).mappings().first()
    if row is None or row["expires"] <= time.time():
        return ""
    mine = row["owner"].startswith(this_process())
    return str(row["owner"]) if mine or _may_live(row["owner"]) else ""


async def renew(
    database: Database, lease: Lease, *, clock: Callable[[], float] = time.time
) -> None:
    """Push the lease's end out.

    Raises:
        LeaseLostError: Somebody else has it.
    """
    async with database.writing(run_id=lease.run_id, token=lease.token) as connection:
        await connection.execute(
            update(schema.leases)
            .where(schema.leases.c.run_id == lease.run_id)
            .values(expires=clock() + LASTS_S)
        )


async def release(database: Database, lease: Lease) -> None:
    """Give the lease back: the token stays, so that a late write of ours is still refused."""
    with contextlib.suppress(LeaseLostError):
        async with database.writing(run_id=lease.run_id, token=lease.token) as connection:
            await connection.execute(
                update(schema.leases)
                .where(schema.leases.c.run_id == lease.run_id)
                .values(expires=0.0, token=lease.token + 1, owner="")
            )


@contextlib.asynccontextmanager
async def holding(database: Database, lease: Lease) -> AsyncGenerator[None]:
    """Renew the lease in the background; give it back at the end."""
    beat = asyncio.create_task(_renew_often(database, lease))
    try:
        yield
    finally:
        beat.cancel()
        with contextlib.suppress(asyncio.CancelledError, LeaseLostError):
            await beat
        await release(database, lease)


async def _renew_often(database: Database, lease: Lease) -> None:
    while True:
        await asyncio.sleep(RENEW_EVERY_S)
        await renew(database, lease)


def _may_live(owner: str) -> bool:
    """Say whether an owner may still be there; only one on this host can be known dead."""
    host, _, rest = owner.split("/", maxsplit=1)[0].partition(":")
    process, _, started = rest.partition(":")
    if host != socket.gethostname() or not process.isdigit():
        return bool(owner)
    if int(process) == os.getpid():
        return False  # within a process graphs/resources.py sees to it that a run is open once
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return _started(int(process)) == started


def _started(process: int) -> str:
    """Return when a process started, in the kernel's ticks; empty where that is not told."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
