"""A small well-behaved web server on loopback, for tests: pages by path, requests kept."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """By lower-case name."""
    body: str


@dataclass(slots=True, kw_only=True)
class Server:
    """Pages by path; anything else is 404."""

    pages: dict[str, bytes | Callable[[Request], bytes]] = field(
        default_factory=dict[str, "bytes | Callable[[Request], bytes]"]
    )
    requests: list[Request] = field(default_factory=list[Request])
    port: int = 0
    at_once: int = 0
    """The most requests that were under way at the same time."""
    open: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        """Return what was asked for, robots.txt left out."""
        return [one.path for one in self.requests if one.path != "/robots.txt"]

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.at_once = max(self.at_once, self.open)
        try:
            with contextlib.suppress(OSError, EOFError):
                request = await read_request(reader)
                self.requests.append(request)
                page = self.pages.get(request.path, answer(b"nothing here", status=404))
                writer.write(page if isinstance(page, bytes) else page(request))
                await writer.drain()
        finally:
            self.open -= 1
            writer.close()


async def read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Request(
        method=method,
        path=parts.path,
        query={name: values[0] for name, values in parse_qs(parts.query).items()},
        headers=headers,
        body=body.decode(),
    )


def answer(body: bytes | str, *, status: int = 200, **headers: str) -> bytes:
    """Return a whole answer; `Content_Type=` and the like set headers."""
    raw = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(raw))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + raw


@contextlib.asynccontextmanager
async def serving(
    pages: dict[str, bytes | Callable[[Request], bytes]], *, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[Server, None]:
    """Serve pages while the block runs."""
    server = Server(pages=pages)
    listening = await asyncio.start_server(server.accept, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        while server.open:
            await asyncio.sleep(0.001)  # nobody waits for a client: each answer has an end
