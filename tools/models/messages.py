"""What is said to a model and what it says, free of any client's classes."""

from dataclasses import dataclass, field
from typing import Any, Literal

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a conversation."""

    speaker: Literal["user", "assistant"]
    text: str

    def plain(self) -> dict[str, Any]:
        """Return it JSON-plain, for the request's key."""
        return {"role": self.speaker, "content": self.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a model is asked, before it is told how to reply."""

    system: str
    """What it is to do: our words alone, never a document's."""
    turns: tuple[Turn, ...]
    """The conversation, ours last; text of sources stands enclosed in the run's boundary."""

    @classmethod
    def of(cls, system: str, text: str) -> "Prompt":
        """Return a prompt of one turn."""
        return cls(system=system, turns=(Turn(speaker="user", text=text),))

    def and_then(self, *turns: Turn) -> "Prompt":
        """Return the prompt with turns after it; neighbours of one speaker become one turn.

        Some chat templates refuse two user turns in a row.
        """
        joined: list[Turn] = []
        for turn in (*self.turns, *turns):
            if joined and joined[-1].speaker == turn.speaker:
                turn = Turn(speaker=turn.speaker, text=f"{joined[-1].text}\n\n{turn.text}")  # noqa: PLW2901
                joined.pop()
            joined.append(turn)
        return Prompt(system=self.system, turns=tuple(joined))

    def plain(self) -> list[dict[str, Any]]:
        """Return the messages JSON-plain, for the request's key."""
        return [{"role": "system", "content": self.system}, *(one.plain() for one in self.turns)]

    def messages(self) -> list[BaseMessage]:
        """Return the messages as LangChain has them."""
        said: list[BaseMessage] = [SystemMessage(self.system)]
        for turn in self.turns:
            said.append(HumanMessage(turn.text) if turn.speaker == "user" else AIMessage(turn.text))
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSaid:
    """A tool call of a reply."""

    name: str
    arguments: str
    """JSON text as far as the model wrote JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A model's reply, cut to what is read of it."""

    text: str
    tools: tuple[ToolSaid, ...] = ()
    finish: str = ""
    """Why it ended: `stop`, `length`, `tool_calls`, `content_filter`, ...; empty if unsaid."""
    refusal: str = ""
    """Why it would not answer, where it says so in so many words."""
    usage: dict[str, int] = field(default_factory=dict[str, int])
    """`input` and `output` tokens, and `estimated` 1 where the reply did not say."""
