"""What one page or search may cost: bytes, hops, seconds."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass

SEARCH_S = 30.0
"""Of asking a provider for one search, a second time included; pauses it asks for do not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a fetch."""

    max_bytes: int = 5_000_000
    """Of a body, decompressed."""
    max_header_bytes: int = 8_190
    """Of one header, and of the status line."""
    max_redirects: int = 5
    deadline_s: float = 20.0
    """For the whole page: robots.txt, name look-ups, redirects and a second try together."""
    max_wait_s: float = 10.0
    """The longest Retry-After that is waited for."""


class Deadline:
    """The seconds a page or search has left; they run only while it is being worked on.

    Waiting for a turn at a busy host costs nothing, or one page that hangs would use up the
    time of the good ones behind it.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.left = seconds

    @contextlib.asynccontextmanager
    async def running(self, at_most: float = float("inf")) -> AsyncGenerator[None, None]:
        """Let time run.

        Raises:
            TimeoutError: What is left, or `at_most`, was not enough.
        """
        began = time.monotonic()
        try:
            async with asyncio.timeout(min(self.left, at_most)):
                yield
        finally:
            self.left = max(0.0, self.left - (time.monotonic() - began))
