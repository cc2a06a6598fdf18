"""What every make of scorer answers, and the words that stand in where one fails.

A scorer may compute outside, so it is asked once for all that a step needs, through the ledger;
what it answers is then read without waiting, and a step never mixes two scales.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from quaestor.errors import OutsideError, RefusedError, SourceDownError
from quaestor.memory.outcomes import Do, Outcome
from quaestor.memory.requests import Kind
from quaestor.tools.models.failures import BadReplyError, ModelRefusedError, PromptTooLongError
from quaestor.tools.text.similarity import LexicalScorer

T = TypeVar("T")

Wanted = Mapping[str, Sequence[str]]
"""The texts to be compared with each query."""

_FAILURES: Mapping[str, type[OutsideError]] = {
    **{kind.__name__: kind for kind in (RefusedError, ModelRefusedError, PromptTooLongError)},
    **{kind.__name__: kind for kind in (SourceDownError, BadReplyError)},
}
"""By the name the ledger notes; any other is a source that is down."""


class Call(Protocol):
    """The ledger's `call`, with who asks filled in."""

    def __call__(
        self, kind: Kind, request: dict[str, Any], do: Do, *, origin: str = ""
    ) -> Awaitable[Outcome]:
        """Return the outcome of a request."""
        ...


class Likeness(Protocol):
    """Says how well texts fit a query, of those it was made for."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one score a text, 0 to 1, the same for a text whatever stands beside it."""
        ...


class Scorer(Protocol):
    """Any make: words, embeddings, a cross-encoder, a fake."""

    @property
    def remote(self) -> bool:
        """Whether asking it sends the texts off this machine."""
        ...

    async def measure(self, wanted: Wanted, *, call: Call) -> Likeness:
        """Return the likeness of all that is wanted.

        Raises:
            OutsideError: What it asks failed for good.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured, and why by words where it was not by the scorer."""

    likeness: Likeness
    fallback: str = ""
    """Why the scorer did not answer: `down`, `refused`, `invalid`; empty where it did."""


class Known:
    """Scores that were brought, by query and text."""

    def __init__(self, known: Mapping[tuple[str, str], float]) -> None:
        self._known = known

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return the score of each text.

        Raises:
            KeyError: It was not asked for when this was measured.
        """
        return [self._known[query, text] for text in texts]


async def measured(scorer: Scorer, wanted: Wanted, *, call: Call) -> Measured:
    """Return what a scorer says, or what the words say where it fails."""
    asked = {query: texts for query, texts in wanted.items() if query.strip() and texts}
    try:
        return Measured(likeness=await scorer.measure(asked, call=call))
    except OutsideError as error:
        return Measured(likeness=LexicalScorer(), fallback=_reason(error))


def brought(outcome: Outcome) -> dict[str, Any]:
    """Return what a call of a scorer brought.

    Raises:
        OutsideError: It failed for good.
    """
    if not outcome.failed:
        return outcome.body
    kind = _FAILURES.get(outcome.body["error"], SourceDownError)
    raise kind(outcome.body["source"], outcome.body["reason"])


def _reason(error: OutsideError) -> str:
    if isinstance(error, RefusedError):
        return "refused"
    return "invalid" if isinstance(error, BadReplyError) else "down"


async def together(calls: Iterable[Awaitable[T]]) -> list[T]:
    """Return what all calls bring, in their order; wait for each, also where one fails.

    Raises:
        OutsideError: The first that failed, in their order.
    """
    found = await asyncio.gather(*calls, return_exceptions=True)
    brought: list[T] = []
    for one in found:
        if isinstance(one, BaseException):
            raise one
        brought.append(one)
    return brought


def distinct(texts: Iterable[str]) -> list[str]:
    """Return every text once, in an order that is a function of the texts alone."""
    return sorted(set(texts))
