"""Make a string that a regular expression accepts."""

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

MOST_REPEATS = 8  # beyond its minimum, for `*` and `+`
PRINTABLE = "abcdefghijklmnopqrstuvwxyz0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.,"
_CATEGORIES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_NOT_DIGIT": "abcxyz-",
    "CATEGORY_WORD": "abcxyz019_",
    "CATEGORY_NOT_WORD": " -.",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": "abcxyz019",
}

Pick = Callable[[int], int]
"""From n to one of 0..n-1."""


def matching(pattern: str, pick: Pick) -> str:
    """Return a string in which `pattern` is found.

    Args:
        pattern: A regular expression as JSON schemas have them.
        pick: What decides wherever there is a choice.

    Raises:
        ValueError: The pattern holds what this cannot make, such as a look-ahead.

    Example:
        >>> matching("^e[0-9]{2}$", lambda n: n - 1)
        'e99'
    """
    # The parser of `re` has no public name; nothing else reads every pattern that `re` will test.
    text = _sequence(import_module("re._parser").parse(pattern), pick)
    if re.search(pattern, text) is None:
        raise ValueError(
            f"no string found for the pattern {pattern!r}; use an enum, or write it plainer"
        )
    return text


def _sequence(tokens: Any, pick: Pick) -> str:
    return "".join(_token(str(kind), value, pick) for kind, value in tokens)


def _token(kind: str, value: Any, pick: Pick) -> str:
    made = ""  # for what is not known; `matching` tests the whole and says when that was not enough
    match kind:
        case "LITERAL":
            made = chr(value)
        case "ANY":
            made = _one_of(PRINTABLE, pick)
        case "NOT_LITERAL":
            made = _one_of(PRINTABLE.replace(chr(value), ""), pick)
        case "IN":
            made = _one_of(_members(value), pick)
        case "BRANCH":
            made = _sequence(value[1][pick(len(value[1]))], pick)
        case "SUBPATTERN":
            made = _sequence(value[-1], pick)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = value
            times = least + pick(min(int(most) - least, MOST_REPEATS) + 1)
            made = "".join(_sequence(inner, pick) for _ in range(times))
        case _:
            pass
    return made


def _members(items: Sequence[tuple[Any, Any]]) -> str:
    """Return characters of a class in brackets, as many as are worth choosing from."""
    inside = "".join(_member(str(kind), value) for kind, value in items)
    if items and str(items[0][0]) == "NEGATE":
        return "".join(char for char in PRINTABLE if char not in inside)
    return inside


def _member(kind: str, value: Any) -> str:
    match kind:
        case "LITERAL":
            return chr(value)
        case "RANGE":
            low, high = value
            return "".join(map(chr, range(low, min(high, low + 255) + 1)))
        case "CATEGORY":
            return _CATEGORIES[str(value)]
        case _:
            return ""


def _one_of(characters: str, pick: Pick) -> str:
    return characters[pick(len(characters))] if characters else ""
