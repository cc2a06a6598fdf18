"""A server on loopback that behaves as it is told, and the register of ways to behave.

The ways themselves stand in benchmarks/faulty_servers.py.
"""

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

Write = Callable[[bytes], Awaitable[None]]
Serve = Callable[["Site", str, Write], Awaitable[None]]
End = Literal["page", "refused", "down"]
ARTICLE = b"<!doctype html><title>Tide</title><p>The tide turns twice a day in the harbour.</p>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What a server does, and how a fetch of its page must end."""

    serve: Serve
    ends: End
    says: str = ""
    """Stands in the reason, or in the page."""
    requests: int | None = None
    """How often the page is asked for, where that matters."""


BEHAVIOURS: dict[str, Behaviour] = {}


class Site:
    """One misbehaving server on loopback."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.behaviour = BEHAVIOURS[name]
        self.port = 0
        self.requests = 0
        """Those for robots.txt left out."""
        self.head = ""
        """Of the last of them."""
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that has seen enough goes away; what it did not take is of no interest.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ", 2)[1]

        async def write(data: bytes) -> None:
            if data == RESET:
                linger = struct.pack("ii", 1, 0)
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return
            writer.write(data)
            await writer.drain()
            await asyncio.sleep(0)  # others serve too

        if path == "/robots.txt":
            if self.behaviour.serve not in _ROBOTS:
                await write(response(404, "no such file"))
                return
        else:
            self.requests += 1
            self.head = head
            print(json.dumps([self.name, path]), flush=True)
        await self.behaviour.serve(self, path, write)


RESET = b"\x00reset the connection"
"""Written last: the connection is not ended but reset."""
_ROBOTS: set[Serve] = set()  # those that answer for robots.txt too


def response(status: int | str, body: bytes | str = ARTICLE, **headers: str) -> bytes:
    """Return a whole answer; `Content_Type=` and the like add or replace headers."""
    raw = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": "text/html", "Content-Length": str(len(raw))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + raw


def behaviour(
    ends: End, says: str = "", *, requests: int | None = None, robots: bool = False
) -> Callable[[Serve], Serve]:
    """Register a way to serve under its name."""

    def register(serve: Serve) -> Serve:
        if robots:
            _ROBOTS.add(serve)
        BEHAVIOURS[serve.__name__] = Behaviour(serve=serve, ends=ends, says=says, requests=requests)
        return serve

    return register


def always(
    name: str, answer: bytes, ends: End, says: str = "", requests: int | None = None
) -> None:
    """Register a server that sends the same bytes to everybody and goes away."""

    async def serve(_site: Site, _path: str, write: Write) -> None:
        await write(answer)

    serve.__name__ = name
    behaviour(ends, says, requests=requests)(serve)
