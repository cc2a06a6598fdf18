"""full: every step as it was, until there is no room; then it is asked to conclude."""

from dataclasses import dataclass

from quaestor.agents.chat.context.conversation import talk
from quaestor.agents.chat.context.policy import ContextPolicy, Shown
from quaestor.agents.chat.searching.page import Page


@dataclass(frozen=True, slots=True)
class Full(ContextPolicy):
    """All steps, all results: what the others are measured against."""

    @property
    def window(self) -> int | None:
        """How many of the last steps are loaded: all."""
        return None

    def shown(self, page: Page) -> Shown:
        """Return the conversation so far."""
        steps = page.view.steps
        told = talk(
            page,
            page.system("search"),
            page.opening(),
            steps=steps,
            whole={step.number for step in steps},
        )
        return Shown(prompt=told.prompt, cut=told.cut)
