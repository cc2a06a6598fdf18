"""What goes on when its task is cancelled is waited for: a cancellation comes after it.

A statement runs in a thread and goes on when the task that waits for it is cancelled. SQLite
keeps a connection that is closed meanwhile, and the lock of its transaction, as long as a
statement of it is held: whoever cleans up would wait for the database until it gives up.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

Brought = TypeVar("Brought")


async def to_its_end(work: "asyncio.Future[Brought]") -> Brought:
    """Wait until work has ended, whoever cancels the task that waits, and return what it brought.

    A cancellation that came meanwhile is asked for once more: it is raised where the task next
    waits for something else.
    """
    cancelled = False
    while not work.done():
        try:
            await asyncio.wait({work})
        except asyncio.CancelledError:
            cancelled = True
    task = asyncio.current_task()
    if cancelled and task is not None:
        task.uncancel()
        task.cancel()
    return work.result()


class Unbroken(aiosqlite.Connection):
    """Every method of it and of its cursors goes through `_execute`."""

    in_place = False
    """Statements run where they stand, for a connection that only reads from now on."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.in_place:
            return fn(*args, **kwargs)
        made: Coroutine[Any, Any, Any] = super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # aiosqlite leaves it so
        return await to_its_end(asyncio.create_task(made))


def unbroken(path: str | Path, **options: Any) -> Unbroken:
    """Return a connection to be awaited; the options are those of `sqlite3.connect`."""
    opening = partial(sqlite3.connect, path, check_same_thread=False, **options)
    return Unbroken(opening, iter_chunk_size=64)
