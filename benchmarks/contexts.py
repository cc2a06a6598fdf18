"""What each context policy costs, and whether what was found is still in its last prompt.

    python -m benchmarks.contexts DATASET_DIR [--questions 100] [--steps 8] [--steps 32]

One searcher a question over the data set's passages, ten a search, without a model: the chooser
searches for the question, then for the titles of its gold passages, the first at step 2 and the
second half way through, and else for titles of passages that are not gold. What it notes (its
report, folds or summary) is an honest reader's: of each result the sentence that shares most
words with the question, under its id. So the figures tell what a policy keeps by itself and what
it keeps through such notes; they do not tell how well a model writes them.

* calls: of the model, summaries included; tokens: of all its prompts; largest: of the largest;
* gold passages: the share of those found that stands in the last prompt word by word;
* answers: how often the answer's words stand in it at all.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from benchmarks.baselines import Bm25, sentences, terms
from quaestor.agents.chat.context.named import CONTEXTS, Context, policy_named
from quaestor.agents.chat.context.policy import ContextPolicy
from quaestor.agents.chat.searching.page import Page
from quaestor.agents.roles.searcher import SearcherView, Step, ToolCall
from quaestor.agents.roles.shown import Passage, SourceCard
from quaestor.evaluation.dataset import Entry, Question, load_dataset
from quaestor.memory.documents import Origin
from quaestor.memory.plan import Brief, Task
from quaestor.tools.models.desk import Desk
from quaestor.tools.models.lessons import Lesson
from quaestor.tools.models.messages import Prompt
from quaestor.tools.models.tokens import estimate_all

SPLIT = "train"
HITS = 10
ROOM = 28_000
"""Tokens a prompt may be: what a model that takes 32,000 leaves."""
_HERE = Origin(kind="source", name="corpus", private=False)
_CARD = SourceCard(name="corpus", private=False, remote=False, tools=("chunk_search",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What came of one question under one policy."""

    calls: int
    tokens: int
    largest: int
    found: int
    """Gold passages that searches brought."""
    held: int
    """Of those, the ones whose text stands in the last prompt."""
    answer: bool
    """An answer stands in it."""


