"""Addresses in a text: what a person typed may be opened, what a page names is not looked up."""

import re

_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_BEHIND = ".,;:!?'*_…»”’。，；：！？、"
_LOCATOR = re.compile(r"\w\.[a-z]{2,}", re.IGNORECASE)
_PAIRS = {")": "(", "]": "[", "}": "{", "）": "（", "」": "「", "』": "『"}


def typed_addresses(text: str) -> tuple[str, ...]:
    """Return the http and https addresses of a text, each once, in order, without fragments.

    Whether one may be fetched is the guard's to say (tools/web/guard.py), which reads it again.

    Example:
        >>> typed_addresses("What does https://example.org/a_(b)#c say (see http://example.com)?")
        ('https://example.org/a_(b)', 'http://example.com')
    """
    found = [_trimmed(match[0]).partition("#")[0] for match in _ADDRESS.finditer(text)]
    return tuple(dict.fromkeys(found))


def is_locator(name: str) -> bool:
    """Say whether what looks like a name is a host, an address or a file.

    Example:
        >>> is_locator("collect.example.org/A7"), is_locator("St. Mary"), is_locator("J.R. Orr")
        (True, False, False)
    """
    return _LOCATOR.search(name) is not None


def _trimmed(address: str) -> str:
    """Return an address without the marks of the sentence it stands in."""
    while True:
        last = address[-1]
        opening = _PAIRS.get(last)
        if last not in _BEHIND and (
            opening is None or address.count(opening) >= address.count(last)
        ):
            return address
        address = address[:-1]
