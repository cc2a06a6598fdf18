"""Does a search find the documents that answers rest on? Recall at k, no model involved."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypedDict

from quaestor.evaluation.asking import Progress, asked
from quaestor.evaluation.dataset import Dataset, Question
from quaestor.evaluation.metrics import Figure, all_at, figure, recall_at

Search = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a question and a number to the ids of the dataset's documents, best first.

At least so many different documents where the search has them; a document may come again, as it
does where passages are searched: its best rank counts.
"""

DEPTH = 10

RetrievalFigures = TypedDict(
    "RetrievalFigures",
    {
        "dataset": str,
        "split": str | None,
        "documents": int,
        "questions": int,
        "recall@2": Figure,
        "recall@5": Figure,
        "recall@10": Figure,
        "all@10": Figure,
        "ms_per_query": Figure,
    },
)
"""What `quaestor eval retrieval` prints; questions without gold documents count in the last only.

* `recall@k`: gold documents among the first k documents over the gold documents.
* `all@10`: share of questions whose gold documents are all among the first ten. For two gold
  documents this is the "all-support recall" of MuSiQue (Trivedi et al., TACL 2022) and others.
* `ms_per_query`: wall time of one search of ten documents.
"""


async def evaluate_retrieval(
    dataset: Dataset,
    search: Search,
    *,
    split: str | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
) -> RetrievalFigures:
    """Search every question and return how well that went.

    Args:
        dataset: Questions and corpus.
        search: What is measured.
        split: The questions to ask; all of them by default.
        limit: At most so many of them, in file order.
        progress: Told after every question.

    Raises:
        SettingsError: The split has no questions.
    """

    async def ask(question: str) -> Sequence[str]:
        return await search(question, DEPTH)

    ranked: list[tuple[Question, Sequence[str]]] = []
    times: list[float] = []
    every = asked(dataset, ask, split=split, limit=limit, progress=progress)
    async for question, found, seconds in every:
        times.append(1000 * seconds)
        ranked.append((question, list(dict.fromkeys(found))))
    judged = [(ids, question.gold) for question, ids in ranked if question.gold]
    return {
        "dataset": dataset.name,
        "split": split,
        "documents": len(dataset.entries),
        "questions": len(ranked),
        "recall@2": figure(recall_at(ids, gold, 2) for ids, gold in judged),
        "recall@5": figure(recall_at(ids, gold, 5) for ids, gold in judged),
        "recall@10": figure(recall_at(ids, gold, 10) for ids, gold in judged),
        "all@10": figure(all_at(ids, gold, 10) for ids, gold in judged),
        "ms_per_query": figure(times),
    }
