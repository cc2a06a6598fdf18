"""A desk over a double and a ledger of its own, for tests of roles with a model."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from quaestor.memory import lease
from quaestor.memory.database import Database
from quaestor.memory.fallbacks import Fallbacks
from quaestor.memory.ledger import Ledger
from quaestor.testing import Double
from quaestor.tools.models.calling import CallLimits, ChatCalls
from quaestor.tools.models.desk import Desk
from quaestor.tools.models.lessons import Lesson

MARK = "m" * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A desk, and what went over it."""

    desk: Desk
    model: Double
    fallbacks: Fallbacks

    @property
    def prompts(self) -> list[str]:
        """Every prompt so far, whole."""
        return [request.prompt for request in self.model.asked]


@contextlib.asynccontextmanager
async def office(
    model: Double, home: Path, *, role: str = "planner", room: int = 8_000, run: str = "r1"
) -> AsyncGenerator[Office]:
    """Open a desk whose model is a double and whose ledger lies in `home`."""
    database = await Database.open(home)
    try:
        held = await lease.take(database, run)
        calls = ChatCalls(model, Ledger(database, run, token=held.token), limits=CallLimits())
        fallbacks = Fallbacks(database, run_id=run, token=held.token)
        desk = Desk(
            role=role, calls=calls, fallbacks=fallbacks, mark=MARK, room=room, lesson=Lesson
        )
        yield Office(desk=desk, model=model, fallbacks=fallbacks)
    finally:
        await database.close()
