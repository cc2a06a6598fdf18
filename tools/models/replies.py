"""From what a model said to a checked value, however it wrapped it."""

import contextlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from quaestor.memory.requests import Json
from quaestor.memory.text import normalise
from quaestor.tools.models.messages import Said

Wanted = TypeVar("Wanted", bound=BaseModel)
Fault = Literal["empty", "refused", "cut_off", "no_json", "invalid"]

_THOUGHT = re.compile(
    r"<(/?)(think|thinking|thought|reasoning|scratchpad|analysis)>", re.IGNORECASE
)
_FENCE = re.compile(r"```[\w-]*[ \t]*\n(.*?)(?:\n```|\Z)", re.DOTALL)
_LONGEST_WHY = 600
_TRIES = 200
"""Braces tried in one text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """Why a reply gave no value."""

    fault: Fault
    why: str
    """In words a model can mend it by; quotes field names and rules, not documents."""


def value_of(said: Said, kind: type[Wanted]) -> Wanted | Unusable:
    """Return the value a reply holds, or why there is none.

    A reply that was cut off is never taken for whole, a refusal never for an answer.
    """
    if said.refusal or said.finish == "content_filter":
        return Unusable(fault="refused", why=said.refusal[:_LONGEST_WHY] or "it was filtered")
    if said.finish == "length":
        return Unusable(fault="cut_off", why="the reply was cut off before its end: be shorter")
    last: Unusable | None = None
    names = kind.model_fields.keys()
    for candidate in _candidates(said, kind):
        if names and not names & candidate.keys():
            why = f"an object with none of the fields {', '.join(names)}"[:_LONGEST_WHY]
            last = last or Unusable(fault="invalid", why=why)
            continue
        try:
            return kind.model_validate(candidate)
        except ValidationError as error:
            last = last or Unusable(fault="invalid", why=_problems(error))
        except (RecursionError, ValueError) as error:  # an integer of ten thousand digits
            last = last or Unusable(fault="invalid", why=str(error)[:_LONGEST_WHY])
    if last is not None:
        return last
    if not said.text.strip() and not said.tools:
        return Unusable(fault="empty", why="the reply was empty")
    return Unusable(fault="no_json", why="the reply held no JSON object of the schema")


def off_form(said: Said, names: frozenset[str]) -> bool:
    """Say whether a reply shows nothing of the form it was asked for in.

    It was cut off, or holds none of the names; a refusal is no such reply.

    Args:
        said: The reply.
        names: Of the fields that are wanted.
    """
    if said.refusal or said.finish == "content_filter":
        return False
    return said.finish == "length" or not holds_any(said, names)


def holds_any(said: Said, names: frozenset[str]) -> bool:
    """Say whether a reply holds a JSON object or tags with one of these names at all."""
    return any(names & set(candidate) for candidate in _objects_of(said)) or bool(
        _between_tags(said.text, names)
    )


def without_thinking(text: str) -> str:
    """Return a reply without its thinking blocks; an unclosed one leaves nothing.

    Example:
        >>> without_thinking("<think>hm</think>yes"), without_thinking("hm</think> yes")
        ('yes', ' yes')
        >>> without_thinking("<think>and on and on")
        ''
    """
    tags = [(match, match[2].lower()) for match in _THOUGHT.finditer(text)]
    last = {name: match.start() for match, name in tags if match[1]}
    kept: list[str] = []
    at, inside, begun = 0, "", False
    for match, name in tags:
        if inside:
            if match[1] and name == inside:
                at, inside = match.end(), ""
            continue
        if match[1]:
            # Its beginning was in the prompt, or was never written.
            at, begun = match.end(), False
            kept.clear()
            continue
        begun = begun or bool(text[at : match.start()].strip())
        if last.get(name, -1) > match.start():
            kept.append(text[at : match.start()])
            inside = name
        elif not begun:
            return ""
    return "".join([*kept, text[at:]])


def _candidates(said: Said, kind: type[BaseModel]) -> Iterator[Mapping[str, Any]]:
    yield from _objects_of(said)
    tagged = _tagged(without_thinking(said.text), kind)
    if tagged:
        yield tagged


def _objects_of(said: Said) -> Iterator[dict[str, Any]]:
    for tool in said.tools:
        yield from _objects(tool.arguments)
    whole = said.text.strip()
    if whole.startswith("{"):
        # Before any tag is cut out: one inside a JSON text is a part of it.
        yield from _object(whole)
    text = without_thinking(said.text)
    for match in _FENCE.finditer(text):
        yield from _objects(match[1])
    yield from _objects(text)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Give the JSON objects of a text, outermost first, each once; prose around them is passed.

    Work is bounded: what opens a brace and never closes it is read to its end at most so often.
    """
    at, tries = text.find("{"), 0
    while at != -1 and tries < _TRIES:
        tries += 1
        try:
            value, end = _DECODER.raw_decode(text, at)  # from a brace: an object
            yield _cleaned(value)
        except (ValueError, RecursionError):
            end = at + 1
        at = text.find("{", end)


def _object(text: str) -> Iterator[dict[str, Any]]:
    """Give the object that a whole text from a brace on is, if it is one."""
    with contextlib.suppress(ValueError, RecursionError):
        yield _cleaned(_DECODER.decode(text))


def _tagged(text: str, kind: type[BaseModel]) -> dict[str, Any]:
    fields = kind.model_fields
    found = _between_tags(text, fields)
    return {
        name: _clean(content if fields[name].annotation is str else _json_or_text(content))
        for name, content in found.items()
    }


def _between_tags(text: str, names: Iterable[str]) -> dict[str, str]:
    """Return what stands between tags; nothing where one is not closed: the text was cut off."""
    found: dict[str, str] = {}
    for name in names:
        _, opened, rest = text.partition(f"<{name}>")
        inner, closed, _ = rest.partition(f"</{name}>")
        if opened and not closed:
            return {}
        if opened:
            found[name] = inner.strip()
    return found


def _json_or_text(content: str) -> Any:
    try:
        return _clean(_DECODER.decode(content))
    except (ValueError, RecursionError):
        return content


def _cleaned(value: dict[str, Any]) -> dict[str, Any]:
    return {normalise(name).text: _clean(one) for name, one in value.items()}


def _clean(value: Json) -> Json:
    """Return a value whose texts can be stored: no NUL, no lone surrogate."""
    match value:
        case str():
            return normalise(value).text
        case list():
            return [_clean(one) for one in value]
        case dict():
            return {normalise(name).text: _clean(one) for name, one in value.items()}
        case _:
            return value


def _first_wins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse nothing and hide nothing: of a key written twice the first value counts."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    """Refuse a number that is too large to be one: 1e999 would become infinity."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is no number")
    return number


_DECODER = json.JSONDecoder(
    parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_first_wins
)


def _problems(error: ValidationError) -> str:
    lines = [
        f"{'.'.join(str(part) for part in one['loc']) or 'the reply'}: {one['msg']}"
        for one in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return "; ".join(lines)[:_LONGEST_WHY]
