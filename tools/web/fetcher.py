"""Pages of the open web: fetched within limits, politely, and through the guard at every hop."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from yarl import URL

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.tools.web.client import Answer, Client
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.limits import Deadline, Limits
from quaestor.tools.web.politeness import Turns, retry_after
from quaestor.tools.web.redirects import STATUSES, redirected
from quaestor.tools.web.robot_files import RobotFiles
from quaestor.tools.web.sniffing import (
    ACCEPT,
    LOOKED_AT,
    MediaType,
    content_type,
    may_be_read,
    sniffed,
)
from quaestor.tools.web.urls import Target, shown

_BUSY = (429, 502, 503, 504)
_PAUSE_S = 0.5  # before the second try of a server that does not say when
_KEPT = ("Content-Type", "Content-Language", "Last-Modified", "ETag", "Date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it was sent."""

    data: bytes
    """Decompressed."""
    url: str
    """As it was asked for."""
    final_url: str
    """Where the redirects led."""
    status: int
    media_type: MediaType
    """By its headers and its first bytes."""
    charset: str
    """As its headers say; empty where they do not."""
    fetched_at: str
    """ISO 8601 UTC."""
    headers: Mapping[str, str]
    """Those that say something about the text."""
    left_s: float
    """Of its deadline when it had come: for reading it."""


class Fetcher:
    """Fetches pages; bound to no event loop.

    Args:
        guard: Refuses what is not the public web.
        limits: Of a page.
        clock: Seconds since 1970, for `fetched_at` and dates in headers.
    """

    def __init__(
        self,
        guard: Guard | None = None,
        *,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.guard = guard or Guard()
        self.limits = limits or Limits()
        self._clock = clock
        self._turns = Turns()
        self._client = Client(self.guard, limits=self.limits)
        self._robots = RobotFiles(self._client, self._turns)

    async def fetch(self, url: str, *, found: bool = True) -> Page:
        """Return the page at a URL.

        Args:
            url: As a search or a person gave it.
            found: It came from a search: then robots.txt is obeyed. A person who types a URL is
                no robot.

        Raises:
            RefusedError: It may not be fetched, or its server or its content says no.
            SourceDownError: Its server did not answer; it has been asked as often as is polite.
        """
        deadline = Deadline(self.limits.deadline_s)
        try:
            page = await self._follow(url, found, deadline)
            return replace(page, left_s=deadline.left)
        except TimeoutError:
            reason = f"no whole answer within {deadline.seconds:g} s"
            raise _final(SourceDownError(shown(url), reason)) from None
        except OutsideError as error:
            kind = RefusedError if isinstance(error, RefusedError) else SourceDownError
            elsewhere = "" if error.source == shown(url) else f"{error.source}: "
            raise _final(kind(shown(url), f"{elsewhere}{error.reason}")) from error

    async def _follow(self, url: str, found: bool, deadline: Deadline) -> Page:
        target = self.guard.check(url)
        seen: set[URL] = set()
        while len(seen) <= self.limits.max_redirects:
            if target.url in seen:
                raise RefusedError(shown(url), "its redirects lead in a circle")
            seen.add(target.url)
            if found:
                await self._robots.check(target, deadline)
            got = await self._twice(url, target, deadline)
            if isinstance(got, Page):
                return got
            target = redirected(self.guard, target, got)
        raise RefusedError(shown(url), f"more than {self.limits.max_redirects} redirects")

    async def _twice(self, url: str, target: Target, deadline: Deadline) -> Page | str:
        """Ask once, and a second time where the server was busy.

        Where a connection ends before the first byte of its answer, aiohttp asks again itself.
        """
        try:
            return await self._once(url, target, deadline)
        except _BusyError as error:
            wait = _PAUSE_S if error.wait is None else error.wait
            if wait > min(self.limits.max_wait_s, deadline.left):
                later = f"{error.reason} and asks to wait {wait:,.0f} s, too long for one page"
                raise SourceDownError(shown(url), later) from None
        async with deadline.running():
            await asyncio.sleep(wait)
        return await self._once(url, target, deadline)

    async def _once(self, url: str, target: Target, deadline: Deadline) -> Page | str:
        """Make one request; return its page, or where it redirects to."""
        async with (
            self._turns.at(target.authority),
            deadline.running(),
            self._client.get(target, accept=ACCEPT) as answer,
        ):
            if answer.status in STATUSES:
                return answer.headers.get("Location", "")
            self._check_status(shown(url), answer)
            return await self._page(url, target, answer)

    def _check_status(self, name: str, answer: Answer) -> None:
        said = f"it answered {answer.phrase[:60]}"
        if answer.status in _BUSY:
            wait = retry_after(answer.headers.get("Retry-After"), now=self._clock())
            raise _BusyError(name, said, wait)
        if 500 <= answer.status < 600:
            raise SourceDownError(name, said)
        if answer.status not in (200, 203):
            raise RefusedError(name, said)

    async def _page(self, url: str, target: Target, answer: Answer) -> Page:
        name = shown(url)
        declared, charset = content_type(answer.headers.get("Content-Type", ""))
        may_be_read(name, declared)
        data = bytearray()
        kind: MediaType | None = None
        async for piece in answer.body():
            data += piece
            if kind is None and len(data) >= LOOKED_AT:
                kind = sniffed(name, declared, bytes(data[:LOOKED_AT]), path=target.url.path)
        kind = kind or sniffed(name, declared, bytes(data), path=target.url.path)
        return Page(
            data=bytes(data),
            url=url,
            final_url=str(target.url),
            status=answer.status,
            media_type=kind,
            charset=charset,
            fetched_at=datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds"),
            left_s=0.0,
            headers={name: answer.headers[name] for name in _KEPT if name in answer.headers},
        )


class _BusyError(SourceDownError):
    """A server that asks for a pause."""

    def __init__(self, source: str, reason: str, wait: float | None) -> None:
        super().__init__(source, reason)
        self.wait = wait


def _final(error: OutsideError) -> OutsideError:
    """Mark an error as not to be tried again: the fetcher has tried, inside the page's deadline."""
    error.retryable = False
    return error
