"""Fall-backs are counted by role and reason, once each, in their own run."""

import pytest

from quaestor.errors import LeaseLostError
from quaestor.memory import lease
from quaestor.memory.calls import Ask
from quaestor.memory.database import Database
from quaestor.memory.fallbacks import Fallbacks


def at(step: int, task: str = "") -> Ask:
    return Ask(branch="public", task=task, round=1, step=step)


async def opened(database: Database, run: str) -> Fallbacks:
    held = await lease.take(database, run)
    return Fallbacks(database, run_id=run, token=held.token)


async def test_they_are_counted_by_role_and_reason(database: Database) -> None:
    noted = await opened(database, "r1")
    await noted.add("writer", at(1), "refused")
    await noted.add("searcher", at(1, "t1"), "no_json")
    await noted.add("searcher", at(1, "t2"), "no_json")
    await noted.add("searcher", at(2, "t1"), "down")
    assert await noted.counted() == {"searcher:down": 1, "searcher:no_json": 2, "writer:refused": 1}
    assert list(await noted.counted()) == ["searcher:down", "searcher:no_json", "writer:refused"]
    assert await (await opened(database, "r2")).counted() == {}


async def test_noting_one_again_after_a_resume_changes_nothing(database: Database) -> None:
    for _ in range(2):
        await (await opened(database, "r1")).add("writer", at(1), "refused")
    assert await (await opened(database, "r1")).counted() == {"writer:refused": 1}


async def test_who_lost_the_lease_notes_nothing(database: Database) -> None:
    noted = await opened(database, "r1")
    await lease.take(database, "r1")
    with pytest.raises(LeaseLostError):
        await noted.add("writer", at(1), "refused")
