"""Recall of a search that is known, worked by hand."""

from collections.abc import Sequence

import pytest

from quaestor.errors import SettingsError
from quaestor.evaluation.dataset import Dataset, Entry, Question
from quaestor.evaluation.retrieval import evaluate_retrieval

LETTERS = "abcdefghijklm"


def question(name: str, *gold: str, split: str = "dev") -> Question:
    return Question(
        id=name,
        question=name,
        answers=("x",),
        gold=tuple(frozenset(ids) for ids in gold),
        split=split,
    )


DATASET = Dataset(
    name="letters",
    entries=tuple(Entry(id=letter, title="", text="", line=1) for letter in LETTERS),
    questions=(
        question("abcdefghijk", "a", "b"),  # both at once
        question("axxxbxxxxxc", "a", "b", "c"),  # a at 1, b at 3 without the repeats, c at 4
        question("defghijklm", "a"),  # never
        question("a"),  # no gold: only timed
        question("a", "a", split="test"),
    ),
)


class Spelled:
    """A search that returns the letters of the question, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, query: str, limit: int) -> Sequence[str]:
        self.asked.append((query, limit))
        return list(query)


async def test_recall_counts_documents_once_at_their_best_rank() -> None:
    figures = await evaluate_retrieval(DATASET, Spelled(), split="dev")
    # shares found: at 2: 1, 1/3 (a x), 0; at 5: 1, 3/3 (a x b c), 0
    assert figures["recall@2"]["mean"] == pytest.approx((1 + 1 / 3) / 3)
    assert figures["recall@2"]["n"] == 3
    assert figures["recall@5"]["mean"] == pytest.approx(2 / 3)
    assert figures["all@10"]["mean"] == pytest.approx(2 / 3)
    assert figures["all@10"]["se"] == pytest.approx(1 / 3)  # of 1, 1, 0: root of (1/3)/3
    assert (figures["questions"], figures["ms_per_query"]["n"]) == (4, 4)
    assert (figures["dataset"], figures["split"], figures["documents"]) == ("letters", "dev", 13)


async def test_each_question_is_searched_once_for_ten_and_progress_is_told() -> None:
    search, told = Spelled(), list[tuple[int, int]]()
    await evaluate_retrieval(
        DATASET, search, limit=2, progress=lambda done, of: told.append((done, of))
    )
    assert search.asked == [("abcdefghijk", 10), ("axxxbxxxxxc", 10)]
    assert told == [(1, 2), (2, 2)]


async def test_an_unknown_split_is_refused_before_any_search() -> None:
    search = Spelled()
    with pytest.raises(SettingsError, match="use one of dev, test"):
        await evaluate_retrieval(DATASET, search, split="train")
    assert search.asked == []
