"""What a call brings: a reply from the outside, and the outcome that the ledger keeps of it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping

from quaestor.errors import OutsideError
from quaestor.memory.documents import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What `do` brings back from the outside."""

    body: dict[str, Any]
    """JSON-plain; `documents`, if it is there, lists the ids of what was read."""
    documents: tuple[Document, ...] = ()
    """Committed together with the result."""
    blobs: tuple[bytes, ...] = ()
    """What was fetched for it, as it came; committed too, under its sha256."""
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A finished call: an answer, or a final failure, which is a result too."""

    key: str
    failed: bool
    body: dict[str, Any]
    """Of a failure: `error` (class name), `source`, `reason`."""
    taken_at: str
    """When the outside said it, ISO 8601 UTC."""
    charge: Mapping[str, float] = field(default_factory=dict[str, float])
    """What it costs the task's allotment: `calls`, `tokens`, `usd`."""


Do = Callable[[], Awaitable[Reply]]
"""Goes outside."""


def outcome_of(row: RowMapping) -> Outcome:
    """Return the outcome that a row of `results` holds."""
    return Outcome(
        key=row["key"],
        failed=row["outcome"] == "failed",
        body=json.loads(row["body"]),
        taken_at=row["taken_at"],
        charge={
            "calls": 1,
            "tokens": row["tokens_in"] + row["tokens_out"],
            "usd": row["usd"],
        },
    )


def failure_of(error: OutsideError) -> dict[str, Any]:
    """Return the body of a call that failed for good."""
    return {"error": type(error).__name__, "source": error.source, "reason": error.reason}
