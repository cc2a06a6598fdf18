"""Which models a run has, and who besides this machine will be told of private documents."""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.embeddings import Embeddings
from langchain_core.language_models.chat_models import BaseChatModel

from quaestor.errors import SettingsError
from quaestor.settings import Settings
from quaestor.tools.models.calling import CallLimits
from quaestor.tools.models.crew import ROLES, Crew, Role, crew_of
from quaestor.tools.models.opening import make_embeddings
from quaestor.tools.scoring.embedding import EmbeddingScorer
from quaestor.tools.scoring.likeness import Scorer
from quaestor.tools.sources import Source

Models = BaseChatModel | Mapping[Role, BaseChatModel | str]
"""What takes the roles, as a program gives it: one model, or one a role."""


def make_crew(model: Models | None, settings: Settings) -> Crew | None:
    """Return the models of a run: those given, else those the settings name.

    Raises:
        SettingsError: A name gives no model, or a role is unknown.
    """
    return crew_of(
        model or named(settings.model),
        limits=CallLimits(seconds=settings.model_seconds, concurrency=settings.model_concurrency),
        context=settings.context_tokens,
    )


def named(specs: Sequence[str]) -> dict[Role, str] | None:
    """Return what `--model` names: `PROVIDER:NAME` for all roles, `ROLE=PROVIDER:NAME` for one.

    Raises:
        SettingsError: Two models for all roles, two for one, or one that is not of that form.

    Example:
        >>> named(["ollama:qwen3", "writer=openai:gpt-5"])["writer"]
        'openai:gpt-5'
    """
    models: dict[Role, str] = {}
    everyone: list[str] = []
    for spec in specs:
        role, equals, name = spec.partition("=")
        if not equals or ":" in role:
            role, name = "", spec
        if not all(name.partition(":")):
            raise SettingsError(
                f"--model {spec!r} is not PROVIDER:NAME or ROLE=PROVIDER:NAME, such as "
                "openai:gpt-5-mini or writer=ollama:qwen3"
            )
        if role:
            models[_role(role, spec, models)] = name
        else:
            everyone.append(name)
    if len(everyone) > 1:
        raise SettingsError(
            f"--model names two models, {everyone[0]} and {everyone[1]}: "
            "write ROLE=PROVIDER:NAME for one of them"
        )
    both: dict[Role, str] = {**dict.fromkeys(ROLES, everyone[0]), **models} if everyone else models
    return both or None


def _role(name: str, spec: str, taken: Mapping[Role, str]) -> Role:
    for role in ROLES:
        if role == name and role not in taken:
            return role
    if name in ROLES:
        raise SettingsError(f"--model names two models for the {name}")
    raise SettingsError(f"--model {spec!r}: no role {name!r}; it is {', '.join(ROLES)}")


def make_scorer(embeddings: Embeddings | str | None) -> EmbeddingScorer | None:
    """Return what ranks evidence by embeddings; None where words shall.

    Raises:
        SettingsError: A name gives no embeddings.
    """
    if isinstance(embeddings, str):
        embeddings = make_embeddings(embeddings) if embeddings else None
    return EmbeddingScorer(embeddings) if embeddings else None


def told(sources: Sequence[Source], crew: Crew | None, scorer: Scorer) -> tuple[str, ...]:
    """Return the hosts that private text of these sources will be sent to, sorted.

    They are the endpoints of models and embeddings off this machine, where there is a private
    collection, and private sources that are remote themselves.
    """
    private = [source for source in sources if source.private]
    hosts = {source.name for source in private if source.remote}
    if private and crew is not None:
        hosts |= {one.host for one in crew.endpoints.values() if one.remote}
    if private and scorer.remote:
        hosts.add(scorer.endpoint.host if isinstance(scorer, EmbeddingScorer) else "the scorer")
    return tuple(sorted(hosts))


def check_kept(hosts: Sequence[str], *, keep_local: bool) -> None:
    """Refuse what would send private documents off this machine, where that was forbidden.

    Raises:
        SettingsError: `keep_local` is set, and somebody would be told.
    """
    if keep_local and hosts:
        raise SettingsError(
            f"--keep-local: your documents would be sent to {', '.join(hosts)}; name a model on "
            "this machine, or leave the private collections out"
        )


def recorded(crew: Crew | None, hosts: Sequence[str], *, given: bool) -> dict[str, Any]:
    """Return what is kept with the run of its models, JSON-plain; nothing where it has none.

    Args:
        crew: Its models.
        hosts: Who is told of private documents.
        given: A program gave models, embeddings or a team, and it alone can give them again.
    """
    if crew is None and not given and not hosts:
        return {}
    models = crew.plain() if crew else {}
    return {"models": models, "models_given": given, "documents_sent_to": list(hosts)}
