"""Trials for a refiner: gold passages, distractors, and conclusions that are true or planted.

A trial holds the gold passages of a question and the ten best of BM25 that are not gold, in the
order of BM25. A true conclusion is a gold passage's sentence. The false one is the best sentence
of a distractor with the question's main entity written in: what a worker says that took one thing
for another.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.baselines import Bm25, sentences, terms
from quaestor.evaluation.dataset import Dataset, Entry, Question, load_dataset
from quaestor.evaluation.metrics import answer_in_evidence

DISTRACTORS = 10
_JOINS = "of|the|de|la|du|von|van|and|for|in|on|at|a"
_RUN = re.compile(rf"[A-Z0-9][\w'’.&-]*(?:\s+(?:(?:{_JOINS})\s+){{0,2}}[A-Z0-9][\w'’.&-]*)*")
_QUESTION_WORDS = frozenset(
    """what which who whom whose when where why how is are was were did do does has have had in on
    of at the a an for by from to between if name both""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One question with what its searchers saw and what they may have concluded."""

    dataset: str
    question: str
    entries: tuple[Entry, ...]
    """Gold passages and distractors, in the order of BM25."""
    gold: frozenset[str]
    """Ids of the gold ones."""
    true: tuple[str, ...]
    """The sentence that holds the answer first, then one of each other gold passage."""
    false: str


def plant(
    folder: Path, *, split: str, limit: int, skip: bool = False, seed: int = 0
) -> list[Trial]:
    """Return trials of a data set: `limit` of its questions, drawn by the seed.

    Args:
        folder: Of the data set.
        split: Of its questions.
        limit: How many trials.
        skip: Take the questions that the same call without it leaves out.
        seed: Draws the questions and the distractors.
    """
    dataset = load_dataset(folder)
    questions = [one for one in dataset.select(split=split) if _usable(one)]
    chance = random.Random(seed)
    chance.shuffle(questions)
    chosen = questions[limit:] if skip else questions[:limit]
    ranked = Bm25(dataset.entries).best([one.question for one in chosen])
    return [_trial(dataset, *pair, chance) for pair in zip(chosen, ranked, strict=True)]


def main_entity(question: str) -> str:
    """Return the longest name of a question: a run of capitals that is not its first word."""
    runs = [_without_question_words(match[0]) for match in _RUN.finditer(question)]
    return max((run for run in runs if run), key=len, default="")


def taking_for(entity: str, entry: Entry, question: str) -> str:
    """Return a passage's best sentence for a question, said of another thing than its own."""
    best, name = _best(question, sentences(entry.text)), entry.title.partition(" (")[0]
    return best.replace(name, entity, 1) if name in best else f"{entity}: {best}"


def _usable(question: Question) -> bool:
    return len(question.gold) > 1 and bool(main_entity(question.question))


def _without_question_words(run: str) -> str:
    words = run.rstrip(".").split()
    while words and words[0].lower() in _QUESTION_WORDS:
        words = words[1:]
    return " ".join(words)


def _trial(
    dataset: Dataset, question: Question, ranked: Sequence[Entry], chance: random.Random
) -> Trial:
    held = {entry.id: entry for entry in dataset.entries}
    any_gold = frozenset[str]().union(*question.gold)
    gold = [_standing_for(one, ranked) for one in question.gold]
    others = [entry for entry in ranked if entry.id not in any_gold][:DISTRACTORS]
    wanted = dict.fromkeys([*gold, *(entry.id for entry in others)])
    order = {entry.id: place for place, entry in enumerate(ranked)}
    entries = sorted((held[name] for name in wanted), key=lambda one: order.get(one.id, len(order)))
    told = sorted(
        (held[name] for name in dict.fromkeys(gold)),
        key=lambda entry: -answer_in_evidence(question.answers, [entry.text]),
    )
    return Trial(
        dataset=dataset.name,
        question=question.question,
        entries=tuple(entries),
        gold=frozenset(gold),
        true=tuple(_true(question, entry) for entry in told),
        false=taking_for(main_entity(question.question), chance.choice(others), question.question),
    )


def _standing_for(names: frozenset[str], ranked: Sequence[Entry]) -> str:
    """Return the one of several documents of a title that BM25 ranks best."""
    order = {entry.id: place for place, entry in enumerate(ranked)}
    return min(names, key=lambda name: (order.get(name, len(order)), name))


def _true(question: Question, entry: Entry) -> str:
    said = sentences(entry.text)
    holding = [one for one in said if answer_in_evidence(question.answers, [one])]
    best = _best(question.question, holding or said)
    return best if entry.title in best else f"{entry.title}: {best}"


def _best(question: str, said: Sequence[str]) -> str:
    """Return the sentence that shares most words with a question, the shorter of equals."""
    asked = terms(question)
    return min(said, key=lambda one: (-len(asked & terms(one)), len(one), one), default="")
