"""robots.txt as RFC 9309 reads it: what a site asks robots to leave alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yarl import URL

MAX_BYTES = 512_000
"""Read of a robots.txt (the RFC asks for at least 500 KiB)."""
_PRODUCT = "quaestor"
_UNESCAPED = re.compile(r"%(?:2[dDeE]|3[0-9]|4[1-9A-Fa-f]|5[0-9aAfF]|6[1-9A-Fa-f]|7[0-9aAeE])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One Allow or Disallow line."""

    pattern: str
    allow: bool

    def matches(self, path: str) -> bool:
        """Say whether a path begins as the pattern says (`*` for anything, `$` for the end)."""
        pattern = self.pattern
        ends = pattern.endswith("$")
        first, *others = (pattern[:-1] if ends else pattern).split("*")
        if not path.startswith(first):
            return False
        at = len(first)
        for number, part in enumerate(others, start=1):
            if ends and number == len(others):
                return len(path) - len(part) >= at and path.endswith(part)
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return not ends or at == len(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What a site's robots.txt says to us."""

    rules: tuple[Rule, ...] = ()

    def allows(self, url: URL) -> bool:
        """Say whether a page may be fetched: the longest matching rule decides, Allow on a tie."""
        path = _plain(url.raw_path_qs or "/")
        matching = [rule for rule in self.rules if rule.matches(path)]
        if not matching:
            return True
        longest = max(len(rule.pattern) for rule in matching)
        return any(rule.allow for rule in matching if len(rule.pattern) == longest)


EVERYTHING = Robots()
"""No rule: all may be fetched."""


def parse_robots(text: str, *, product: str = _PRODUCT) -> Robots:
    r"""Return the rules for a product: of its own groups, else of the groups for all.

    Example:
        >>> robots = parse_robots("User-agent: *\nDisallow: /private/\nAllow: /private/open")
        >>> robots.allows(URL("https://example.org/private/x"))
        False
        >>> robots.allows(URL("https://example.org/private/open.html"))
        True
    """
    own: list[Rule] | None = None
    for_all: list[Rule] = []
    agents: set[str] = set()
    in_rules = False
    for key, value in _lines(text):
        if key == "user-agent":
            if in_rules:
                in_rules = False
                agents.clear()
            agents.add(_token(value))
            if product in agents and own is None:
                own = []
        elif key in ("allow", "disallow"):
            in_rules = True
            if not value:
                continue
            rule = Rule(pattern=_plain(value), allow=key == "allow")
            if product in agents and own is not None:
                own.append(rule)
            if "*" in agents:
                for_all.append(rule)
    return Robots(rules=tuple(for_all if own is None else own))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().lower(), value.strip()


def _token(value: str) -> str:
    """Return the product a User-agent line names: letters, `_` and `-` (RFC 9309, 2.2.1)."""
    if value.startswith("*"):
        return "*"
    found = re.match(r"[A-Za-z_-]+", value)
    return found[0].lower() if found else ""


def _plain(path: str) -> str:
    """Return a path as both sides are compared: other letters escaped, plain ones not."""
    escaped = re.sub(
        r"[^\x21-\x7e]+", lambda found: "".join(f"%{b:02X}" for b in found[0].encode()), path
    )
    opened = _UNESCAPED.sub(lambda found: chr(int(found[0][1:], 16)), escaped)
    return re.sub(r"%[0-9a-f]{2}", lambda found: found[0].upper(), opened, flags=re.IGNORECASE)
