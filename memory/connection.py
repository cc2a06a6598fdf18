"""One connection to a home's file: its statements run where they stand, its commits in a thread.

A statement takes microseconds, and handing it to a thread and back takes longer than that, many
times longer on a loaded machine. What does wait is the disk, at a commit, and another process's
transaction, where one begins: neither holds up the event loop.
"""

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, create_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.expression import Executable

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another process's transaction before it gives up."""

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA trusted_schema=OFF",
)

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


_opening = threading.local()
_ENGINE = create_engine("sqlite://", creator=lambda: _opening.raw, poolclass=NullPool)
"""One for all homes: it keeps the statements that it has compiled."""


class Connection:
    """What a transaction's statements are executed with.

    Its methods are awaited, as those of a database that is reached over a network would be.
    """

    def __init__(self, path: Path) -> None:
        self.raw = sqlite3.connect(
            path,
            timeout=BUSY_TIMEOUT_MS / 1000,
            isolation_level=None,  # the driver would begin transactions by itself, deferred ones
            check_same_thread=False,
        )
        try:
            for pragma in PRAGMAS:
                self.raw.execute(pragma)
        except BaseException:
            self.raw.close()
            raise
        _opening.raw = self.raw
        # To SQLAlchemy every statement stands for itself; where a transaction begins and ends is
        # said to the raw connection.
        self._statements = _ENGINE.connect().execution_options(isolation_level="AUTOCOMMIT")

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any]:
        """Execute a statement, for each of several parameters where there are several."""
        return self._statements.execute(statement, parameters)

    async def scalar(self, statement: Executable) -> Any:
        """Return the first column of the first row, None where there is no row."""
        return self._statements.scalar(statement)

    def create(self, metadata: Any) -> None:
        """Make the tables that are not there yet."""
        metadata.create_all(self._statements)

    def close(self) -> None:
        """Close it; safe to call twice."""
        self._statements.close()
        self.raw.close()
