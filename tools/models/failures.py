"""A client's exceptions as ours: what may be tried again, after how long, and what never will.

Clients of LangChain raise their own classes; what they share is an HTTP status and a message.
"""

import os
import socket
import time
from collections.abc import Collection
from typing import Any, cast

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.memory.attempts import TooLateError
from quaestor.memory.outcomes import UnusableError
from quaestor.tools.models.secrets import redact
from quaestor.tools.web.politeness import retry_after

_LONGEST_REASON = 200
_BUSY = 429
_AGAIN = frozenset({408, 409, 425, _BUSY})
_TOO_LONG = (
    "context_length", "context length", "maximum context", "too many tokens",
    "prompt is too long", "input is too long", "reduce the length", "context window",
)  # fmt: skip
_UNSUPPORTED = (
    "response_format", "json_schema", "structured output", "tool_choice", "tools", "tool use",
    "function call", "does not support", "not supported", "unsupported", "grammar",
)  # fmt: skip
_SPENT = ("insufficient_quota", "billing", "credit balance")


class ModelDownError(SourceDownError):
    """A model's endpoint did not answer, or its server had an error."""

    def __init__(self, source: str, reason: str, *, wait: float | None = None) -> None:
        super().__init__(source, reason)
        self.wait = wait


class ModelBusyError(ModelDownError):
    """An endpoint answered that it takes no more requests for now."""


class ModelRefusedError(RefusedError):
    """An endpoint answered no: a wrong key, no such model, no money."""


class UnsupportedFormError(RefusedError):
    """An endpoint does not take this form of a structured reply."""


class PromptTooLongError(RefusedError):
    """The prompt does not fit into the model's context."""


class BadReplyError(UnusableError):
    """An endpoint answered with something that is no reply."""

    attempts = 2


class ClientError(BadReplyError):
    """A model's client raised what is neither an answer of its endpoint nor a lost connection."""


_WORDS = {
    UnsupportedFormError.__name__: "unsupported",
    PromptTooLongError.__name__: "too_long",
    ModelBusyError.__name__: "throttled",
    ModelRefusedError.__name__: "closed",
    BadReplyError.__name__: "empty",
    ClientError.__name__: "error",
    TooLateError.__name__: "late",
}


def word_of(failure: str) -> str:
    """Return one word for a failed call, as memory/fallbacks.py has them.

    Args:
        failure: Name of the error's class, as the ledger keeps it.

    Example:
        >>> word_of("ModelRefusedError"), word_of("ModelDownError")
        ('closed', 'down')
    """
    return _WORDS.get(failure, "down")


def failure_of(
    error: Exception, *, name: str, form: str, secrets: Collection[str]
) -> OutsideError | None:
    """Return what an exception of a client means; None where it is a defect of ours.

    Args:
        error: What the client raised.
        name: Of the endpoint, for people.
        form: In which form a reply was asked for.
        secrets: Keys that may stand in its message.
    """
    if isinstance(error, OutsideError):
        return error
    said = redact(_message(error), secrets)[:_LONGEST_REASON]
    status = _status(error)
    if status is not None:
        return _by_status(status, said, error, name=name, form=form)
    if type(error).__module__.startswith(("quaestor.", "sqlalchemy")):
        return None
    return _without_status(error, said, name=name, form=form)


def _without_status(error: Exception, said: str, *, name: str, form: str) -> OutsideError:
    kind = type(error).__name__
    if isinstance(error, NotImplementedError) or _of_binding(error):
        return UnsupportedFormError(name, f"its client does not offer {form}")
    if _is_network(error):
        return ModelDownError(name, f"no connection ({_network_fault(error) or kind})")
    if _mentions(str(error), _TOO_LONG):
        return PromptTooLongError(name, said)
    return ClientError(name, f"its client raised {kind}{f': {said}' if said else ''}")


def _by_status(status: int, said: str, error: Exception, *, name: str, form: str) -> OutsideError:
    answered = f"it answered {status}"
    told = answered if said in ("", f"Error code: {status}") else f"{answered}: {said}"
    if status in _AGAIN or status >= 500:
        if _mentions(said, _SPENT):
            return ModelRefusedError(name, told)
        wait = retry_after(_header(error, "retry-after"), now=time.time())
        asks = "" if wait is None else f" and asks to wait {wait:g} s"
        kind = ModelBusyError if status == _BUSY else ModelDownError
        return kind(name, f"{told}{asks}", wait=wait)
    if status == 413 or _mentions(said, _TOO_LONG):
        return PromptTooLongError(name, told)
    if status in (400, 404, 422, 501) and _mentions(said, _UNSUPPORTED):
        return UnsupportedFormError(name, told)
    if status == 400 and form in ("json_schema", "tool_call"):
        # Small servers answer 400 without a word to what they do not know.
        return UnsupportedFormError(name, told)
    return ModelRefusedError(name, told)


def _status(error: Exception) -> int | None:
    response = getattr(error, "response", None)
    for one in (getattr(error, "status_code", None), getattr(response, "status_code", None)):
        if isinstance(one, int) and one >= 300:
            return one
    return None


def _header(error: Exception, name: str) -> str | None:
    headers: Any = getattr(getattr(error, "response", None), "headers", None)
    value = headers.get(name) if hasattr(headers, "get") else None
    return value if isinstance(value, str) else None


def _message(error: Exception) -> str:
    body: object = getattr(error, "body", None)
    if isinstance(body, dict):
        told = cast("dict[str, object]", body)
        inner = told.get("error", told)
        if isinstance(inner, dict):
            inner = cast("dict[str, object]", inner)
            return " ".join(str(inner[key]) for key in ("code", "message") if inner.get(key))
    status = _status(error)
    return "" if status is not None and "<" in str(error) else " ".join(str(error).split())


def _mentions(text: str, words: tuple[str, ...]) -> bool:
    lower = text.lower()
    return any(word in lower for word in words)


def _of_binding(error: Exception) -> bool:
    """Say whether a client refused to bind a schema or a tool, before any request."""
    return isinstance(error, TypeError | ValueError) and _mentions(
        str(error), ("unsupported argument", "unexpected keyword", "unrecognized method", "method")
    )


def _network_fault(error: BaseException | None) -> str:
    """Return what the system says of a connection, as `Connection refused`; empty if nothing."""
    said = ""
    while error is not None:
        if isinstance(error, socket.gaierror):
            said = error.strerror or said
        elif isinstance(error, OSError) and error.errno:
            said = os.strerror(error.errno)
        # A client that wraps an error does not always name it as the cause.
        error = error.__cause__ or error.__context__
    return said


def _is_network(error: BaseException | None) -> bool:
    while error is not None:
        module = type(error).__module__.partition(".")[0]
        if isinstance(error, OSError | TimeoutError):
            return True
        if module in ("httpx", "httpx2", "httpcore", "httpcore2", "aiohttp", "requests", "anyio"):
            return True
        if type(error).__name__ in ("APIConnectionError", "APITimeoutError"):
            return True
        error = error.__cause__
    return False
