"""A source without an end, and a model that never stops: for searchers of thousands of steps."""

import re
from collections.abc import Mapping
from typing import Any

from quaestor.memory.documents import Document, Origin
from quaestor.testing import Double, Request
from quaestor.tools.sources import Hit

_STEP = re.compile(r"^Actions now \(step (\d+) of", re.M)
_ENDED = "Reply with action finish"
_SENTENCE = (
    "In {subject} the {number}th ledger of the harbour office names {number} barges and a fee."
)


class Endless:
    """Answers every query with ten pages of its own, each a screen long."""

    name = "endless"
    private = False
    remote = False
    generation = "1"

    def __init__(self) -> None:
        self.origin = Origin(kind="source", name=self.name, private=False)

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        """Return pages named after the query."""
        subject = re.sub(r"\W+", "-", query)
        return [
            Hit(
                source=self.name,
                uri=f"{subject}/{rank}",
                title=f"{query}, part {rank}",
                snippet=" ".join([_SENTENCE.format(subject=query, number=rank)] * 2),
                rank=rank,
                score=1.0 / rank,
            )
            for rank in range(1, min(limit, 10) + 1)
        ]

    async def open(self, hit: Hit) -> Document:
        """Return a page of some five thousand characters, other for every address."""
        lines = [_SENTENCE.format(subject=hit.uri, number=line) for line in range(60)]
        return Document.of(
            "\n\n".join(" ".join(lines[at : at + 6]) for at in range(0, 60, 6)),
            uri=hit.uri,
            title=hit.title,
            media_type="text/plain",
            origin=self.origin,
            extractor="plain",
        )


class Tireless(Double):
    """A model that searches, opens two pages of what came, and searches again.

    Every fiftieth step it asks to see step 2 again. Report, folds and summaries are as long as a
    real model's. It keeps no request.
    """

    model_name: str = "tireless"

    def answer(self, request: Request, number: int) -> Mapping[str, Any]:
        """Return the next action, from the step's number in the prompt."""
        self._asked.clear()
        prompt = request.prompt
        if request.schema is not None and "summary" in request.schema["properties"]:
            return {"summary": _notes(number, 300)}
        match = _STEP.search(prompt)
        if match is None or _ENDED in prompt:
            return {"action": "finish", "conclusion": "There were barges.", "answers": ["barges"]}
        return {**_action(int(match[1])), **_carried(int(match[1]))}


def _action(step: int) -> dict[str, str]:
    thought = _notes(step, 30)
    if step % 50 == 0:
        return {"thought": thought, "action": "recall", "step": "2"}
    if step % 3 == 1:
        return {"thought": thought, "action": "search", "query": f"pier{step} quay{step}"}
    last = _searched(step)
    return {"thought": thought, "action": "open", "target": f"h{last}.{step - last}"}


def _searched(step: int) -> int:
    """Return the step of the last search before a step."""
    at = step - 1
    while at % 3 != 1 or at % 50 == 0:
        at -= 1
    return max(at, 1)


def _carried(step: int) -> dict[str, str]:
    last = step - 1
    begin = last - 2 if last % 3 == 0 else last
    return {
        "report": _notes(step, 400),
        "fold_from": str(begin),
        "fold_text": _notes(step, 40),
    }


def _notes(step: int, words: int) -> str:
    """Return so many words that differ from step to step."""
    return " ".join(f"barge{step + word}" for word in range(words))
