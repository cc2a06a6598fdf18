"""What a run's calls came to: how many, how many requests, tokens, money.

A call is one thing asked of a source or a model, however often it had to be tried: a row of
`quaestor calls`. A request is one of the tries, those before a `resume --retry-failed` included.
What was taken over from an earlier run was not asked again and counts in neither.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quaestor.memory.calls import CallRow
from quaestor.memory.runs import RunRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What was really paid, replies included that were lost or of no use."""

    calls: Mapping[str, int]
    """Made, by kind."""
    requests: Mapping[str, int]
    """Sent for them, by kind: retries, and what was under way when a run was killed."""
    tokens_in: int
    tokens_out: int
    usd: float
    """By the list of genai-prices; calls of unknown price count 0."""
    unpriced: int
    """Calls whose price nobody knows."""
    estimated: int
    """Calls whose tokens are guessed because the reply did not say them."""
    seconds: float
    """That the run took."""


def made(call: CallRow) -> bool:
    """Say whether a call was asked in its run, and not taken over from an earlier one."""
    return call.how == "made" or call.status == "in_flight"


def requests(call: CallRow) -> int:
    """Return how often a call was sent in its run."""
    return call.attempts + call.lost + (call.status == "in_flight")


def spent(calls: Sequence[CallRow], row: RunRow) -> Spend:
    """Return what a run has spent so far."""
    mine = [call for call in calls if made(call)]
    counted, sent = Counter[str](), Counter[str]()
    for call in mine:
        counted[call.kind] += 1
    for call in calls:
        sent[call.kind] += requests(call)
    return Spend(
        calls=dict(sorted(counted.items())),
        requests={kind: count for kind, count in sorted(sent.items()) if count},
        tokens_in=sum(call.tokens_in for call in mine),
        tokens_out=sum(call.tokens_out for call in mine),
        usd=round(sum(call.usd for call in mine), 6),
        unpriced=sum(not call.priced for call in mine),
        estimated=sum(call.estimated for call in mine),
        seconds=round(row.seconds, 3),
    )


def summed(runs: Sequence[Spend]) -> Spend:
    """Return what runs have spent together; their seconds too are added up."""
    return Spend(
        calls=together(one.calls for one in runs),
        requests=together(one.requests for one in runs),
        tokens_in=sum(one.tokens_in for one in runs),
        tokens_out=sum(one.tokens_out for one in runs),
        usd=round(sum(one.usd for one in runs), 6),
        unpriced=sum(one.unpriced for one in runs),
        estimated=sum(one.estimated for one in runs),
        seconds=round(sum(one.seconds for one in runs), 3),
    )


def together(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return counts by name as one, sorted by name."""
    total = Counter[str]()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))
