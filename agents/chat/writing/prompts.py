"""What every prompt of one report shares: the question, what is asked for, room for evidence."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic

from quaestor.agents.chat.texts import text
from quaestor.agents.chat.writing.fitting import Display, Shown
from quaestor.agents.chat.writing.numbering import Numbered, without_forged
from quaestor.agents.roles.synthesizer import WriteView
from quaestor.memory.calls import Ask
from quaestor.memory.finding import Conflict, Gap
from quaestor.memory.labels import one_line
from quaestor.tools.models.desk import Desk, NoReplyError
from quaestor.tools.models.forms import FORMS, said_for
from quaestor.tools.models.messages import Prompt
from quaestor.tools.models.replies import Wanted
from quaestor.tools.models.tokens import clip, estimate, estimate_all

_MENDING = 800
"""Tokens that a question back to the model adds: its reply, cut, and what is wrong with it."""
_LEAST = 100
"""Tokens of evidence below which asking is of no use."""
_NAMED = 20
"""Sources that a gap names; the number of the rest follows."""
_GAPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish(Generic[Wanted]):
    """One reply that is asked for."""

    kind: type[Wanted]
    name: str
    """Of the prompt's text."""
    show: Callable[[int], Shown]
    """Gives the evidence that so many tokens hold."""
    task: str
    """What stands after the evidence."""
    at: Ask
    check: Callable[[Wanted, Numbered], str]
    """Says what the model is asked to mend about a reply to what was shown; empty for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One report being written at one desk."""

    desk: Desk
    view: WriteView
    evidence: Numbered

    @classmethod
    def of(cls, desk: Desk, view: WriteView) -> "Writing":
        """Return the writing of a view; its evidence is numbered here and nowhere else."""
        return cls(desk=desk, view=view, evidence=Numbered.of(view.passages))

    @property
    def parts(self) -> tuple[str, ...]:
        """The things asked for."""
        return self.view.brief.parts or (self.view.question,)

    def display(self, wanted: str) -> Display:
        """Return how evidence is shown to write about something."""
        return Display(enclosed=self.desk.enclosed, wanted=wanted)

    def asked(self, *, parts: bool = True) -> str:
        """Return what is asked, as it stands at the end of a prompt; at most half the room."""
        brief, room = self.view.brief, self.desk.room
        lines = [f"Question: {clip(self.view.question, room // 8)}"]
        if brief.as_of:
            lines.append(f"The report speaks for {brief.as_of}.")
        if brief.language != "en":
            lines.append(f"Write in the question's language ({brief.language}).")
        lines.append(f"Kind of answer: {brief.answer_type.replace('_', ' ')}")
        for name, values in (("Choose between", brief.options), ("Conditions", brief.constraints)):
            if values:
                lines.append(f"{name}: {clip('; '.join(values), room // 16)}")
        if parts and len(self.parts) > 1:
            numbered = [f"{n}. {one_line(part, 200)}" for n, part in enumerate(self.parts, 1)]
            lines.append(clip("Parts asked for:\n" + "\n".join(numbered), room // 5))
        return "\n".join(lines)

    def disputed(self, ids: Iterable[str]) -> str:
        """Return the conflicts that some evidence takes part in, for a prompt."""
        held = set(ids)
        lines = [
            self._conflict(one)
            for one in self.view.conflicts
            if held & set(self.evidence.ids_of(name for names in one.evidence for name in names))
        ]
        shown = clip("\n".join(lines), self.desk.room // 10)
        return f"Where the evidence disagrees:\n{self.desk.enclosed(shown)}" if lines else ""

    def missing(self) -> str:
        """Return what was not found, for a prompt."""
        lines = [one_line(f"{gap.what}: {gap.why}") for gap in self.view.gaps[:_GAPS]]
        shown = clip("\n".join(lines), self.desk.room // 16)
        return f"Not found while searching:\n{self.desk.enclosed(shown)}" if lines else ""

    async def ask(self, wish: "Wish[Wanted]") -> tuple[Wanted, Shown]:
        """Ask for a reply from as much evidence as fits; from half of that if it was too much.

        Raises:
            NoReplyError: Nothing usable came.
        """
        try:
            return await self._once(wish, self.desk.room)
        except NoReplyError as error:
            if error.reason != "too_long":
                raise
        return await self._once(wish, self.desk.room // 2)

    async def _once(self, wish: "Wish[Wanted]", room: int) -> tuple[Wanted, Shown]:
        system = f"{text(wish.name)}\n\n{self.desk.rules}"
        left = self.left(wish.kind, system, wish.task, room)
        shown = wish.show(left) if left >= _LEAST else None
        if shown is None or not shown.ids:
            raise NoReplyError(self.desk.calls.endpoint.name, "too_long")
        given = self.evidence.only(shown.ids)
        held: list[Wanted] = []

        def noted(reply: Wanted) -> str:
            held.append(reply)
            return wish.check(reply, given)

        disputed = self.disputed(shown.ids)
        said = "\n\n".join(one for one in ("Evidence:", shown.text, disputed, wish.task) if one)
        prompt = Prompt.of(system, said)
        try:
            return await self.desk.ask(wish.kind, prompt, wish.at, check=noted), shown
        except NoReplyError:
            if not held:
                raise
            # It could not mend all of it: code keeps what of it can stand.
            return held[-1], shown

    def left(self, kind: type[Wanted], system: str, task: str, room: int) -> int:
        """Return the tokens that evidence may take in a prompt."""
        schema = {**kind.model_json_schema(), "title": kind.__name__}
        forms = max(estimate(said_for(form, schema)) for form in FORMS)
        forms = max(forms, estimate(json.dumps(schema)))
        disputed = estimate(self.disputed(self.evidence.by_id))
        mending = min(_MENDING, room // 8)
        return room - estimate_all([system, task]) - forms - disputed - mending - 16

    def left_out(self, ids: Sequence[str], *, what: str) -> tuple[Gap, ...]:
        """Return the gap that names evidence which no prompt had room for."""
        if not ids:
            return ()
        count = f"{len(ids)} of {len(self.evidence.by_id)} passages"
        why = f"{count} had no room in what the model was shown: {self._named(ids)}"
        return (Gap(kind="budget", what=what, why=why),)

    def cut_short(self, ids: Sequence[str], *, what: str) -> tuple[Gap, ...]:
        """Return the gap that names evidence which was written from in part."""
        if not ids:
            return ()
        why = f"{len(ids)} passages were shown to the model in part: {self._named(ids)}"
        return (Gap(kind="budget", what=what, why=why),)

    def _named(self, ids: Sequence[str]) -> str:
        passages = self.evidence.passages(ids)
        names = dict.fromkeys(one_line(one.title or one.uri, 80) for one in passages)
        more = len(names) - _NAMED
        return ", ".join(list(names)[:_NAMED]) + (f" and {more} more" if more > 0 else "")

    def _conflict(self, conflict: Conflict) -> str:
        sides = [
            f"{without_forged(one_line(value))} [{', '.join(self.evidence.ids_of(names))}]"
            for value, names in zip(conflict.values, conflict.evidence, strict=False)
        ]
        about = without_forged(one_line(conflict.about))
        return f"{about}: {' against '.join(sides)} ({one_line(conflict.rule, 60)})"
