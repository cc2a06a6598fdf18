"""The searcher with a model: it chooses among ids, and code makes the call."""

from dataclasses import dataclass, replace

from quaestor.agents.chat.context.policy import ContextPolicy
from quaestor.agents.chat.searching.choosing import LIMIT, Misread, chosen
from quaestor.agents.chat.searching.page import Page
from quaestor.agents.chat.searching.replies import SearchReply
from quaestor.agents.roles.searcher import Done, NextStep, Noted, SearcherView, ToolCall
from quaestor.tools.models.desk import Desk, NoReplyError

GIVE_UP = 2
"""Steps in a row of a task that the fallback chose, after which it chooses the rest of them."""
_OWN = frozenset(SearchReply.model_fields)
"""What a reply says of its choice; what a policy adds to it is carried on elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatNextStep:
    """Asks a model for the next action; a task's first query is its planner's, and not asked for.

    What the model says decides neither sources nor addresses: it names ids that were shown, and
    one that was not is sent back once. Where no reply is usable the fallback chooses this step.
    """

    desk: Desk
    fallback: NextStep
    policy: ContextPolicy

    @property
    def window(self) -> int | None:
        """How many of the last steps are looked at; None for all."""
        return self.policy.window

    async def next(self, view: SearcherView) -> ToolCall | Noted | Done:
        """Return what to do now."""
        if view.taken == 0 and not view.ending:
            return _first(view)
        page = Page(view=view, desk=self.desk)
        if _given_up(view):
            return await self._without(page)
        note = await self.policy.note(page)
        if note:
            return Noted(memory=note)
        shown = self.policy.shown(page)
        if shown.cut and not view.ending:
            page = page.ended("context")
            shown = self.policy.shown(page)

        def fault(reply: SearchReply) -> str:
            made = chosen(page.view, reply)
            return made.why if isinstance(made, Misread) else self.policy.fault(page, reply)

        try:
            reply = await self.desk.ask(self.policy.reply, shown.prompt, page.at, check=fault)
        except NoReplyError as error:
            await self.desk.fell_back(page.at, error)
            return await self._without(page)
        made = chosen(page.view, reply)
        assert not isinstance(made, Misread)
        if isinstance(made, Done):
            return made
        said = reply.model_dump_json(include=set(_OWN), exclude_defaults=True)
        return replace(made, memory=self.policy.carried(page, reply), said=said)

    async def _without(self, page: Page) -> ToolCall | Noted | Done:
        """Return the fallback's choice; where no call is left, its conclusion."""
        ending = page.view.ending
        view = replace(page.view, calls_left=0) if ending else page.view
        made = await self.fallback.next(view)
        if isinstance(made, ToolCall):
            return replace(made, memory=self.policy.carried(page, None))
        return replace(made, stopped=ending) if isinstance(made, Done) and ending else made


def _given_up(view: SearcherView) -> bool:
    """Say whether the model could not choose the last steps: it is not asked at each one again."""
    last = [step for step in view.steps if step.number > 1][-GIVE_UP:]
    return len(last) == GIVE_UP and not any(step.call.said for step in last)


def _first(view: SearcherView) -> ToolCall:
    """Return the call that needs no model: an address the person typed, else the first query."""
    thought = view.task.question
    if view.typed and "open" in view.source.tools:
        return ToolCall(tool="open", arguments={"hit": {"uri": view.typed[0]}}, thought=thought)
    tool = "chunk_search" if "chunk_search" in view.source.tools else "search"
    query = (view.task.queries or (view.task.question,))[0]
    return ToolCall(tool=tool, arguments={"query": query, "limit": LIMIT}, thought=thought)
