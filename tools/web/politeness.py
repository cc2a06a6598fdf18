"""How often a server is asked: a few connections at once, a pause when it asks for one."""

import asyncio
import contextlib
import time
import weakref
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

A_HOST = 2
"""Connections to one host at once."""


def retry_after(header: str | None, *, now: float) -> float | None:
    """Return the seconds a Retry-After header asks for, None where it says nothing usable.

    Args:
        header: Seconds, or an HTTP date.
        now: Seconds since 1970.

    Example:
        >>> retry_after("Thu, 01 Jan 1970 00:01:00 GMT", now=45.0)
        15.0
        >>> retry_after("-5", now=45.0)
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        return max(0.0, (at - datetime.fromtimestamp(now, UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


class Turns:
    """Turns at hosts, in any event loop.

    Args:
        at_once: Who may have one at the same time, by host.
    """

    def __init__(self, at_once: int = A_HOST) -> None:
        self._at_once = at_once
        self._loops: weakref.WeakKeyDictionary[
            asyncio.AbstractEventLoop, dict[str, asyncio.Semaphore]
        ] = weakref.WeakKeyDictionary()

    @contextlib.asynccontextmanager
    async def at(self, host: str) -> AsyncGenerator[None, None]:
        """Wait for a turn at a host and hold it."""
        hosts = self._loops.setdefault(asyncio.get_running_loop(), {})
        async with hosts.setdefault(host, asyncio.Semaphore(self._at_once)):
            yield


class Pace:
    """At least so many seconds between the starts of two requests, whoever makes them.

    Args:
        interval_s: The seconds.
    """

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until the next request may start."""
        now = time.monotonic()
        start = max(now, self._next)
        self._next = start + self._interval_s
        await asyncio.sleep(start - now)

    def rest(self, seconds: float) -> None:
        """Let nothing start before `seconds` have passed."""
        self._next = max(self._next, time.monotonic() + seconds)
