"""The models of a run: one for every role, or one a role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from langchain_core.language_models.chat_models import BaseChatModel

from quaestor.errors import SettingsError
from quaestor.tools.models.calling import CallLimits
from quaestor.tools.models.endpoint import Endpoint, endpoint_of
from quaestor.tools.models.opening import make_chat

Role = Literal["planner", "searcher", "writer", "verifier"]
ROLES: tuple[Role, ...] = get_args(Role)
CONTEXT_TOKENS = 32_000
"""Of a model that does not say how much it takes."""
_REPLY_TOKENS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who answers for which role; a role without a model is extractive."""

    models: Mapping[Role, BaseChatModel]
    limits: CallLimits = field(default_factory=CallLimits)
    context: int | None = None
    """Tokens a model takes, prompt and reply; as each says of itself where it is None."""

    @property
    def endpoints(self) -> dict[Role, Endpoint]:
        """Who is behind each role."""
        return {role: endpoint_of(model) for role, model in self.models.items()}

    def room(self, role: Role) -> int:
        """Return the tokens a role's prompt may be."""
        window = self.context or _window(self.models[role])
        return max(window - _REPLY_TOKENS, window // 2)

    def plain(self) -> dict[str, str]:
        """Return role to `provider:model`, for the run's record."""
        return {role: one.name for role, one in sorted(self.endpoints.items())}


def crew_of(
    model: "BaseChatModel | str | Mapping[Role, BaseChatModel | str] | None",
    *,
    limits: CallLimits | None = None,
    context: int | None = None,
) -> Crew | None:
    """Return the crew a caller asks for; None for no model at all.

    Args:
        model: A chat model or `provider:name`, for every role; or a mapping from roles to them.
        limits: Of each model's calls.
        context: Tokens each takes, where it should not be believed.

    Raises:
        SettingsError: An unknown role, or a name that gives no model.
    """
    if model is None or model == {}:
        return None
    given = dict(model) if isinstance(model, Mapping) else dict.fromkeys(ROLES, model)
    unknown = sorted(set(given) - set(ROLES))
    if unknown:
        raise SettingsError(f"no role {unknown[0]!r}; models take {', '.join(ROLES)}")
    made: dict[str, BaseChatModel] = {}
    models: dict[Role, BaseChatModel] = {}
    for role in ROLES:
        one = given.get(role)
        if isinstance(one, str):
            made[one] = made.get(one) or make_chat(one)
            models[role] = made[one]
        elif isinstance(one, BaseChatModel):
            models[role] = one
        elif one is not None:
            kind = type(one).__name__  # not its repr, which may hold a key
            raise SettingsError(f"the model of {role} is a {kind}, no chat model of LangChain's")
    return Crew(models=models, limits=limits or CallLimits(), context=context)


def _window(model: BaseChatModel) -> int:
    profile: Any = getattr(model, "profile", None) or {}
    told: Any = profile.get("max_input_tokens") if hasattr(profile, "get") else None
    return told if isinstance(told, int) and told > 0 else CONTEXT_TOKENS
