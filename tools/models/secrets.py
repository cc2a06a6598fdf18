"""Keys are kept out of everything that is written, shown or raised."""

import os
import re
from collections.abc import Collection

from pydantic import SecretStr

_LIKE_A_KEY = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|hf|key|AIza)[-_][A-Za-z0-9_\-*]{8,}|\bAIza[A-Za-z0-9_\-]{20,}"
    r"|\b(Bearer)\s+[A-Za-z0-9._~+/=\-*]{6,}",
    re.IGNORECASE,
)
_ENVIRONMENT = re.compile(r"_(?:API_KEY|KEY|TOKEN|SECRET)$")
_SHORTEST = 6
"""A key shorter than this (a local server's "x" or "none") is no secret."""


def secrets_of(*models: object) -> frozenset[str]:
    """Return the keys that model objects hold, and those in the environment."""
    found = {value for name, value in os.environ.items() if _ENVIRONMENT.search(name)}
    for model in models:
        for value in vars(model).values() if hasattr(model, "__dict__") else ():
            if isinstance(value, SecretStr):
                found.add(value.get_secret_value())
    return frozenset(one for one in found if len(one) >= _SHORTEST)


def redact(text: str, secrets: Collection[str]) -> str:
    """Return a text with keys, and what looks like one, replaced by `[key]`.

    Example:
        >>> redact("Incorrect API key provided: sk-proj-abcd1234. See the docs", ())
        'Incorrect API key provided: [key]. See the docs'
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[key]")
    return _LIKE_A_KEY.sub(lambda match: f"{match[1]} [key]" if match[1] else "[key]", text)


def hide(text: str, secrets: Collection[str]) -> str:
    """Return a text with the given keys replaced: for replies, whose words are else left alone."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[key]")
    return text
