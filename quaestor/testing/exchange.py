"""What a server wrote down about one request."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and when it was answered."""

    received: float
    """When its head had arrived, in seconds since the epoch."""
    answered: float
    """When its answer was ready to be sent, or its client had gone."""
    method: str
    path: str
    headers: Mapping[str, str]
    """Names in small letters. Whatever key a client sends stands here."""
    body: Any
    """Parsed where it is JSON, a text where it is not."""
    bytes_in: int
    """Size of the request's body."""
    bytes_out: int
    """Size of the answer's body; 0 for a stream."""
    status: int | None
    """None when no answer was given and the client went away."""
    fault: str | None
    """Id of the fault that answered; None for a good answer."""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON has it; `Exchange(**value)` gives it back."""
        return asdict(self)


def parsed(body: bytes) -> Any:
    """Return a body as JSON, as text when it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
