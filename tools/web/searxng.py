"""SearXNG, a search engine people run themselves, asked through its JSON interface."""

import asyncio
import json
import time
from dataclasses import replace
from typing import Any

from quaestor.errors import RefusedError, SettingsError, SourceDownError
from quaestor.tools.web.client import Answer, Client
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.limits import Limits
from quaestor.tools.web.politeness import retry_after
from quaestor.tools.web.providers import SearchResult, http_failure

DEADLINE_S = 15.0
_ACCEPT = "application/json"
_MAX_BYTES = 2_000_000


class SearXNG:
    """One instance of SearXNG.

    Args:
        url: Its address, without `/search`.
        guard: An instance on this machine or network must be allowed in it.
        deadline_s: For one search.

    Raises:
        SettingsError: The address is none, or may not be asked.
    """

    def __init__(self, url: str, *, guard: Guard, deadline_s: float = DEADLINE_S) -> None:
        try:
            self._target = guard.check(url)
        except RefusedError as error:
            raise SettingsError(
                f"searxng:{error.source}: {error.reason}; the form is "
                "searxng:https://search.example.org, and an instance on this machine or network "
                "is allowed by name: --allow-host HOST:PORT"
            ) from error
        self._deadline_s = deadline_s
        self._client = Client(guard, limits=Limits(max_bytes=_MAX_BYTES))

    @property
    def authority(self) -> str:
        """`HOST:PORT`."""
        return self._target.authority

    @property
    def name(self) -> str:
        """`SearXNG at HOST:PORT`."""
        return f"SearXNG at {self.authority}"

    async def search(self, query: str, *, limit: int) -> list[SearchResult]:
        """Return its results; raises as `WebSearch.search` does."""
        url = (self._target.url / "search").with_query({"q": query, "format": "json"})
        try:
            async with (
                asyncio.timeout(self._deadline_s),
                self._client.get(replace(self._target, url=url), accept=_ACCEPT) as answer,
            ):
                raw = await self._body(answer)
        except TimeoutError:
            reason = f"no whole answer within {self._deadline_s:g} s"
            raise SourceDownError(self.name, reason) from None
        except RefusedError as error:
            raise RefusedError(self.name, error.reason) from error
        except SourceDownError as error:
            if error.source == self.name:
                raise
            raise SourceDownError(self.name, f"{error.reason}; see that it runs there") from error
        return self._results(raw)[:limit]

    async def _body(self, answer: Answer) -> bytes:
        if answer.status == 200:
            return b"".join([piece async for piece in answer.body()])
        pause = retry_after(answer.headers.get("Retry-After"), now=time.time())
        phrase = answer.phrase
        if answer.status == 403:
            phrase = f"{phrase}; its settings.yml must list `json` under search.formats"
        raise http_failure(self.name, answer.status, phrase, pause)

    def _results(self, raw: bytes) -> list[SearchResult]:
        try:
            body: Any = json.loads(raw)
            rows: list[Any] = body["results"]
            results = [_result(row) for row in rows]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise RefusedError(self.name, "its answer is not the JSON of a SearXNG") from None
        silent: list[Any] = body.get("unresponsive_engines") or []
        if not results and silent:
            engines = "; ".join(" ".join(map(str, one)) for one in silent)
            raise SourceDownError(self.name, f"none of its engines answered ({engines[:200]})")
        return results


def _result(row: dict[str, Any]) -> SearchResult:
    return SearchResult(
        url=str(row["url"]),
        title=str(row.get("title") or ""),
        snippet=str(row.get("content") or ""),
    )
