"""The bytes of one file, read so that nothing but a regular file inside the root is opened."""

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from quaestor.errors import UnreadableError

# O_NONBLOCK: a FIFO put in a file's place after the walk would hold the open for ever.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER_FLAGS = _FLAGS | getattr(os, "O_DIRECTORY", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileBytes:
    """What a file held when it was read."""

    data: bytes = field(repr=False)
    sha256: str
    size: int
    mtime_ns: int


def read_bytes(path: Path, *, root: Path, max_bytes: int) -> FileBytes:
    """Return a file's bytes; no link between the root and the file is followed.

    Raises:
        UnreadableError: It is gone, may not be read, is no regular file, or has grown too large.
    """
    try:
        data, facts = _read(path, root, max_bytes + 1)
    except OSError as error:
        raise UnreadableError(path.name, f"cannot be read: {error.strerror}") from error
    if data is None:
        raise UnreadableError(path.name, "not a regular file")
    if len(data) > max_bytes:
        raise UnreadableError(path.name, f"too large: the limit is {max_bytes:,} bytes")
    return FileBytes(
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        mtime_ns=facts.st_mtime_ns,
    )


def _read(path: Path, root: Path, most: int) -> tuple[bytes | None, os.stat_result]:
    descriptor = _open(path, root)
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            return None, facts
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most), facts
    finally:
        os.close(descriptor)


def _open(path: Path, root: Path) -> int:
    """Open a file folder by folder, so that none of them can have become a link meanwhile."""
    if path == root or os.open not in os.supports_dir_fd:
        return os.open(path, _FLAGS & ~getattr(os, "O_NOFOLLOW", 0) if path == root else _FLAGS)
    *folders, name = path.relative_to(root).parts
    here = os.open(root, _FOLDER_FLAGS)
    try:
        for folder in folders:
            inner = os.open(folder, _FOLDER_FLAGS, dir_fd=here)
            os.close(here)
            here = inner
        return os.open(name, _FLAGS, dir_fd=here)
    finally:
        os.close(here)
