"""The errors of the doubles: an endpoint's refusal, and a script that is too short."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quaestor.errors import SettingsError


class ScriptSpentError(SettingsError):
    """A ScriptedModel was asked more often than it has replies."""

    def __init__(self, replies: int) -> None:
        super().__init__(
            f"the script has {replies} replies and was asked once more; "
            "give more replies, or a rule that answers every request"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointResponse:
    """Status and headers of an answer, where clients of OpenAI's keep them on their errors."""

    status_code: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class EndpointError(Exception):
    """An endpoint answered with an error, as a client library would raise it.

    It carries what those of the `openai` package carry: `status_code`, `code`, `body`, `response`.

    Args:
        message: What the endpoint said.
        status_code: The HTTP status.
        kind: OpenAI's `type` of the error.
        code: OpenAI's `code` of the error.
        param: The parameter at fault.
        headers: Headers of the answer, for instance `retry-after`.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message
        self.status_code = status_code
        self.code = code
        self.param = param
        self.body = {"message": message, "type": kind, "param": param, "code": code}
        self.response = EndpointResponse(status_code=status_code, headers=dict(headers or {}))
        super().__init__(f"Error code: {status_code} - {json.dumps({'error': self.body})}")


def error_body(message: str, *, kind: str, code: str | None = None) -> dict[str, Any]:
    """Return an error in the shape in which OpenAI sends it."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}
