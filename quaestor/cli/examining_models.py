"""The models of `doctor`: who would answer, where, for how much; nothing is asked of them."""

import asyncio
import os
import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from yarl import URL

from quaestor.cli.output import Json
from quaestor.cli.reaching import authority, reached
from quaestor.errors import QuaestorError, RefusedError, SourceDownError
from quaestor.settings import Settings
from quaestor.sinks import named
from quaestor.tools.models.endpoint import Endpoint, endpoint_of
from quaestor.tools.models.listing import listed
from quaestor.tools.models.opening import make_chat, make_embeddings
from quaestor.tools.models.prices import price
from quaestor.tools.models.providers import PROVIDERS, key_state

LIST_S = 10.0
"""Waited for the list of an endpoint's models."""
_MOST_LISTED = 8
_VERSIONED = re.compile(r"/v\d+\w*$")
"""How the address of a server that speaks OpenAI's API mostly ends."""


def clients_json() -> list[Json]:
    """Return the providers that have an extra: what is installed, and whether there is a key."""
    return [
        {
            "provider": name,
            "package": one.package,
            "version": _installed(one.package),
            "extra": one.extra,
            "keys": list(one.keys),
            "key": key_state(name),
            "address": one.address,
        }
        for name, one in PROVIDERS.items()
    ]


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def client_row(client: Json) -> list[str]:
    """Return a provider as a person is told of it: its client, its key, its address."""
    extra = f"pip install 'quaestor[{client['extra']}]'"
    installed = f"{client['package']} {client['version']}" if client["version"] else extra
    key = "needs none"
    if client["keys"]:
        key = f"{' or '.join(client['keys'])} {client['key']}"
    return [client["provider"], installed, key, client["address"]]


def models_json(settings: Settings) -> list[Json]:
    """Return each model that is named, once, with the roles it has.

    A connection is opened to where it is, and its server asked which models it has: nothing is
    paid, and no text is sent.
    """
    try:
        specs = named(settings.model) or {}
    except QuaestorError as error:
        return [_model(" ".join(settings.model), [], why=str(error))]
    found = [
        _examined(spec, [role for role, name in specs.items() if name == spec], make_chat)
        for spec in dict.fromkeys(specs.values())
    ]
    if settings.embeddings:
        found.append(_examined(settings.embeddings, ["embeddings"], make_embeddings))
    return found


def _model(spec: str, roles: Sequence[str], *, why: str = "") -> Json:
    """Return a model of which nothing is known but why it cannot be used, if it cannot."""
    return {
        "model": spec,
        "roles": list(roles),
        "live": not why,
        "why": why.removeprefix(spec).removeprefix(" cannot be used").removeprefix(": "),
        "host": "",
        "address": "",
        "remote": None,
        "key": key_state(spec.partition(":")[0]),
        "reached": None,
        "models": None,
        "usd_per_million": None,
    }


def _examined(spec: str, roles: Sequence[str], make: Any) -> Json:
    try:
        model = make(spec)
    except QuaestorError as error:
        return _model(spec, roles, why=str(error))
    endpoint = endpoint_of(model)
    there = reached(endpoint.url, remote=endpoint.remote)
    models, why = None, ""
    if there is False:
        why = f"nothing answers at {authority(endpoint.url)}; {_start(spec, endpoint)}"
    elif there and isinstance(model, BaseChatModel):
        try:
            models = asyncio.run(listed(model, seconds=LIST_S))
        except RefusedError as error:
            why = f"{error.reason}; {_key(spec)}"
        except SourceDownError as error:
            why = error.reason
    return {
        **_model(spec, roles, why=why),
        "host": endpoint.host,
        "address": endpoint.url,
        "remote": endpoint.remote,
        "reached": there,
        "models": None if models is None else list(models),
        "usd_per_million": _prices(endpoint),
    }


def _start(spec: str, endpoint: Endpoint) -> str:
    """Return what to do where nothing answers."""
    known = PROVIDERS.get(spec.partition(":")[0])
    variable = known.address if known else ""
    if not endpoint.remote:
        return "start its server" + (f", or give its address in {variable}" if variable else "")
    given = variable and os.environ.get(variable)
    return "is this machine online" + (f", and {variable} right?" if given else "?")


def _key(spec: str) -> str:
    """Return where a key comes from that is refused."""
    known = PROVIDERS.get(spec.partition(":")[0])
    return f"see {' or '.join(known.keys)}" if known and known.keys else "see its key"


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
    where = f"{'off' if model['remote'] else 'on'} this machine"
    if model["host"]:
        where = f"at {model['host']}{_port(model['address'])}, {where}"
    said = (where, _there_words(model), _key_words(model["key"]), _price_words(model))
    return f"{name}: {', '.join(said)}"


def _port(address: str) -> str:
    """Return the port that an address names; nothing where it is the usual one."""
    port = URL(address).explicit_port if address else None
    return f":{port}" if port is not None else ""


def _there_words(model: Json) -> str:
    """Return whether its server answers, and whether it has the model."""
    if not model["reached"]:
        return "not tried"
    name, models = model["model"].partition(":")[2], model["models"]
    if models is None:
        asked = model["model"].startswith("openai:") and "embeddings" not in model["roles"]
        path = asked and not _VERSIONED.search(model["address"])
        ends = " (does its address end in /v1, as most do?)" if path else ""
        return f"takes connections, gives no list of models{ends}" if asked else "takes connections"
    if {name, f"{name}:latest"} & set(models):
        return "has this model"
    shown = ", ".join(models[:_MOST_LISTED]) or "none"
    more = f" and {len(models) - _MOST_LISTED} more" if len(models) > _MOST_LISTED else ""
    return f"does NOT list this model (it lists {shown}{more})"


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
