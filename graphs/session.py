"""What one run has open while it goes: its lease, its ledger, its branches' workplaces."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from quaestor.agents.chat.context.named import DEFAULT, Context
from quaestor.agents.chat.team import chat_team
from quaestor.agents.duplicates import Merged
from quaestor.agents.material import Unverified
from quaestor.agents.refiner import RefinerSettings
from quaestor.agents.roles.shown import SourceCard
from quaestor.agents.roles.synthesizer import WriteView
from quaestor.agents.workplace import Limits, Team, Workplace
from quaestor.errors import SettingsError
from quaestor.graphs.crewing import Crewing, crewing
from quaestor.memory import runs
from quaestor.memory.database import Database
from quaestor.memory.events import Event
from quaestor.memory.fallbacks import Fallbacks
from quaestor.memory.homes import shared
from quaestor.memory.lease import Lease, holding, take
from quaestor.memory.ledger import Ledger
from quaestor.memory.plan import Branch, Depth
from quaestor.memory.recent import Recent
from quaestor.memory.sightings import Sightings
from quaestor.memory.store import Store
from quaestor.memory.values import Values
from quaestor.tools.models.crew import Crew
from quaestor.tools.models.lessons import LESSONS
from quaestor.tools.outgoing import Gate
from quaestor.tools.scoring.tried import tried
from quaestor.tools.sources import HasGaps, HasProfile, Profile, Source
from quaestor.tools.toolbox import Toolbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a graph is built with, bound by closure and never written into state."""

    home: Path
    sources: tuple[Source, ...]
    team: Team
    crew: Crew | None = None
    """Models that take roles; the team answers where they cannot, and for roles without one."""
    limits: Limits = field(default_factory=Limits)
    depth: Depth = "deep"
    unverified: Unverified = "list"
    """Where the report keeps what the verifier did not find supported."""
    context: Context = DEFAULT
    """What a searching model is shown of its earlier steps."""
    refiner: RefinerSettings = field(default_factory=RefinerSettings)
    fresh: bool = False
    retry_failed: bool = False
    as_of: str = ""
    """ISO date; the day the run starts where it is empty."""
    recorded: dict[str, object] = field(default_factory=dict[str, object])
    """Settings to keep with the run, JSON-plain: what a resume builds the same setup from."""
    on_event: Callable[[Event], None] | None = None

    def of(self, branch: Branch) -> tuple[Source, ...]:
        """Return the sources a branch may ask.

        Everything that is not private is the public branch's. The private branch has the
        private ones and the public ones by which nothing leaves.
        """
        if branch == "public":
            return tuple(source for source in self.sources if not source.private)
        if not any(source.private for source in self.sources):
            return ()
        return tuple(source for source in self.sources if source.private or _stays(source))

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The branches that have a source, the public one first."""
        both: tuple[Branch, ...] = ("public", "private")
        return tuple(branch for branch in both if self.of(branch))

    def emit(self, event: Event) -> None:
        """Tell whoever watches."""
        if self.on_event is not None:
            self.on_event(event)


class Session:
    """The open resources of one run. Made by `Session.open`, closed by `close`."""

    def __init__(self, setup: Setup, database: Database, lease: Lease) -> None:
        token, run_id = lease.token, lease.run_id
        self.setup = setup
        self.run_id = run_id
        self.database = database
        self.lease = lease
        self.values = Values(database, run_id=run_id, token=token)
        self.store = Store(database, run_id=run_id, token=token)
        self.sightings = Sightings(database, run_id=run_id, token=token)
        self.fallbacks = Fallbacks(database, run_id=run_id, token=token)
        self.ledger = Ledger(
            database,
            run_id,
            token=token,
            fresh=setup.fresh,
            retry_failed=setup.retry_failed,
            on_call=lambda kind, status: setup.emit(Event(kind="call", text=kind, status=status)),
            on_wait=lambda name, why: setup.emit(Event(kind="source", text=name, status=why)),
        )
        self.written_from = Recent[str, tuple[WriteView, Merged]](1)
        """What the last nodes put together of what was kept, by the state it is made of."""
        self.changed: tuple[str, ...] = ()
        """Sources whose content is not what it was when the run started."""
        self.team: Team = setup.team
        self._is_staffed = False
        self._crewing: Crewing | None = None
        self._places: dict[Branch, Workplace] = {}
        self._profiles: dict[str, Profile] = {}
        self._stack = contextlib.AsyncExitStack()

    @classmethod
    async def open(cls, setup: Setup, run_id: str) -> "Session":
        """Open the home's database and take the run's lease.

        Raises:
            RunBusyError: Another process runs it.
            SettingsError: The home cannot be used.
        """
        stack = contextlib.AsyncExitStack()
        async with stack:
            database = await stack.enter_async_context(shared(setup.home))
            lease = await take(database, run_id)
            await stack.enter_async_context(holding(database, lease))
            session = cls(setup, database, lease)
            session._stack = stack
            await session._arrange()
            session._stack = stack.pop_all()
        return session

    def unread(self) -> list[list[str]]:
        """Return (source, what, why) of what the sources could not read, as it is now."""
        return [
            [source.name, what, why]
            for source in self.setup.sources
            if isinstance(source, HasGaps)
            for what, why in source.unread()
        ]

    async def as_of(self) -> str:
        """Return the ISO date the report speaks for: the day the run started."""
        row = await runs.run_row(self.database, self.run_id)
        return self.setup.as_of or row.started[:10]

    async def examine(self) -> None:
        """Learn what the run's models can do, from the calls for its brief."""
        if self._crewing is not None:
            await self._crewing.examine()

    async def close(self) -> None:
        """Give the lease back and close the database."""
        await self._stack.aclose()

    def place(self, branch: Branch) -> Workplace:
        """Return a branch's workplace."""
        return self._places[branch]

    def joint(self, branch: Branch) -> Workplace:
        """Return a branch's workplace with a store that reads everything: for the join."""
        return replace(self._places[branch], store=self.store)

    def generations(self) -> dict[str, str]:
        """Return each source's generation as it is now."""
        return {source.name: source.generation for source in self.setup.sources}

    async def staff(self, question: str) -> None:
        """Try the scorer, and put the models to their roles, once the question is known.

        Their prompts' boundary is made from it, so that the same question asks them the same.
        """
        if self._is_staffed:
            return
        self._is_staffed = True
        call = partial(self.ledger.call, ask=LESSONS)
        self.team = replace(self.team, scorer=await tried(self.team.scorer, call=call))
        if self.setup.crew is not None:
            opened = crewing(
                self.setup.crew,
                database=self.database,
                ledger=self.ledger,
                fallbacks=self.fallbacks,
                seed=question,
            )
            self._crewing = await self._stack.enter_async_context(opened)
            self.team = chat_team(
                self._crewing.desks(), fallback=self.team, context=self.setup.context
            )
        self._places = {name: self._staffed(place) for name, place in self._places.items()}

    def profiles(self) -> dict[str, Any]:
        """Return what each source tells of itself, JSON-plain: kept with the run at its start.

        It stands in requests: a folder that changes while a run is interrupted changes none.
        """
        return {
            source.name: asdict(source.profile())
            for source in self.setup.sources
            if isinstance(source, HasProfile)
        }

    async def _arrange(self) -> None:
        now = self.generations()
        row = await runs.known_run(self.database, self.run_id)
        recorded: dict[str, str] = row.settings.get("generations", now) if row else now
        if row is not None:
            told = row.settings.get("profiles", {})
            self._profiles = {name: _PROFILE.validate_python(kept) for name, kept in told.items()}
        self.changed = tuple(sorted(name for name in now if recorded.get(name) != now[name]))
        for branch in self.setup.branches:
            self._places[branch] = self._workplace(branch, {**now, **recorded})
        if row is not None:
            await self.staff(row.question)

    def _staffed(self, place: Workplace) -> Workplace:
        team = self.team
        return replace(place, planner=team.planner, next_step=team.next_step, scorer=team.scorer)

    def _workplace(self, branch: Branch, generations: dict[str, str]) -> Workplace:
        setup, sources = self.setup, self.setup.of(branch)
        store = self.store
        if branch == "public":
            store = store.view({source.origin.label for source in sources})
        toolbox = Toolbox(
            sources,
            generations=generations,
            ledger=self.ledger,
            store=store,
            gate=Gate(
                self.database,
                self.run_id,
                public=[source for source in setup.sources if not source.private],
                private=[source for source in setup.sources if source.private],
            ),
        )
        return Workplace(
            branch=branch,
            cards=tuple(self._card(source, toolbox) for source in sources),
            toolbox=toolbox,
            ledger=self.ledger,
            fallbacks=self.fallbacks,
            store=store,
            values=self.values,
            sightings=self.sightings,
            planner=self.team.planner,
            next_step=self.team.next_step,
            scorer=self.team.scorer,
            refiner=setup.refiner,
            limits=setup.limits,
        )

    def _card(self, source: Source, toolbox: Toolbox) -> SourceCard:
        known = self._profiles.get(source.name)
        if known is None and isinstance(source, HasProfile):
            known = source.profile()
        return SourceCard(
            name=source.name,
            private=source.private,
            remote=source.remote,
            tools=toolbox.tools(source.name),
            profile=known,
        )


def check_sources(sources: Sequence[Source]) -> None:
    """Refuse sources that could not be told apart.

    Raises:
        SettingsError: Two have one name; the message says how to rename one.
    """
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(f"two sources are named {name!r}; give one a name with NAME=PATH")


def _stays(source: Source) -> bool:
    return not source.remote and source.origin.kind != "web"


_PROFILE = TypeAdapter(Profile)
