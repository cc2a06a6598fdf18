"""What a web search is: one method from a query to addresses nobody has vouched for.

A provider that throttles, refuses or does not answer says so as a typed error; nothing ever asks
another engine in its place. To add one, write the method:

    class Wrapped:
        '''Any LangChain search tool whose `invoke` returns a list of results.'''

        name = "wrapped"

        def __init__(self, tool: Any) -> None:
            self._tool = tool

        async def search(self, query: str, *, limit: int) -> list[SearchResult]:
            try:
                found = await asyncio.to_thread(self._tool.invoke, query)
            except Exception as error:
                raise SourceDownError(self.name, f"it failed ({error})") from error
            return [
                SearchResult(url=one["link"], title=one["title"], snippet=one["snippet"])
                for one in found[:limit]
            ]

and hand `LiveWeb(Wrapped(tool))` to a Researcher.
"""

import logging
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.tools.web.limits import SEARCH_S, Deadline
from quaestor.tools.web.politeness import Pace

MAX_WAIT_S = 30.0
"""The longest pause a provider may ask for and get; after more it counts as not answering."""
_MOST_QUERY = 400  # code points; engines read no more
_MOST_TEXT = 500  # of a title or snippet
_JOINERS = "\u200c\u200d"  # scripts are written with them

_log = logging.getLogger("quaestor")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One result. Its address is not trusted and its snippet is never evidence."""

    url: str
    title: str
    snippet: str


@runtime_checkable
class WebSearch(Protocol):
    """Anything that finds addresses for a query."""

    @property
    def name(self) -> str:
        """As a reader of the report knows it."""
        ...

    async def search(self, query: str, *, limit: int) -> list[SearchResult]:
        """Return at most `limit` results, best first.

        Raises:
            ThrottledError: It wants to be asked less often.
            RefusedError: It says no.
            SourceDownError: It did not answer.
        """
        ...


class ThrottledError(SourceDownError):
    """A provider wants to be asked less often.

    Args:
        source: The provider.
        reason: What it said.
        retry_after_s: The pause it asks for, where it names one.
    """

    def __init__(self, source: str, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(source, reason)
        self.retry_after_s = retry_after_s


class Paced:
    """A provider asked at a measured pace, and once more when it names the pause it wants.

    One that does not answer in time is down, whatever it waits for. A thread that it waits for
    cannot be ended and goes on.

    Args:
        provider: Whom to ask.
        interval_s: Between the starts of two searches.
        tell: Told what is waited for or went wrong; nothing (`""`) when that is over.
        deadline_s: Of asking for one search.
    """

    def __init__(
        self,
        provider: WebSearch,
        *,
        interval_s: float,
        tell: Callable[[str], None],
        deadline_s: float = SEARCH_S,
    ) -> None:
        self._provider = provider
        self._pace = Pace(interval_s)
        self._tell = tell
        self._told = False
        self._deadline_s = deadline_s

    @property
    def name(self) -> str:
        """The provider's."""
        return self._provider.name

    async def search(self, query: str, *, limit: int) -> list[SearchResult]:
        """Return the provider's results.

        Raises:
            SourceDownError: It gave none in time; else as the provider does.
        """
        asked = plain(query, _MOST_QUERY)
        if not asked or limit <= 0:
            return []
        try:
            found = await self._patiently(asked, limit)
        except OutsideError as error:
            error.retryable = False  # asking again at once is what it does not want
            self._say(error.reason)
            raise
        if self._told:
            self._told = False
            self._tell("")
        return [_plain(result) for result in found if result.url][:limit]

    async def _patiently(self, query: str, limit: int) -> list[SearchResult]:
        deadline = Deadline(self._deadline_s)
        await self._pace.turn()
        try:
            return await self._asked(query, limit, deadline)
        except ThrottledError as error:
            pause = error.retry_after_s
            if pause is None or pause > MAX_WAIT_S:
                raise
            self._say(error.reason, first=f"waiting {pause:g} s, then asking once more: ")
            self._pace.rest(pause)
        await self._pace.turn()
        try:
            return await self._asked(query, limit, deadline)
        except ThrottledError as error:
            if error.retry_after_s is not None:  # the next search keeps it
                self._pace.rest(min(error.retry_after_s, MAX_WAIT_S))
            raise

    async def _asked(self, query: str, limit: int, deadline: Deadline) -> list[SearchResult]:
        try:
            async with deadline.running():
                return await self._provider.search(query, limit=limit)
        except TimeoutError as error:  # its own, where there is time left
            within = f" within {deadline.seconds:g} s" if not deadline.left else ""
            raise SourceDownError(self.name, f"it gave no answer{within}") from error

    def _say(self, what: str, *, first: str = "") -> None:
        _log.warning("%s%s: %s", first, self.name, what)
        self._told = True
        self._tell(f"{first}{self.name}: {what}")


def http_failure(source: str, status: int, phrase: str, pause: float | None) -> OutsideError:
    """Return the error that an HTTP status of a search engine means."""
    said = f"it answered {phrase[:120]}"
    if status in (202, 429):
        asks = "" if pause is None else f" and asks to wait {pause:,.0f} s"
        return ThrottledError(source, f"it throttles: {said}{asks}", retry_after_s=pause)
    if status >= 500:
        return SourceDownError(source, said)
    return RefusedError(source, f"it refuses: {said}")


def plain(text: str, most: int) -> str:
    r"""Return text in one line, without what cannot be seen, cut to a length.

    Example:
        >>> plain("The\u202e  tide\nturns", 99)
        'The tide turns'
    """
    seen = "".join(
        ch if unicodedata.category(ch)[0] != "C" or ch in _JOINERS else " " * ch.isspace()
        for ch in text
    )
    return re.sub(r"\s+", " ", seen).strip()[:most].strip()


def _plain(result: SearchResult) -> SearchResult:
    return SearchResult(
        url=result.url,
        title=plain(result.title, _MOST_TEXT),
        snippet=plain(result.snippet, _MOST_TEXT),
    )
