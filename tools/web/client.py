"""One HTTP request through the guard: no redirect, no cookie, no proxy, every byte counted."""

import contextlib
import os
import socket
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from importlib.metadata import version
from types import TracebackType

import aiohttp

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.tools.web.connections import NotHttpError, TooManyBytesError
from quaestor.tools.web.guard import ForbiddenDialError, Guard
from quaestor.tools.web.limits import Limits
from quaestor.tools.web.urls import Target

USER_AGENT = f"quaestor/{version('quaestor')} (reads pages for one person's question)"
_CHUNK = 65_536  # bytes read, or unpacked, at a time
_GZIP = b"\x1f\x8b"
_OVERHEAD = 1_000_000  # bytes on the wire besides the body: headers, sizes of chunks
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")


class Answer:
    """A status, headers, and a body that has not been read yet.

    Args:
        response: Of aiohttp, its body as sent.
        max_bytes: Of the body, decompressed.
    """

    def __init__(self, response: aiohttp.ClientResponse, *, max_bytes: int) -> None:
        self.status = response.status
        self.phrase = f"{response.status} {response.reason or ''}".strip()
        self.headers: Mapping[str, str] = response.headers
        self._response = response
        self._max_bytes = max_bytes

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the decompressed body piece by piece.

        Raises:
            RefusedError: It is larger than it may be, or compressed in an unknown way.
        """
        coding = self.headers.get("Content-Encoding", "").strip().lower()
        if coding not in _ENCODINGS:
            raise RefusedError(self._name, f"its body is compressed as {coding[:40]!r}")
        length = self.headers.get("Content-Length", "")
        if length.isascii() and length.isdigit() and int(length[:19]) > self._max_bytes:
            raise self._too_large()
        unpack = _Unpacker() if coding not in _ENCODINGS[:2] else None
        total = 0
        async for sent in self._response.content.iter_chunked(_CHUNK):
            for piece in [sent] if unpack is None else self._unpacked(unpack, sent):
                total += len(piece)
                if total > self._max_bytes:
                    raise self._too_large()
                yield piece
        if unpack is not None and not unpack.whole:
            raise SourceDownError(self._name, "it broke off (its compressed body has no end)")

    def _unpacked(self, unpack: "_Unpacker", sent: bytes) -> Iterator[bytes]:
        try:
            yield from unpack.pieces(sent)
        except zlib.error:
            raise RefusedError(self._name, "its body is not compressed as it says") from None

    def _too_large(self) -> RefusedError:
        return RefusedError(self._name, f"it is larger than {self._max_bytes:,} bytes")

    @property
    def _name(self) -> str:
        return str(self._response.url)


class Client:
    """Makes requests. Bound to no loop: a connection lives as long as its request.

    Args:
        guard: Every dial passes it.
        limits: Of headers and bodies.
    """

    def __init__(self, guard: Guard, *, limits: Limits | None = None) -> None:
        self.guard = guard
        self.limits = limits or Limits()

    @contextlib.asynccontextmanager
    async def get(
        self, target: Target, *, accept: str, max_bytes: int | None = None
    ) -> AsyncGenerator[Answer, None]:
        """Ask for a URL and lend the answer, whatever its status.

        Raises:
            RefusedError: The guard refuses, or what came is no valid HTTP or certificate.
            SourceDownError: Nobody answered.
        """
        name = str(target.url)
        largest = max_bytes or self.limits.max_bytes
        with _Translated(name):
            async with (
                self._session(accept, largest) as session,
                session.get(target.url, allow_redirects=False) as response,
            ):
                yield Answer(response, max_bytes=largest)

    def _session(self, accept: str, largest: int) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=self.guard.connector(most=2 * largest + _OVERHEAD),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),  # the page's deadline is the one clock
            max_line_size=self.limits.max_header_bytes,
            max_field_size=self.limits.max_header_bytes,
            headers={
                "User-Agent": USER_AGENT,
                "Accept": accept,
                "Accept-Encoding": "gzip, deflate",
            },
        )


class _Unpacker:
    """gzip, zlib or bare deflate, never more than a chunk of it in memory."""

    def __init__(self) -> None:
        self._wbits = 47  # gzip or zlib, by the first bytes
        self._inflate = zlib.decompressobj(self._wbits)
        self._started = False

    def pieces(self, sent: bytes) -> Iterator[bytes]:
        while sent:
            if self._inflate.eof:
                if not sent.startswith(_GZIP):
                    return  # behind the last member servers leave zeros and worse
                self._inflate = zlib.decompressobj(self._wbits)
            try:
                piece = self._inflate.decompress(sent, _CHUNK)
            except zlib.error:
                if self._started:
                    raise
                self._started, self._wbits = True, -15  # servers send bare deflate for deflate
                self._inflate = zlib.decompressobj(self._wbits)
                continue
            self._started = True
            sent = self._inflate.unconsumed_tail or self._inflate.unused_data
            if piece:
                yield piece

    @property
    def whole(self) -> bool:
        """Whether what came ended where it says it ends."""
        return self._inflate.eof or not self._started


class _Translated:
    """Turns aiohttp's errors into ours, once, here."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        """Nothing is needed."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Raise the error of ours that stands for one of aiohttp's."""
        if isinstance(error, (aiohttp.ClientError, OSError)):
            if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
                return
            raise _ours(self._name, error) from error


def _ours(name: str, error: Exception) -> OutsideError:
    match error:
        case aiohttp.ClientConnectorDNSError(os_error=os_error):
            found = _no_name(name, os_error)
        case aiohttp.ClientConnectorCertificateError():
            found = RefusedError(name, "its certificate is not valid for that name")
        case aiohttp.ClientSSLError():
            found = RefusedError(name, "no safe connection to it could be made (TLS)")
        case aiohttp.ClientConnectorError(os_error=ForbiddenDialError() as dial):
            found = RefusedError(name, str(dial.strerror))
        case aiohttp.ClientConnectorError(os_error=os_error):
            found = SourceDownError(name, f"no connection ({_no_connection(os_error)})")
        case TooManyBytesError():
            found = RefusedError(name, "it sends more bytes than a page has")
        case aiohttp.ClientResponseError() | aiohttp.InvalidURL() | NotHttpError():
            found = RefusedError(name, f"its answer is no valid HTTP ({_short(error)})")
        case _:
            found = SourceDownError(name, f"it broke off ({_short(error)})")
    return found


def _no_connection(error: OSError) -> str:
    """Return what the system says; asyncio puts its own words and the address in its place."""
    return os.strerror(error.errno) if error.errno else error.strerror or str(error)


def _no_name(name: str, error: OSError) -> OutsideError:
    if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)):
        return RefusedError(name, "nobody has that name")
    return SourceDownError(name, "its name could not be looked up")


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}{': ' if text else ''}{text[:100]}"
