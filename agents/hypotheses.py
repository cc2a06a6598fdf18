"""How far what a worker concluded may rank spans: as far as one span carries it.

A conclusion is a hypothesis. One that takes a thing for another is made of true parts: its words
stand in one span and the name they are said of in another. So it counts by the sentence, and only
where a single span holds all its names, numbers and dates (the verifier's rule for claims).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.verifier import ClaimView
from quaestor.agents.verifier import judge
from quaestor.tools.text.sentences import sentences
from quaestor.tools.text.words import content_terms

LEAST = 0.5
"""Of a sentence's content words, what a span must hold to carry it at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """A sentence of a conclusion that some span carries."""

    text: str
    weight: float
    """Share of its content words in the span that carries it, over 0 and at most 1."""


class Carriers:
    """The spans that may carry a conclusion.

    Args:
        passages: What a round has seen, kept or not.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        held = {(one.title, one.parted(one.start, one.end)): None for one in passages}
        self._spans = [(title, text, _terms(f"{title} {text}")) for title, text in sorted(held)]
        self._known: dict[str, tuple[Hypothesis, ...]] = {}

    def weigh(self, conclusion: str) -> tuple[Hypothesis, ...]:
        """Return the sentences of a conclusion that one span each carries, in their order."""
        if conclusion not in self._known:
            said = [conclusion[start:end] for start, end in sentences(conclusion)]
            weighed = ((text, self._weight(text)) for text in dict.fromkeys(said))
            self._known[conclusion] = tuple(
                Hypothesis(text=text, weight=weight) for text, weight in weighed if weight
            )
        return self._known[conclusion]

    def _weight(self, said: str) -> float:
        stated = _terms(said)
        if not stated:
            return 0.0
        shares = sorted(
            ((len(stated & terms) / len(stated), -i) for i, (*_, terms) in enumerate(self._spans)),
            reverse=True,
        )
        for share, place in shares:
            if share < LEAST:
                break
            title, text, _ = self._spans[-place]
            claim = ClaimView(text=said, spans=(text,), titles=(title,))
            if judge(claim).verdict == "supported":
                return share
        return 0.0


def _terms(text: str) -> frozenset[str]:
    return frozenset(content_terms(text))
