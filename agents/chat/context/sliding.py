"""sliding: the last few results as they were, older ones left out but readable by step."""

from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.chat.context.conversation import talk
from quaestor.agents.chat.context.policy import ContextPolicy, Shown
from quaestor.agents.chat.searching.page import Page


@dataclass(frozen=True, slots=True)
class Sliding(ContextPolicy):
    """A window over results; what the model said itself is never touched.

    A result mostly bears on the next choice alone. What is left out stays readable: `recall`
    shows it by its step's number, without a call to the outside.

    Args:
        size: Results shown at most (W).
        slide: How many make room at a time (S).

    Source:
        Tang et al. "Beyond Turn Limits: Training Deep Search Agents with Dynamic Context Window."
        2025 (DeepMiner): window 3, slide 2. There what was left out could not be read again.
    """

    size: int = 3
    slide: int = 2

    def shown(self, page: Page) -> Shown:
        """Return the conversation with the window's results."""
        steps = page.view.steps
        told = talk(
            page,
            page.system("search"),
            page.opening(),
            steps=steps,
            whole=in_window(range(1, page.view.taken + 1), size=self.size, slide=self.slide),
        )
        return Shown(prompt=told.prompt)


def in_window(numbers: Sequence[int], *, size: int, slide: int) -> frozenset[int]:
    """Return which steps' results are shown after so many steps.

    When one comes to a full window, all but its latest `size - slide` go.

    Example:
        >>> sorted(in_window(range(1, 4), size=3, slide=2))
        [1, 2, 3]
        >>> sorted(in_window(range(1, 5), size=3, slide=2))
        [3, 4]
    """
    # The window is full after `size` steps, then again after every `slide` further ones.
    over = len(numbers) - size
    held = len(numbers) if over <= 0 else size - slide + (over - 1) % slide + 1
    return frozenset(numbers[len(numbers) - held :])
