"""Opens what a run needs in the running loop at whichever node comes first, and closes it.

A graph is built once and may run many times: in another loop, after a crash, inside somebody's
graph. So nothing is opened when it is built; after a resume an inner node may be the first.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator

from quaestor.errors import RunBusyError
from quaestor.graphs.session import Session, Setup, check_sources
from quaestor.memory.database import make_home
from quaestor.memory.events import Event
from quaestor.tools.sources import HasHome, Progress

IDLE_S = 5.0
"""After so long without a node using it a run's session is closed: its graph was stopped."""


class _Held:
    """A session in use, or the opening of one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.users = 0
        self.opening: asyncio.Task[Session] | None = None
        self.timer: asyncio.TimerHandle | None = None

    def alive(self) -> bool:
        return self.users > 0 and not self.loop.is_closed()


HELD: dict[tuple[str, str], _Held] = {}
"""By home and run, for the whole process: one run is never open twice in it."""


class Resources:
    """The sessions of the runs of one built graph."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    @contextlib.asynccontextmanager
    async def session(self, run_id: str, *, last: bool = False) -> AsyncGenerator[Session]:
        """Lend the run's session to a node; `last` closes it after this node if nobody else has it.

        Raises:
            RunBusyError: The run is open elsewhere.
        """
        held = self._hold(run_id)
        # After a failure nothing may come to close it: the loop may end with the run.
        now = True
        try:
            assert held.opening is not None
            yield await asyncio.shield(held.opening)
            now = last
        finally:
            held.users -= 1
            if not held.users:
                await self._rest(run_id, held, now=now)

    async def close(self, run_id: str) -> None:
        """Close a run's session now, if it is open and no node has it."""
        held = HELD.get(self._key(run_id))
        if held is not None and not held.users:
            await self._shut(run_id, held)

    def _key(self, run_id: str) -> tuple[str, str]:
        return (str(self.setup.home.resolve()), run_id)

    def _hold(self, run_id: str) -> _Held:
        loop = asyncio.get_running_loop()
        held = HELD.get(self._key(run_id))
        if held is not None and held.loop is not loop:
            if held.alive():
                raise RunBusyError(run_id, "another thread of this process")
            held = None  # its loop is gone: what it had open went with it
        if held is None:
            held = _Held(loop)
            HELD[self._key(run_id)] = held
            held.opening = asyncio.create_task(self._open(run_id))
        if held.timer is not None:
            held.timer.cancel()
            held.timer = None
        held.users += 1
        return held

    async def _open(self, run_id: str) -> Session:
        check_sources(self.setup.sources)
        make_home(self.setup.home)
        for source in self.setup.sources:
            if isinstance(source, HasHome):
                _IN_USE[id(source)] += 1
                await source.prepare(self.setup.home, progress=self._show)
        return await Session.open(self.setup, run_id)

    async def _rest(self, run_id: str, held: _Held, *, now: bool) -> None:
        if now:
            await self._shut(run_id, held)
            return

        def idle() -> None:
            task = held.loop.create_task(self._shut(run_id, held))
            _CLOSING.add(task)
            task.add_done_callback(_CLOSING.discard)

        held.timer = held.loop.call_later(IDLE_S, idle)

    async def _shut(self, run_id: str, held: _Held) -> None:
        if held.users or held.opening is None:
            return
        if held.timer is not None:
            held.timer.cancel()
        if HELD.get(self._key(run_id)) is held:
            del HELD[self._key(run_id)]
        opening, held.opening = held.opening, None
        if not opening.done():
            opening.cancel()
        session = (await asyncio.gather(opening, return_exceptions=True))[0]
        if isinstance(session, Session):
            await session.close()
        for source in self.setup.sources:
            if isinstance(source, HasHome):
                _IN_USE[id(source)] -= 1
                if _IN_USE[id(source)] <= 0:
                    del _IN_USE[id(source)]
                    await source.close()

    def _show(self, progress: Progress) -> None:
        self.setup.emit(
            Event(
                kind="source",
                text=progress.source,
                status=progress.note,
                count=progress.done,
                total=progress.total,
            )
        )


_CLOSING: set[asyncio.Task[None]] = set()
"""Keeps closing tasks from being collected before they end."""

_IN_USE: Counter[int] = Counter()
"""How many open sessions use a source object: the last one closes it."""
