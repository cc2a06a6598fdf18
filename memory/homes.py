"""The runs of one event loop share a home's database, and so its transactions."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

from quaestor.memory.database import Database
from quaestor.memory.unbroken import to_its_end


class _Open:
    """An open database and how many have it."""

    def __init__(self, database: "asyncio.Task[Database]") -> None:
        self.database = database
        self.users = 0


_OPEN: dict[tuple[Path, asyncio.AbstractEventLoop], _Open] = {}


@contextlib.asynccontextmanager
async def shared(home: Path) -> AsyncGenerator[Database]:
    """Lend the home's database to one of several; the last one closes it.

    Raises:
        SettingsError: The home cannot be used.
    """
    place = (home.resolve(), asyncio.get_running_loop())
    held = _OPEN.get(place)
    if held is None:
        held = _OPEN[place] = _Open(asyncio.create_task(Database.open(home)))
    held.users += 1
    try:
        yield await asyncio.shield(held.database)
    finally:
        held.users -= 1
        if not held.users:
            del _OPEN[place]
            await _closed(held.database)


async def _closed(opening: "asyncio.Task[Database]") -> None:
    try:
        database = await to_its_end(opening)
    except Exception:  # those who asked for it were told
        return
    await database.close()
