"""The children that parse files: started when needed, limited, replaced, and always ended.

A pool belongs to no event loop and to any thread. Close it, or use it in a `with`: no child
outlives that. A child also ends by itself when its parent is gone.
"""

import asyncio
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from quaestor.errors import SettingsError, UnreadableError
from quaestor.tools.local.parsing.frames import FrameError, parsed_of, read_frame, write_frame
from quaestor.tools.local.parsing.parsed import Parsed

TIMEOUT_S = 10.0
FILES_PER_CHILD = 200
_MOST_REASON = 200
_KILLED = -9  # `signal` has no such name on Windows
_MODULE = "quaestor.tools.local.worker"


class PoolClosedError(RuntimeError):
    """The pool was closed, or whoever asked for a file no longer waits for it."""


class Call:
    """One request for a file; whoever made it may give it up from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: _Child | None = None
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

    def taken_by(self, child: "_Child | None") -> None:
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
    ) -> None:
        if children < 1 or files_per_child < 1 or timeout_s <= 0:
            raise SettingsError("a parser pool needs a child, a file for it and time")
        self._timeout_s = timeout_s
        self._files = files_per_child
        self._free = threading.BoundedSemaphore(children)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
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
        self, data: bytes, media_type: str, *, name: str = "file", call: Call | None = None
    ) -> Parsed:
        """Return what a file's bytes say; blocks up to the time limit of each file before it.

        Args:
            data: The bytes, already read.
            media_type: As in `parsers.MEDIA_TYPES`.
            name: What errors call it.
            call: By which it can be given up.

        Raises:
            UnreadableError: The bytes give no text, or the parser would not, or did not, end.
            PoolClosedError: The pool was closed or the call given up.
        """
        mine = call or Call()
        with self._free:
            answer = self._ask(data, media_type, mine, fresh=False)
            if answer.broke_old_child:  # what earlier files left behind may have done it
                answer = self._ask(data, media_type, mine, fresh=True)
        if answer.parsed is not None:
            return answer.parsed
        if self._closed or mine.given_up():
            raise PoolClosedError(f"nobody waits for {name} any more")
        raise UnreadableError(name, answer.refused)

    async def read(self, data: bytes, media_type: str, *, name: str = "file") -> Parsed:
        """Return what a file's bytes say, as `parse`; a cancelled caller ends the work on it.

        Raises:
            UnreadableError: As `parse`.
        """
        call = Call()
        try:
            return await asyncio.to_thread(self.parse, data, media_type, name=name, call=call)
        except asyncio.CancelledError:
            call.give_up()
            raise

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

    def _ask(self, data: bytes, media_type: str, call: Call, *, fresh: bool) -> "_Answer":
        child = self._take(fresh=fresh)
        call.taken_by(child)
        try:
            return child.ask(data, media_type, self._timeout_s)
        finally:
            call.taken_by(None)
            self._give(child, keep=not call.given_up())

    def _take(self, *, fresh: bool) -> "_Child":
        with self._lock:
            if self._closed:
                raise PoolClosedError("the parser pool is closed")
            child = _Child.start() if fresh or not self._idle else self._idle.pop()
            self._busy.add(child)
            return child

    def _give(self, child: "_Child", *, keep: bool) -> None:
        with self._lock:
            self._busy.discard(child)
            keep = keep and child.sound and child.files < self._files and not self._closed
            if keep:
                self._idle.append(child)
        if not keep:
            child.end()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    parsed: Parsed | None = None
    refused: str = ""
    broke_old_child: bool = False
    """The child broke, and it had read other files before."""


@dataclass(slots=True, eq=False)
class _Child:
    process: subprocess.Popen[bytes] = field(repr=False)
    files: int = 0
    sound: bool = True
    """It may be given another file."""

    @classmethod
    def start(cls) -> "_Child":
        # -P: a folder of documents must not lend the child its modules. No settings and no keys
        # of the parent's environment go along.
        paths = [path for path in sys.path if path and Path(path).is_absolute()]
        environment = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
        kept = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LC_ALL", "LANG")
        environment.update({name: os.environ[name] for name in kept if name in os.environ})
        return cls(
            subprocess.Popen(
                [sys.executable, "-P", "-m", _MODULE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(sys.executable).anchor,
                env=environment,
            )
        )

    @property
    def pid(self) -> int:
        return self.process.pid

    def lives(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.process.kill()

    def end(self) -> None:
        """Kill it and wait until it is gone."""
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:  # what was not written yet cannot be
                pass
        self.process.wait()

    def ask(self, data: bytes, media_type: str, timeout_s: float) -> _Answer:
        """Return its answer to one file; when it is not sound after that, it must be ended."""
        self.files += 1
        until = time.monotonic() + timeout_s
        watch = threading.Timer(timeout_s, self.kill)
        watch.daemon = True
        watch.start()
        try:
            answer = self._exchange(data, media_type)
        except (OSError, FrameError) as error:
            self.sound = False
            self.process.kill()
            answer = _Answer(refused=self._end_of(error))
        except BaseException:
            self.sound = False
            raise
        finally:
            watch.cancel()
            late = time.monotonic() >= until
            self.sound = self.sound and not late  # the watch may be killing it just now
        if self.sound or answer.parsed is not None:
            return answer
        if late:
            return _Answer(refused=f"takes too long: the limit is {timeout_s:g} s")
        return _Answer(refused=answer.refused, broke_old_child=self.files > 1)

    def _exchange(self, data: bytes, media_type: str) -> _Answer:
        into, out = cast("BinaryIO", self.process.stdin), cast("BinaryIO", self.process.stdout)
        write_frame(into, {"media_type": media_type}, [data])
        header, parts = read_frame(out)
        if "refused" in header:
            self.sound = not header.get("broken")
            reason = " ".join(str(header["refused"]).split())
            return _Answer(refused="".join(c for c in reason if c.isprintable())[:_MOST_REASON])
        return _Answer(parsed=parsed_of(header, parts))

    def _end_of(self, error: Exception) -> str:
        """Say how a child ended that gave no answer."""
        code = self.process.wait()
        if code < 0 and code != _KILLED:
            return f"bomb-like or damaged: it broke its parser (signal {-code})"
        return f"its parser gave no answer ({error})"
