"""A HashModel whose replies are good enough to be used: what it was shown is in all it asks."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import Field

from quaestor.testing import HashModel, Reply
from quaestor.testing.filling import Path, fill
from quaestor.testing.hashing import HashFiller, prompt_digest
from quaestor.testing.request import Request, Schema

_QUESTION = re.compile(r"^(?:Question|Task): (.+)$", re.MULTILINE)
_SOURCE = re.compile(r"^- ([^\s:]+): ", re.MULTILINE)
_ACTION = re.compile(r"^- (\w+): ", re.MULTILINE)
_ID = re.compile(r"\[([a-z]\d+(?:\.\d+)?)\]")
_FIRST_NEW = re.compile(r"first new task has the number (\d+)")
UNTRUSTED = re.compile(r"<untrusted \w+>(.*?)</untrusted", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?\n]{12,200}[.!?]")
_QUESTION_WORDS = 3
_LONGEST = 12
_READS = {"open": "h", "adjacent_passages": "p", "read_on": "d"}
"""The actions that name what was shown, and the kind of its id."""
_PLAIN = {"step": ["1"], "entity": [""], "as_of": [""], "language": [""]}
_COUNTED = ("claim", "sentence", "part")
_NONE = ("needs", "covered", "open", "options", "constraints", "unanswered", "table")


class TellingModel(HashModel):
    """A model that fills every schema from its whole prompt's hash, and is believed.

    A plain `HashModel` names no source, task or evidence that there is, so that code refuses most
    of what it plans. This one takes those from its prompt, by the hash, and writes the hash into
    every question and query: a byte more in a prompt changes what is asked outside.

    Args:
        seed: Another seed gives other replies.
        pause: Gives the seconds of each answer.
    """

    pause: Callable[[], float] = Field(default=lambda: 0.0, exclude=True)
    model_name: str = "telling"

    def __init__(self, seed: int = 0, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)

    async def answer_async(self, request: Request, number: int) -> Reply:
        """Return the reply after a pause."""
        await asyncio.sleep(self.pause())
        return self.answer(request, number)

    def answer(self, request: Request, number: int) -> Reply:
        """Return the schema filled from the hash, with names that stand in the prompt."""
        if request.schema is None:
            return super().answer(request, number)
        value: Mapping[str, Any] = fill(
            request.schema, TellingFiller(prompt_digest(request, self.seed), request.prompt)
        )
        return dict(value)


class TellingFiller(HashFiller):
    """A filling from a hash, with the names that a prompt offers."""

    def __init__(self, digest: str, prompt: str) -> None:
        super().__init__(digest)
        asked = _QUESTION.findall(prompt)
        self.asked = asked[-1].split() if asked else ["harbour"]
        listed = UNTRUSTED.sub("", prompt).rpartition("Sources:\n")[2].partition("\n\n")[0]
        self.sources = list(dict.fromkeys(_SOURCE.findall(listed)))
        self.ids = list(dict.fromkeys(_ID.findall(prompt)))
        first = _FIRST_NEW.search(prompt)
        self.tasks = int(first[1]) - 1 if first else 0
        self.actions = self._possible(prompt)
        self.action = ""
        self.has_read = any(one[0] in "pd" for one in self.ids)
        self.read = [one for text in UNTRUSTED.findall(prompt) for one in _SENTENCE.findall(text)]

    def choice(self, path: Path, values: Sequence[Any]) -> Any:
        """Return any of them; of actions one that can be carried out."""
        if path[-1] != "action":
            return super().choice(path, values)
        self.action = str(super().choice(path, self.actions or ["finish"]))
        return self.action

    def length(self, path: Path, least: int, most: int | None) -> int:
        """Return few of what only does harm at random, and one or two of the rest."""
        if path[-1] in _NONE:
            return least
        return max(least, min(1 + self.pick(path, 2, "length"), most or _LONGEST))

    def text(self, path: Path, schema: Schema) -> str:
        """Return a name of the prompt's where one is wanted, else words and the hash."""
        name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
        offered: Sequence[str] = ()
        match name:
            case "source":
                offered = self.sources
            case "question" | "query" | "queries" | "parts":
                offered = [self._asking(path, told=name != "parts")]
            case "target":
                kind = _READS.get(self.action)
                offered = [one for one in self.ids if one[0] == kind]
            case "evidence" | "answer_evidence":
                offered = [one for one in self.ids if one[0] == "e"]
            case "text" | "reason" | "conclusion" | "thought" | "report" | "heading":
                offered = [one.strip() for one in self.read]
            case "answer" | "answers":
                offered = [" ".join(one.split()[:_QUESTION_WORDS]) for one in self.read]
            case _:
                offered = _PLAIN.get(name, ())
        return str(super().choice(path, offered)) if offered else super().text(path, schema)

    def number(self, path: Path, least: float | None, most: float | None) -> float:
        """Return the number of the item where items are numbered."""
        name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
        index = next((part for part in reversed(path) if isinstance(part, int)), 0)
        if name in _COUNTED:
            return index + 1
        return super().number(path, least, most)

    def flag(self, path: Path) -> bool:
        """Return what goes on."""
        return self.has_read if path[-1] == "found" else path[-1] != "broader"

    def present(self, path: Path) -> bool:
        """Return yes."""
        return True

    def _possible(self, prompt: str) -> list[str]:
        """Return the actions of a searcher's prompt that have something to act on."""
        _, found, listed = prompt.rpartition("Actions now")
        named = _ACTION.findall(listed) if found else []
        kinds = {one[0] for one in self.ids}
        able = [one for one in named if _READS.get(one, "") in ("", *kinds)]
        more = "there is more: read_on" in prompt
        return [one for one in able if one != "read_on" or more]

    def _asking(self, path: Path, *, told: bool) -> str:
        """Return some words of the question in their order, and the hash."""
        start = self.pick(path, max(1, len(self.asked) - _QUESTION_WORDS), "start")
        words = [word.strip("?,.") for word in self.asked[start : start + _QUESTION_WORDS]]
        return " ".join([*words, *([self.draw(path, "mark")[:12]] if told else [])])
