"""What a chooser passes to a tool, checked: a model may send anything, and hears what is wrong."""

from collections.abc import Collection, Mapping
from typing import Any

from quaestor.errors import MistakenCallError

MOST_HITS = 50
"""Of one call: a larger `limit` is cut to it, one below 1 is 1."""


def searching(tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return `query` and `limit`.

    Raises:
        MistakenCallError: One is missing, or not what it should be, or there are others.
    """
    _only(tool, arguments, ("query", "limit"))
    return {"query": _text(tool, arguments, "query"), "limit": _limit(tool, arguments)}


def adjoining(tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return `document` and `start`, or `entity`, the others None, and `limit`; raises alike."""
    _only(tool, arguments, ("document", "start", "entity", "limit"))
    given = {name for name in ("document", "start", "entity") if arguments.get(name) is not None}
    if given not in ({"document", "start"}, {"entity"}):
        raise MistakenCallError(tool, "it takes `document` and `start`, or `entity` alone")
    beside = "document" in given
    return {
        "document": _text(tool, arguments, "document") if beside else None,
        "start": _place(tool, arguments, "start") if beside else None,
        "entity": None if beside else _text(tool, arguments, "entity"),
        "limit": _limit(tool, arguments),
    }


def opening(tool: str, arguments: Mapping[str, Any]) -> str:
    """Return the address of `hit`, of which nothing else is read; raises alike."""
    _only(tool, arguments, ("hit",))
    match arguments.get("hit"):
        case {"uri": str(uri)} if uri.strip():
            return uri
        case _:
            raise MistakenCallError(tool, "`hit` must be an object with the `uri` of a result")


def reading_on(tool: str, arguments: Mapping[str, Any]) -> tuple[str, int]:
    """Return `document` and `start`; raises alike."""
    _only(tool, arguments, ("document", "start"))
    return _text(tool, arguments, "document"), _place(tool, arguments, "start")


def _only(tool: str, arguments: Mapping[str, Any], names: Collection[str]) -> None:
    others = sorted(name for name in arguments if name not in names)
    if others:
        taken = ", ".join(f"`{name}`" for name in names)
        raise MistakenCallError(tool, f"it does not take {_shown(others[0])}; it takes {taken}")


def _text(tool: str, arguments: Mapping[str, Any], name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str) or not value.strip():
        raise MistakenCallError(tool, f"`{name}` must be a text, not {_shown(value)}")
    return value


def _place(tool: str, arguments: Mapping[str, Any], name: str) -> int:
    value = _whole(tool, arguments, name)
    if value < 0:
        raise MistakenCallError(tool, f"`{name}` must be 0 or more, not {value}")
    return value


def _limit(tool: str, arguments: Mapping[str, Any]) -> int:
    return min(max(_whole(tool, arguments, "limit"), 1), MOST_HITS)


def _whole(tool: str, arguments: Mapping[str, Any], name: str) -> int:
    value = arguments.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise MistakenCallError(tool, f"`{name}` must be a whole number, not {_shown(value)}")
    return value


def _shown(value: object) -> str:
    if value is None:
        return "missing"
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
