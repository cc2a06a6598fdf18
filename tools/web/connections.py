"""Connections that take one answer each, and count what comes off the wire.

aiohttp's own limits are on lines, headers and what a reader takes; three things pass them. Bytes
behind an answer that arrive together with it make it fail, where every browser leaves them alone.
What stands between the chunks of a body (extensions) is read and forgotten without end. And a
body that turns out to be framed wrongly after its headers were read leaves its reader waiting.
"""

import asyncio
import functools
import re
from typing import Any, cast

from aiohttp import ClientError, TCPConnector
from aiohttp.client_proto import ResponseHandler

_HEAD_END = b"\r\n\r\n"
_MOST_OF_A_HEAD = 1_500_000  # bytes looked at; more than aiohttp takes in headers
_INTERIM = re.compile(rb"HTTP/1\.[01] 1\d\d ")


class TooManyBytesError(ClientError):
    """An answer goes on after as many bytes as a page may have on the wire."""


class NotHttpError(ClientError):
    """The body of an answer is framed in a way that HTTP does not know."""


class OneAnswer(ResponseHandler):
    """aiohttp's reader of answers, handed headers and body apart, and no more than so many bytes.

    Args:
        loop: The running loop.
        most: Bytes of an answer, as sent, headers included.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, most: int) -> None:
        super().__init__(loop)
        self._left = most
        self._head: bytearray | None = bytearray()

    def data_received(self, data: bytes) -> None:
        """Pass on what came; break off where there is too much of it."""
        while self._head is not None and data:
            before = len(self._head)
            self._head += data
            end = self._head.find(_HEAD_END, max(0, before - len(_HEAD_END)))
            if end < 0:
                if len(self._head) > _MOST_OF_A_HEAD:
                    self._head = None
                break
            # Once the headers are through, what is wrong behind the body cannot take it along.
            cut = end + len(_HEAD_END) - before
            self._pass_on(data[:cut])
            data = data[cut:]
            self._head = bytearray() if _INTERIM.match(self._head) else None
        if data:
            self._pass_on(data)

    def _pass_on(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left >= 0:
            super().data_received(data)
            return
        self.set_exception(TooManyBytesError())
        if self.transport is not None:
            self.transport.abort()

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        """Tell whoever reads the body too: aiohttp tells only whoever waits for the headers."""
        if exc_cause is None:
            super().set_exception(exc)
        else:
            super().set_exception(exc, exc_cause)
        payload = self._payload
        if payload is not None and not payload.is_eof() and payload.exception() is None:
            payload.set_exception(exc if isinstance(exc, ClientError) else NotHttpError(str(exc)))


class OneAnswerConnector(TCPConnector):
    """A connector each of whose connections carries one request and one answer.

    Args:
        most: Bytes of an answer, as sent.
        options: Of TCPConnector.
    """

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(force_close=True, use_dns_cache=False, **options)
        maker = functools.partial(OneAnswer, loop=self._loop, most=most)
        self._factory = cast("functools.partial[ResponseHandler]", maker)
