"""A run has one owner; whoever was taken over writes nothing any more."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from quaestor.errors import LeaseLostError, RunBusyError
from quaestor.memory import lease, runs
from quaestor.memory.database import Database
from quaestor.memory.lease import LASTS_S, holder, holding, release, renew, take, this_process

SLEEPER = """
import sys
from quaestor.memory.lease import this_process
print(this_process(), flush=True)
sys.stdin.readline()
"""
"""Another process: it says who it is and lives until it is sent a line."""


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Other:
    """Another process of this machine, as an owner."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SLEEPER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.owner = self._process.stdout.readline().strip()

    def die(self) -> None:
        if self._process.poll() is None:
            self._process.communicate("\n", timeout=60)


@pytest.fixture
def other() -> Generator[Other]:
    process = Other()
    yield process
    process.die()


async def note(database: Database, held: lease.Lease) -> None:
    """Write something on behalf of the run."""
    await runs.add_run(
        database, held.run_id, question="?", settings={}, started="2026", token=held.token
    )


async def test_a_run_that_another_process_holds_is_busy_until_that_dies(
    database: Database, other: Other
) -> None:
    theirs = await take(database, "r", owner=other.owner)
    assert await holder(database, "r") == other.owner
    with pytest.raises(RunBusyError, match="run r is held by") as busy:
        await take(database, "r")
    assert busy.value.owner == other.owner
    await renew(database, theirs)  # and nothing was taken from it

    other.die()
    assert await holder(database, "r") == ""
    ours = await take(database, "r")
    assert (theirs.token, ours.token) == (1, 2)
    with pytest.raises(LeaseLostError, match="run r was taken over"):
        await note(database, theirs)
    assert await runs.list_runs(database) == []
    await note(database, ours)
    assert [row.run_id for row in await runs.list_runs(database)] == ["r"]


async def test_a_lease_that_was_not_renewed_is_anybody_s(database: Database, other: Other) -> None:
    clock = Clock(1_000.0)
    theirs = await take(database, "r", owner=other.owner, clock=clock)
    clock.now += LASTS_S - 1
    await renew(database, theirs, clock=clock)
    clock.now += LASTS_S - 1
    with pytest.raises(RunBusyError):
        await take(database, "r", clock=clock)
    clock.now += 1
    assert (await take(database, "r", clock=clock)).token == 2
    with pytest.raises(LeaseLostError):
        await renew(database, theirs, clock=clock)


@pytest.mark.parametrize(
    "owner",
    [
        pytest.param("elsewhere.example:1:2", id="a process of another machine"),
        pytest.param(f"{socket.gethostname()}:1x:2", id="what is no process number"),
    ],
)
async def test_who_cannot_be_known_dead_is_busy_until_the_lease_ends(
    database: Database, owner: str
) -> None:
    clock = Clock(1_000.0)
    await take(database, "r", owner=owner, clock=clock)
    with pytest.raises(RunBusyError):
        await take(database, "r", clock=clock)
    clock.now += LASTS_S
    assert (await take(database, "r", clock=clock)).token == 2


async def test_a_process_number_used_again_is_somebody_else(
    database: Database, other: Other
) -> None:
    await take(database, "r", owner=f"{other.owner}0")  # its number, started at another time
    assert await holder(database, "r") == ""
    assert (await take(database, "r")).token == 2


async def test_our_own_is_taken_again_and_the_first_taking_is_over(database: Database) -> None:
    first = await take(database, "r")
    second = await take(database, "r")
    assert first.owner != second.owner
    assert all(one.owner.startswith(this_process()) for one in (first, second))
    assert await holder(database, "r") == second.owner
    with pytest.raises(LeaseLostError):
        await note(database, first)


async def test_a_lease_given_back_is_free_and_its_late_writes_are_refused(
    database: Database, other: Other
) -> None:
    theirs = await take(database, "r", owner=other.owner)
    await release(database, theirs)
    assert await holder(database, "r") == ""
    with pytest.raises(LeaseLostError):
        await note(database, theirs)
    ours = await take(database, "r")
    await release(database, theirs)  # twice, and too late: ours stays
    await note(database, ours)


async def test_runs_have_leases_of_their_own(database: Database) -> None:
    one, two = await take(database, "one"), await take(database, "two")
    await note(database, one)
    await note(database, two)
    assert (one.token, two.token) == (1, 1)


async def test_nobody_holds_a_run_that_is_not_there(database: Database) -> None:
    assert await holder(database, "r") == ""
    with pytest.raises(LeaseLostError):
        await note(database, lease.Lease(run_id="r", owner="me", token=1))


async def test_while_it_is_held_it_is_renewed_and_then_given_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY_S", 0.0)
    renewed = asyncio.Event()
    real = lease.renew

    async def renew_and_tell(*args: lease.Lease | Database) -> None:
        await real(*args)  # type: ignore[arg-type]  # whatever it was called with
        renewed.set()

    monkeypatch.setattr(lease, "renew", renew_and_tell)
    ours = await take(database, "r", clock=Clock(0.0))
    assert await holder(database, "r") == ""  # it ended long ago
    async with holding(database, ours):
        await asyncio.wait_for(renewed.wait(), 30)
        assert await holder(database, "r") == ours.owner
    assert await holder(database, "r") == ""


async def test_whoever_lost_it_while_holding_it_leaves_the_taker_alone(
    database: Database,
) -> None:
    ours = await take(database, "r")
    async with holding(database, ours):
        theirs = await take(database, "r")
    assert await holder(database, "r") == theirs.owner


def test_a_process_is_told_from_a_later_one_of_its_number(tmp_path: Path) -> None:
    host, number, started = this_process().split(":")
    stat = Path(f"/proc/{number}/stat")
    assert host == socket.gethostname()
    if stat.exists():
        # man proc_pid_stat: field 22, the third being the first after the name in brackets.
        assert started == stat.read_text().rpartition(") ")[2].split()[22 - 3]
