"""What a run keeps of what it read: HierSearch's two stages, with a second one that is its own.

First each tool result is cut to the share that fits the thought before the call; when a round
is over, a share of the rest is promoted (promotion.py). Thoughts and conclusions are hypotheses:
they rank spans here and never become evidence.

Source:
    Tan et al. "HierSearch: A Hierarchical Enterprise Deep Search Framework Integrating Local
    and Web Searches." 2025. Scores here are not stretched to 0..1 within one result, as its
    code does: a result of one item would then not be comparable with others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from quaestor.agents.promotion import (
    Rest,
    Retention,
    distinct,
    kept_by,
    promote,
    read,
    rests,
)
from quaestor.agents.roles.shown import Passage
from quaestor.errors import SettingsError
from quaestor.memory.finding import Finding
from quaestor.tools.scoring.likeness import Call, Likeness, Scorer, Wanted, measured

__all__ = [
    "Promoted",
    "Refined",
    "RefinerSettings",
    "Retention",
    "keep_instant",
    "promote_all",
    "refine_findings",
    "refine_result",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefinerSettings:
    """How much is kept.

    Raises:
        SettingsError: A ratio is not between 0 and 1.
    """

    instant_ratio: float = 0.3
    """Of each tool result, at least one; 0.3 is the default of HierSearch's code."""
    global_ratio: float = 0.3
    """Of what the first stage left, at least one."""
    enabled: bool = True
    """False keeps everything: the ablation of the refiner."""
    reasoning: bool = True
    """False ranks by what was asked alone: the ablation of the workers' thoughts."""

    def __post_init__(self) -> None:
        for name in ("instant_ratio", "global_ratio"):
            ratio = getattr(self, name)
            if not 0 <= ratio <= 1:
                raise SettingsError(f"refiner.{name} is {ratio}: give a share between 0 and 1")


DEFAULT = RefinerSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refined:
    """What the first stage decided on one tool result."""

    retained: tuple[Retention, ...]
    fallback: str = ""
    """Why words ranked it and not the given scorer: `down`, `refused`, `invalid`; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """What the second stage took back in one round."""

    by_task: Mapping[str, tuple[Retention, ...]]
    fallback: str = ""
    """As for `Refined`."""


async def refine_result(
    passages: Iterable[Passage],
    thought: str,
    *,
    question: str,
    scorer: Scorer,
    call: Call,
    settings: RefinerSettings = DEFAULT,
) -> Refined:
    """Decide what to keep of one tool result, by any make of scorer.

    Args:
        passages: The result.
        thought: What the call was hoped to bring.
        question: What the searcher was asked: ranks in the thought's place without reasoning.
        scorer: Asked once; where it fails the words decide, and the result says so.
        call: The ledger's, for a scorer that asks outside.
        settings: As for `keep_instant`.
    """
    result = list(passages)
    thought = thought if settings.reasoning else question
    texts = [read(passage) for passage in result]
    known = await measured(scorer, {thought: texts}, call=call)
    retained = keep_instant(result, thought, likeness=known.likeness, settings=settings)
    return Refined(retained=retained, fallback=known.fallback)


async def refine_findings(
    findings: Sequence[Finding],
    passages: Mapping[str, Passage],
    *,
    known: Sequence[Finding] = (),
    scorer: Scorer,
    call: Call,
    settings: RefinerSettings = DEFAULT,
) -> Promoted:
    """Decide what to take back when a round is over, by any make of scorer.

    Args:
        findings: Of the round.
        passages: What the evidence ids of these and the known findings name.
        known: Findings from elsewhere whose conclusions may be seen here.
        scorer: As for `refine_result`.
        call: As for `refine_result`.
        settings: As for `promote_all`.
    """
    left = _left(findings, passages, known, settings)
    one = await measured(scorer, _wanted(left) if settings.enabled else {}, call=call)
    promoted = _promote(left, kept_by(findings, passages), one.likeness, settings)
    return Promoted(by_task=promoted, fallback=one.fallback)


def keep_instant(
    passages: Iterable[Passage],
    thought: str,
    *,
    likeness: Likeness,
    settings: RefinerSettings = DEFAULT,
) -> tuple[Retention, ...]:
    """Decide what to keep of one tool result.

    Args:
        passages: The result, in any order; its order is their `rank`.
        thought: What the call was hoped to bring; if empty the first by rank are kept.
        likeness: Says how well a passage fits the thought.
        settings: `max(1, int(n * instant_ratio))` of n spans are kept, ties by rank.

    Returns:
        One decision for every span, by rank.
    """
    result = distinct(passages)
    texts = [read(passage) for passage in result]
    asked = bool(thought.strip() and texts)
    scores = likeness.scores(thought, texts) if asked else [0.0] * len(texts)
    ranked = sorted(range(len(result)), key=lambda i: (-scores[i], i))
    keep = set(ranked[: _share(len(result), settings.instant_ratio)])
    return tuple(
        Retention(
            evidence=passage.evidence,
            score=scores[i],
            retained_by="instant" if i in keep or not settings.enabled else None,
        )
        for i, passage in enumerate(result)
    )


def promote_all(
    findings: Sequence[Finding],
    passages: Mapping[str, Passage],
    *,
    known: Sequence[Finding] = (),
    likeness: Likeness,
    settings: RefinerSettings = DEFAULT,
) -> dict[str, tuple[Retention, ...]]:
    """Promote for each finding of a round; a finding without a conclusion shifts nothing.

    Args:
        findings: Of the tasks of this round.
        passages: What the evidence ids of these and the known findings name; an id that is
            not there is left out.
        known: Findings from elsewhere whose conclusions this branch may see.
        likeness: Says how well a span fits a question or a conclusion.
        settings: Of m left, `max(1, int(m * global_ratio))` are promoted.

    Returns:
        The promoted spans by task id. What any searcher kept is promoted for none.
    """
    left = _left(findings, passages, known, settings)
    return _promote(left, kept_by(findings, passages), likeness, settings)


def _left(
    findings: Sequence[Finding],
    passages: Mapping[str, Passage],
    known: Sequence[Finding],
    settings: RefinerSettings,
) -> tuple[Rest, ...]:
    if settings.reasoning:
        return rests(findings, passages, known=known)
    return rests([replace(one, conclusion="") for one in findings], passages)


def _promote(
    left: Sequence[Rest], kept: Sequence[Passage], likeness: Likeness, settings: RefinerSettings
) -> dict[str, tuple[Retention, ...]]:
    if not settings.enabled:
        return {rest.task: () for rest in left}
    return {
        rest.task: promote(
            kept,
            rest,
            share=_share(len(rest.passages), settings.global_ratio),
            likeness=likeness,
        )
        for rest in left
    }


def _wanted(left: Sequence[Rest]) -> Wanted:
    """Return every text to compare with, and once each what is compared with it."""
    wanted: dict[str, dict[str, None]] = {}
    for rest in left:
        for query, texts in rest.wanted():
            wanted.setdefault(query, {}).update(dict.fromkeys(texts))
    return {query: list(texts) for query, texts in wanted.items()}


def _share(count: int, ratio: float) -> int:
    return max(1, int(count * ratio)) if count else 0
