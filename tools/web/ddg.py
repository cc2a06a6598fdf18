"""DuckDuckGo, asked by the library ddgs: web search without a key.

ddgs dials by its own client, outside the guard, and reaches its engine only. It is used one
layer below its front door, because that one asks other engines when the named one is missing,
and gives "No results found." for every status but 200.
"""

import asyncio
import re
import time
from typing import Any

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.tools.web.politeness import retry_after
from quaestor.tools.web.providers import SearchResult, ThrottledError, http_failure

NAME = "DuckDuckGo"
DEADLINE_S = 15.0
INTERVAL_S = 1.5
"""Between two searches: it shows a challenge to whoever asks faster for long."""

_THROTTLED = re.compile(r"rate.?limit|too many|\b(202|403|429)\b", re.IGNORECASE)
_LATE = re.compile(r"time[d ]*.?out", re.IGNORECASE)
_UNREACHED = {
    "its name could not be looked up": re.compile(
        r"\bdns|name resolution|name or service|nodename|getaddrinfo", re.IGNORECASE
    ),
    "the connection to it broke off": re.compile(
        r"closed before|reset by|incomplete|unexpected eof|broken pipe", re.IGNORECASE
    ),
    "there is no connection to it": re.compile(r"connect|unreachable", re.IGNORECASE),
}
"""What may be meant where no answer came at all."""
_REMEDY = "is this machine online? (--web off leaves the web out)"
_CHALLENGE = re.compile(r"anomaly|challenge|captcha|unusual traffic", re.IGNORECASE)
_NOTHING_FOUND = re.compile(r"no-results|no\s+results", re.IGNORECASE)


class DuckDuckGo:
    """The engine `duckduckgo` of ddgs, and no other.

    Args:
        deadline_s: For one search.
    """

    def __init__(self, *, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s

    @property
    def name(self) -> str:
        """`DuckDuckGo`."""
        return NAME

    async def search(self, query: str, *, limit: int) -> list[SearchResult]:
        """Return its results; raises as `WebSearch.search` does."""
        try:
            async with asyncio.timeout(self._deadline_s):
                found = await asyncio.to_thread(_ask, query, self._deadline_s)
        except TimeoutError:
            reason = f"no whole answer within {self._deadline_s:g} s"
            raise SourceDownError(NAME, reason) from None
        return found[:limit]


def classified(error: Exception) -> OutsideError:
    """Return what an error of ddgs means, by its text: its types do not tell.

    Example:
        >>> classified(Exception("429 Too Many Requests")).reason
        'it throttles (429 Too Many Requests)'
    """
    said = " ".join(str(error).split())[:160] or type(error).__name__
    if _LATE.search(f"{type(error).__name__} {said}"):
        return SourceDownError(NAME, "it did not answer in time")
    if _THROTTLED.search(said):
        return ThrottledError(NAME, f"it throttles ({said})")
    for what, words in _UNREACHED.items():
        if words.search(said):
            return SourceDownError(NAME, f"{what}; {_REMEDY}")
    return SourceDownError(NAME, f"it cannot be asked ({said})")


def _ask(query: str, deadline_s: float) -> list[SearchResult]:
    """Ask the engine; blocking."""
    try:
        engine = _engine()(timeout=max(1, int(deadline_s)))
        found: list[Any] = engine.search(query) or []
    except OutsideError:
        raise
    except Exception as error:
        raise classified(error) from error
    return [
        SearchResult(url=one.href, title=one.title, snippet=one.body) for one in found if one.href
    ]


def _engine() -> type[Any]:
    """Return ddgs's engine, made to say what status it was given."""
    try:
        from ddgs.engines.duckduckgo import Duckduckgo  # noqa: PLC0415 - 0.2 s, for those who ask
    except ImportError as error:
        raise RefusedError(NAME, f"the installed ddgs has no such engine ({error})") from error

    class Telling(Duckduckgo):
        def request(self, *args: Any, **kwargs: Any) -> str:
            answer = self.http_client.request(*args, **kwargs)
            status = int(answer.status_code)
            if status == 200:
                return str(answer.text)
            # ddgs keeps the headers to itself; without them no pause is known.
            headers: Any = getattr(getattr(answer, "_resp", None), "headers", {})
            pause = retry_after(headers.get("retry-after"), now=time.time())
            raise http_failure(NAME, status, str(status), pause)

        def extract_results(self, html_text: str) -> list[Any]:
            found = super().extract_results(html_text)
            if not found and not _NOTHING_FOUND.search(html_text):
                challenge = _CHALLENGE.search(html_text)
                what = "a challenge for robots" if challenge else "a page without results"
                raise ThrottledError(NAME, f"it throttles: it sent {what}")
            return found

    return Telling
