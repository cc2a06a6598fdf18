"""The runs of a home: numbered as they started, found by the start of their name."""

from typing import Any

import pytest

from quaestor.errors import LeaseLostError, RunNotFoundError
from quaestor.memory.database import Database
from quaestor.memory.lease import take
from quaestor.memory.runs import RunRow, add_run, list_runs, run_row, set_state

SETTINGS: dict[str, Any] = {"rounds": 3, "sources": [{"name": "ü"}]}


async def start(database: Database, name: str, question: str = "Why?") -> int:
    token = (await take(database, name)).token
    await add_run(
        database,
        name,
        question=question,
        settings=SETTINGS,
        started="2026-01-31T12:00:00+00:00",
        token=token,
    )
    return token


async def test_a_run_from_its_start_to_its_report(database: Database) -> None:
    token = await start(database, "abc")
    begun = RunRow(
        run_id="abc",
        number=1,
        question="Why?",
        settings=SETTINGS,
        state="running",
        started="2026-01-31T12:00:00+00:00",
        seconds=0.0,
        parents=(),
        report=None,
    )
    assert await run_row(database, "abc") == begun
    await set_state(database, "abc", "interrupted", token=token, seconds=1.5)
    await set_state(database, "abc", "done", token=token, report="value")
    await set_state(database, "abc", "done", token=token, seconds=0.25)
    row = await run_row(database, "abc")
    assert (row.state, row.seconds, row.report) == ("done", 1.75, "value")
    assert row.settings == SETTINGS


async def test_a_run_that_goes_on_stays_as_it_began(database: Database) -> None:
    await start(database, "abc")
    await start(database, "abc", question="Another?")
    (row,) = await list_runs(database)
    assert (row.number, row.question) == (1, "Why?")


async def test_the_last_started_comes_first(database: Database) -> None:
    for name in ("b", "c", "a"):
        await start(database, name)
    await start(database, "b")  # resumed
    found = await list_runs(database)
    assert [(row.run_id, row.number) for row in found] == [("a", 3), ("c", 2), ("b", 1)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("abcd", "abcd", id="by its name"),
        pytest.param("x", "x1", id="by the start of it"),
        pytest.param("ab", "ab", id="a whole name before the start of a longer one"),
        pytest.param("last", "x1", id="the last"),
    ],
)
async def test_a_run_is_found(database: Database, asked: str, found: str) -> None:
    for name in ("ab", "abcd", "abce", "x1"):
        await start(database, name)
    assert (await run_row(database, asked)).run_id == found


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("abc", id="a start that fits two"),
        pytest.param("y", id="a start that fits none"),
        pytest.param("", id="no name"),
        pytest.param("abcdef", id="more than a name"),
    ],
)
async def test_a_run_is_not_found(database: Database, asked: str) -> None:
    for name in ("abcd", "abce"):
        await start(database, name)
    with pytest.raises(
        RunNotFoundError, match=f"no run '{asked}' in .*home; `quaestor runs --home .*home`"
    ):
        await run_row(database, asked)


async def test_a_home_without_runs_has_no_last_one(database: Database) -> None:
    with pytest.raises(RunNotFoundError, match="no run 'last'"):
        await run_row(database, "last")


async def test_whoever_lost_a_run_does_not_end_it(database: Database) -> None:
    late = await start(database, "abc")
    await take(database, "abc")
    with pytest.raises(LeaseLostError):
        await set_state(database, "abc", "failed", token=late)
    assert (await run_row(database, "abc")).state == "running"
