"""Going outside: at most three times, with a pause between, and never past a deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from quaestor.errors import OutsideError, SourceDownError

ATTEMPTS = 3
"""Of one logical call, over all layers."""
BACKOFF_S = 0.2
LONGEST_PAUSE_S = 60.0
"""Of one pause, whatever the outside asks for."""
WORTH_SAYING_S = 1.0
"""A pause that somebody who watches is told of."""

Brought = TypeVar("Brought")


class TooLateError(SourceDownError):
    """No answer came within the time one logical call has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long and how often one logical call is tried."""

    attempts: int = ATTEMPTS
    """Fewer where the client that makes the call tries again by itself."""
    seconds: float | None = None
    """Of all attempts and pauses together; None where the source has a deadline of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why the last attempt brought nothing."""

    error: OutsideError
    attempts: int


def tell_nobody(_source: str, _note: str) -> None:
    """Nobody watches."""


async def attempt(
    do: Callable[[], Awaitable[Brought]],
    *,
    patience: Patience,
    name: str,
    tell: Callable[[str, str], None] = tell_nobody,
) -> tuple[Brought, int] | Failure:
    """Return what `do` brings and at which attempt, or its last failure.

    A failure is tried again while it is retryable. `error.wait`, where the outside asked for a
    pause, is waited for if it ends before the deadline; a longer one ends the attempts.

    Args:
        do: Goes outside; raises `OutsideError` where the outside fails.
        patience: How long and how often.
        name: Of what is called, for a deadline that passes.
        tell: Told of each longer pause: whom it is for, and why; nothing (`""`) when it is over.
    """
    loop = asyncio.get_running_loop()
    ends = None if patience.seconds is None else loop.time() + patience.seconds
    last = Failure(error=_late(name, patience.seconds), attempts=0)
    for number in range(1, min(patience.attempts, ATTEMPTS) + 1):
        try:
            async with asyncio.timeout_at(ends):
                return await do(), number
        except OutsideError as error:
            last = Failure(error=error, attempts=number)
        except TimeoutError:
            if ends is None or loop.time() < ends:
                raise
            return Failure(error=_late(name, patience.seconds), attempts=number)
        pause = _pause(last.error, number)
        late = pause is not None and ends is not None and loop.time() + pause >= ends
        if pause is None or late or number == min(patience.attempts, ATTEMPTS):
            return last
        await _rest(pause, last.error, tell)
    return last


async def _rest(pause: float, error: OutsideError, tell: Callable[[str, str], None]) -> None:
    if pause < WORTH_SAYING_S:
        await asyncio.sleep(pause)
        return
    tell(error.source, f"waiting {pause:g} s, then asking once more: {error.reason}")
    try:
        await asyncio.sleep(pause)
    finally:
        tell(error.source, "")


def _pause(error: OutsideError, number: int) -> float | None:
    """Return the seconds until the next attempt, None where there is to be none."""
    if not error.retryable or number >= error.attempts:
        return None
    if error.wait is None:
        return float(BACKOFF_S * 2 ** (number - 1))
    return max(0.0, error.wait) if error.wait <= LONGEST_PAUSE_S else None


def _late(name: str, seconds: float | None) -> TooLateError:
    return TooLateError(name, f"no answer within {seconds or 0:g} s")
