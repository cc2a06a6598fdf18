"""The robots.txt of each host, fetched once and kept for a day."""

import time
from dataclasses import dataclass

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.tools.web.client import Answer, Client
from quaestor.tools.web.limits import Deadline
from quaestor.tools.web.politeness import Turns
from quaestor.tools.web.redirects import MOST, STATUSES, redirected
from quaestor.tools.web.robots import EVERYTHING, MAX_BYTES, Robots, parse_robots
from quaestor.tools.web.urls import Target

_DAY_S = 86_400.0
_AGAIN_S = 300.0  # after so long a file that could not be had is asked for again
_SHARE = 0.5  # of a page's deadline that its robots.txt may use up


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    robots: Robots
    failure: OutsideError | None
    until: float


class RobotFiles:
    """Asks hosts for their robots.txt.

    A host without one (4xx) allows everything; one whose robots.txt cannot be had (5xx, no
    answer, a redirect to where nothing may be fetched) allows nothing (RFC 9309, 2.3.1).

    Args:
        client: Makes the requests.
        turns: Shared with the fetcher: a robots.txt counts as a request to its host.
    """

    def __init__(self, client: Client, turns: Turns) -> None:
        self._client = client
        self._turns = turns
        self._alone = Turns(1)
        self._known: dict[str, _Known] = {}

    async def check(self, target: Target, deadline: Deadline) -> None:
        """Take note of what a page's host asks of robots.

        Raises:
            OutsideError: The page is not to be fetched.
        """
        origin = str(target.url.origin())
        async with self._alone.at(origin):
            known = self._known.get(origin)
            if known is None or known.until < time.monotonic():
                known = await self._ask(target, deadline)
                self._known[origin] = known
        page = str(target.url)
        if known.failure is not None:
            kind = RefusedError if isinstance(known.failure, RefusedError) else SourceDownError
            raise kind(page, f"its robots.txt could not be had ({known.failure.reason})")
        if not known.robots.allows(target.url):
            raise RefusedError(page, f"the robots.txt of {target.host} asks not to fetch it")

    async def _ask(self, target: Target, deadline: Deadline) -> _Known:
        now = time.monotonic()
        try:
            robots = await self._fetch(target, deadline)
        except TimeoutError:
            if not deadline.left:
                raise
            failure: OutsideError = SourceDownError(target.host, "no answer in time")
        except OutsideError as error:
            failure = error
        else:
            return _Known(robots=robots, failure=None, until=now + _DAY_S)
        return _Known(robots=EVERYTHING, failure=failure, until=now + _AGAIN_S)

    async def _fetch(self, target: Target, deadline: Deadline) -> Robots:
        at_most = deadline.seconds * _SHARE
        at = self._client.guard.check(str(target.url.origin() / "robots.txt"))
        for _ in range(MOST + 1):
            async with self._turns.at(at.authority), deadline.running(at_most):
                got = await self._once(at)
            if isinstance(got, Robots):
                return got
            at = redirected(self._client.guard, at, got)
        return EVERYTHING

    async def _once(self, target: Target) -> Robots | str:
        """Make one request; return the rules, or where it redirects to."""
        async with self._client.get(target, accept="text/plain, */*;q=0.1") as answer:
            if answer.status in STATUSES:
                return answer.headers.get("Location", "")
            if answer.status == 429 or answer.status >= 500:
                raise RefusedError(target.host, f"it answered {answer.phrase[:60]}")
            if answer.status >= 400:
                return EVERYTHING
            return parse_robots(await _start(answer))


async def _start(answer: Answer) -> str:
    """Return the part of a robots.txt that is read."""
    data = bytearray()
    async for piece in answer.body():
        data += piece
        if len(data) >= MAX_BYTES:
            break
    return bytes(data[:MAX_BYTES]).decode("utf-8", errors="replace")
