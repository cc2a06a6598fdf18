"""Parses pages of the web in children that live as long as a session."""

import asyncio
import threading
import weakref

from quaestor.errors import UnreadableError
from quaestor.tools.local.parsing.parsed import Parsed
from quaestor.tools.local.parsing.pool import ParserPool, PoolClosedError

CHILDREN = 2


class PageParser:
    """Reads HTML and PDF pages away from this process. Bound to no event loop.

    The first page starts a child, the next ones find it warm. `close` ends the children; a page
    that comes after that starts another.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ParserPool | None = None

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

    async def close(self) -> None:
        """End the children."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.close)

    def _opened(self) -> ParserPool:
        with self._lock:
            if self._pool is None:
                self._pool = ParserPool(children=CHILDREN, pages=True)
                # Whoever opens pages outside a run may forget to close.
                weakref.finalize(self, self._pool.close)
            return self._pool
