"""Whether anything answers at an address: a connection is opened and closed, nothing is sent."""

import os
import socket

from yarl import URL

REACH_S = 3.0
"""Waited for a connection."""
_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


def reached(url: str, *, remote: bool) -> bool | None:
    """Say whether a server takes connections; None where that cannot be tried.

    That is without an address, and behind a proxy, where a connection of ours says nothing.
    """
    address = URL(url)
    if address.host is None or address.port is None:
        return None
    if remote and any(os.environ.get(name) for name in _PROXIES):
        return None
    try:
        socket.create_connection((address.host, address.port), timeout=REACH_S).close()
    except OSError:
        return False
    return True


def authority(url: str) -> str:
    """Return `HOST:PORT` of an address."""
    address = URL(url)
    return f"{address.host}:{address.port}"
