"""The guard: what a URL may name, what a name may answer, what may be dialled."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from benchmarks.ssrf import StandIn, rebind
from quaestor.errors import RefusedError, SettingsError, SourceDownError
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.guard import ForbiddenDialError, Guard, parse_allowed
from quaestor.tools.web.limits import Limits
from quaestor.tools.web.urls import Target, read_url

PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "this machine"),
        ("http://[::1]/", "this machine"),
        ("http://10.1.2.3:8080/", "private"),
        ("http://169.254.169.254/latest/meta-data/", "metadata"),
        ("http://example.org:22/", "port 22"),
        ("http://example.org:6379/", "port 6379"),
        ("https://example.org:8000/", "port 8000"),
        ("http://intranet/", "this network only"),
        ("http://LOCALHOST/", "this network only"),
        ("http://www.localhost/", "all of localhost"),
        ("http://localhost.localdomain/", "all of localdomain"),
        ("http://printer.local./", "all of local "),
        ("http://metadata.google.internal/", "all of internal"),
        ("http://wiki.intranet/", "all of intranet"),
        ("http://router.lan/", "all of lan"),
        ("http://wiki.corp/", "all of corp"),
        ("http://nas.home/", "all of home "),
        ("http://nas.home.arpa/", "all of home.arpa"),
        ("http://x.private/", "all of private"),
        ("http://smtp.mail/", "all of mail"),
        ("http://api.default.svc/", "all of svc"),
        ("http://x.onion/", "all of onion"),
        ("http://x.i2p/", "all of i2p"),
        ("http://x.alt/", "all of alt"),
        ("http://x.test/", "all of test"),
        ("http://x.invalid/", "all of invalid"),
        ("http://1.0.0.127.in-addr.arpa/", "all of arpa"),
        ("http://metadata.tencentyun.com/", "all of metadata.tencentyun.com"),
        ("http://metadata.goog/", "all of metadata.goog"),
    ],
)
def test_a_url_that_names_no_public_host_is_refused(url: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        Guard().check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://example.org:8443/",
        "http://example.org:8080/",
        "http://localhost.example.org/",
        "http://internal.example.org/",
        "http://local.org/",
        "http://93.184.216.34/",
        "http://[2a00:1450:4001:82b::200e]/",
    ],
)
def test_a_public_one_is_not(url: str) -> None:
    Guard().check(url)


ALLOWED = Guard(["127.0.0.1:9000", "Search.LAN:8888", "[::1]:7000", "example.org:9000"])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9000/search",
        "https://search.lan:8888/",
        "http://[0:0::1]:7000/",
        "http://example.org:9000/",
        "http://example.org/",
    ],
)
def test_a_server_the_user_allowed_may_be_asked(url: str) -> None:
    ALLOWED.check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9001/",
        "http://127.0.0.1/",
        "http://127.0.0.2:9000/",
        "http://search.lan/",
        "http://sub.search.lan:8888/",
        "http://localhost:9000/",
        "http://example.net:9000/",
    ],
)
def test_its_neighbours_may_not(url: str) -> None:
    with pytest.raises(RefusedError):
        ALLOWED.check(url)


def test_what_is_allowed_is_kept_in_one_form_for_the_record() -> None:
    assert ALLOWED.allow == ("127.0.0.1:9000", "[::1]:7000", "example.org:9000", "search.lan:8888")


@pytest.mark.parametrize(
    "text",
    ["", "localhost", "localhost:", ":80", "http://localhost:80", "localhost:80/x", "a b:80",
     "*:80", "127.1:80", "localhost:99999", "user@localhost:80", "localhost:0"],
)  # fmt: skip
def test_what_is_no_server_cannot_be_allowed(text: str) -> None:
    with pytest.raises(SettingsError, match="HOST:PORT"):
        parse_allowed(text)


def info(address: str, port: int) -> tuple[Any, ...]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))


@pytest.mark.parametrize(
    ("address", "port", "reason"),
    [
        pytest.param("127.0.0.1", 80, "this machine", id="this machine"),
        pytest.param("::ffff:127.0.0.1", 80, "mapped", id="this machine in IPv6"),
        pytest.param("fe80::1%1", 80, "one link", id="a zone"),
        pytest.param(PUBLIC, 22, "no port of the web", id="another port"),
        pytest.param("/run/docker.sock", 80, "no address", id="no address"),
    ],
)
def test_no_socket_is_made_for_what_may_not_be_dialled(
    address: str, port: int, reason: str
) -> None:
    with pytest.raises(ForbiddenDialError, match=reason):
        Guard().socket(info(address, port))


@pytest.mark.parametrize("address", [PUBLIC, "2a00:1450:4001:82b::200e"])
def test_a_socket_is_made_for_what_may(address: str) -> None:
    made = Guard().socket(info(address, 443))
    assert made.family == info(address, 443)[0]
    made.close()


def test_an_allowed_address_may_be_dialled_once_it_was_asked_for_and_at_its_port_only() -> None:
    guard = Guard(["127.0.0.1:9000"])
    with pytest.raises(ForbiddenDialError):
        guard.socket(info("127.0.0.1", 9000))
    guard.check("http://127.0.0.1:9000/")
    guard.socket(info("127.0.0.1", 9000)).close()
    with pytest.raises(ForbiddenDialError):
        guard.socket(info("127.0.0.1", 9001))


def test_the_answers_of_a_name_are_refused_whole_if_one_is_not_public() -> None:
    for answers in (["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC], ["fe80::1"]):
        with pytest.raises(RefusedError, match="its name leads to"):
            Guard().check_answers("example.org", 80, answers)
    Guard().check_answers("example.org", 80, [PUBLIC, "2a00:1450::1"])


def test_an_allowed_name_may_lead_anywhere_and_opens_that_for_its_port() -> None:
    guard = Guard(["search.lan:8888"])
    guard.check_answers("search.lan", 8888, ["192.168.1.5"])
    guard.socket(info("192.168.1.5", 8888)).close()
    for host, port in (("search.lan", 80), ("other.lan", 8888)):
        with pytest.raises(RefusedError):
            guard.check_answers(host, port, ["192.168.1.5"])
    with pytest.raises(ForbiddenDialError):
        guard.socket(info("192.168.1.5", 80))


@pytest.fixture
async def web() -> AsyncIterator[StandIn]:
    standing_in = StandIn({})
    await standing_in.open()
    yield standing_in
    await standing_in.close()


async def test_answers_that_change_at_every_look_up_open_nothing(web: StandIn) -> None:
    pages, dials = await rebind(web, 300)
    assert 0 < pages < 300
    assert dials == 0
    assert web.strays == []


def answering(*addresses: str) -> Any:
    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [info(address, port) for address in addresses]

    return getaddrinfo


async def test_a_name_is_dialled_at_what_it_answers_and_at_eight_of_many(
    web: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering(*[f"93.184.216.{n}" for n in range(99)]))
    page = await Fetcher().fetch("http://example.org/", found=False)
    assert b"public web" in page.data
    assert web.dialled == [("93.184.216.0", 80)]
    web.places.clear()
    web.dialled.clear()
    with pytest.raises(SourceDownError):
        await Fetcher().fetch("http://example.org/", found=False)
    assert {host for host, _ in web.dialled} == {f"93.184.216.{n}" for n in range(8)}


async def test_an_address_in_the_url_passes_the_dial_check_too(
    web: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address is not looked up, so a guard in the resolver alone would see nothing."""

    def unchecked(_: Guard, url: str) -> Target:
        return read_url(url)

    monkeypatch.setattr(Guard, "check", unchecked)
    with pytest.raises(RefusedError, match="is not dialled: this machine"):
        await Fetcher().fetch("http://127.0.0.1/", found=False)
    assert web.dialled == []


