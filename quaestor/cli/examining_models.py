"""The models of `doctor`: who would answer, where, for how much; nothing is asked of them."""

import os
import socket
from collections.abc import Sequence
from typing import Any

from yarl import URL

from quaestor.cli.output import Json
from quaestor.errors import QuaestorError
from quaestor.settings import Settings
from quaestor.sinks import named
from quaestor.tools.models.endpoint import Endpoint, endpoint_of
from quaestor.tools.models.opening import make_chat, make_embeddings
from quaestor.tools.models.prices import price
from quaestor.tools.models.providers import key_state

REACH_S = 3.0
"""Waited for a connection."""


def models_json(settings: Settings) -> list[Json]:
    """Return each model that is named, once, with the roles it has.

    Only a connection is opened to where it is, and closed again: nothing is sent or paid.
    """
    try:
        specs = named(settings.model) or {}
    except QuaestorError as error:
        return [_dead(" ".join(settings.model), [], error)]
    found = [
        _examined(spec, [role for role, name in specs.items() if name == spec], make_chat)
        for spec in dict.fromkeys(specs.values())
    ]
    if settings.embeddings:
        found.append(_examined(settings.embeddings, ["embeddings"], make_embeddings))
    return found


def _examined(spec: str, roles: Sequence[str], make: Any) -> Json:
    try:
        endpoint = endpoint_of(make(spec))
    except QuaestorError as error:
        return _dead(spec, roles, error)
    reached = _reached(endpoint)
    return {
        "model": spec,
        "roles": list(roles),
        "live": reached is not False,
        "why": "" if reached is not False else f"nothing answers at {_where(endpoint)}",
        "host": endpoint.host,
        "remote": endpoint.remote,
        "key": key_state(spec.partition(":")[0]),
        "reached": reached,
        "usd_per_million": _prices(endpoint),
    }


def _dead(spec: str, roles: Sequence[str], error: QuaestorError) -> Json:
    return {
        "model": spec,
        "roles": list(roles),
        "live": False,
        "why": str(error).removeprefix(f"{spec}: "),
    }


def _reached(endpoint: Endpoint) -> bool | None:
    """Say whether its server takes connections; None where its address is not known.

    Behind a proxy a connection of ours says nothing.
    """
    url = URL(endpoint.url)
    proxied = any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"))
    if url.host is None or url.port is None or (endpoint.remote and proxied):
        return None
    try:
        socket.create_connection((url.host, url.port), timeout=REACH_S).close()
    except OSError:
        return False
    return True


def _where(endpoint: Endpoint) -> str:
    url = URL(endpoint.url)
    return f"{url.host}:{url.port}"


def _prices(endpoint: Endpoint) -> Json | None:
    """Return the price of a million tokens, of prompts of ordinary length; None if unknown."""
    read = price(endpoint, tokens_in=1_000, tokens_out=0)
    written = price(endpoint, tokens_in=0, tokens_out=1_000)
    if read is None or written is None:
        return None
    return {"in": round(read * 1_000, 4), "out": round(written * 1_000, 4)}


def model_line(model: Json) -> str:
    """Return a model as a person is told of it."""
    roles = ", ".join(model["roles"])
    name = f"{roles}: {model['model']}" if roles else str(model["model"])
    if not model["live"]:
        return f"{name}: NOT live: {model['why']}"
    where = f"at {model['host']}, off this machine" if model["remote"] else "on this machine"
    reached = {True: "takes connections", None: "not tried"}[model["reached"]]
    return f"{name}: {where}, {reached}, {_key_words(model['key'])}, {_price_words(model)}"


def _key_words(state: str) -> str:
    return {
        "set": "key set",
        "not set": "key NOT set",
        "none needed": "needs no key",
        "unknown": "key not looked at",
    }[state]


def _price_words(model: Json) -> str:
    prices = model["usd_per_million"]
    if prices is None:
        return "price not known"
    if not model["remote"]:
        return "costs nothing"
    return f"US$ {prices['in']:g} in and {prices['out']:g} out for a million tokens"
