"""Model objects for one run: made from `provider:name`, and freed of retries and old loops."""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator
from functools import cache
from importlib import import_module
from typing import Any, cast

from langchain_core.embeddings import Embeddings
from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import BaseModel

from quaestor.errors import SettingsError
from quaestor.memory.attempts import ATTEMPTS
from quaestor.tools.models.providers import no_address, no_client, no_key, no_provider
from quaestor.tools.models.secrets import redact

_EXTRA = "pip install 'quaestor[models]' and its own package"
_AS_TEXT = ("openai", "azure_openai")
"""Whose embeddings else send numbers of tokens, which servers of one's own do not take; the table
for counting them would be fetched over the network."""
_UNKNOWN = re.compile(r"[Uu]nsupported provider|[Pp]rovider '[^']*' is not supported")


def make_chat(spec: str) -> BaseChatModel:
    """Return the chat model a setting names.

    Args:
        spec: `provider:name` as LangChain's `init_chat_model` takes it (`openai:gpt-5-mini`).
            The address and the key are set as its client has them, such as `OPENAI_BASE_URL`.

    Raises:
        SettingsError: It is not of that form, a package is missing, or a key is.
    """
    provider, colon, name = spec.partition(":")
    if not colon or not provider or not name:
        raise SettingsError(f"--model {spec!r} is not PROVIDER:NAME, such as openai:gpt-5-mini")
    try:
        from langchain.chat_models import init_chat_model  # noqa: PLC0415 - an extra, and heavy
    except ImportError:
        raise SettingsError(f"{spec}: {no_client(provider, _EXTRA)}") from None
    return cast("BaseChatModel", _made(init_chat_model, spec, model=name, model_provider=provider))


def make_embeddings(spec: str) -> Embeddings:
    """Return the embeddings a setting names, `provider:name`; raises as `make_chat` does."""
    if not all(spec.partition(":")):
        raise SettingsError(f"embeddings {spec!r} are not PROVIDER:NAME")
    provider = spec.partition(":")[0]
    try:
        from langchain.embeddings import init_embeddings  # noqa: PLC0415 - an extra, and heavy
    except ImportError:
        raise SettingsError(f"{spec}: {no_client(provider, _EXTRA)}") from None
    given = {"check_embedding_ctx_length": False} if provider in _AS_TEXT else {}
    return cast("Embeddings", _made(init_embeddings, spec, model=spec, **given))


def _made(make: Any, spec: str, **arguments: Any) -> object:
    provider = spec.partition(":")[0]
    if wrong := no_address(provider):
        raise SettingsError(f"{spec} cannot be used: {wrong}")
    try:
        return make(**arguments)
    except ImportError as error:
        raise SettingsError(f"{spec}: {no_client(provider, _line(error))}") from None
    except Exception as error:
        # Clients raise their own classes for a missing key; none of their words hold one.
        said = _line(error)
        unknown = no_provider(provider) if _UNKNOWN.search(said) else ""
        raise SettingsError(
            f"{spec} cannot be used: {unknown or no_key(provider) or said}"
        ) from None


def _line(error: Exception) -> str:
    return redact(" ".join(str(error).split()), ())[:300]


@contextlib.asynccontextmanager
async def for_this_loop(model: BaseChatModel) -> AsyncGenerator[tuple[BaseChatModel, int]]:
    """Lend a model that may be used in the running loop, and how often it may be tried.

    A client of the `openai` package keeps connections that belong to the loop they were opened
    in, tries twice more by itself, and follows redirects with its key in headers of its own:
    it is given a client of this run's that does none of the three. Another client is used as it
    is, and its own retries count as ours.
    """
    root = getattr(model, "root_async_client", None)
    if root is None or not hasattr(root, "with_options"):
        yield model, _attempts(model)
        return
    async with _renewed(root, model) as fresh:
        chat = fresh.chat.completions
        yield model.model_copy(update={"root_async_client": fresh, "async_client": chat}), ATTEMPTS


@contextlib.asynccontextmanager
async def embeddings_for_this_loop(model: Embeddings) -> AsyncGenerator[Embeddings]:
    """Lend embeddings that may be used in the running loop, as `for_this_loop` does."""
    root = getattr(getattr(model, "async_client", None), "_client", None)
    if not isinstance(model, BaseModel) or not hasattr(root, "with_options"):
        yield model
        return
    async with _renewed(root, model) as fresh:
        yield model.model_copy(update={"async_client": fresh.embeddings})


@contextlib.asynccontextmanager
async def _renewed(root: Any, model: object) -> AsyncGenerator[Any]:
    """Lend a client like one of the `openai` package's, with connections of its own."""
    if getattr(model, "http_async_client", None) is not None:
        # Its proxy and its certificates are its owner's to choose, and so is its loop.
        yield root.with_options(max_retries=0)
        return
    # The make that the package uses: newer ones have taken up httpx2.
    make = type(root._client).__mro__[-2].__module__.partition(".")[0]
    httpx = import_module("httpx2" if make == "httpx2" else "httpx")
    async with httpx.AsyncClient(
        base_url=root.base_url,
        timeout=None,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=64),
        proxy=getattr(model, "openai_proxy", None),
        verify=await asyncio.to_thread(_certificates, httpx),
    ) as http:
        yield root.with_options(max_retries=0, http_client=http)


@cache
def _certificates(httpx: Any) -> Any:
    """Return one TLS context for all clients: making one blocks for 60 ms."""
    return httpx.create_ssl_context()


def _attempts(model: object) -> int:
    """Return how many attempts of ours are at most three together with the client's own."""
    own = getattr(model, "max_retries", None)
    return max(1, ATTEMPTS // (own + 1)) if isinstance(own, int) and own >= 0 else 1
