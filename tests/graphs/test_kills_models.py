"""A run with models stopped at any of its calls goes on to the same report and pays none twice."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from quaestor.archive import Archive
from quaestor.researcher import Researcher
from quaestor.testing import Reply, Request
from tests.fakes import Shelf
from tests.telling import TellingModel

NOTES = {
    "Ulla Brandt": "Ulla Brandt runs the tide station at Skarvik. Ulla Brandt was born in 1964.",
    "Skarvik": "Skarvik has a tide station since 1931. The station at Skarvik has two gauges.",
}
QUESTION = "Who runs the tide station at Skarvik, and since when is it there?"


@dataclass(slots=True)
class Trip:
    """Lets calls outside pass until one of a number, which never comes back."""

    at: int = 0
    """From 1; 0 for none."""
    passed: int = 0
    here: asyncio.Event = field(default_factory=asyncio.Event)

    async def passing(self) -> None:
        """Count a call; stay for good in the one of the number."""
        self.passed += 1
        if self.passed == self.at:
            self.here.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)


class TrippedModel(TellingModel):
    """A model on the way to which a call may stay."""

    trip: Any = Field(exclude=True)
    said: Any = Field(exclude=True)

    async def answer_async(self, request: Request, number: int) -> Reply:
        """Return the reply, and count it as paid."""
        await self.trip.passing()
        self.said[request.prompt] += 1
        return self.answer(request, number)


class TrippedShelf(Shelf):
    """A shelf on the way to which a call may stay."""

    def __init__(self, trip: Trip, found: "Counter[str]") -> None:
        super().__init__("notes", NOTES, private=True)
        self._trip = trip
        self._found = found

    async def _answer(self, what: str, asked: str) -> None:
        await self._trip.passing()
        self._found[f"{what} {asked}"] += 1


def researcher(home: Path, trip: Trip, paid: "Counter[str]") -> Researcher:
    model = TrippedModel(seed=4, trip=trip, said=paid)
    shelf = TrippedShelf(trip, paid)
    return Researcher([shelf], home=home, model=model, rounds=1, tasks=2, steps=3)


async def stopped_and_resumed(home: Path, at: int) -> tuple[str, "Counter[str]", bool]:
    """Return the report, how often each request was answered, and whether it was stopped."""
    paid: Counter[str] = Counter()
    trip = Trip(at=at)
    run = researcher(home, trip, paid).start(QUESTION)
    waiting = asyncio.ensure_future(run)
    here = asyncio.ensure_future(trip.here.wait())
    await asyncio.wait([waiting, here], return_when=asyncio.FIRST_COMPLETED)
    here.cancel()
    if waiting.done():
        report = waiting.result()
        return f"{report.markdown}\n{report.fallbacks}", paid, False
    await run.interrupt()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    report = await (await researcher(home, Trip(), paid).resume("last"))
    return f"{report.markdown}\n{report.fallbacks}", paid, True


async def test_stopped_at_every_call_in_turn_none_is_paid_twice(tmp_path: Path) -> None:
    whole, once, stopped = await stopped_and_resumed(tmp_path / "whole", 0)
    assert not stopped
    assert set(once.values()) == {1}
    chats = [call for call in Archive(tmp_path / "whole").calls("last") if call.kind == "chat"]
    assert len(chats) >= 6
    for at in range(1, once.total() + 1):
        report, paid, stopped = await stopped_and_resumed(tmp_path / str(at), at)
        assert stopped, f"there was no call {at}"
        assert report == whole, f"stopped at call {at}"
        assert paid == once, f"stopped at call {at}"
