"""The models of one run while it is open: their clients, their desks, what was learnt of them."""

import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from quaestor.memory.asked import asked
from quaestor.memory.database import Database
from quaestor.memory.fallbacks import Fallbacks
from quaestor.memory.ledger import Ledger
from quaestor.tools.models.calling import ChatCalls
from quaestor.tools.models.crew import Crew, Role
from quaestor.tools.models.desk import Desk
from quaestor.tools.models.lessons import LESSONS, Lesson, lesson_of, was_asked
from quaestor.tools.text.boundary import boundary


class Crewing:
    """A crew at work in one run. Made by `crewing`, which opens and closes its clients.

    Args:
        crew: Who answers for which role.
        calls: Each role's calls; roles of one model share them.
        database: The open database.
        ledger: The run's.
        fallbacks: The run's.
        seed: Of the boundary of untrusted text: a function of what the run was asked.
    """

    def __init__(
        self,
        crew: Crew,
        calls: Mapping[Role, ChatCalls],
        *,
        database: Database,
        ledger: Ledger,
        fallbacks: Fallbacks,
        seed: str,
    ) -> None:
        self._crew = crew
        self._calls = calls
        self._database = database
        self._ledger = ledger
        self._fallbacks = fallbacks
        self._mark = boundary(seed)
        self._lessons: dict[int, Lesson] = {}

    def desks(self) -> dict[Role, Desk]:
        """Return the desk of each role that has a model."""
        return {role: self._desk(role) for role in self._calls}

    async def learn(self) -> None:
        """Read what the run's first calls taught."""
        taught = await self._taught()
        for calls in self._calls.values():
            self._lessons[id(calls)] = lesson_of(calls.endpoint, taught)

    async def examine(self) -> None:
        """Let each model that was not asked for the brief show what it can do; then learn."""
        taught = await self._taught()
        shown: set[int] = set()
        for role, calls in self._calls.items():
            if id(calls) not in shown and not was_asked(calls.endpoint, taught):
                await self._desk(role).probe()
            shown.add(id(calls))
        await self.learn()

    async def _taught(self) -> Sequence[tuple[dict[str, Any], bool, dict[str, Any]]]:
        return await asked(
            self._database,
            self._ledger.run_id,
            kind="chat",
            branch=LESSONS.branch,
            round=LESSONS.round,
        )

    def _desk(self, role: Role) -> Desk:
        calls = self._calls[role]
        return Desk(
            role=role,
            calls=calls,
            fallbacks=self._fallbacks,
            mark=self._mark,
            room=self._crew.room(role),
            lesson=lambda: self._lessons.get(id(calls), Lesson()),
        )


@contextlib.asynccontextmanager
async def crewing(
    crew: Crew, *, database: Database, ledger: Ledger, fallbacks: Fallbacks, seed: str
) -> AsyncGenerator[Crewing]:
    """Open a crew's clients in the running loop."""
    made: dict[int, ChatCalls] = {}
    calls: dict[Role, ChatCalls] = {}
    async with contextlib.AsyncExitStack() as stack:
        for role, model in crew.models.items():
            if id(model) not in made:
                made[id(model)] = ChatCalls(model, ledger, limits=crew.limits)
                await stack.enter_async_context(made[id(model)].open())
            calls[role] = made[id(model)]
        at_work = Crewing(
            crew, calls, database=database, ledger=ledger, fallbacks=fallbacks, seed=seed
        )
        await at_work.learn()
        yield at_work
