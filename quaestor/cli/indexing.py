"""`index`: build or refresh the indexes of folders, with progress."""

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from quaestor.cli.options import Plain
from quaestor.cli.output import Json, amount, emit, json_text, make_home, notice
from quaestor.cli.sources import source_json
from quaestor.making import make_sources
from quaestor.memory.labels import one_line
from quaestor.settings import resolve
from quaestor.tools.local.corpus import Corpus
from quaestor.tools.sources import HasHome, Source
from quaestor.tools.sources import Progress as At

_SILENT_S = 2.0
_LINE_EVERY_S = 10.0


def index(paths: Sequence[str], *, home: Path, exclude: Sequence[str], as_format: Plain) -> None:
    """Bring the index of every path up to date and print what it holds."""
    given = resolve(home, {"local": list(paths), "exclude_source": list(exclude)}).settings
    sources = make_sources(given.model_copy(update={"public": (), "web": "off"}))
    with showing_progress() as shown:
        asyncio.run(prepare(sources, home, shown))
    if as_format is Plain.json:
        emit(json_text({"collections": [_with_path(one) for one in sources]}))
        return
    emit("".join(f"{line}\n" for one in sources for line in _lines(one)))


async def prepare(sources: Sequence[Source], home: Path, shown: Callable[[At], None]) -> None:
    """Bring sources up to date one after the other; they keep what they counted."""
    make_home(home)
    for source in sources:
        if isinstance(source, HasHome):
            try:
                await source.prepare(home, progress=shown)
            finally:
                await source.close()


@contextlib.contextmanager
def showing_progress() -> Generator[Callable[[At], None]]:
    """Give what shows progress on standard error: a bar in a terminal, else a line at times.

    What takes less than two seconds says nothing.
    """
    if not sys.stderr.isatty():
        yield _Lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        yield _Bars(bar)


class _Bars:
    """One bar a source."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, at: At) -> None:
        name = one_line(at.source, 40).replace("[", "(")
        for task in self._progress.tasks:
            if task.description == name:
                self._progress.update(task.id, completed=at.done, total=at.total or None)
                return
        self._progress.add_task(name, completed=at.done, total=at.total or None)


class _Lines:
    """A line after two seconds, and every ten from then on."""

    def __init__(self) -> None:
        self._due = time.monotonic() + _SILENT_S

    def __call__(self, at: At) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + _LINE_EVERY_S
        of = f"{at.done:,} of {at.total:,} " if at.total else ""
        notice(f"{at.source}: {of}{at.note}")


def _with_path(source: Source) -> Json:
    path = str(source.root) if isinstance(source, Corpus) else ""
    return {"path": path, **source_json(source)}


def _lines(source: Source) -> Iterator[str]:
    told = source_json(source)
    counts: dict[str, int] = dict(told["counts"])
    held = [amount(counts.pop(name, 0), name[:-1]) for name in ("files", "documents", "passages")]
    counts.pop("unread", None)
    yield f"{told['name']}: {', '.join(held)}"
    left = [f"{count:,} {reason.replace('_', ' ')}" for reason, count in counts.items() if count]
    if left:
        yield f"  left out: {', '.join(left)}"
    for one in told["unread"]:
        yield f"  not read: {one_line(one['what'], 300)} ({one_line(one['why'], 300)})"
