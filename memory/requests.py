"""Requests as the ledger knows them: canonical, hashed, stored as content-addressed parts."""

import json
from typing import Any, Literal, TypeAlias

from quaestor.memory.text import canonical, sha256

Kind = Literal[
    "chat", "embed", "search", "fetch", "local_search", "local_read", "parse", "stop"
]  # fmt: skip
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
PART_FROM = 256
"""Strings and objects in lists at least so long (characters of JSON) are kept apart: a growing
conversation then costs its new parts only."""

_PART = "$part"


def request_key(kind: Kind, request: dict[str, Any]) -> str:
    """Return sha256(kind, canonical request), the name a request has in every run."""
    return sha256(f"{kind}\n{canonical(request)}")


def split(value: Json, parts: dict[str, str]) -> Json:
    """Return `value` with its long parts replaced by references, the parts put into `parts`.

    An object that reads like a reference is kept apart too, so that `join` takes it for none.
    """
    match value:
        case str() if len(value) >= PART_FROM:
            return _keep(value, parts)
        case {"$part": str(), **others} if not others:
            return _keep(value, parts)
        case dict():
            return {key: split(item, parts) for key, item in value.items()}
        case list():
            return [_keep(item, parts) if _long(item) else split(item, parts) for item in value]
        case _:
            return value


def join(value: Json, parts: dict[str, str]) -> Json:
    """Undo `split`."""
    match value:
        case {"$part": str(digest), **others} if not others:
            part: Json = json.loads(parts[digest])
            return part
        case dict():
            return {key: join(item, parts) for key, item in value.items()}
        case list():
            return [join(item, parts) for item in value]
        case _:
            return value


def _long(item: Json) -> bool:
    return isinstance(item, dict | list) and len(canonical(item)) >= PART_FROM


def _keep(value: Json, parts: dict[str, str]) -> Json:
    body = canonical(value)
    digest = sha256(body)
    parts[digest] = body
    return {_PART: digest}
