"""What may be asked of whom: the guard between us and every address.

Three checks, each alone enough for what it sees: the URL, before anything is asked; every answer
of a name, before one is used; every address, at the moment it is dialled. The last sits where
sockets are made, so redirects, answers that change and literal addresses all pass it.
"""

import asyncio
import contextlib
import errno
import re
import socket
import threading
from collections.abc import Collection
from typing import Any

from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from quaestor.errors import OutsideError, RefusedError, SettingsError
from quaestor.tools.web.addresses import refusal
from quaestor.tools.web.connections import OneAnswerConnector
from quaestor.tools.web.urls import Target, read_url, shown

PORTS = frozenset({80, 443, 8080, 8443})
_MOST_ANSWERS = 8  # of one name that are tried; all are checked
# Names that mean this machine, this network or a cloud's metadata (RFC 6761, RFC 6762, RFC 7686,
# RFC 8375, ICANN's .internal, and what providers and routers use), each with all below it.
_SPECIAL = frozenset(
    """localhost localdomain local internal intranet lan corp home home.arpa private mail
    svc onion i2p alt test invalid arpa metadata.tencentyun.com metadata.goog""".split()
)
_ALLOWED = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:/@\s]+):([1-9][0-9]{0,4})", re.ASCII)


class ForbiddenDialError(OSError):
    """An address that may not be dialled; an OSError, as a socket's maker may raise."""

    def __init__(self, address: str, port: int, reason: str) -> None:
        super().__init__(errno.EACCES, f"{address} port {port} is not dialled: {reason}")


class Guard:
    """The rules, and the connector that keeps them.

    Args:
        allow: `HOST:PORT` of servers the user named that the rules would refuse: the only way
            round them.

    Raises:
        SettingsError: An allowed server is no HOST:PORT.
    """

    def __init__(self, allow: Collection[str] = ()) -> None:
        self.allow = tuple(sorted({parse_allowed(one) for one in allow}))
        """As they are compared, for the record of a run."""
        self._opened: set[tuple[str, int]] = set()

    def check(self, url: str) -> Target:
        """Return where a URL leads.

        Raises:
            RefusedError: It may not be fetched.
        """
        target = read_url(url)
        if target.authority in self.allow:
            if target.literal:
                self._opened.add((target.host, target.port))
            return target
        if target.port not in PORTS:
            raise RefusedError(shown(url), f"port {target.port} is not one of the web")
        reason = refusal(target.host) if target.literal else _special(target.host)
        if reason is not None:
            raise RefusedError(shown(url), f"{target.host} is not a public host: {reason}")
        return target

    def check_answers(self, host: str, port: int, answers: Collection[str]) -> None:
        """Take note of the addresses a name leads to.

        Raises:
            RefusedError: One of them is not public: then none is used.
        """
        allowed = f"{host}:{port}" in self.allow
        for address in answers:
            if allowed:
                self._opened.add((address, port))
                continue
            reason = refusal(address)
            if reason is not None:
                raise RefusedError(host, f"its name leads to {address}: {reason}")

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Make the socket for one dial: nothing leaves by any other.

        Raises:
            ForbiddenDialError: The address may not be dialled.
        """
        family, kind, protocol, _, (address, port, *_) = info
        if (address, port) not in self._opened:
            reason = refusal(address) if port in PORTS else "no port of the web"
            if reason is not None:
                raise ForbiddenDialError(address, port, reason)
        return socket.socket(family=family, type=kind, proto=protocol)

    def connector(self, *, most: int) -> TCPConnector:
        """Return a connector of the running loop that dials through this guard.

        Args:
            most: Bytes of an answer, as sent.
        """
        return OneAnswerConnector(most=most, resolver=_Resolver(self), socket_factory=self.socket)


def parse_allowed(text: str) -> str:
    """Return a server the user allows as it is compared.

    Raises:
        SettingsError: It is no HOST:PORT.

    Example:
        >>> parse_allowed("LocalHost:8888")
        'localhost:8888'
    """
    matched = _ALLOWED.fullmatch(text)
    if matched is not None:
        with contextlib.suppress(OutsideError):
            return read_url(f"http://{text}/").authority
    raise SettingsError(
        f"cannot allow {text!r}: name one server as HOST:PORT, for instance localhost:8888"
    )


def _special(host: str) -> str | None:
    labels = host.split(".")
    if len(labels) == 1:
        return "a name of this network only"
    below = (".".join(labels[at:]) for at in range(len(labels)))
    return next((f"all of {name} is reserved" for name in below if name in _SPECIAL), None)


class _Resolver(AbstractResolver):
    """The system's look-up; its answers pass the guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        infos = await _look_up(host, port, family)
        found = [(info[0], str(info[4][0])) for info in infos]
        self._guard.check_answers(host.removesuffix("."), port, [one for _, one in found])
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=kind,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, address in found[:_MOST_ANSWERS]
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def _look_up(host: str, port: int, family: int) -> list[Any]:
    """Ask the system for a name's addresses.

    In a thread of its own: a look-up cannot be ended, and one of the loop's own threads would
    hold up the end of the program for as long as a name server is silent.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[Any]] = loop.create_future()

    def settle(infos: list[Any], error: Exception | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(infos)
        else:
            answer.set_exception(error)

    def ask() -> None:
        infos: list[Any] = []
        failure: Exception | None = None
        try:
            infos = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            failure = error if isinstance(error, OSError) else OSError(str(error))
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, infos, failure)

    threading.Thread(target=ask, name="quaestor-look-up", daemon=True).start()
    return await answer
