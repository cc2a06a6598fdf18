"""Which files a folder offers, and what is left out and why. Only ignore files are opened here."""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quaestor.tools.local.ignoring import Rules, excluding, left_out_by, rules_of
from quaestor.tools.local.kinds import kind_of, suffix_of

_HEAVY_FOLDERS = frozenset({"node_modules", "__pycache__"})
_SPECIAL = (
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A regular file of a known type and an acceptable size."""

    path: Path
    uri: str
    """Path inside the collection with `/`; bytes that are no UTF-8 as `\\xNN`."""
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What is in a folder."""

    files: list[FoundFile] = field(default_factory=list[FoundFile])
    """Sorted by uri."""
    unread: dict[str, str] = field(default_factory=dict[str, str])
    """Reason by uri: things a person may miss in the collection."""
    left_out: Counter[str] = field(default_factory=Counter[str])
    """How many entries were passed over on purpose, by reason; a folder counts as one."""


def walk(
    root: Path, *, max_bytes: int, home: Path | None = None, exclude: Sequence[str] = ()
) -> Walk:
    """Return what a folder, or one file, holds.

    Args:
        root: The folder or file; a link given here is the person's own choice and is followed.
        max_bytes: Larger files are unread.
        home: The home of a run: left out when it lies inside.
        exclude: Patterns as in a .gitignore of the root; no ignore file takes them back in.
    """
    found = Walk()
    if root.is_file():
        _take(found, root, root.name, root.stat(), max_bytes)
        return found
    walker = _Walker(
        root=root.resolve(),
        found=found,
        max_bytes=max_bytes,
        home=_identity(home),
        excluded=excluding(exclude),
    )
    walker.walk()
    found.files.sort(key=lambda file: file.uri)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walker:
    root: Path
    found: Walk
    max_bytes: int
    home: tuple[int, int] | None
    excluded: Rules

    def walk(self) -> None:
        """Take in the root and what is below it, by a stack: folders may be nested deeply."""
        waiting: list[tuple[Path, str, list[Rules]]] = [(self.root, "", [])]
        while waiting:
            here, uri, known = waiting.pop()
            applied = [*known, *rules_of(here, uri)]
            for entry in self._entries(here, uri):
                below = f"{uri}/{_printable(entry.name)}" if uri else _printable(entry.name)
                if self._entry(entry, below, applied):
                    waiting.append((Path(entry.path), below, applied))

    def _entries(self, folder: Path, uri: str) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                yield from sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self.found.unread[uri or "."] = f"folder cannot be listed: {error.strerror}"

    def _entry(self, entry: os.DirEntry[str], uri: str, rules: list[Rules]) -> bool:
        """Take in one entry; True if it is a folder to enter."""
        try:
            facts = entry.stat(follow_symlinks=False)
        except OSError as error:
            self.found.unread[uri] = f"cannot be read: {error.strerror}"
            return False
        folder = stat.S_ISDIR(facts.st_mode)
        reason = self._passed_over(entry, facts, folder) or left_out_by(
            [*rules, self.excluded], uri, folder=folder
        )
        if reason is not None:
            self.found.left_out[reason] += 1
        elif folder:
            return True
        elif stat.S_ISLNK(facts.st_mode):
            self._link(Path(entry.path), uri)
        else:
            _take(self.found, Path(entry.path), uri, facts, self.max_bytes)
        return False

    def _passed_over(
        self, entry: os.DirEntry[str], facts: os.stat_result, folder: bool
    ) -> str | None:
        if folder and (facts.st_dev, facts.st_ino) == self.home:
            return "home"
        if entry.name == ".git":
            return ".git"
        if entry.name.startswith("."):
            return "hidden folder" if folder else "hidden file"
        if folder and entry.name in _HEAVY_FOLDERS:
            return entry.name
        if folder and (Path(entry.path) / "pyvenv.cfg").is_file():
            return "virtual environment"
        return None

    def _link(self, path: Path, uri: str) -> None:
        """A link is not followed: what it names inside the folder is read at its own place."""
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            self.found.unread[uri] = "a link that leads nowhere"
            return
        if target.is_relative_to(self.root):
            self.found.left_out["link inside the folder"] += 1
        else:
            self.found.unread[uri] = "a link that leads out of the folder"


def _take(found: Walk, path: Path, uri: str, facts: os.stat_result, max_bytes: int) -> None:
    reason = _unreadable(path.name, facts, max_bytes)
    if reason is not None:
        found.unread[uri] = reason
        return
    found.files.append(
        FoundFile(path=path, uri=uri, size=facts.st_size, mtime_ns=facts.st_mtime_ns)
    )


def _unreadable(name: str, facts: os.stat_result, max_bytes: int) -> str | None:
    for is_kind, what in _SPECIAL:
        if is_kind(facts.st_mode):
            return what
    if kind_of(name) is None:
        return f"unknown type: {suffix_of(_printable(name))}"
    if facts.st_size == 0:
        return "empty"
    if facts.st_size > max_bytes:
        return f"too large: {facts.st_size:,} bytes, the limit is {max_bytes:,}"
    return None


def _identity(home: Path | None) -> tuple[int, int] | None:
    try:
        facts = home.stat() if home is not None else None
    except OSError:
        return None
    return (facts.st_dev, facts.st_ino) if facts is not None else None


def _printable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
