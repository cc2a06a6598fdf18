"""Follow a run to its report: live in a terminal, by lines with `-v`.

Elsewhere only what it has to wait for is said.
"""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

from rich.console import Console
from rich.live import Live

from quaestor.cli.guarding import is_verbose
from quaestor.cli.live import counts, live_view, preparing_lines
from quaestor.cli.output import notice
from quaestor.memory.labels import one_line
from quaestor.report import Report
from quaestor.run import Run

TICK_S = 0.2
LINE_EVERY_S = 5.0


async def follow(run: Run, *, begun: Callable[[], None] | None = None) -> Report:
    """Wait for a run's report and show on standard error how far it is.

    Args:
        run: The run.
        begun: Called once its sources are ready and named ones can be told.
    """
    async with _meanwhile(_tell(run, begun)), _meanwhile(_show(run)):
        return await run


@contextlib.asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Do something else until the block is left."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _tell(run: Run, begun: Callable[[], None] | None) -> None:
    live = sys.stderr.isatty() and not is_verbose()
    began = False
    said: dict[str, str] = {}
    async for event in run:
        if event.kind == "run":  # which may have failed before it began
            return
        if event.kind != "source":
            if begun is not None and not began:
                begun()
            began = True
        elif began and not live and not event.total:
            # Each search of a source that is down says so again.
            if event.status and event.status != said.get(event.text):
                notice(f"{one_line(event.text, 60)}: {one_line(event.status, 300)}")
            said[event.text] = event.status


async def _show(run: Run) -> None:
    if is_verbose():
        await _lines(run)
    elif sys.stderr.isatty():
        await _live(run)


async def _live(run: Run) -> None:
    began = time.monotonic()
    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:
        while True:
            view = live_view(
                run.progress(),
                stage=run.watch.stage,
                preparing=run.watch.preparing,
                elapsed=time.monotonic() - began,
            )
            live.update(view, refresh=True)
            await asyncio.sleep(TICK_S)


async def _lines(run: Run) -> None:
    began, said, when = time.monotonic(), "", 0.0
    while True:
        now = time.monotonic() - began
        stage = run.watch.stage or "prepare"
        if stage != said or now - when >= LINE_EVERY_S:
            of = "" if run.watch.stage else "; ".join(preparing_lines(run.watch.preparing))
            notice(f"{now:5.1f} s  {stage}: {of or counts(run.progress())}")
            said, when = stage, now
        await asyncio.sleep(TICK_S / 4)
