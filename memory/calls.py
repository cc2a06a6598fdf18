"""A call to the outside as a person or a program is shown it: one row of `quaestor calls`."""

from dataclasses import dataclass
from typing import Literal

CallStatus = Literal["done", "failed", "in_flight"]
How = Literal["made", "cached", "inherited", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Who wanted a call: equal requests of a run are one call with several asks."""

    branch: str
    task: str
    """Empty where no task asked: a planner, the synthesizer, the verifier."""
    round: int
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One call of a run, with what it brought and what it cost."""

    key: str
    """The request's key, sha256(kind, canonical request)."""
    kind: str
    """`chat`, `search`, `fetch`, `local_search`, ... (the ledger's kinds)."""
    sample: int
    status: CallStatus
    how: How
    """Empty while it is in flight."""
    asks: tuple[Ask, ...]
    origin: str
    """Label of the source that answered; empty where it was none."""
    started: str
    """ISO 8601 UTC."""
    seconds: float
    tokens_in: int = 0
    """Of every reply that came, those included that could not be used."""
    tokens_out: int = 0
    usd: float = 0.0
    priced: bool = True
    """Whether `usd` is known: it is 0 where nobody knows the price."""
    estimated: bool = False
    """Whether the tokens are ours to guess: the reply did not say them."""
    error: str = ""
    """Why it failed for good, in the words of who was asked; no key stands in it."""
    attempts: int = 1
    """Tries that came to an end; 0 of what was taken over."""
    lost: int = 0
    """How often it was in flight at a kill: paid for, perhaps, and never seen."""
    documents: tuple[str, ...] = ()
    """Ids of the documents its result returned."""
