"""Going outside: three times at most, with the pauses asked for, never past a deadline."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.memory import attempts
from quaestor.memory.attempts import Failure, Patience, TooLateError, attempt


class DownError(SourceDownError):
    """Asks for a pause, and says how often it may be asked."""

    def __init__(self, wait: float | None = None, attempts: int = 3) -> None:
        super().__init__("s", "down")
        self.wait = wait
        self.attempts = attempts


def failing(*errors: Exception) -> Callable[[], Awaitable[str]]:
    left = list(errors)

    async def do() -> str:
        if left:
            raise left.pop(0)
        return "brought"

    return do


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses made, none of which is waited for."""
    made: list[float] = []
    sleep = asyncio.sleep

    async def short(seconds: float) -> None:
        made.append(seconds)
        await sleep(0)

    monkeypatch.setattr("asyncio.sleep", short)
    return made


@pytest.mark.parametrize(
    ("errors", "at", "waited"),
    [
        pytest.param([], 1, [], id="what works is done once"),
        pytest.param([DownError()], 2, [0.2], id="once down is tried again after a short pause"),
        pytest.param(
            [DownError(), DownError()], 3, [0.2, 0.4], id="the second pause is twice the first"
        ),
        pytest.param([DownError(7.0), DownError()], 3, [7.0, 0.4], id="a pause asked for is made"),
        pytest.param([DownError(0.0)], 2, [0.0], id="a pause of nothing is none"),
        pytest.param([DownError(-5.0)], 2, [0.0], id="no pause is negative"),
        pytest.param([DownError(60.0)], 2, [60.0], id="the longest pause is a minute"),
    ],
)
async def test_what_comes_in_the_end(
    pauses: list[float], errors: list[Exception], at: int, waited: list[float]
) -> None:
    tried = await attempt(failing(*errors), patience=Patience(seconds=600), name="s")
    assert tried == ("brought", at)
    assert pauses == waited


@pytest.mark.parametrize(
    ("errors", "patience", "made", "waited"),
    [
        pytest.param([RefusedError("s", "no")], Patience(), 1, [], id="a no is final"),
        pytest.param([DownError()] * 9, Patience(), 3, [0.2, 0.4], id="three times down is final"),
        pytest.param([DownError()] * 9, Patience(attempts=9), 3, [0.2, 0.4], id="nobody has more"),
        pytest.param(
            [DownError()] * 9, Patience(attempts=1), 1, [], id="a client that tries itself"
        ),
        pytest.param(
            [DownError(attempts=2)] * 9, Patience(), 2, [0.2], id="an error that has fewer"
        ),
        pytest.param([DownError(60.5)], Patience(), 1, [], id="longer than a minute is not waited"),
        pytest.param([DownError(8.0)], Patience(seconds=8.0), 1, [], id="nor is past the deadline"),
        pytest.param([DownError(86_400)], Patience(seconds=1e6), 1, [], id="nor is a day"),
    ],
)
async def test_what_fails_for_good(
    pauses: list[float],
    errors: list[OutsideError],
    patience: Patience,
    made: int,
    waited: list[float],
) -> None:
    tried = await attempt(failing(*errors), patience=patience, name="s")
    assert isinstance(tried, Failure)
    assert (tried.error, tried.attempts, pauses) == (errors[made - 1], made, waited)


async def test_a_pause_is_told_and_its_end_and_a_short_one_is_not(pauses: list[float]) -> None:
    told: list[tuple[str, str]] = []
    await attempt(
        failing(DownError(7.0), DownError()),
        patience=Patience(seconds=600),
        name="call",
        tell=lambda source, note: told.append((source, note)),
    )
    assert pauses == [7.0, 0.4]
    assert told == [("s", "waiting 7 s, then asking once more: down"), ("s", "")]


async def test_the_deadline_covers_all_attempts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "BACKOFF_S", 0.0)

    async def slow() -> str:
        await asyncio.sleep(0.2)
        raise DownError()

    tried = await attempt(slow, patience=Patience(seconds=0.3), name="a model")
    assert isinstance(tried, Failure)
    assert isinstance(tried.error, TooLateError)
    assert str(tried.error) == "a model: no answer within 0.3 s"
    assert tried.attempts <= 2


async def test_a_timeout_of_our_own_code_is_a_defect() -> None:
    with pytest.raises(TimeoutError, match="ours"):
        await attempt(failing(TimeoutError("ours")), patience=Patience(seconds=60), name="s")


async def test_who_is_cancelled_tries_no_more() -> None:
    begun: list[int] = []

    async def hanging() -> str:
        begun.append(1)
        await asyncio.Event().wait()
        return "never"

    task = asyncio.create_task(attempt(hanging, patience=Patience(seconds=60), name="s"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert begun == [1]
