"""What a person must have before a provider's models can be used: an extra, a key."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

KeyState = Literal["set", "not set", "none needed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One of the providers that have an extra of Quaestor's."""

    extra: str
    package: str
    """Which the extra brings."""
    keys: tuple[str, ...] = ()
    """Variables its client reads a key from; one is enough, and none means that none is needed."""
    address: str = ""
    """Variable its client reads the address of another server from."""


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider(
        extra="openai",
        package="langchain-openai",
        keys=("OPENAI_API_KEY",),
        address="OPENAI_BASE_URL",
    ),
    "anthropic": Provider(
        extra="anthropic",
        package="langchain-anthropic",
        keys=("ANTHROPIC_API_KEY",),
        address="ANTHROPIC_BASE_URL",
    ),
    "google_genai": Provider(
        extra="google",
        package="langchain-google-genai",
        keys=("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    ),
    "ollama": Provider(extra="ollama", package="langchain-ollama", address="OLLAMA_HOST"),
}
"""By the name LangChain's `init_chat_model` has for them, which takes others as well."""


def key_state(provider: str) -> KeyState:
    """Say whether the environment holds a key for a provider; never which.

    Example:
        >>> key_state("ollama"), key_state("a provider of somebody's own")
        ('none needed', 'unknown')
    """
    known = PROVIDERS.get(provider)
    if known is None:
        return "unknown"
    if not known.keys:
        return "none needed"
    return "set" if any(os.environ.get(name, "").strip() for name in known.keys) else "not set"


def no_client(provider: str, said: str) -> str:
    """Return what to do where a provider's client is not installed.

    Args:
        provider: The provider.
        said: What LangChain said, for a provider without an extra.
    """
    known = PROVIDERS.get(provider)
    remedy = f"pip install 'quaestor[{known.extra}]'" if known else said
    return f"the client of {provider} is not installed: {remedy}"


def no_key(provider: str) -> str:
    """Return what to do where a provider's key is not set; empty where that is not what is wrong.

    Example:
        >>> no_key("ollama")
        ''
    """
    known = PROVIDERS.get(provider)
    if known is None or key_state(provider) != "not set":
        return ""
    elsewhere = (
        f" (for a server of your own any word will do, with its address in {known.address})"
        if provider == "openai"
        else ""
    )
    return f"there is no key: set {' or '.join(known.keys)}{elsewhere}"


def no_address(provider: str) -> str:
    """Return what to do where a provider's address is none; empty where that is not what is wrong.

    A client would take it for a host and fail at each call. Ollama's alone adds what is missing.
    """
    known = PROVIDERS.get(provider)
    if known is None or provider == "ollama":
        return ""
    address = os.environ.get(known.address, "").strip()
    if not address or re.match(r"https?://[^/]", address):
        return ""
    return f"{known.address} is no address: it begins with http:// or https://"


def no_provider(provider: str) -> str:
    """Return what to write where LangChain knows no such provider."""
    return (
        f"there is no provider {provider!r}: {', '.join(PROVIDERS)} have extras, and every other "
        "that LangChain's init_chat_model knows needs its own package"
    )
