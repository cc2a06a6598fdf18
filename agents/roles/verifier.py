"""The verifier: a claim with the text of its spans, and the verdict on it."""

from dataclasses import dataclass, field
from typing import Protocol

from quaestor.memory.report import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim and the text of its spans."""

    text: str
    spans: tuple[str, ...]
    quoted: bool = field(default=False)
    """The claim is its span's own words."""
    titles: tuple[str, ...] = ()
    """Of the spans' documents: they name what a span speaks of ("he was born ...")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict and what was missed."""

    verdict: Verdict
    reason: str = ""
    entailment: Verdict | None = None
    """What a model said when asked whether the spans say the claim; None where none was asked."""


class Verifier(Protocol):
    """Judges each claim against the spans it cites."""

    async def judge(self, claims: tuple[ClaimView, ...]) -> tuple[Judged, ...]:
        """Return one verdict a claim, in the same order."""
        ...
