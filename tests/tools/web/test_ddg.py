"""DuckDuckGo by ddgs: its errors are told apart by their text, and no other engine is asked."""

import sys
from pathlib import Path

import pytest
from ddgs.engines import ENGINES
from ddgs.exceptions import DDGSException, TimeoutException

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.tools.sources import Progress
from quaestor.tools.web.ddg import DuckDuckGo, classified
from quaestor.tools.web.live import LiveWeb
from quaestor.tools.web.providers import ThrottledError
from tests.tools.web.servers import answer, serving

UNKNOWN_NAME = (
    "DNSError: DNSError('error sending request for url (https://html.duckduckgo.com/html/) > "
    "error resolving DNS > DNS error: no records found for Query { name: Name')"
)
"""As ddgs says it without a network."""
ONLINE = "is this machine online? (--web off leaves the web out)"


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (TimeoutException("operation timed out"), SourceDownError, "in time"),
        (DDGSException("ConnectTimeout: 5 s"), SourceDownError, "in time"),
        (DDGSException("202 Ratelimit"), ThrottledError, "202 Ratelimit"),
        (DDGSException("HTTP 429"), ThrottledError, "429"),
        (DDGSException("Too many requests"), ThrottledError, "Too many"),
        (DDGSException(UNKNOWN_NAME), SourceDownError, f"could not be looked up; {ONLINE}"),
        (DDGSException("ConnectError: ('dns error')"), SourceDownError, "looked up"),
        (DDGSException("ConnectError: refused"), SourceDownError, f"no connection to it; {ONLINE}"),
        (DDGSException(""), SourceDownError, "cannot be asked (DDGSException)"),
        (ValueError("1429 is no port"), SourceDownError, "(1429 is no port)"),
    ],
)
def test_errors_by_their_text(error: Exception, kind: type[OutsideError], reason: str) -> None:
    found = classified(error)
    assert type(found) is kind
    assert reason in found.reason
    assert found.source == "DuckDuckGo"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<div class='anomaly-modal__title'>Unfortunately, bots use DuckDuckGo too.</div>",
         "a challenge"),
        ("<html><p>Something else</p></html>", "without results"),
    ],
)  # fmt: skip
async def test_a_page_without_results_that_does_not_say_so_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, page: str, reason: str
) -> None:
    async with serving({"/html/": answer(page)}) as server:
        monkeypatch.setattr(ENGINES["text"]["duckduckgo"], "search_url", server.url("/html/"))
        with pytest.raises(ThrottledError, match=reason):
            await DuckDuckGo().search("tide", limit=3)


async def test_whoever_watches_sees_what_it_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[Progress] = []
    async with serving({"/html/": answer("", status=202)}) as server:
        monkeypatch.setattr(ENGINES["text"]["duckduckgo"], "search_url", server.url("/html/"))
        web = LiveWeb(DuckDuckGo(), interval_s=0)
        await web.prepare(tmp_path, progress=told.append)
        with pytest.raises(ThrottledError) as caught:
            await web.search("tide", limit=3)
        await web.close()
    assert [(one.source, one.note) for one in told] == [
        ("web", f"DuckDuckGo: {caught.value.reason}")
    ]


async def test_without_its_engine_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The front door of ddgs would ask all other engines instead."""
    monkeypatch.setitem(sys.modules, "ddgs.engines.duckduckgo", None)
    with pytest.raises(RefusedError, match="no such engine"):
        await DuckDuckGo().search("tide", limit=3)
