"""What a searching model is shown: its task, its actions, and results with short ids.

All of it is a function of the view; whatever a source wrote, or a model after reading it, stands
enclosed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from quaestor.agents.chat.searching.choosing import actions_of
from quaestor.agents.chat.searching.ids import without_forged
from quaestor.agents.chat.texts import text
from quaestor.agents.roles.searcher import Ending, SearcherView, Step
from quaestor.agents.roles.shown import Passage
from quaestor.memory.calls import Ask
from quaestor.memory.labels import one_line
from quaestor.tools.models.desk import Desk
from quaestor.tools.models.tokens import clip, estimate

MOST_RESULT = 3_200
"""Tokens of one result: a segment of a page, or ten passages."""
_FORM = 900
"""Tokens of the reply's form, and of asking once more for it."""
_LEAST = 12
"""Tokens of a passage that is worth showing."""
_LONGEST_TITLE = 120
_LONGEST_URI = 200

_TELLS = {
    "search": "search: query. Gives hits, which have to be opened to be read.",
    "open": "open: target, the id of a hit. Reads the beginning of that page.",
    "read_on": "read_on: target, the id of an opened document. Reads its next part.",
    "chunk_search": "chunk_search: query. Gives passages, which are read by that.",
    "adjacent_passages": "adjacent_passages: target, the id of a passage, for its neighbours; "
    "or entity, a name, for passages that mention it.",
    "recall": "recall: step. Shows what an earlier step gave; asks nothing outside.",
    "finish": "finish: conclusion, answers, found.",
}
_ENDED: dict[Ending, str] = {
    "steps": "No step is left.",
    "nothing_new": "The last steps brought nothing new.",
    "context": "There is no room left to read more.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One choice to make, and how it is put to the model."""

    view: SearcherView
    desk: Desk

    @property
    def at(self) -> Ask:
        """Who asks."""
        view = self.view
        return Ask(branch=view.branch, task=view.task.id, round=view.round, step=view.taken + 1)

    @property
    def room(self) -> int:
        """Tokens that the whole prompt may be, the reply's form taken off."""
        return max(self.desk.room - _FORM, self.desk.room // 2)

    @property
    def most_result(self) -> int:
        """Tokens that one result may be."""
        return min(MOST_RESULT, self.desk.room // 4)

    def ended(self, ending: Ending) -> "Page":
        """Return the same choice, with finishing as all that is left."""
        return replace(self, view=replace(self.view, ending=ending))

    def system(self, *names: str) -> str:
        """Return what the model is to do: named texts, and the rule about untrusted text."""
        return "\n\n".join([*(text(name) for name in names), self.desk.rules])

    def opening(self) -> str:
        """Return the task."""
        view = self.view
        asked = clip(view.question, self.desk.room // 8)
        lines = [f"Question: {asked}"]
        if view.task.question != view.question:
            task = self.desk.enclosed(clip(view.task.question, self.desk.room // 8))
            lines.append(f"Your task is one part of it, to be looked up:\n{task}")
        lines.append(f"Source: {view.source.name}")
        typed = [f"[u{number}] {uri}" for number, uri in enumerate(view.typed, 1)]
        if typed:
            lines.append("Addresses in the question, which may be opened: " + " ".join(typed))
        return "\n".join(lines)

    def closing(self) -> str:
        """Return what may be chosen now."""
        view = self.view
        if view.ending:
            return (
                f"{_ENDED[view.ending]} Reply with action finish: conclude from what you have; "
                "found is false if the task has no answer in it."
            )
        lines = [f"Actions now (step {view.taken + 1} of {view.max_steps}):"]
        return "\n".join([*lines, *(f"- {_TELLS[action]}" for action in actions_of(view))])

    def result(self, step: Step, room: int | None = None) -> str:
        """Return what a step brought, in at most so many tokens."""
        room = self.most_result if room is None else min(room, self.most_result)
        head = f"Result of step {step.number}:"
        if step.read is not None:
            more = "there is more: read_on" if step.read.more else "to its end"
            head += f" document [d{step.number}], read {more}."
        items = [*self._failed(step), *_hits(step), *_passages(step)]
        if not items:
            return f"{head} nothing."
        left = room - estimate(head) - 40
        shown: list[str] = []
        for number, item in enumerate(items):
            said = item(left // (len(items) - number) + _LEAST)
            shown.append(said)
            left = max(0, left - estimate(said) - 1)
        body = "\n".join(shown)
        return f"{head}\n{self.desk.enclosed(body)}"

    def _failed(self, step: Step) -> Iterator["_Item"]:
        if step.error:
            yield lambda room: clip(f"failed: {without_forged(one_line(step.error, 600))}", room)


_Item = Callable[[int], str]


def _hits(step: Step) -> Iterator[_Item]:
    for rank, hit in enumerate(step.hits, 1):
        title = without_forged(one_line(str(hit["title"]), _LONGEST_TITLE))
        uri = without_forged(one_line(str(hit["uri"]), _LONGEST_URI))
        snippet = without_forged(one_line(str(hit["snippet"]), 600))
        yield _cut(f"[h{step.number}.{rank}] {title} | {uri}\n", snippet)


def _passages(step: Step) -> Iterator[_Item]:
    last = ""
    for rank, passage in enumerate(step.passages, 1):
        named = _named(passage) if passage.document != last else ""
        last = passage.document
        head = f"[p{step.number}.{rank}] {named}\n" if named else f"[p{step.number}.{rank}] "
        yield _cut(head, without_forged(passage.text))


def _named(passage: Passage) -> str:
    title = without_forged(one_line(passage.title or passage.uri, _LONGEST_TITLE))
    return f"{title} ({passage.modified[:10]})" if passage.modified else title


def _cut(head: str, body: str) -> _Item:
    def shown(room: int) -> str:
        whole = f"{head}{body}"
        held = clip(whole, max(room, estimate(head)))
        return held if held == whole else f"{held}…"

    return shown
