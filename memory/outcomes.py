"""What a call brings: a reply from the outside, and the outcome that the ledger keeps of it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping

from quaestor.errors import OutsideError, SourceDownError
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
class Cost:
    """What was paid for a reply that cannot be used."""

    tokens_in: int
    tokens_out: int
    usd: float
    priced: bool
    """Whether `usd` is known: it is 0 where nobody knows the price."""
    estimated: bool
    """Whether the tokens are ours to guess."""


class UnusableError(SourceDownError):
    """The outside answered with what cannot be used; asking again may help.

    Args:
        source: Its name.
        reason: What was wrong.
        cost: What was paid for it, where that is known.
    """

    def __init__(self, source: str, reason: str, *, cost: Cost | None = None) -> None:
        super().__init__(source, reason)
        self.cost = cost


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


def counting(do: Do, costs: list[Cost]) -> Do:
    """Return the same, which adds what a reply cost that cannot be used."""

    async def counted() -> Reply:
        try:
            return await do()
        except UnusableError as error:
            if error.cost is not None:
                costs.append(error.cost)
            raise

    return counted


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
