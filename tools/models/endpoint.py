"""What a model object says of itself: who answers, where, and with which parameters."""

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from yarl import URL

from quaestor.tools.models.secrets import LIKE_A_SECRET, redact, secrets_of

_CLIENTS = ("root_async_client", "async_client", "_async_client")
"""Where they keep what asks it; ChatOllama knows no address but its client's."""
_URLS = (
    "openai_api_base",
    "azure_endpoint",
    "anthropic_api_url",
    "base_url",
    "endpoint_url",
    "api_base",
    "endpoint",
    "inference_server_url",
)
"""Where clients of LangChain keep the address of their server."""
_NAMES = ("model_name", "model", "model_id", "deployment_name", "repo_id")
_IN_PROCESS = (
    "quaestor.testing",
    "langchain_core.language_models.fake",
    "langchain_core.embeddings.fake",
    "langchain_community.chat_models.llamacpp",
    "langchain_huggingface",
)
"""Modules whose models compute in this process; another says so by `in_process = True`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One model behind one address. JSON-plain; holds no key."""

    provider: str
    model: str
    url: str = ""
    """Without user, query and fragment; empty where it computes in this process or hides it."""
    remote: bool = True
    """Asking it sends the prompt off this machine."""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What shapes its answers: temperature, the most tokens, ..."""

    @property
    def name(self) -> str:
        """`provider:model`, as people write it."""
        return f"{self.provider}:{self.model}"

    @property
    def host(self) -> str:
        """Who is told the prompt, for people."""
        return (URL(self.url).host if self.url else None) or self.provider

    def plain(self) -> dict[str, Any]:
        """Return what belongs into a request's key."""
        return {
            "endpoint": self.url,
            "provider": self.provider,
            "model": self.model,
            "parameters": dict(self.parameters),
        }


def endpoint_of(model: object) -> Endpoint:
    """Return what a chat model or embeddings object of LangChain is.

    One whose address is not to be found counts as remote: it is better named once too often.
    """
    url = _url(model)
    here = type(model).__module__.startswith(_IN_PROCESS) or getattr(model, "in_process", False)
    return Endpoint(
        provider=_provider(model),
        model=_model(model),
        url=url,
        remote=not here and not _loopback(url),
        parameters=_parameters(model),
    )


def _url(model: object) -> str:
    clients = (getattr(model, name, None) for name in _CLIENTS)
    client = next((one for one in clients if one), None)
    # A client of OpenAI's, or a part of one: the connections below it may be another client's too.
    owner = client if hasattr(client, "base_url") else getattr(client, "_client", None)
    found = [getattr(owner, "base_url", None), *(getattr(model, name, None) for name in _URLS)]
    for one in found:
        text = str(one) if one else ""
        if re.match(r"https?://", text):
            parsed = URL(text)
            return str(parsed.with_user(None).with_query(None).with_fragment(None)).rstrip("/")
    return ""


def _provider(model: object) -> str:
    described = _described(model).get("ls_provider")
    named = type(model).__name__.lower()
    return str(described or getattr(model, "_llm_type", "") or named.removesuffix("embeddings"))


def _model(model: object) -> str:
    described = _described(model).get("ls_model_name")
    names = [described, *(getattr(model, name, None) for name in _NAMES)]
    return next((name for name in names if isinstance(name, str) and name), type(model).__name__)


def _described(model: object) -> dict[str, Any]:
    describe: Any = getattr(model, "_get_ls_params", None)
    return cast("dict[str, Any]", describe()) if callable(describe) else {}


def _parameters(model: object) -> dict[str, Any]:
    """Return the identifying parameters that are JSON-plain, without anything like a key."""
    given: Any = getattr(model, "_identifying_params", None)
    found = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    kept: dict[str, Any] = {}
    for name, value in sorted(found.items()):
        if name in ("model", "model_name", "stream"):
            continue
        try:
            plain: object = json.loads(json.dumps({name: value}, allow_nan=False))
        except (TypeError, ValueError):
            continue
        kept |= cast("dict[str, Any]", _keyless(plain, secrets_of(model)))
    return kept


def _keyless(value: object, secrets: frozenset[str]) -> object:
    """Return a JSON-plain value without what is named like a key, is an address, or headers."""
    match value:
        case str():
            return redact(value, secrets)
        case list():
            return [_keyless(one, secrets) for one in cast("list[object]", value)]
        case dict():
            named = cast("dict[str, object]", value)
            return {
                name: _keyless(one, secrets)
                for name, one in named.items()
                if not (LIKE_A_SECRET.search(name) or "headers" in name.lower())
                and not (isinstance(one, str) and "://" in one)
            }
        case _:
            return value


def _loopback(url: str) -> bool:
    host = URL(url).host if url else None
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
