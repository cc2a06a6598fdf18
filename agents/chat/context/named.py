"""The policies by the names they go by in settings."""

from collections.abc import Callable, Mapping
from typing import Literal, get_args

from quaestor.agents.chat.context.fold import Fold
from quaestor.agents.chat.context.full import Full
from quaestor.agents.chat.context.policy import ContextPolicy
from quaestor.agents.chat.context.report import Report
from quaestor.agents.chat.context.resum import Resum
from quaestor.agents.chat.context.sliding import Sliding
from quaestor.errors import SettingsError

Context = Literal["full", "sliding", "resum", "fold", "report"]
CONTEXTS: tuple[Context, ...] = get_args(Context)
DEFAULT: Context = "resum"
"""Measured (benchmarks/contexts.py): at eight steps nothing has to be left out of 28,000 tokens,
so that resum shows all that was found, as full does, where a window shows a third; and beyond
that it stays bounded, which full does not. The others ask for fewer tokens: a third to a half."""

_MADE: Mapping[Context, Callable[[], ContextPolicy]] = {
    "full": Full,
    "sliding": Sliding,
    "resum": Resum,
    "fold": Fold,
    "report": Report,
}


def policy_named(name: Context) -> ContextPolicy:
    """Return a policy by its name.

    Raises:
        SettingsError: There is none of that name; the message lists them.
    """
    if name not in _MADE:
        raise SettingsError(f"no context {name!r}; it is one of {', '.join(CONTEXTS)}")
    return _MADE[name]()
