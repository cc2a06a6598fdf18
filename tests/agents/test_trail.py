"""A searcher's steps as a chain: what each link counts, and how much of it is loaded."""

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest

from quaestor.agents.roles.searcher import ToolCall
from quaestor.agents.trail import RECENT, Link, TakenStep, is_near, links, longer, noted
from quaestor.memory import lease
from quaestor.memory.database import Database
from quaestor.memory.values import Values


@pytest.fixture
async def values(home: Path) -> AsyncGenerator[Values]:
    database = await Database.open(home)
    held = await lease.take(database, "r1")
    yield Values(database, run_id="r1", token=held.token)
    await database.close()


def taken(query: str, *, notice: str = "", memory: str = "") -> TakenStep:
    call = ToolCall(tool="search", arguments={"query": query}, thought="", memory=memory)
    return TakenStep(call=call, key="" if notice else query, notice=notice)


def chain(queries: Sequence[str], *, failed: Sequence[int] = ()) -> list[Link]:
    found: list[Link] = []
    for number, query in enumerate(queries, 1):
        last = found[-1] if found else None
        before = f"link {number - 1}" if last else ""
        found.append(longer(last, before, taken(query), query=query, failed=number in failed))
    return found


async def saved(values: Values, found: Sequence[Link]) -> str:
    head = ""
    for link in found:
        named = Link(
            before=head, number=link.number, step=link.step, memory=link.memory, recent=link.recent
        )
        head = await values.save(named)
    return head


@pytest.mark.parametrize(
    ("queries", "failed", "counted"),
    [
        pytest.param(["tide", "harbour fee"], (), [(0, 0), (0, 0)], id="two that differ"),
        pytest.param(
            ["height of the tower", "tower height", "harbour"],
            (),
            [(0, 0), (1, 1), (0, 1)],
            id="the same words in another order are a repeat, the next one is none",
        ),
        pytest.param(["a1", "b2", "c3"], (2, 3), [(0, 0), (1, 1), (2, 2)], id="two that failed"),
    ],
)
def test_idle_steps_are_counted_in_a_row_and_in_all(
    queries: list[str], failed: tuple[int, ...], counted: list[tuple[int, int]]
) -> None:
    assert [(link.barren, link.repeats) for link in chain(queries, failed=failed)] == counted


def test_a_step_that_was_only_given_a_notice_is_idle() -> None:
    first = longer(None, "", taken("tide"), query="tide", failed=False)
    again = longer(first, "l1", taken("tide", notice="made before"), query="", failed=False)
    assert (again.number, again.barren, again.repeats) == (2, 1, 1)
    assert again.recent == ("tide",)


def test_only_the_last_queries_are_compared_with() -> None:
    words = [f"subject{number}" for number in range(RECENT + 5)]
    last = chain(words)[-1]
    assert last.recent == tuple(words[-RECENT:])
    assert longer(last, "x", taken(words[0]), query=words[0], failed=False).barren == 0
    assert longer(last, "x", taken(words[-1]), query=words[-1], failed=False).barren == 1


def test_memory_stays_until_a_step_or_a_note_brings_another() -> None:
    first = longer(None, "", taken("tide", memory="M1"), query="tide", failed=False)
    second = longer(first, "l1", taken("fee"), query="fee", failed=False)
    note = noted(second, "l2", "M2")
    assert [link.memory for link in (first, second, note)] == ["M1", "M1", "M2"]
    assert (note.number, note.step, note.recent) == (2, None, ("tide", "fee"))
    assert noted(None, "", "M0").number == 0


async def test_a_trail_is_loaded_as_far_back_as_is_asked(values: Values) -> None:
    head = await saved(values, chain([f"subject{number}" for number in range(6)]))
    assert [link.number for link in await links(values, head)] == [1, 2, 3, 4, 5, 6]
    assert [link.number for link in await links(values, head, steps=2)] == [5, 6]
    assert [link.number for link in await links(values, head, steps=0)] == [6]
    assert await links(values, "") == []


async def test_a_note_is_no_step_of_a_window(values: Values) -> None:
    found = chain(["tide", "fee"])
    head = await values.save(noted(found[-1], await saved(values, found), "sum"))
    loaded = await links(values, head, steps=1)
    assert [(link.number, link.step is None) for link in loaded] == [(2, False), (2, True)]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        pytest.param("Pintail ferry range", "range of the ferry Pintail", True, id="reordered"),
        pytest.param(
            "Pintail ferry range", "Pintail ferry price", False, id="one of three differs"
        ),
        pytest.param("the of", "", False, id="no content words"),
    ],
)
def test_nearness(one: str, other: str, near: bool) -> None:
    assert is_near(one, other) is near
    assert is_near(other, one) is near
