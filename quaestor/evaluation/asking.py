"""The questions of a set, asked one after the other."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from time import perf_counter
from typing import TypeVar

from quaestor.evaluation.dataset import Dataset, Question
from quaestor.memory.report import Report

Ask = Callable[[str], Awaitable[Report]]
"""From a question to its report."""

Progress = Callable[[int, int], None]
"""Called with how many questions are done, and of how many."""

Given = TypeVar("Given")


async def asked(
    dataset: Dataset,
    ask: Callable[[str], Awaitable[Given]],
    *,
    split: str | None,
    limit: int | None,
    progress: Progress | None,
) -> AsyncGenerator[tuple[Question, Given, float]]:
    """Ask every question once, as it stands; give it, what came and how many seconds that took.

    Args:
        dataset: Questions and corpus.
        ask: What is measured. What it raises ends the evaluation.
        split: The questions to ask; all of them by default.
        limit: At most so many of them, in file order.
        progress: Told after every question.

    Raises:
        SettingsError: The split has no questions.
    """
    questions = dataset.select(split=split, limit=limit)
    for done, question in enumerate(questions, start=1):
        started = perf_counter()
        given = await ask(question.question)
        yield question, given, perf_counter() - started
        if progress is not None:
            progress(done, len(questions))
