"""Keys are kept out of everything that is written, shown or raised."""

import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import cast

from langchain_core.embeddings import Embeddings
from pydantic import BaseModel, SecretStr

_LIKE_A_KEY = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|hf|key|AIza)[-_][A-Za-z0-9_\-*]{8,}|\bAIza[A-Za-z0-9_\-]{20,}"
    r"|\b(Bearer)\s+[A-Za-z0-9._~+/=\-*]{6,}",
    re.IGNORECASE,
)
LIKE_A_SECRET = re.compile(
    r"(?:^|[-_])(?:key|token)$|api_?key|secret|password|authorization|credential", re.IGNORECASE
)
"""Names under which clients keep keys."""
_ENVIRONMENT = re.compile(r"_(?:API_KEY|KEY|TOKEN|SECRET|PASSWORD)$")
_SHORTEST = 6
"""A key shorter than this (a local server's "x" or "none") is no secret."""
_SHORTEST_OF_ENVIRONMENT = 12
"""There a short value may be a plain word, which no reply could hold any more."""
_DEEPEST = 4


def secrets_of(*models: object) -> frozenset[str]:
    """Return the keys that model objects and what they are made of hold, and the environment's."""
    found: set[str] = set()
    for model in models:
        _collect(model, found, depth=0)
    kept = {one for one in found if len(one) >= _SHORTEST}
    environment = {value for name, value in os.environ.items() if _ENVIRONMENT.search(name)}
    return frozenset(kept | {one for one in environment if len(one) >= _SHORTEST_OF_ENVIRONMENT})


def _collect(value: object, found: set[str], *, depth: int, name: str = "") -> None:
    """Add the secrets below a value: `SecretStr`s, and texts under a name like a key's."""
    if isinstance(value, SecretStr):
        found.add(value.get_secret_value())
    elif isinstance(value, str):
        if LIKE_A_SECRET.search(name):
            found |= {value, value.removeprefix("Bearer ")}
    elif depth < _DEEPEST:
        for part, inner in _parts(value):
            _collect(inner, found, depth=depth + 1, name=part)


def _parts(value: object) -> Iterable[tuple[str, object]]:
    """Return what a mapping, a list or a model object is made of; clients' insides are not it."""
    if isinstance(value, Mapping):
        return [(str(key), one) for key, one in cast("Mapping[object, object]", value).items()]
    if isinstance(value, list | tuple):
        return [("", one) for one in cast("Sequence[object]", value)]
    if isinstance(value, BaseModel | Embeddings):
        return list(vars(value).items())
    return ()


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
