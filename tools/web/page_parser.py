"""Parses pages of the web in children that live as long as a session."""

import asyncio
import threading
import weakref

from quaestor.errors import UnreadableError
from quaestor.tools.local.parsing.parsed import Parsed
from quaestor.tools.local.parsing.pool import ParserPool, PoolClosedError

CHILDREN = 2
REST_S = 10.0
"""How long children that nobody needs are kept for whoever asks next."""


class PageParser:
    """Reads HTML and PDF pages away from this process. Bound to no event loop.

    `warm` starts the children before a page comes, `rest` ends them when nobody has needed them
    for some seconds, `close` at once; a page that comes after that starts another. None of them
    outlives this process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ParserPool | None = None
        self._resting: threading.Timer | None = None

    async def __call__(
        self, data: bytes, media_type: str, /, *, url: str = "", timeout_s: float | None = None
    ) -> Parsed:
        """Return what a page says; raises as `ParserPool.parse`."""
        name = url or "page"
        try:
            return await self._opened().read(
                data, media_type, name=name, url=url or None, timeout_s=timeout_s
            )
        except PoolClosedError:
            raise UnreadableError(name, "the web was closed before it was read") from None

    def warm(self) -> None:
        """Start the children in the background."""
        # What starts a process waits for the system, and the event loop does not wait with it.
        threading.Thread(target=self._opened().warm, daemon=True).start()

    def rest(self) -> None:
        """End the children after some seconds, unless they are needed before."""
        with self._lock:
            if self._pool is not None and self._resting is None:
                self._resting = threading.Timer(REST_S, self._end)
                self._resting.daemon = True
                self._resting.start()

    async def close(self) -> None:
        """End the children."""
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        with self._lock:
            self._wake()
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _wake(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None

    def _opened(self) -> ParserPool:
        with self._lock:
            self._wake()
            if self._pool is None:
                self._pool = ParserPool(children=CHILDREN, pages=True)
                # Whoever opens pages outside a run may forget to close.
                weakref.finalize(self, self._pool.close)
            return self._pool
