"""A connection whose statements cannot be broken off: a cancellation comes after them.

A statement runs in a thread of the driver's and goes on when the task that waits for it is
cancelled. SQLAlchemy then closes the connection, but SQLite keeps a closed connection, and the
lock of its transaction, as long as a statement of it is held, and the traceback of the
cancellation holds one: whoever cleans up after it would wait for the database until it gives up.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite


class Unbroken(aiosqlite.Connection):
    """Every method of it and of its cursors goes through `_execute`."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        made: Coroutine[Any, Any, Any] = super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # aiosqlite leaves it so
        work = asyncio.create_task(made)
        cancelled = False
        while not work.done():
            try:
                await asyncio.wait({work})
            except asyncio.CancelledError:
                cancelled = True
        task = asyncio.current_task()
        if cancelled and task is not None:
            # Asked for once more, it is raised where the task next waits for something else.
            task.uncancel()
            task.cancel()
        return work.result()


def unbroken(path: str | Path, **options: Any) -> Unbroken:
    """Return a connection to be awaited; the options are those of `sqlite3.connect`."""
    return Unbroken(partial(sqlite3.connect, path, **options), iter_chunk_size=64)
