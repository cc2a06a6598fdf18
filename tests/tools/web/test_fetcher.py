"""Fetching: within limits, politely, and every server that misbehaves ends as it must."""

import asyncio
import gzip
import socket
import ssl
import time
import tracemalloc
import warnings
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from benchmarks.faulty_servers import BEHAVIOURS
from benchmarks.faulty_web import Ended, Sites, complaint, visit_all
from benchmarks.faulty_web import serving as misbehaving
from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.tools.web.client import USER_AGENT
from quaestor.tools.web.fetcher import Fetcher, Page
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.limits import Limits
from tests.tools.web.servers import Request, Server, answer, serving

CERTIFICATES = Path(__file__).parent / "certificates"
PAGE = answer("<p>The tide turns.</p>")
DEADLINE_S = 5.0
SENT = {"host", "user-agent", "accept", "accept-encoding", "connection"}
VISITED: dict[str, Ended] = {}


@pytest.fixture(scope="module")
def sites() -> Sites:
    """Visit every misbehaving server, all at the same time, and return who asked how often."""
    with misbehaving() as found:
        for ended in asyncio.run(visit_all(found, deadline_s=DEADLINE_S)):
            VISITED[ended.name] = ended
    return found


@pytest.mark.parametrize("name", list(BEHAVIOURS))
def test_a_server_that_misbehaves_ends_as_it_must(sites: Sites, name: str) -> None:
    """How long each took is looked at by the benchmark; a test may run on a busy machine."""
    assert complaint(VISITED[name], sites.requests[name], deadline_s=60) == ""


def fetcher(server: Server, **limits: float) -> Fetcher:
    return Fetcher(Guard([server.host]), limits=Limits(**limits))  # type: ignore[arg-type]


async def test_a_page_comes_with_what_is_known_of_it() -> None:
    text = answer("# Tide", Content_Type="text/plain; charset=Latin-1", Last_Modified="yesterday")
    moved = answer("", status=301, Location="/tide.md")
    async with serving({"/old": moved, "/tide.md": text}) as server:
        clock = Fetcher(Guard([server.host]), clock=lambda: 1_800_000_000.0)
        page = await clock.fetch(server.url("/old"))
    assert 0 < page.left_s <= Limits().deadline_s
    assert replace(page, left_s=0.0) == Page(
        data=b"# Tide",
        url=server.url("/old"),
        final_url=server.url("/tide.md"),
        status=200,
        media_type="text/markdown",
        charset="latin-1",
        fetched_at="2027-01-15T08:00:00+00:00",
        headers={
            "Content-Type": "text/plain; charset=Latin-1",
            "Last-Modified": "yesterday",
        },
        left_s=0.0,
    )


async def test_a_request_says_who_asks_and_nothing_else() -> None:
    async with serving({"/": PAGE}) as server:
        await fetcher(server).fetch(server.url("/"))
    assert USER_AGENT.startswith("quaestor/")
    for request in server.requests:
        assert request.headers["user-agent"] == USER_AGENT
        assert set(request.headers) == SENT
        assert request.headers["connection"] == "close"


async def test_settings_of_the_environment_send_nothing_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    async with serving({"/": PAGE}) as server, serving({}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        await fetcher(server).fetch(server.url("/"))
    assert proxy.requests == []
    assert all("authorization" not in request.headers for request in server.requests)


async def test_a_refusal_is_final_and_names_the_page() -> None:
    async with serving({}) as server:
        with pytest.raises(OutsideError) as caught:
            await fetcher(server).fetch(server.url("/gone"))
    assert caught.value.source == server.url("/gone")
    assert not caught.value.retryable


async def test_a_page_that_hangs_is_not_tried_again_by_the_ledger() -> None:
    with misbehaving("silence") as found:
        [host] = found.allow()
        hasty = Fetcher(Guard([host]), limits=Limits(deadline_s=0.2))
        with pytest.raises(SourceDownError, match=r"within 0\.2 s") as caught:
            await hasty.fetch(f"http://{host}/", found=False)
    assert not caught.value.retryable


async def test_what_is_compressed_to_burst_is_unpacked_a_piece_at_a_time() -> None:
    """A hundred kilobytes that would unpack to a hundred megabytes in one go."""
    bomb = answer(gzip.compress(b"tide " * 20_000_000, 1), Content_Encoding="gzip")
    async with serving({"/": bomb}) as server:
        tracemalloc.start()
        try:
            with pytest.raises(RefusedError, match="larger"):
                await fetcher(server, max_bytes=1_000_000).fetch(server.url("/"), found=False)
            assert tracemalloc.get_traced_memory()[1] < 8_000_000
        finally:
            tracemalloc.stop()


async def test_a_closed_port_is_told_at_once() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # nobody listens, and nobody else gets the port
        host = f"127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(SourceDownError, match="no connection"):
            await Fetcher(Guard([host])).fetch(f"http://{host}/", found=False)


async def test_a_host_has_two_requests_at_once_and_none_of_its_pages_is_lost() -> None:
    async with serving({f"/{n}": PAGE for n in range(12)}) as server:
        polite = fetcher(server)
        pages = await asyncio.gather(*(polite.fetch(server.url(f"/{n}")) for n in range(12)))
    assert len(pages) == 12
    assert server.at_once <= 2
    assert sorted(server.paths()) == sorted(f"/{n}" for n in range(12))
    assert len(server.requests) == 13  # and robots.txt once


async def test_waiting_for_a_turn_costs_a_page_nothing_of_its_time() -> None:
    with misbehaving("silence") as found:
        [host] = found.allow()
        busy = Fetcher(Guard([host]), limits=Limits(deadline_s=0.3))
        began = time.monotonic()
        urls = [f"http://{host}/{n}" for n in range(6)]
        ended = await asyncio.gather(
            *(busy.fetch(url, found=False) for url in urls), return_exceptions=True
        )
    assert all("within 0.3 s" in str(one) for one in ended)
    assert time.monotonic() - began > 0.8  # three rounds of two, not six pages that expire at once


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        pytest.param("User-agent: *\nDisallow: /private", "/open", True, id="another page"),
        pytest.param("User-agent: *\nDisallow: /private", "/private/x", False, id="that page"),
        pytest.param("User-agent: quaestor\nDisallow: /", "/open", False, id="us by name"),
    ],
)
async def test_robots_txt_is_obeyed_for_what_a_search_found(
    robots: str, path: str, allowed: bool
) -> None:
    pages = {"/robots.txt": answer(robots, Content_Type="text/plain"), path: PAGE}
    async with serving({**pages}) as server:
        fetch = fetcher(server).fetch(server.url(path))
        if allowed:
            await fetch
        else:
            with pytest.raises(RefusedError, match=r"robots\.txt"):
                await fetch
        assert (path in server.paths()) == allowed
        await fetcher(server).fetch(server.url(path), found=False)  # a person typed it
        assert path in server.paths()


