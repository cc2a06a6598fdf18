"""The planner with a model: it proposes parts and tasks, and code keeps those that are sound."""

from dataclasses import dataclass
from typing import NoReturn

from quaestor.agents.chat.planning.briefing import BriefReply, brief_fault, brief_of, brief_prompt
from quaestor.agents.chat.planning.mending import ask_leniently
from quaestor.agents.chat.planning.missing import close
from quaestor.agents.chat.planning.plans import sift
from quaestor.agents.chat.planning.prompt import plan_prompt
from quaestor.agents.chat.planning.replies import PlanReply
from quaestor.agents.roles.planner import Planned, Planner, PlanView
from quaestor.memory.calls import Ask
from quaestor.memory.plan import Brief, Task
from quaestor.tools.models.desk import Desk, NoReplyError
from quaestor.tools.models.lessons import LESSONS
from quaestor.tools.text.words import content_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPlanner:
    """Asks a model what the report needs and what to ask whom.

    What it says decides neither sources nor budgets: a task for a source the branch does not
    have, a cycle, a chain too long or a question too broad is sent back once and then left out.
    """

    desk: Desk
    fallback: Planner

    async def brief(self, question: str, *, as_of: str) -> Brief:
        """Return what the report must contain, from the question alone."""
        prompt = brief_prompt(question, as_of=as_of, room=self.desk.room)
        try:
            reply = await ask_leniently(
                self.desk,
                BriefReply,
                prompt,
                LESSONS,
                check=lambda said: brief_fault(said, question=question, as_of=as_of),
            )
            return brief_of(reply, question=question, as_of=as_of) or self._unusable()
        except NoReplyError as error:
            await self.desk.fell_back(LESSONS, error)
            return await self.fallback.brief(question, as_of=as_of)

    async def plan(self, view: PlanView) -> Planned:
        """Return the tasks to add for this round.

        Where the model adds none while a part of the brief has no answer, that part is asked by
        itself, once in a run.
        """
        # The private branch plans in two passes that both begin at round 0.
        at = Ask(branch=view.branch, task="", round=view.round, step=1 if view.known else 0)

        def fault(said: PlanReply) -> str:
            sifted = sift(view, said)
            nothing = not (sifted.tasks or sifted.faults or view.plan.tasks)
            return "there is no task yet: plan at least one" if nothing else sifted.why

        try:
            reply = await ask_leniently(
                self.desk, PlanReply, plan_prompt(view, self.desk), at, check=fault
            )
            tasks = sift(view, reply).tasks
            if not tasks and not view.plan.tasks:
                self._unusable()
        except NoReplyError as error:
            await self.desk.fell_back(at, error)
            return await self.fallback.plan(view)
        if not tasks:
            return await self._closed(view, reply)
        if not view.plan.tasks and not any(_is_near(view.question, task) for task in tasks):
            # A model that plans beside the question, or in another language: it is asked as it
            # was typed, too.
            plain = (await self.fallback.plan(view)).tasks
            tasks = (*tasks[: max(1, view.max_tasks - len(plain))], *plain)[: view.max_tasks]
        return Planned(tasks=tasks)

    async def _closed(self, view: PlanView, reply: PlanReply) -> Planned:
        closing = close(view, covered=reply.covered, hopeless=reply.open)
        gaps = closing.gaps
        if view.known and not closing.tasks:
            # Why a question stays open that only a private name could carry further.
            gaps += (await self.fallback.plan(view)).gaps
        return Planned(tasks=closing.tasks, gaps=gaps)

    def _unusable(self) -> NoReturn:
        raise NoReplyError(self.desk.calls.endpoint.name, "invalid")


def _is_near(question: str, task: Task) -> bool:
    """Say whether a task has a content word of the question."""
    asked = set(content_terms(question))
    return bool(asked & set(content_terms(" ".join((task.question, *task.queries)))))
