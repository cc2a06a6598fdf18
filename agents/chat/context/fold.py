"""fold: earlier steps in blocks that the model folds as it goes, and the last step whole."""

from dataclasses import dataclass

from quaestor.agents.chat.context.conversation import talk
from quaestor.agents.chat.context.folding import (
    Block,
    bounded,
    dumped,
    fault,
    folded,
    loaded,
    whole,
)
from quaestor.agents.chat.context.policy import ContextPolicy, Shown
from quaestor.agents.chat.searching.ids import number_of
from quaestor.agents.chat.searching.page import Page
from quaestor.agents.chat.searching.replies import FoldReply, SearchReply
from quaestor.agents.orders import query_of
from quaestor.memory.labels import one_line
from quaestor.tools.models.tokens import clip

MOST_BLOCKS = 3_000
"""Tokens of all blocks: where they take more, code merges the oldest."""
_LONGEST = 400
"""Tokens of one fold."""


@dataclass(frozen=True, slots=True)
class Fold(ContextPolicy):
    """Each reply says which of the last steps become one block, and with what text.

    A fold always ends with the latest completed step, and begins where a block begins: one that
    would cut a block is sent back, and nothing is asked of a source twice for that.

    Source:
        Ye et al. "AgentFold: Long-Horizon Web Agents with Proactive Context Management." 2025.
        Its code checks neither end of a fold, and runs the tool again where a reply is asked for
        again.
    """

    @property
    def reply(self) -> type[SearchReply]:
        """What the model is asked to reply with."""
        return FoldReply

    def shown(self, page: Page) -> Shown:
        """Return the question, the blocks and the last step."""
        opening = page.opening()
        blocks = bounded(_before(page), _most(page))
        if blocks:
            told_so_far = "\n".join(block.shown() for block in blocks)
            opening += f"\n\nEarlier steps, folded:\n{page.desk.enclosed(told_so_far)}"
        told = talk(
            page,
            page.system("search", "search_fold"),
            opening,
            steps=page.view.steps[-1:],
            whole={page.view.taken},
        )
        return Shown(prompt=told.prompt)

    def fault(self, page: Page, reply: SearchReply) -> str:
        """Return what is wrong with a fold."""
        assert isinstance(reply, FoldReply)
        if reply.action == "finish":
            return ""
        if not reply.fold_text.strip():
            return "fold_text is empty: say what the last step came to"
        return fault(bounded(_before(page), _most(page)), _first(page, reply), page.view.taken)

    def carried(self, page: Page, reply: SearchReply | None) -> str:
        """Return the blocks with the fold among them; of a step that nobody folded, its call."""
        if not isinstance(reply, FoldReply):
            return dumped(bounded(_noted(page, page.view.taken), _most(page)))
        blocks = bounded(_before(page), _most(page))
        text = clip(one_line(reply.fold_text, 4 * _LONGEST), _LONGEST)
        made = folded(blocks, _first(page, reply), page.view.taken, text)
        return dumped(bounded(made, _most(page)))


def _first(page: Page, reply: FoldReply) -> int:
    """Return where a fold begins: at the last step alone where the reply does not say."""
    return number_of(reply.fold_from) if reply.fold_from.strip() else page.view.taken


def _before(page: Page) -> tuple[Block, ...]:
    """Return a partition of all steps before the last."""
    return _noted(page, page.view.taken - 1)


def _noted(page: Page, last: int) -> tuple[Block, ...]:
    """Return a partition of the steps up to `last`; one that nobody folded says its call."""
    view = page.view
    calls = {step.number: f"{step.call.tool} {query_of(step.call)}" for step in view.steps}
    return whole(
        [block for block in loaded(view.memory) if block.end <= last],
        last,
        lambda number: one_line(calls.get(number, "not noted"), 200),
    )


def _most(page: Page) -> int:
    return min(MOST_BLOCKS, page.desk.room // 5)
