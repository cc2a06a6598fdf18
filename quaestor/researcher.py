"""The front door of the Python API: sources in, runs and reports out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from langchain_core.embeddings import Embeddings

from quaestor.agents.refiner import RefinerSettings
from quaestor.agents.team import extractive_team
from quaestor.agents.workplace import Limits, Team
from quaestor.archive import Archive, blocking
from quaestor.errors import SettingsError
from quaestor.graphs.research import wire
from quaestor.graphs.resources import Resources
from quaestor.graphs.session import Setup, check_sources
from quaestor.making import allowed, describe, from_description, make_sources
from quaestor.memory.text import normalise
from quaestor.report import Report
from quaestor.run import Run
from quaestor.settings import Settings, resolve
from quaestor.sinks import Models, check_kept, make_crew, make_scorer, recorded, told
from quaestor.tools.models.crew import Crew
from quaestor.tools.models.endpoint import Endpoint
from quaestor.tools.sources import Source

DEFAULT_HOME = Path(".quaestor")
LONGEST_QUESTION = 20_000
"""Characters: a question is typed, not a document."""


class Researcher:
    """Researches questions over its sources.

    It holds nothing bound to an event loop: databases and clients open with a run and close
    with it, so one Researcher serves a script, a notebook and a server alike.

    Args:
        sources: Corpora, a `Web`, or anything that is a `Source`; where none are given, those
            that the settings name.
        home: Folder for indexes, documents and checkpoints; made if it is not there.
        model: A chat model of LangChain's or `provider:name` for every role, or a mapping with
            one a role (`planner`, `searcher`, `writer`, `verifier`); a list of what `--model`
            takes. Without one the run is extractive.
        embeddings: Embeddings of LangChain's or `provider:name`, which rank evidence; words do
            without.
        team: Who answers where no model does.
        settings: Further settings by name (quaestor/settings.py): `privacy`, `fresh`,
            `exclude_source`, `ablate`, `instant_ratio`, `global_ratio`, `rounds`, `tasks`,
            `steps`, `depth`, `keep_local`, `model_seconds`, `context_tokens`, ...

    Raises:
        SettingsError: A setting is unknown, two sources have one name, a model cannot be made,
            or private documents would be sent off this machine with `keep_local`.

    Example:
        `Researcher(sources=[Corpus.open("docs/")]).ask("Who approves travel?").answer`
    """

    def __init__(
        self,
        sources: Iterable[Source] | None = None,
        *,
        home: str | Path = DEFAULT_HOME,
        model: Models | str | Sequence[str] | None = None,
        embeddings: Embeddings | str | None = None,
        team: Team | None = None,
        **settings: Any,
    ) -> None:
        self.home = Path(home).expanduser()
        given = None if isinstance(model, str | Sequence) else model
        named = (model,) if isinstance(model, str) else () if given else model
        spec = embeddings if isinstance(embeddings, str) else None
        resolved = resolve(self.home, {**settings, "model": named, "embeddings": spec})
        self.settings: Settings = resolved.settings
        self.origins = resolved.origins
        """Where each setting came from."""
        made = make_sources(self.settings) if sources is None else tuple(sources)
        self.sources: tuple[Source, ...] = allowed(made, self.settings)
        self._team = team or extractive_team()
        given_scorer = None if spec else embeddings
        scorer = make_scorer(given_scorer or self.settings.embeddings)
        if scorer is not None:
            self._team = replace(self._team, scorer=scorer)
        self.embeddings: Endpoint | None = scorer.endpoint if scorer else None
        """What ranks evidence, where words do not."""
        check_sources(self.sources)
        self._given = any(one is not None for one in (given, given_scorer, team))
        self.crew: Crew | None = make_crew(given, self.settings)
        """The models of its runs."""
        self.documents_sent_to = told(self.sources, self.crew, self._team.scorer)
        """Hosts that private text will be sent to; also said before the first call of a run."""
        check_kept(self.documents_sent_to, keep_local=self.settings.keep_local)
        self._graph = wire(Resources(self._setup()))

    def start(self, question: str) -> Run:
        """Start researching a question; needs a running event loop.

        Raises:
            SettingsError: The question is empty or far too long, or there is nothing to search.
        """
        if not self.sources:
            raise SettingsError(
                "there is nothing to search: give a folder (--local PATH) or saved pages "
                "(--web snapshot:DIR) that the privacy mode allows"
            )
        return Run(self._setup(), uuid4().hex[:12], checked(question), graph=self._graph)

    def ask(self, question: str) -> Report:
        """Research a question and return its report, blocking: in a script or a notebook cell.

        Raises:
            SettingsError: The question is empty or far too long.
        """
        question = checked(question)

        async def go() -> Report:
            return await self.start(question)

        return blocking(go())

    async def resume(self, run_id: str, *, retry_failed: bool = False) -> Run:
        """Go on with a run that was interrupted or killed; a finished one gives its report.

        Args:
            run_id: Its id, the start of it, or `last`.
            retry_failed: Ask again for what had failed for good, of a finished run too; its
                report is then written anew.

        Raises:
            RunNotFoundError: There is no such run in this home.
        """
        archive = Archive(self.home)
        row = archive.run(run_id)
        return Run(
            replace(self._setup(), retry_failed=retry_failed),
            row.run_id,
            row.question,
            graph=self._graph,
            before=archive.record(row.run_id),
        )

    def _setup(self) -> Setup:
        settings = self.settings
        return Setup(
            home=self.home,
            sources=self.sources,
            team=self._team,
            crew=self.crew,
            depth=settings.depth,
            unverified=settings.unverified,
            context=settings.context,
            limits=Limits(rounds=self._rounds(), tasks=settings.tasks, steps=settings.steps),
            refiner=RefinerSettings(
                instant_ratio=settings.instant_ratio,
                global_ratio=settings.global_ratio,
                enabled="refiner" not in settings.ablate,
                reasoning="reasoning" not in settings.ablate,
            ),
            fresh=settings.fresh,
            recorded={
                "settings": settings.model_dump(mode="json"),
                "sources": describe(self.sources),
                **recorded(self.crew, self.documents_sent_to, given=self._given),
            },
        )

    def _rounds(self) -> int:
        """Return how many rounds a branch has: a quick question has one, unless told."""
        quick = self.settings.depth == "quick" and self.origins["rounds"] == "default"
        return 1 if quick else self.settings.rounds


def researcher_of(home: Path, run_id: str) -> Researcher:
    """Return a researcher made as the one that started a recorded run.

    Raises:
        RunNotFoundError: There is no such run.
        SettingsError: A source or model of it was given by a program, or is no longer there.
    """
    kept = Archive(home).run(run_id).settings
    if kept.get("models_given"):
        raise SettingsError("its models or team were given by a program; resume this run there")
    settings = {
        key: value
        for key, value in kept["settings"].items()
        if key not in ("local", "public", "web", "exclude_source")
    }
    return Researcher(from_description(kept["sources"]), home=home, **settings)


def checked(question: str) -> str:
    """Return a question as it is kept: normalised, without white space around it.

    Raises:
        SettingsError: It is empty or longer than LONGEST_QUESTION.
    """
    question = normalise(question).text.strip()
    if not question:
        raise SettingsError("the question is empty: type what you want to know")
    if len(question) > LONGEST_QUESTION:
        raise SettingsError(
            f"the question has {len(question):,} characters; {LONGEST_QUESTION:,} is the most: "
            "put long texts into a file of a collection"
        )
    return question
