"""One child that parses files: its start, what it is asked, and how it ended."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from quaestor.tools.local.parsing.frames import FrameError, parsed_of, read_frame, write_frame
from quaestor.tools.local.parsing.parsed import Parsed

START_S = 30.0
"""For a child to be ready, on a machine that has much else to do."""
_MOST_REASON = 200
_KILLED = -9  # `signal` has no such name on Windows
_MODULE = "quaestor.tools.local.worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What a child is asked to read, and within how many seconds."""

    data: bytes = field(repr=False)
    media_type: str
    url: str | None
    timeout_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a child read, or why nothing."""

    parsed: Parsed | None = None
    refused: str = ""
    broke_old_child: bool = False
    """The child broke, and it had read other files before."""


@dataclass(slots=True, eq=False)
class Child:
    """A child process. One thread at a time asks it; any may kill it."""

    process: subprocess.Popen[bytes] = field(repr=False)
    files: int = 0
    sound: bool = True
    """It may be given another file."""

    @classmethod
    def start(cls, arguments: Sequence[str] = ()) -> "Child":
        """Start one, with the arguments of tools/local/worker.py."""
        # -P: a folder of documents must not lend the child its modules. No settings and no keys
        # of the parent's environment go along.
        paths = [path for path in sys.path if path and Path(path).is_absolute()]
        environment = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
        kept = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LC_ALL", "LANG")
        environment.update({name: os.environ[name] for name in kept if name in os.environ})
        return cls(
            subprocess.Popen(
                [sys.executable, "-P", "-m", _MODULE, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(sys.executable).anchor,
                env=environment,
            )
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def lives(self) -> bool:
        """Return whether it has not ended."""
        return self.process.poll() is None

    def kill(self) -> None:
        """Kill it; whoever waits for an answer is told that none came."""
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

    def ask(self, file: File) -> Answer:
        """Return its answer to one file; when it is not sound after that, it must be ended."""
        self.files += 1
        if self.files == 1:  # what it takes to start is no file's fault
            begun = self._within(START_S, self._begin)
            if not self.sound:
                return begun
        return self._within(file.timeout_s, lambda: self._exchange(file))

    def _within(self, seconds: float, do: Callable[[], Answer]) -> Answer:
        """Let it do something; it is killed when it takes longer."""
        until = time.monotonic() + seconds
        watch = threading.Timer(seconds, self.kill)
        watch.daemon = True
        watch.start()
        try:
            answer = do()
        except (OSError, FrameError) as error:
            self.sound = False
            self.process.kill()
            answer = Answer(refused=self._end_of(error))
        except BaseException:
            self.sound = False
            raise
        finally:
            watch.cancel()
            late = time.monotonic() >= until
            self.sound = self.sound and not late  # the watch may be killing it just now
        if late and answer.parsed is None:
            return Answer(refused=f"takes too long: the limit is {seconds:g} s")
        broke = not self.sound and answer.parsed is None
        return replace(answer, broke_old_child=broke and self.files > 1)

    def _begin(self) -> Answer:
        """Wait until it is ready."""
        read_frame(cast("BinaryIO", self.process.stdout))
        return Answer()

    def _exchange(self, file: File) -> Answer:
        into, out = cast("BinaryIO", self.process.stdin), cast("BinaryIO", self.process.stdout)
        write_frame(into, {"media_type": file.media_type, "url": file.url}, [file.data])
        header, parts = read_frame(out)
        if "refused" in header:
            self.sound = not header.get("broken")
            reason = " ".join(str(header["refused"]).split())
            return Answer(refused="".join(c for c in reason if c.isprintable())[:_MOST_REASON])
        return Answer(parsed=parsed_of(header, parts))

    def _end_of(self, error: Exception) -> str:
        """Say how a child ended that gave no answer."""
        code = self.process.wait()
        if code < 0 and code != _KILLED:
            return f"bomb-like or damaged: it broke its parser (signal {-code})"
        return f"its parser gave no answer ({error})"