class Reader:
    """An honest reader: notes the best sentence of each result; counts what it was asked."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.notes: list[str] = []
        self.prompts: list[Prompt] = []

    def read(self, step: Step) -> None:
        """Note the sentence of a result that shares most words with the question."""
        wanted = terms(self.question.question)
        said = [
            (len(wanted & terms(one)), -rank, one)
            for rank, passage in enumerate(step.passages, 1)
            for one in sentences(passage.text)
        ]
        _, rank, best = max(said, default=(0, 0, "nothing"))
        self.notes.append(f"[p{step.number}.{-rank}] {best}")

    async def ask(self, kind: Any, prompt: Prompt, _at: Any, **_: Any) -> Any:
        """Reply as a searching model would; nothing but the notes is read of it."""
        self.prompts.append(prompt)
        reply = {
            "action": "chunk_search",
            "query": "more",
            "thought": self.notes[-1],
            "report": "\n".join(self.notes),
            "fold_text": self.notes[-1],
            "summary": "\n".join(self.notes),
        }
        return kind.model_validate(
            {name: reply[name] for name in kind.model_fields if name in reply}
        )


async def follow(
    policy: ContextPolicy, question: Question, results: Sequence[Sequence[Entry]]
) -> Kept:
    """Let one searcher read results one after the other, and return what it kept."""
    reader = Reader(question)
    desk = Desk(
        role="searcher",
        calls=cast("Any", None),
        fallbacks=cast("Any", None),
        mark="m" * 24,
        room=ROOM,
        lesson=Lesson,
    )
    asking = cast("Desk", _Asking(desk, reader))
    steps: list[Step] = []
    memory = ""
    for number, entries in enumerate(results, 1):
        call = ToolCall(tool="chunk_search", arguments={"query": "more"}, thought="")
        said = reader.notes[-1] if reader.notes else ""
        steps.append(_step(replace(call, said=said), entries, number))
        reader.read(steps[-1])
        page = Page(view=_view(question, steps, memory, len(results)), desk=asking)
        note = await policy.note(page)
        if note:
            memory = note
            page = Page(view=_view(question, steps, memory, len(results)), desk=asking)
        shown = policy.shown(page)
        reply = await reader.ask(policy.reply, shown.prompt, None)
        memory = policy.carried(page, reply) or memory
    return _kept(question, reader, results)


class _Asking:
    """A desk at which a reader answers."""

    def __init__(self, desk: Desk, reader: Reader) -> None:
        self.ask = reader.ask
        self.room, self.enclosed, self.rules = desk.room, desk.enclosed, desk.rules


def _kept(question: Question, reader: Reader, results: Sequence[Sequence[Entry]]) -> Kept:
    sizes = [
        estimate_all([one.system, *(turn.text for turn in one.turns)]) for one in reader.prompts
    ]
    last = "\n".join(turn.text for turn in reader.prompts[-1].turns)
    names = {name for group in question.gold for name in group}
    found = {one.id: one for entries in results for one in entries if one.id in names}
    return Kept(
        calls=len(sizes),
        tokens=sum(sizes),
        largest=max(sizes),
        found=len(found),
        held=sum(one.text in last for one in found.values()),
        answer=any(answer.casefold() in last.casefold() for answer in question.answers),
    )


def _step(call: ToolCall, entries: Sequence[Entry], number: int) -> Step:
    passages = [
        Passage(
            evidence=one.id,
            document=one.id,
            start=0,
            end=len(one.text),
            text=one.text,
            title=one.title,
            uri=one.id,
            origin=_HERE,
        )
        for one in entries
    ]
    return Step(call=call, passages=tuple(passages), number=number)


def _view(question: Question, steps: Sequence[Step], memory: str, most: int) -> SearcherView:
    return SearcherView(
        question=question.question,
        brief=Brief(answer_type="text", parts=(question.question,)),
        task=Task.of(question.question, branch="public", source="corpus"),
        source=_CARD,
        steps=tuple(steps),
        max_steps=most,
        calls_left=most - len(steps),
        taken=len(steps),
        memory=memory,
    )


def results_of(
    bm25: Bm25, questions: Sequence[Question], titles: Mapping[str, str], steps: int
) -> list[list[list[Entry]]]:
    """Return what each question's searches bring, step by step."""
    first = bm25.best([one.question for one in questions])
    queries: list[list[str]] = []
    for question, ranked in zip(questions, first, strict=True):
        names = {name for group in question.gold for name in group}
        gold = [titles[sorted(group)[0]] for group in question.gold]
        others = [one.title for one in ranked if one.id not in names]
        asked = [others[number % len(others)] for number in range(steps - 1)]
        asked[0] = gold[0]
        asked[(steps - 1) // 2] = gold[-1]
        queries.append(asked)
    flat = bm25.best([query for asked in queries for query in asked])
    found = [one[:HITS] for one in flat]
    each = steps - 1
    return [
        [ranked[:HITS], *found[place * each : (place + 1) * each]]
        for place, ranked in enumerate(first)
    ]


def row(name: str, steps: int, kept: Sequence[Kept], asked: Sequence[Question]) -> str:
    """Return a line of the table."""
    count = len(kept)
    spans = [one for one, question in zip(kept, asked, strict=True) if _is_span(question.answers)]
    return (
        f"| {name} | {steps} | {sum(one.calls for one in kept) / count:.1f} "
        f"| {sum(one.tokens for one in kept) / count:,.0f} "
        f"| {max(one.largest for one in kept):,} "
        f"| {sum(one.held for one in kept) / sum(one.found for one in kept):.2f} "
        f"| {sum(one.answer for one in spans) / len(spans):.2f} |"
    )


def _is_span(answers: Sequence[str]) -> bool:
    return not {one.casefold() for one in answers} & {"yes", "no"}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--steps", type=int, action="append")
    asked = parser.parse_args()
    dataset = load_dataset(asked.dataset)
    questions = dataset.select(split=SPLIT, limit=asked.questions)
    titles = {one.id: one.title for one in dataset.entries}
    bm25 = Bm25(dataset.entries)
    print("| policy | steps | calls | tokens | largest | gold passages | answers |")
    print("|---|---|---|---|---|---|---|")
    for steps in asked.steps or [8, 32]:
        results = results_of(bm25, questions, titles, steps)
        for name in CONTEXTS:
            kept = asyncio.run(_all(name, questions, results))
            print(row(name, steps, kept, questions), flush=True)
    return 0


async def _all(
    name: Context, questions: Sequence[Question], results: Sequence[Sequence[Sequence[Entry]]]
) -> list[Kept]:
    policy = policy_named(name)
    return [await follow(policy, *one) for one in zip(questions, results, strict=True)]


if __name__ == "__main__":
    sys.exit(main())
