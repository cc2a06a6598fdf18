"""pages.jsonl: which saved page of a folder came from which address, and when.

One JSON object a line: `{"url": ..., "file": ..., "fetched": ISO time, "title": optional}`.
A line that cannot be believed or a file outside the folder is refused by name, never read, and
does not stop the others.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from quaestor.errors import SettingsError

MANIFEST = "pages.jsonl"
SUFFIXES = (".html", ".htm", ".html.gz", ".htm.gz", ".txt", ".md")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """One line of pages.jsonl that was accepted."""

    url: str
    path: Path
    """Below the folder, no link on the way."""
    fetched: str
    """ISO 8601, as written."""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The pages of a folder, and the lines that were refused."""

    pages: tuple[SavedPage, ...]
    """In the order of the file."""
    refused: tuple[tuple[str, str], ...]
    """(line and, where it has one, file; reason)."""


class _RefusedLine(Exception):  # noqa: N818 - never leaves this file
    """Why a line is not accepted, and how it is named."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name
        self.reason = reason


def read_manifest(folder: Path) -> Manifest:
    """Return what a folder's pages.jsonl lists.

    Raises:
        SettingsError: The folder or its pages.jsonl is not there.
    """
    file = manifest_of(folder)
    pages: dict[str, SavedPage] = {}
    refused: list[tuple[str, str]] = []
    for number, line in _lines(file):
        where = f"{MANIFEST} line {number}"
        try:
            page = _page(folder, where, line)
        except _RefusedLine as no:
            refused.append((no.name, no.reason))
            continue
        if page.url in pages:
            refused.append((where, f"{page.url} stands on an earlier line already"))
        else:
            pages[page.url] = page
    return Manifest(pages=tuple(pages.values()), refused=tuple(refused))


def manifest_of(folder: Path) -> Path:
    """Return the path of a folder's pages.jsonl.

    Raises:
        SettingsError: The folder or its pages.jsonl is not there.
    """
    if not folder.is_dir():
        raise SettingsError(f"snapshot:{folder}: no such folder; name one that holds {MANIFEST}")
    file = folder / MANIFEST
    if not file.is_file():
        raise SettingsError(
            f"snapshot:{folder}: it holds no {MANIFEST}; each line of it is "
            '{"url": "https://...", "file": "page.html", "fetched": "2025-01-31T12:00:00Z"}'
        )
    return file


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    raw = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _page(folder: Path, where: str, line: bytes) -> SavedPage:
    entry = _entry(where, line)
    url, file = _string(where, entry, "url"), _string(where, entry, "file")
    fetched = _string(where, entry, "fetched")
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise _RefusedLine(where, f"url {url!r} is no http or https address")
    try:
        datetime.fromisoformat(fetched)
    except ValueError:
        raise _RefusedLine(where, f"fetched {fetched!r} is no ISO 8601 time") from None
    title = entry.get("title", "")
    if not isinstance(title, str):
        raise _RefusedLine(where, "title is no text")
    return SavedPage(url=url, path=_inside(folder, where, file), fetched=fetched, title=title)


def _entry(where: str, line: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _RefusedLine(where, f"it is no JSON ({error})") from None
    if not isinstance(entry, dict):
        raise _RefusedLine(where, "it is no JSON object")
    return entry  # pyright: ignore[reportUnknownVariableType]  # JSON keys are strings


def _string(where: str, entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise _RefusedLine(where, f"it has no {key!r}")
    return value


def _inside(folder: Path, where: str, file: str) -> Path:
    """Return the file's path, refused unless it is a page inside the folder."""
    name = f"{where}: {file}"
    parts = PurePosixPath(file)
    if parts.is_absolute() or ".." in parts.parts or "\\" in file or "\x00" in file:
        raise _RefusedLine(name, "the path leads out of the folder")
    if not file.lower().endswith(SUFFIXES):
        raise _RefusedLine(name, f"not a type that is read: {', '.join(SUFFIXES)}")
    path = folder.joinpath(*parts.parts)
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links in a circle, before Python 3.13
        raise _RefusedLine(name, "no such file") from None
    if real != folder.resolve().joinpath(*parts.parts):
        raise _RefusedLine(name, "a link stands on the way to it, and links are not followed")
    return path
