"""The refiner's second stage: what of the rest is taken back when a round is over.

HierSearch ranks the rest by its likeness to the conclusions alone, so that a false conclusion
brings in the spans it resembles and keeps out the right ones. Here a span is ranked by what does
not depend on any conclusion, and by the conclusions only as far as a span carries them:

* its likeness to what was asked,
* whether something that is kept names it by its title,
* the share it holds of the question's words that nothing kept holds,
* its likeness to the carried conclusions: the searcher's own, and the best of the others'.

Source:
    Tan et al. "HierSearch: A Hierarchical Enterprise Deep Search Framework Integrating Local
    and Web Searches." 2025. `benchmarks/refiner.py` measures both rules side by side.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.names import folded, key_of
from quaestor.agents.hypotheses import Carriers, Hypothesis
from quaestor.agents.roles.shown import Passage
from quaestor.memory.evidence import Retained
from quaestor.memory.finding import Finding
from quaestor.tools.scoring.likeness import Likeness
from quaestor.tools.text.words import content_terms

NAMED = 0.5
"""Added where a kept span names the title of another document's span."""
STILL_OPEN = 0.5
"""Times the share of the question's open words that a span holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What a stage decided on one span, and why."""

    evidence: str
    score: float
    """Likeness to the thought, question or conclusion that decided, 0 to 1."""
    retained_by: Retained | None
    """None: not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What one searcher saw and did not keep, and by what it is ranked."""

    task: str
    question: str
    """As it was asked; where it is empty only conclusions speak."""
    passages: tuple[Passage, ...]
    own: tuple[Hypothesis, ...]
    """Of the searcher that saw them."""
    others: tuple[Hypothesis, ...]

    def wanted(self) -> Iterable[tuple[str, list[str]]]:
        """Yield each text to compare with, and the texts that are compared."""
        texts = [read(passage) for passage in self.passages]
        for text in (self.question, *(one.text for one in (*self.own, *self.others))):
            yield text, texts


def rests(
    findings: Sequence[Finding],
    passages: Mapping[str, Passage],
    *,
    known: Sequence[Finding] = (),
) -> tuple[Rest, ...]:
    """Return what each finding left, with the conclusions that a span carries.

    Args:
        findings: Of the tasks of this round.
        passages: What the evidence ids of all findings name; an id not there is left out.
        known: Findings from elsewhere whose conclusions this branch may see.

    Returns:
        One for each finding. What any searcher kept is in none, nor is an equal text.
    """
    carriers = Carriers(
        passage
        for finding in (*findings, *known)
        for passage in named((*finding.kept, *finding.seen), passages)
    )
    held = kept_by(findings, passages)
    return tuple(
        Rest(
            task=finding.task,
            question=finding.question,
            passages=tuple(_left(held, distinct(named(finding.seen, passages)))),
            own=carriers.weigh(finding.conclusion),
            others=tuple(
                hypothesis
                for other in (*findings, *known)
                if other is not finding
                for hypothesis in carriers.weigh(other.conclusion)
            ),
        )
        for finding in findings
    )


def promote(
    kept: Sequence[Passage], rest: Rest, *, share: int, likeness: Likeness
) -> tuple[Retention, ...]:
    """Take back the best of what a searcher left.

    Args:
        kept: What is kept already, by any searcher of the round.
        rest: What it left.
        share: At most so many; a span for which nothing speaks is not promoted.
        likeness: Of every text that `rest` wants compared.

    Returns:
        The promoted ones, best first: by another's conclusion where that speaks most for a
        span, else by its own searcher's question, findings and conclusion.
    """
    texts = [read(passage) for passage in rest.passages]
    asked = _likeness([Hypothesis(text=rest.question, weight=1.0)], texts, likeness)
    mine = _likeness(rest.own, texts, likeness)
    theirs = _likeness(rest.others, texts, likeness)
    beside = _beside(kept, rest)
    total = [a + m + t + b for a, m, t, b in zip(asked, mine, theirs, beside, strict=True)]
    ranked = sorted(range(len(texts)), key=lambda i: (-total[i], i))
    return tuple(
        Retention(
            evidence=rest.passages[i].evidence,
            score=max(asked[i], mine[i], theirs[i]),
            retained_by="cross_conclusion"
            if theirs[i] > max(asked[i], mine[i])
            else "own_conclusion",
        )
        for i in ranked[:share]
        if total[i] > 0
    )


def kept_by(findings: Sequence[Finding], passages: Mapping[str, Passage]) -> list[Passage]:
    """Return what the searchers kept."""
    return named([name for finding in findings for name in finding.kept], passages)


def named(names: Iterable[str], passages: Mapping[str, Passage]) -> list[Passage]:
    """Return the passages of evidence ids, those that are there."""
    return [passages[name] for name in names if name in passages]


def read(passage: Passage) -> str:
    """Return what is compared: the text and the title that says what it is about."""
    return f"{passage.title}\n{passage.text}"


def distinct(passages: Iterable[Passage]) -> list[Passage]:
    """Return every span once, in the order that does not depend on arrival."""
    found: dict[str, Passage] = {}
    for passage in sorted(passages, key=lambda p: (p.rank, p.evidence, p.title)):
        found.setdefault(passage.evidence, passage)
    return list(found.values())


def _left(kept: Sequence[Passage], seen: Sequence[Passage]) -> list[Passage]:
    """Return what is seen and neither kept nor the same text as something before it."""
    names = {passage.evidence for passage in kept}
    texts = {passage.text for passage in kept}
    rest: list[Passage] = []
    for passage in seen:
        if passage.evidence not in names and passage.text not in texts:
            texts.add(passage.text)
            rest.append(passage)
    return rest


def _likeness(
    hypotheses: Sequence[Hypothesis], texts: Sequence[str], likeness: Likeness
) -> list[float]:
    """Return each text's likeness to what it is most like; an empty one is not asked."""
    best = [0.0] * len(texts)
    for one in hypotheses:
        if one.text.strip() and texts:
            scores = likeness.scores(one.text, texts)
            best = [max(b, one.weight * score) for b, score in zip(best, scores, strict=True)]
    return best


def _beside(kept: Sequence[Passage], rest: Rest) -> list[float]:
    """Return what what is kept says for each span: that it names it, and what it leaves open."""
    if not rest.question.strip():
        return [0.0] * len(rest.passages)
    said = [(passage.document, f" {folded(read(passage))} ") for passage in kept]
    held = frozenset[str]().union(*(_terms(passage) for passage in kept))
    still = frozenset(content_terms(rest.question)) - held
    return [
        NAMED * _is_named(passage, said)
        + (STILL_OPEN * len(still & _terms(passage)) / len(still) if still else 0.0)
        for passage in rest.passages
    ]


def _is_named(passage: Passage, said: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a kept span of another document says the title of this one."""
    key = key_of(passage.title)
    return bool(key) and any(
        f" {key} " in text for document, text in said if document != passage.document
    )


def _terms(passage: Passage) -> frozenset[str]:
    return frozenset(content_terms(read(passage)))
