"""What a run keeps of what it read: HierSearch's two stages, as pure functions over passages.

First each tool result is cut to the share that fits the thought before the call; when a round
is over, a share of the rest is promoted by its likeness to what the searchers concluded.
Conclusions are hypotheses: they rank spans here and never become evidence.

Source:
    Tan et al. "HierSearch: A Hierarchical Enterprise Deep Search Framework Integrating Local
    and Web Searches." 2025. Scores here are not stretched to 0..1 within one result, as its
    code does: a result of one item would then not be comparable with others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quaestor.agents.roles import Passage
from quaestor.errors import SettingsError
from quaestor.memory.evidence import Retained
from quaestor.memory.finding import Finding
from quaestor.tools.text.similarity import Scorer


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

    def __post_init__(self) -> None:
        for name in ("instant_ratio", "global_ratio"):
            ratio = getattr(self, name)
            if not 0 <= ratio <= 1:
                raise SettingsError(f"refiner.{name} is {ratio}: give a share between 0 and 1")


DEFAULT = RefinerSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What a stage decided on one span, and why."""

    evidence: str
    score: float
    """Likeness to the thought or conclusion that decided, 0 to 1."""
    retained_by: Retained | None
    """None: not kept."""


def keep_instant(
    passages: Iterable[Passage],
    thought: str,
    *,
    scorer: Scorer,
    settings: RefinerSettings = DEFAULT,
) -> tuple[Retention, ...]:
    """Decide what to keep of one tool result.

    Args:
        passages: The result, in any order; its order is their `rank`.
        thought: What the call was hoped to bring; if empty the first by rank are kept.
        scorer: Says how well a passage fits the thought.
        settings: `max(1, int(n * instant_ratio))` of n spans are kept, ties by rank.

    Returns:
        One decision for every span, by rank.
    """
    result = _distinct(passages)
    scores = _likeness([thought], [_read(passage) for passage in result], scorer)
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


def promote(
    kept: Iterable[Passage],
    seen: Iterable[Passage],
    *,
    own: str,
    others: Sequence[str],
    scorer: Scorer,
    settings: RefinerSettings = DEFAULT,
) -> tuple[Retention, ...]:
    """Take back a share of what the first stage left.

    Args:
        kept: What is kept already; a span with the same text is not promoted beside it.
        seen: What was seen; equal texts count once.
        own: What the searcher that saw them concluded.
        others: What the other searchers concluded. An empty conclusion, of a worker that
            failed or found nothing, contributes nothing.
        scorer: Says how well a passage fits a conclusion.
        settings: Of m left, `max(1, int(m * global_ratio))` are promoted by the sum of the
            likeness to the own and to the most like of the other conclusions. A span like
            none of them is not promoted.

    Returns:
        The promoted ones, best first, each with the conclusion that contributed more.
    """
    if not settings.enabled:
        return ()
    held = list(kept)
    rest = _left(held, _distinct(seen))
    texts = [_read(passage) for passage in rest]
    mine = _likeness([own], texts, scorer)
    theirs = _likeness(others, texts, scorer)
    ranked = sorted(range(len(rest)), key=lambda i: (-(mine[i] + theirs[i]), i))
    return tuple(
        Retention(
            evidence=rest[i].evidence,
            score=max(mine[i], theirs[i]),
            retained_by="own_conclusion" if mine[i] >= theirs[i] else "cross_conclusion",
        )
        for i in ranked[: _share(len(rest), settings.global_ratio)]
        if mine[i] + theirs[i] > 0
    )


def promote_all(
    findings: Sequence[Finding],
    passages: Mapping[str, Passage],
    *,
    known: Sequence[str] = (),
    scorer: Scorer,
    settings: RefinerSettings = DEFAULT,
) -> dict[str, tuple[Retention, ...]]:
    """Promote for each finding of a round; a finding without a conclusion shifts nothing.

    Args:
        findings: Of the tasks of this round.
        passages: What their evidence ids name; an id that is not there is left out.
        known: Conclusions from elsewhere that this branch may see.
        scorer: As for `promote`.
        settings: As for `promote`.

    Returns:
        The promoted spans by task id. What any searcher kept is promoted for none.
    """
    kept = _named([name for finding in findings for name in finding.kept], passages)
    return {
        finding.task: promote(
            kept,
            _named(finding.seen, passages),
            own=finding.conclusion,
            others=[other.conclusion for other in findings if other is not finding] + [*known],
            scorer=scorer,
            settings=settings,
        )
        for finding in findings
    }


def _named(names: Sequence[str], passages: Mapping[str, Passage]) -> list[Passage]:
    return [passages[name] for name in names if name in passages]


def _share(count: int, ratio: float) -> int:
    return max(1, int(count * ratio)) if count else 0


def _read(passage: Passage) -> str:
    """Return what is compared: the text and the title that says what it is about."""
    return f"{passage.title}\n{passage.text}"


def _distinct(passages: Iterable[Passage]) -> list[Passage]:
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


def _likeness(thoughts: Sequence[str], texts: Sequence[str], scorer: Scorer) -> list[float]:
    """Return each text's likeness to the thought it is most like; an empty one is not asked."""
    best = [0.0] * len(texts)
    for thought in thoughts:
        if thought.strip() and texts:
            best = list(map(max, best, scorer.scores(thought, texts)))
    return best
