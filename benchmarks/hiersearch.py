"""HierSearch's refiner as its published code has it, for comparison; nothing ships from here.

Source:
    Tan et al. "HierSearch: A Hierarchical Enterprise Deep Search Framework Integrating Local
    and Web Searches." 2025, `serve_search_agent.py`. Its traps are kept: scores are stretched
    over the items at hand, a constant row is left as it is, and an empty conclusion is compared
    like any other.
"""

from collections.abc import Sequence

from quaestor.tools.scoring.likeness import Likeness


def instant(texts: Sequence[str], thought: str, *, ratio: float, likeness: Likeness) -> list[int]:
    """Return the places of a tool result's items that the first stage keeps, in their order."""
    scores = stretched(likeness.scores(thought, texts))
    return sorted(_best(scores, share(len(texts), ratio)))


def promoted(
    texts: Sequence[str],
    rest: Sequence[int],
    *,
    own: str,
    others: Sequence[str],
    ratio: float,
    likeness: Likeness,
) -> list[int]:
    """Return which of the items that were left the second stage promotes, the best last."""
    left = [texts[i] for i in rest]
    mine = stretched(_scores(own, left, likeness))
    theirs = stretched(_scores(" ".join(others), left, likeness))
    total = [one + other for one, other in zip(mine, theirs, strict=True)]
    best = _best(total, share(len(left), ratio))
    return [rest[i] for i in reversed(best)]


def stretched(scores: Sequence[float]) -> list[float]:
    """Return scores stretched to 0..1 over their range; a constant row as it is."""
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    return [(one - low) / (high - low) for one in scores] if high > low else list(scores)


def share(count: int, ratio: float) -> int:
    """Return how many of so many are kept: at least one, if there is one."""
    return max(1, int(count * ratio)) if count else 0


def _scores(conclusion: str, texts: Sequence[str], likeness: Likeness) -> list[float]:
    # A constant for all items, as the embedding of an empty string comes to nearly.
    return likeness.scores(conclusion, texts) if conclusion.strip() else [0.0] * len(texts)


def _best(scores: Sequence[float], count: int) -> list[int]:
    return sorted(range(len(scores)), key=lambda i: (-scores[i], i))[:count]
