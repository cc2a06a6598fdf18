"""The measures, each of one question, and what becomes of many: mean, standard error, count."""

import math
import re
import statistics
import string
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TypedDict

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
YES_NO = frozenset(("yes", "no", "maybe"))


class Figure(TypedDict):
    """A measure over questions."""

    mean: float | None
    """None where no question counts."""
    se: float | None
    """Standard error of the mean; None below two questions."""
    n: int


def figure(values: Iterable[float]) -> Figure:
    """Return mean, standard error (sample deviation over the root of n) and n of `values`.

    Example:
        >>> figure([1, 0, 0, 1])
        {'mean': 0.5, 'se': 0.28867513459481287, 'n': 4}
    """
    known = [float(value) for value in values]
    n = len(known)
    return Figure(
        mean=math.fsum(known) / n if n else None,
        se=statistics.stdev(known) / math.sqrt(n) if n > 1 else None,
        n=n,
    )


def normalise_answer(text: str) -> str:
    """Return `text` in lower case without ASCII punctuation, articles and extra white space.

    Example:
        >>> normalise_answer("The  U.S. Open's, a final")
        'us opens final'

    Source:
        Rajpurkar et al. "SQuAD: 100,000+ Questions for Machine Comprehension of Text." EMNLP 2016,
        `normalize_answer` of the official evaluation script, version 1.1.
    """
    bare = text.lower().translate(_NO_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def is_yes_no(answers: Collection[str]) -> bool:
    """Return whether every right answer is yes, no or maybe: no span of a text is one."""
    return bool(answers) and {normalise_answer(answer) for answer in answers} <= YES_NO


def exact_match(answer: str, answers: Iterable[str]) -> float:
    """Return 1.0 if the answer equals one of `answers` after normalisation, else 0.0.

    An answer of which nothing is left is no match, not even of a right answer that normalises to
    nothing: an empty answer stands for "not answered" here.

    Source:
        SQuAD (see `normalise_answer`), `exact_match_score`, best over the right answers.
    """
    given = normalise_answer(answer)
    return float(bool(given) and any(given == normalise_answer(right) for right in answers))


def token_f1(answer: str, answers: Iterable[str]) -> float:
    """Return the best F1 of the answer's words against those of one right answer.

    Source:
        SQuAD (see `normalise_answer`), `f1_score`, best over the right answers.
    """
    given = normalise_answer(answer).split()
    return max((_f1(given, normalise_answer(right).split()) for right in answers), default=0.0)


def _f1(given: list[str], right: list[str]) -> float:
    shared = (Counter(given) & Counter(right)).total()
    # 2PR/(P+R) with P = shared/given, R = shared/right
    return 2 * shared / (len(given) + len(right)) if shared else 0.0


def answer_in_evidence(answers: Iterable[str], spans: Iterable[str]) -> float:
    """Return 1.0 if a right answer stands in one span, else 0.0.

    Both are normalised, and the answer must begin and end at a word: "art" does not stand in
    "party", "19" not in "1990". An answer that two spans share between them stands in neither.
    """
    rights = [f" {right} " for right in map(normalise_answer, answers) if right]
    texts = [f" {normalise_answer(span)} " for span in spans]
    return float(any(right in text for right in rights for text in texts))


def recall_at(ranked: Sequence[str], gold: Sequence[Collection[str]], k: int) -> float:
    """Return the share of the gold documents among the first `k`.

    Args:
        ranked: Document ids, best first.
        gold: Not empty; each item the ids of which one is enough.
        k: How many of `ranked` count.
    """
    return gold_recall(ranked[:k], gold)


def all_at(ranked: Sequence[str], gold: Sequence[Collection[str]], k: int) -> float:
    """Return 1.0 if every gold document is among the first `k`, else 0.0."""
    return float(recall_at(ranked, gold, k) == 1.0)


def gold_recall(found: Iterable[str], gold: Sequence[Collection[str]]) -> float:
    """Return the share of the gold documents that were found; `gold` is not empty."""
    known = set(found)
    return sum(1 for ids in gold if not known.isdisjoint(ids)) / len(gold)


def gold_precision(found: Collection[str], gold: Sequence[Collection[str]]) -> float:
    """Return the share of the documents found that are gold; `found` is not empty."""
    ids = {one for some in gold for one in some}
    return sum(1 for one in found if one in ids) / len(found)
