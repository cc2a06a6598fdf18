"""The revision round with a model: failing sentences written anew from their own spans."""

from dataclasses import dataclass

from pydantic import BaseModel, Field

from quaestor.agents.chat.texts import text
from quaestor.agents.roles.reviser import Failing
from quaestor.memory.calls import Ask
from quaestor.tools.models.desk import Desk, NoReplyError
from quaestor.tools.models.messages import Prompt
from quaestor.tools.models.tokens import clip, estimate

LONGEST = 600
"""Code points of a sentence: a longer one is no sentence."""


class Revision(BaseModel):
    """One sentence written anew."""

    sentence: int = Field(description="number of the sentence")
    text: str = Field(description="the new sentence; empty if its passages carry none")


class Revisions(BaseModel):
    """The sentences, each once."""

    revisions: list[Revision]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatReviser:
    """Asks a model to write failing sentences anew; those it leaves out stay as they are."""

    desk: Desk

    async def revise(self, failing: tuple[Failing, ...]) -> tuple[str | None, ...]:
        """Return a new sentence for each, None where it stays as it is."""
        shown = self._fitting([self._shown(place, one) for place, one in enumerate(failing, 1)])
        prompt = Prompt.of(f"{text('revise')}\n\n{self.desk.rules}", "\n\n".join(shown))
        at = Ask(branch="research", task="", round=3, step=0)
        try:
            reply = await self.desk.ask(Revisions, prompt, at)
        except NoReplyError as error:
            await self.desk.fell_back(at, error)
            return (None,) * len(failing)
        written: dict[int, str] = {}
        for one in reply.revisions:
            written.setdefault(one.sentence, _sentence(one.text))
        return tuple(written.get(place) or None for place in range(1, len(failing) + 1))

    def _shown(self, place: int, one: Failing) -> str:
        missed = one.judged.reason or one.judged.verdict
        return (
            f"Sentence {place}: {self.desk.enclosed(one.statement.text)}\n"
            f"What is wrong: {self.desk.enclosed(missed)}\nIts passages:\n"
            + self.desk.enclosed(clip("\n".join([*one.titles, *one.spans]), self.desk.room // 4))
        )

    def _fitting(self, shown: list[str]) -> list[str]:
        """Return as many of the sentences as the prompt has room for: the first ones."""
        kept: list[str] = []
        left = self.desk.room - estimate(text("revise")) - estimate(self.desk.rules) - 200
        for one in shown:
            left -= estimate(one) + 2
            if left < 0:
                break
            kept.append(one)
        return kept


def _sentence(written: str) -> str:
    """Return a sentence in one line; nothing where it is none."""
    line = " ".join(written.split())
    return line if len(line) <= LONGEST else ""
