"""A home as it stands, read by plain calls: from a script, a notebook cell, a command."""

import asyncio
import shlex
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from quaestor.errors import RunNotFoundError
from quaestor.memory import runs
from quaestor.memory.calls import CallRow
from quaestor.memory.database import FILE_NAME, Database
from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence
from quaestor.memory.filing import FiledReport, read_report
from quaestor.memory.journal import load_calls
from quaestor.memory.lease import holder
from quaestor.memory.loading import load_record
from quaestor.memory.record import RunRecord
from quaestor.memory.report import Report
from quaestor.memory.runs import RunRow
from quaestor.memory.store import Store
from quaestor.memory.values import Values

Value = TypeVar("Value")


def blocking(work: Coroutine[Any, Any, Value]) -> Value:
    """Run a coroutine to its end, whether or not an event loop is running in this thread.

    A notebook's cell runs inside a loop: there the work gets a thread and a loop of its own.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    results: list[Value] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as error:  # handed on to the caller's thread below
            errors.append(error)

    thread = threading.Thread(target=run, name="quaestor")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


class Archive:
    """The runs of a home.

    Args:
        home: The folder.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    def runs(self) -> list[RunRow]:
        """Return the runs, the last started first; none where there is no home yet."""
        if not (self.home / FILE_NAME).exists():
            return []
        return blocking(self._with(_list))

    def run(self, run_id: str) -> RunRow:
        """Return a run by its id, the start of its id, or `last`.

        Raises:
            RunNotFoundError: There is none.
        """
        if not (self.home / FILE_NAME).exists():
            raise RunNotFoundError(run_id, shlex.quote(str(self.home)))

        async def read(database: Database) -> RunRow:
            row = await runs.run_row(database, run_id)
            return _as_it_is(row, await holder(database, row.run_id))

        return blocking(self._with(read))

    def report(self, run_id: str) -> Report | None:
        """Return the report of a finished run, its spans compared with the documents again."""

        async def read(database: Database) -> Report | None:
            return await load_report(database, await runs.run_row(database, run_id))

        return blocking(self._with(read))

    def record(self, run_id: str) -> RunRecord:
        """Return all a run kept."""

        async def read(database: Database) -> RunRecord:
            row = await runs.run_row(database, run_id)
            return await load_record(database, row, await load_report(database, row))

        return blocking(self._with(read))

    def calls(self, run_id: str) -> list[CallRow]:
        """Return the calls of a run, those first made first."""

        async def read(database: Database) -> list[CallRow]:
            return await load_calls(database, (await runs.run_row(database, run_id)).run_id)

        return blocking(self._with(read))

    def document(self, document_id: str) -> Document:
        """Return a stored document.

        Raises:
            IntegrityError: It is not there, or is not what it was.
        """
        return blocking(self._with(lambda database: Store(database).document(document_id)))

    def evidence(self, evidence_id: str) -> Evidence:
        """Return a stored span, compared with its document again."""

        async def read(database: Database) -> Evidence:
            return (await Store(database).evidence([evidence_id]))[evidence_id]

        return blocking(self._with(read))

    async def _with(self, read: Callable[[Database], Awaitable[Value]]) -> Value:
        database = await Database.open(self.home)
        try:
            return await read(database)
        finally:
            await database.close()


async def load_report(database: Database, row: RunRow) -> Report | None:
    """Return the report of a run, or None while it has none."""
    if row.report is None:
        return None
    filed = await Values(database, run_id=row.run_id, token=0).load(FiledReport, row.report)
    return await read_report(filed, Store(database))


async def _list(database: Database) -> list[RunRow]:
    found = await runs.list_runs(database)
    return [_as_it_is(row, await holder(database, row.run_id)) for row in found]


def _as_it_is(row: RunRow, held_by: str) -> RunRow:
    """Return a run with its state as it is: one that nobody runs any more was interrupted."""
    if row.state == "running" and not held_by:
        return replace(row, state="interrupted")
    return row
