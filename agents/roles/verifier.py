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
    parted: tuple[str, ...] = ()
    """The spans with bars between the cells of a row, where it is known what parts them."""

    @property
    def copied(self) -> bool:
        """Whether it is its one span's own words, its document's title put before them or not.

        Example:
            >>> ClaimView(text="A: It ran.", spans=("It ran.",), titles=("A",)).copied
            True
        """
        if self.quoted or len(self.spans) != 1:
            return self.quoted
        text, span = _line(self.text), _line(self.spans[0])
        titles = [title for one in self.titles if (title := _line(one))]
        said = [f"{title}: {span.removeprefix(title).lstrip()}" for title in titles]
        return text in (span, *said)


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


def _line(text: str) -> str:
    return " ".join(text.split())