@pytest.mark.parametrize(
    ("number", "error", "reason"),
    [
        (socket.EAI_NONAME, RefusedError, "nobody has that name"),
        (socket.EAI_AGAIN, SourceDownError, "could not be looked up"),
    ],
)
async def test_a_name_without_an_answer(
    monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception], reason: str
) -> None:
    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(error, match=reason):
        await Fetcher().fetch("http://example.org/", found=False)


async def test_a_name_with_one_answer_inside_is_not_dialled_at_its_others(
    web: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering(PUBLIC, "127.0.0.1"))
    with pytest.raises(RefusedError, match=r"its name leads to 127\.0\.0\.1"):
        await Fetcher().fetch("http://example.org/", found=False)
    assert web.dialled == []


async def test_a_silent_name_server_holds_up_neither_the_page_nor_the_end_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    speaks, spoke = threading.Event(), threading.Event()

    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        speaks.wait(30)
        spoke.set()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(SourceDownError, match=r"within 0\.2 s"):
        await Fetcher(limits=Limits(deadline_s=0.2)).fetch("http://example.org/", found=False)
    # The loop's own threads are all free: none of them waits for the name server.
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(20):
        await loop.shutdown_default_executor()
    # What it says in the end, nobody waits for; that is no error.
    broken: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: broken.append(context))
    speaks.set()
    spoke.wait(30)
    await asyncio.sleep(0.1)
    assert broken == []
