"""What a run asked the outside, in order, with who wanted it and what it brought."""

from dataclasses import replace
from typing import Any

import pytest

from quaestor.errors import RefusedError
from quaestor.memory.calls import Ask, CallRow
from quaestor.memory.database import Database
from quaestor.memory.journal import STRETCH, load_calls, taken_at
from quaestor.memory.lease import take
from quaestor.memory.ledger import Ledger
from quaestor.memory.outcomes import Reply
from quaestor.memory.requests import request_key
from tests.memory.conftest import page

ONE, TWO = page("One.", uri="1"), page("Two.", uri="2")
FIRST = Ask(branch="public", task="a", round=0, step=1)
LATER = Ask(branch="private", task="", round=1, step=2)


class Clock:
    """Ticks a quarter of a second each time it is read."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        self.now += 0.25
        return self.now


async def ledger_of(database: Database, run: str, now: float) -> Ledger:
    token = (await take(database, run)).token
    return Ledger(database, run, token=token, clock=Clock(now))


async def read() -> Reply:
    documents = [ONE.id, TWO.id]
    body = {"documents": documents}
    return Reply(body=body, documents=(ONE, TWO), tokens_in=3, tokens_out=4, usd=0.5)


async def refuse() -> Reply:
    raise RefusedError("s", "no")


async def test_calls_are_told_as_they_were_made(database: Database) -> None:
    ledger = await ledger_of(database, "r", 0.0)
    await ledger.call("fetch", {"u": 1}, read, ask=LATER, origin="web")
    await ledger.call("fetch", {"u": 1}, read, ask=FIRST, origin="web")
    await ledger.call("search", {"q": 1}, refuse, ask=FIRST, sample=3)
    assert await load_calls(database, "r") == [
        CallRow(
            key=request_key("fetch", {"u": 1}),
            kind="fetch",
            sample=0,
            status="done",
            how="made",
            asks=(FIRST, LATER),  # by round, not by who came first
            origin="web",
            started="1970-01-01T00:00:00.250+00:00",
            seconds=0.5,
            tokens_in=3,
            tokens_out=4,
            usd=0.5,
            documents=(ONE.id, TWO.id),
        ),
        CallRow(
            key=request_key("search", {"q": 1}),
            kind="search",
            sample=3,
            status="failed",
            how="made",
            asks=(FIRST,),
            origin="",
            started="1970-01-01T00:00:01.000+00:00",
            seconds=0.5,
            error="no",
        ),
    ]
    assert await load_calls(database, "another") == []


async def test_a_document_is_dated_by_who_first_gave_it(database: Database) -> None:
    async def again() -> Reply:
        return Reply(body={"documents": [ONE.id]}, documents=(ONE,))

    ledger = await ledger_of(database, "r", 1_000.0)
    await ledger.call("fetch", {"u": 1}, again, ask=FIRST)
    await ledger.call("fetch", {"u": 2}, read, ask=FIRST)
    await ledger.call("search", {"q": 1}, refuse, ask=FIRST)
    assert await taken_at(database, "r") == {
        ONE.id: "1970-01-01T00:16:40.500+00:00",
        TWO.id: "1970-01-01T00:16:41.250+00:00",
    }
    # A run that reuses a page is told when the outside gave it, not when it was reused.
    other = await ledger_of(database, "other", 2_000.0)
    await other.call("fetch", {"u": 2}, refuse, ask=FIRST)
    assert set((await taken_at(database, "other")).values()) == {"1970-01-01T00:16:41.250+00:00"}


@pytest.mark.parametrize(
    ("place", "held"),
    [
        pytest.param(0, [290, 200, 0], id="before the first step"),
        pytest.param(200, [290, 200], id="among a stretch of steps"),
        pytest.param(290, [290], id="just now"),
        pytest.param(-1, [290, 200, 0], id="nowhere"),
    ],
)
async def test_no_more_is_read_back_than_to_what_is_wanted(
    database: Database, place: int, held: list[int]
) -> None:
    ledger = await ledger_of(database, "r", 0.0)
    for step in range(0, 300, 10):
        name = "quay" if step in (0, 200, 290) else "pier"

        async def say(step: int = step, name: str = name) -> Reply:
            return Reply(body={"step": step, "name": name})

        await ledger.call("search", {"q": step}, say, ask=replace(FIRST, step=step), origin="web")

    def is_wanted(body: dict[str, Any]) -> bool:
        return bool(body["step"] == place)

    ask = replace(FIRST, step=299)
    told = await ledger.told_before(ask, origin="web", holding=["quay"], until=is_wanted)
    assert [body["step"] for body in told] == held


async def test_all_of_a_stretch_and_every_step_once(database: Database) -> None:
    ledger = await ledger_of(database, "r", 0.0)
    steps = 2 * STRETCH + 1
    for step in range(steps):

        async def say(step: int = step) -> Reply:
            return Reply(body={"step": step})

        await ledger.call("search", {"q": step}, say, ask=replace(FIRST, step=step), origin="web")
    for upto in (1, STRETCH, STRETCH + 1, steps):
        ask = replace(FIRST, step=upto)
        told = await ledger.told_before(ask, origin="web", holding=[], until=lambda _: False)
        assert [body["step"] for body in told] == list(reversed(range(upto)))
