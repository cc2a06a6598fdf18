"""A URL from outside, read once: what different readers would read differently is refused.

Everything later (the check, the request, the robots file) uses the one `yarl.URL` made here, so
that what was checked is what is asked.
"""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from yarl import URL

from quaestor.errors import RefusedError

MAX_LENGTH = 2_048
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FORM = re.compile(r"(https?)://([^/?#]+)(?=[/?#]|\Z)", re.IGNORECASE | re.ASCII)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(?::([1-9][0-9]{0,4}))?", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_MOST_OF_A_NAME = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a URL leads."""

    url: URL
    """Without its fragment, which no server is sent."""
    host: str
    """Lower case; a name in its ASCII form without a final dot, or an address."""
    port: int
    literal: bool
    """The host is an address."""

    @property
    def authority(self) -> str:
        """`example.org:443`: what a user allows, and what politeness counts by."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_url(text: str) -> Target:
    """Return where a URL leads.

    Raises:
        RefusedError: It is no http or https URL that every reader reads alike.

    Example:
        >>> read_url("HTTP://Example.org:8080/a#b").url
        URL('http://example.org:8080/a')
    """
    authority = _authority(text)
    matched = _AUTHORITY.fullmatch(authority)
    if matched is None:
        raise RefusedError(shown(text), "its host and port cannot be told apart")
    try:
        url = URL(text).with_fragment(None)
        port = url.explicit_port or _DEFAULT_PORTS[url.scheme]
    except (ValueError, KeyError):
        raise RefusedError(shown(text), "it is no URL") from None
    host, literal = _host(text, matched[1], url)
    return Target(url=url, host=host, port=port, literal=literal)


def shown(text: str) -> str:
    """Return a URL as it may stand in a message: short, nothing invisible in it."""
    visible = "".join(ch if ch.isprintable() else "\N{REPLACEMENT CHARACTER}" for ch in text[:201])
    return visible if len(visible) <= 200 else f"{visible[:200]}…"


def check_characters(text: str) -> None:
    """Refuse a URL, or a part of one, that holds what readers skip, fold or turn.

    Raises:
        RefusedError: It does, or is too long.
    """
    if len(text) > MAX_LENGTH:
        raise RefusedError(shown(text), f"it is longer than {MAX_LENGTH:,} characters")
    if any(unicodedata.category(ch)[0] in "ZC" for ch in text):
        raise RefusedError(shown(text), "it holds a space or a character that cannot be seen")
    if "\\" in text:
        raise RefusedError(shown(text), "it holds a backslash")


def _authority(text: str) -> str:
    check_characters(text)
    form = _FORM.match(text)
    if form is None:
        raise RefusedError(shown(text), "only whole http and https URLs are fetched")
    if "@" in form[2]:
        raise RefusedError(shown(text), "it holds a user name")
    return form[2]


def _host(text: str, written: str, url: URL) -> tuple[str, bool]:
    """Return the host as it will be asked for, and whether it is an address."""
    read = str(url.raw_host).lower()
    if written.startswith("["):
        return _ipv6(text, written[1:-1], read), True
    labels = _labels(text, written, read)
    if _NUMBER.fullmatch(labels[-1]):
        # An old way to write an address (2130706433, 0x7f.1, 127.1) or an address.
        if not _is_ipv4(read):
            raise RefusedError(shown(text), "its host is a number, but no plain address")
        return read, True
    return ".".join(labels), False


def _ipv6(text: str, written: str, read: str) -> str:
    try:
        address = IPv6Address(written)
        agreed = address == IPv6Address(read)
    except ValueError:
        agreed = False
    if not agreed:
        raise RefusedError(shown(text), "its host is no address")
    return str(IPv6Address(written))


def _labels(text: str, written: str, read: str) -> list[str]:
    if not written.isascii() and not _plain_letters(written):
        raise RefusedError(shown(text), "its host is written in look-alike characters")
    labels = read.removesuffix(".").split(".")
    if len(read) > _MOST_OF_A_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise RefusedError(shown(text), "its host is no host name")
    return labels


def _plain_letters(host: str) -> bool:
    """Say whether a name of another script stands as it is, nothing in it standing for ASCII."""
    lowered = host.lower()
    return unicodedata.normalize("NFKC", lowered) == lowered and all(
        ch in "-._" or ch.isalpha() or ch in "0123456789" or unicodedata.category(ch)[0] == "M"
        for ch in lowered
    )


def _is_ipv4(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True
