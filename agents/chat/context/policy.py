"""The seam between a searcher with a model and what its prompt holds of earlier steps."""

from dataclasses import dataclass
from typing import Protocol

from quaestor.agents.chat.searching.page import Page
from quaestor.agents.chat.searching.replies import SearchReply
from quaestor.tools.models.messages import Prompt

WINDOW = 32
"""Steps loaded for a policy that shows fewer: the extractive searcher reads them, should it have
to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A prompt, and whether it holds what the policy means it to hold."""

    prompt: Prompt
    cut: bool = False
    """Something had no room that should have been there."""


class ContextPolicy(Protocol):
    """Makes a prompt from the question, the steps and the memory, and says what to carry on.

    A policy is a function of the view: what it carries on goes into the trail and comes back as
    `view.memory`, so that a resumed run asks what the first one asked.
    """

    @property
    def window(self) -> int | None:
        """How many of the last steps are loaded; None for all."""
        return WINDOW

    @property
    def reply(self) -> type[SearchReply]:
        """What the model is asked to reply with."""
        return SearchReply

    def shown(self, page: Page) -> Shown:
        """Return the prompt for a choice."""
        ...

    def fault(self, page: Page, reply: SearchReply) -> str:
        """Return what is wrong with what a reply carries on; empty where nothing is."""
        return ""

    def carried(self, page: Page, reply: SearchReply | None) -> str:
        """Return the memory to go on with; empty where it stays as it is.

        Args:
            page: The choice.
            reply: The model's; None where the fallback chose.
        """
        return ""

    async def note(self, page: Page) -> str:
        """Return a memory to put in place of steps before anything is chosen; empty for none."""
        return ""
