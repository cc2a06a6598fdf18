"""What stands around every provider: pace, pauses, cleaned text; and how one is written."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.tools.web import providers
from quaestor.tools.web.providers import Paced, SearchResult, ThrottledError, WebSearch

HIT = SearchResult(url="https://example.org/", title="Tide", snippet="It turns.")


class Engine:
    """An engine that fails as told, then answers."""

    name = "engine"

    def __init__(self, *failures: OutsideError, found: list[SearchResult] | None = None) -> None:
        self.failures = list(failures)
        self.found = [HIT] if found is None else found
        self.queries: list[str] = []
        self.times: list[float] = []

    async def search(self, query: str, *, limit: int) -> list[SearchResult]:
        self.queries.append(query)
        self.times.append(time.monotonic())
        if self.failures:
            raise self.failures.pop(0)
        return self.found


def paced(engine: Engine, interval_s: float = 0.0, said: list[str] | None = None) -> Paced:
    return Paced(engine, interval_s=interval_s, tell=(said if said is not None else []).append)


def throttled(pause: float | None) -> ThrottledError:
    return ThrottledError("engine", "it throttles", retry_after_s=pause)


async def test_searches_keep_their_distance() -> None:
    engine = Engine()
    asked = paced(engine, 0.05)
    await asyncio.gather(*(asked.search("tide", limit=3) for _ in range(4)))
    assert engine.times[-1] - engine.times[0] >= 0.149


async def test_the_pause_it_asks_for_is_kept() -> None:
    engine = Engine(throttled(0.1))
    assert await paced(engine).search("tide", limit=3) == [HIT]
    assert engine.times[1] - engine.times[0] >= 0.099


@pytest.mark.parametrize(
    ("failures", "asked"),
    [
        pytest.param([throttled(None)], 1, id="it names no pause"),
        pytest.param([throttled(providers.MAX_WAIT_S + 1)], 1, id="its pause is too long"),
        pytest.param([throttled(0.01), throttled(0.01)], 2, id="it throttles after its pause"),
        pytest.param([RefusedError("engine", "no")], 1, id="it refuses"),
        pytest.param([SourceDownError("engine", "down")], 1, id="it is down"),
    ],
)
async def test_a_failure_is_raised_told_and_not_tried_again(
    failures: list[OutsideError], asked: int
) -> None:
    engine, said = Engine(*failures), list[str]()
    with pytest.raises(type(failures[-1])) as caught:
        await paced(engine, said=said).search("tide", limit=3)
    assert not caught.value.retryable
    assert len(engine.queries) == asked
    assert said
    assert all("engine: " in one for one in said)


class Silent:
    """An engine that is waited for in vain."""

    name = "silent"

    def __init__(self, wait: Callable[[], Awaitable[object]]) -> None:
        self.wait = wait

    async def search(self, query: str, *, limit: int) -> list[SearchResult]:
        await self.wait()
        return [HIT]


async def _impatient() -> None:
    raise TimeoutError


@pytest.mark.parametrize(
    ("blocked", "reason"),
    [
        pytest.param(False, "it gave no answer within 0.05 s", id="it never answers"),
        pytest.param(True, "it gave no answer within 0.05 s", id="it blocks in a thread"),
    ],
)
async def test_an_engine_that_does_not_answer_in_time_is_down(blocked: bool, reason: str) -> None:
    release, said = threading.Event(), list[str]()

    def forever() -> Awaitable[object]:
        return asyncio.to_thread(release.wait) if blocked else asyncio.Event().wait()

    asked = Paced(Silent(forever), interval_s=0, tell=said.append, deadline_s=0.05)
    try:
        with pytest.raises(SourceDownError) as caught:
            await asked.search("tide", limit=3)
    finally:
        release.set()
    assert (caught.value.source, caught.value.reason) == ("silent", reason)
    assert not caught.value.retryable
    assert said == [f"silent: {reason}"]


async def test_an_engine_that_gives_up_by_itself_is_down_too() -> None:
    asked = Paced(Silent(_impatient), interval_s=0, tell=list[str]().append)
    with pytest.raises(SourceDownError, match=r"it gave no answer$"):
        await asked.search("tide", limit=3)


async def test_the_pause_an_engine_asks_for_is_none_of_its_time() -> None:
    engine = Engine(throttled(0.2))
    asked = Paced(engine, interval_s=0, tell=list[str]().append, deadline_s=0.1)
    assert await asked.search("tide", limit=3) == [HIT]


async def test_the_search_after_one_that_failed_keeps_the_last_pause() -> None:
    engine = Engine(throttled(0.01), throttled(0.1))
    asked = paced(engine)
    with pytest.raises(ThrottledError):
        await asked.search("tide", limit=3)
    await asked.search("harbour", limit=3)
    assert engine.times[2] - engine.times[1] >= 0.099


async def test_what_was_told_is_taken_back_when_it_answers_again() -> None:
    engine, said = Engine(throttled(0.01)), list[str]()
    asked = paced(engine, said=said)
    await asked.search("tide", limit=3)
    await asked.search("tide", limit=3)
    assert said == ["waiting 0.01 s, then asking once more: engine: it throttles", ""]


@pytest.mark.parametrize(
    ("query", "limit", "asked"),
    [
        pytest.param("  when\tdoes\x00 it\u202e turn? ", 3, ["when does it turn?"], id="cleaned"),
        pytest.param("tide " * 200, 3, [("tide " * 80).strip()], id="cut to what engines read"),
        pytest.param("", 3, [], id="nothing is asked for nothing"),
        pytest.param(" \u200b\n", 3, [], id="nor for blanks"),
        pytest.param("tide", 0, [], id="nor for no results"),
    ],
)
async def test_what_is_asked(query: str, limit: int, asked: list[str]) -> None:
    engine = Engine()
    await paced(engine).search(query, limit=limit)
    assert engine.queries == asked


async def test_results_are_cleaned_but_their_addresses_stay_as_they_are() -> None:
    raw = SearchResult(
        url="https://example.org/\u202ex",
        title="T\u200bi\U000e0041de\n\x1b[31m\u202e  x",
        snippet="word " * 999,
    )
    engine = Engine(found=[raw, SearchResult(url="", title="no address", snippet="")])
    [result] = await paced(engine).search("tide", limit=5)
    assert result.url == raw.url
    assert result.title == "Tide [31m x"
    assert len(result.snippet) <= 500


async def test_a_search_tool_of_langchains_is_a_provider_in_twenty_lines() -> None:
    """The example in the module's own words, run with a tool of LangChain's."""
    from langchain_core.tools import tool

    @tool
    def find(query: str) -> list[dict[str, str]]:
        """Find pages."""
        if query == "storm":
            raise OSError("no line")
        return [{"link": HIT.url, "title": HIT.title, "snippet": HIT.snippet}] * 3

    text = str(providers.__doc__)
    example = text[text.index("    class Wrapped") : text.index("and hand")]
    lines = [line.removeprefix("    ") for line in example.splitlines()]
    assert len([line for line in lines if line.strip()]) <= 20
    names: dict[str, Any] = {**vars(providers), "asyncio": asyncio, "Any": Any}
    exec("\n".join(lines), names)
    wrapped = names["Wrapped"](find)
    assert isinstance(wrapped, WebSearch)
    assert await wrapped.search("tide", limit=2) == [HIT, HIT]
    with pytest.raises(SourceDownError, match="no line"):
        await wrapped.search("storm", limit=2)
