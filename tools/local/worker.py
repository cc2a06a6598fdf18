"""The child that parses files: `python -m quaestor.tools.local.worker`, spoken to over its pipes.

It says that it is ready, then answers file after file; with `pages` it loads what reads pages
before that, so that the time a page takes is its own.

It is given bytes and gives back text; it opens no file of anybody's, starts no program and reaches
no network. Its limits hold for native code as well where the platform knows them (Linux, macOS).
"""

import os
import signal
import sys
from typing import Any, BinaryIO

from quaestor.tools.local.parsing.frames import FrameError, answer_of, read_frame, write_frame
from quaestor.tools.local.parsing.parsed import RefusedFileError
from quaestor.tools.local.parsing.parsers import load_page_parser, parse

MEMORY_BYTES = 512 * 1024**2
"""Of address space, of which an empty child takes 80 MiB."""
CPU_S = 10
_FILES = 64
_FORBIDDEN = (
    "socket.connect socket.bind socket.sendto socket.sendmsg socket.getaddrinfo"
    " socket.gethostbyname subprocess.Popen os.exec os.fork os.forkpty os.posix_spawn os.spawn"
    " os.system pty.spawn os.startfile os.remove os.rename os.mkdir os.rmdir os.link os.symlink"
    " os.truncate os.chmod os.chown shutil.rmtree shutil.copyfile shutil.move tempfile.mkstemp"
    " tempfile.mkdtemp ftplib.connect http.client.connect urllib.Request smtplib.connect"
).split()


def main() -> None:
    """Answer files until the parent closes the pipe."""
    # What a library prints must not get between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is asked to stop, and then kills
    limit()
    sys.addaudithook(refuse)
    if "pages" in sys.argv[1:]:
        load_page_parser()
    write_frame(answers, {"ready": True})
    while True:
        try:
            header, parts = read_frame(sys.stdin.buffer)
        except FrameError:
            return
        _more_time()
        url = header.get("url")
        answer(answers, parts[0], str(header.get("media_type")), url=str(url) if url else None)


def answer(stream: BinaryIO, data: bytes, media_type: str, *, url: str | None = None) -> None:
    """Read one file and say what is in it, or why not."""
    try:
        reply = answer_of(parse(data, media_type, url=url))
    except RefusedFileError as error:
        write_frame(stream, {"refused": str(error)})
    except MemoryError:
        write_frame(stream, {"refused": "bomb-like: it needs too much memory", "broken": True})
    except RecursionError:
        write_frame(stream, {"refused": "bomb-like: nested too deeply", "broken": True})
    except Exception as error:
        reason = f"damaged: its parser failed ({type(error).__name__})"
        write_frame(stream, {"refused": reason, "broken": True})
    else:
        write_frame(stream, *reply)


def limit() -> None:
    """Take from this process what a parser does not need, where the platform can."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),  # not a byte into any file, by native code either
        (resource.RLIMIT_NOFILE, _FILES),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS refuses some; the parent's clock still holds
            continue


def _more_time() -> None:
    """Allow the next file its seconds of CPU."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_S + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def refuse(event: str, args: tuple[Any, ...]) -> None:
    """Refuse network, programs and writing, whatever Python code asks for it."""
    if event in _FORBIDDEN:
        raise PermissionError(f"a parser may not use {event}")
    if event == "open" and len(args) > 2:
        mode, flags = args[1], args[2]
        writes = isinstance(mode, str) and bool(set(mode) & set("wax+"))
        if isinstance(flags, int):
            writes = writes or bool(flags & (os.O_WRONLY | os.O_RDWR))
        if writes:
            raise PermissionError("a parser may not write files")


if __name__ == "__main__":
    main()