async def test_the_robots_txt_of_a_redirects_target_is_asked_too() -> None:
    async with (
        serving({"/robots.txt": answer("User-agent: *\nDisallow: /"), "/": PAGE}) as target,
        serving({"/": answer("", status=302, Location=target.url("/"))}) as server,
    ):
        both = Fetcher(Guard([server.host, target.host]))
        with pytest.raises(RefusedError, match=r"robots\.txt"):
            await both.fetch(server.url("/"))
    assert target.paths() == []


async def test_a_redirect_carries_no_cookie_and_no_referrer_to_another_host() -> None:
    async with serving({"/end": PAGE}) as target:
        away = answer("", status=302, Location=target.url("/end"), Set_Cookie="s=secret")
        async with serving({"/": away}) as server:
            await Fetcher(Guard([server.host, target.host])).fetch(server.url("/"), found=False)
    [request] = target.requests
    assert {"cookie", "referer", "authorization"}.isdisjoint(request.headers)


async def test_a_pause_is_waited_for_and_then_asked_once_more() -> None:
    asked: list[float] = []

    def busy(_: Request) -> bytes:
        asked.append(time.monotonic())
        return PAGE if len(asked) == 2 else answer("", status=503, Retry_After="1")

    async with serving({"/": busy}) as server:
        await fetcher(server).fetch(server.url("/"), found=False)
    assert asked[1] - asked[0] >= 1


def tls_of(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    return context


def old_tls() -> ssl.SSLContext:
    context = tls_of("right")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


@pytest.fixture
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    """Trust the authority of the certificates beside this file."""
    trusting = ssl.create_default_context(cafile=CERTIFICATES / "ca.pem")
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", trusting)


@pytest.mark.usefixtures("_trusted")
@pytest.mark.parametrize(
    ("tls", "reason"),
    [
        pytest.param(tls_of("right"), "", id="a certificate for the host"),
        pytest.param(tls_of("wrong"), "certificate", id="a certificate for another host"),
        pytest.param(old_tls(), "TLS|broke off|no connection", id="an old protocol"),
    ],
)
async def test_connections_that_are_not_safe_are_refused(tls: ssl.SSLContext, reason: str) -> None:
    async with serving({"/": PAGE}, tls=tls) as server:
        url = f"https://{server.host}/"
        if not reason:
            assert (await fetcher(server).fetch(url)).data == b"<p>The tide turns.</p>"
            return
        with pytest.raises(OutsideError, match=reason):
            await fetcher(server).fetch(url, found=False)


async def test_a_certificate_nobody_vouches_for_is_refused() -> None:
    async with serving({"/": PAGE}, tls=tls_of("right")) as server:
        with pytest.raises(RefusedError, match="certificate"):
            await fetcher(server).fetch(f"https://{server.host}/", found=False)


async def test_one_fetcher_serves_one_event_loop_after_another() -> None:
    async with serving({"/": PAGE}) as server:
        shared = fetcher(server)
        asking = [asyncio.to_thread(asyncio.run, shared.fetch(server.url("/"))) for _ in range(3)]
        for page in await asyncio.gather(*asking):
            assert page.data == b"<p>The tide turns.</p>"
        await shared.fetch(server.url("/"))
