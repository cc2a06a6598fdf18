"""The children that parse files: started when needed, limited, replaced, and always ended.

A pool belongs to no event loop and to any thread. Close it, or use it in a `with`: no child
outlives that. A child also ends by itself when its parent is gone.
"""

import asyncio
import threading
from types import TracebackType

from quaestor.errors import SettingsError, UnreadableError
from quaestor.tools.local.parsing.child import Answer, Child, File
from quaestor.tools.local.parsing.parsed import Parsed

TIMEOUT_S = 10.0
FILES_PER_CHILD = 200


class PoolClosedError(RuntimeError):
    """The pool was closed, or whoever asked for a file no longer waits for it."""


class Call:
    """One request for a file; whoever made it may give it up from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._given_up = False

    def give_up(self) -> None:
        """End it: the child that works on it is killed."""
        with self._lock:
            self._given_up = True
            if self._child is not None:
                self._child.kill()

    def given_up(self) -> bool:
        """Return whether nobody waits any more."""
        return self._given_up

    def taken_by(self, child: Child | None) -> None:
        """Note which child works on it."""
        with self._lock:
            self._child = child
            if child is not None and self._given_up:
                child.kill()


class ParserPool:
    r"""Parses files in children.

    Args:
        children: How many at once.
        timeout_s: Wall time of one file.
        files_per_child: After so many a child is replaced, so that nothing it lost adds up.
        pages: Load what reads pages of the web when a child starts, not with its first page.

    Example:
        >>> with ParserPool() as pool:
        ...     mail = pool.parse(b"Subject: The quay\n\nIt is long.", "message/rfc822")
        >>> mail.title
        'The quay'
    """

    def __init__(
        self,
        *,
        children: int = 2,
        timeout_s: float = TIMEOUT_S,
        files_per_child: int = FILES_PER_CHILD,
        pages: bool = False,
    ) -> None:
        if children < 1 or files_per_child < 1 or timeout_s <= 0:
            raise SettingsError("a parser pool needs a child, a file for it and time")
        self._children = children
        self._timeout_s = timeout_s
        self._files = files_per_child
        self._arguments = ["pages"] if pages else []
        self._free = threading.BoundedSemaphore(children)
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._closed = False

    def __enter__(self) -> "ParserPool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def parse(
        self,
        data: bytes,
        media_type: str,
        *,
        name: str = "file",
        url: str | None = None,
        timeout_s: float | None = None,
        call: Call | None = None,
    ) -> Parsed:
        """Return what a file's bytes say; blocks up to the time limit of each file before it.

        Args:
            data: The bytes, already read.
            media_type: As `parsers.parse` takes.
            name: What errors call it.
            url: Where a page came from.
            timeout_s: Of this file alone, instead of the pool's.
            call: By which it can be given up.

        Raises:
            UnreadableError: The bytes give no text, or the parser would not, or did not, end.
            PoolClosedError: The pool was closed or the call given up.
        """
        mine = call or Call()
        seconds = self._timeout_s if timeout_s is None else timeout_s
        file = File(data=data, media_type=media_type, url=url, timeout_s=seconds)
        with self._free:
            answer = self._ask(file, mine, fresh=False)
            if answer.broke_old_child:  # what earlier files left behind may have done it
                answer = self._ask(file, mine, fresh=True)
        if answer.parsed is not None:
            return answer.parsed
        if self._closed or mine.given_up():
            raise PoolClosedError(f"nobody waits for {name} any more")
        raise UnreadableError(name, answer.refused)

    async def read(
        self,
        data: bytes,
        media_type: str,
        *,
        name: str = "file",
        url: str | None = None,
        timeout_s: float | None = None,
    ) -> Parsed:
        """Return what a file's bytes say, as `parse`; a cancelled caller ends the work on it.

        Raises:
            UnreadableError: As `parse`.
        """
        call = Call()
        try:
            return await asyncio.to_thread(
                self.parse, data, media_type, name=name, url=url, timeout_s=timeout_s, call=call
            )
        except asyncio.CancelledError:
            call.give_up()
            raise

    def warm(self) -> None:
        """Start the children that do not run yet, so that no file has to wait for that."""
        with self._lock:
            missing = self._children - len(self._idle) - len(self._busy)
            if not self._closed:
                self._idle += [Child.start(self._arguments) for _ in range(missing)]

    def close(self) -> None:
        """Kill all children, at work or not; nothing is parsed after that."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for child in (*idle, *self._busy):
                child.kill()
        for child in idle:
            child.end()

    def processes(self) -> list[int]:
        """Return the process ids of the children that live."""
        with self._lock:
            return sorted(child.pid for child in (*self._idle, *self._busy) if child.lives())

    def _ask(self, file: File, call: Call, *, fresh: bool) -> Answer:
        child = self._take(fresh=fresh)
        call.taken_by(child)
        try:
            return child.ask(file)
        finally:
            call.taken_by(None)
            self._give(child, keep=not call.given_up())

    def _take(self, *, fresh: bool) -> Child:
        with self._lock:
            if self._closed:
                raise PoolClosedError("the parser pool is closed")
            start = fresh or not self._idle
            child = Child.start(self._arguments) if start else self._idle.pop()
            self._busy.add(child)
            return child

    def _give(self, child: Child, *, keep: bool) -> None:
        with self._lock:
            self._busy.discard(child)
            keep = keep and child.sound and child.files < self._files and not self._closed
            if keep:
                self._idle.append(child)
        if not keep:
            child.end()
