"""Pauses: what Retry-After says, who gets a turn, how a pace is kept."""

import asyncio
import time

import pytest

from quaestor.tools.web.politeness import Pace, Turns, retry_after

NOW = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("120", 120.0, id="seconds"),
        pytest.param(" 0 ", 0.0, id="none"),
        pytest.param("Fri, 15 Jan 2027 08:00:30 GMT", 30.0, id="a date"),
        pytest.param("Fri, 15 Jan 2027 09:00:30 +0100", 30.0, id="a date elsewhere"),
        pytest.param("Fri, 15 Jan 2027 08:00:30", 30.0, id="a date of no zone"),
        pytest.param("Fri, 15 Jan 2027 07:00:00 GMT", 0.0, id="a date that has passed"),
        pytest.param("9" * 400, 999_999_999.0, id="a number without end"),
        pytest.param("-5", None, id="a negative number"),
        pytest.param("1.5", None, id="a fraction"),
        pytest.param("\u0661", None, id="a digit of another script"),
        pytest.param("soon", None, id="a word"),
        pytest.param("Fri, 99 Jan 2027 08:00:30 GMT", None, id="no date"),
        pytest.param("", None, id="nothing in it"),
        pytest.param(None, None, id="no header"),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, now=NOW) == seconds


async def test_so_many_have_a_turn_at_a_host_and_others_are_not_held_up() -> None:
    turns, inside = Turns(2), {"a": 0, "b": 0}
    most = dict(inside)
    leave = asyncio.Event()

    async def visit(host: str) -> None:
        async with turns.at(host):
            inside[host] += 1
            most[host] = max(most[host], inside[host])
            await leave.wait()
            inside[host] -= 1

    visits = [asyncio.create_task(visit(host)) for host in "aaaaabbb"]
    for _ in range(20):
        await asyncio.sleep(0)
    assert most == {"a": 2, "b": 2}
    leave.set()
    await asyncio.gather(*visits)
    assert most == {"a": 2, "b": 2}


def test_turns_serve_every_event_loop() -> None:
    turns = Turns(1)

    async def visit() -> None:
        async with turns.at("a"):
            await asyncio.sleep(0.001)

    async def crowd() -> None:
        await asyncio.gather(*(visit() for _ in range(3)))

    asyncio.run(crowd())
    asyncio.run(crowd())


async def test_a_pace_is_kept_by_all_who_share_it() -> None:
    pace = Pace(0.05)
    starts: list[float] = []

    async def ask() -> None:
        await pace.turn()
        starts.append(time.monotonic())

    await asyncio.gather(*(ask() for _ in range(4)))
    assert starts[-1] - starts[0] >= 0.149
    pace.rest(0.1)
    before = time.monotonic()
    await ask()
    assert starts[-1] - before >= 0.099
