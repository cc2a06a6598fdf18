"""resum: steps as they were until there is little room; then a summary in their place."""

import json
from dataclasses import dataclass

from quaestor.agents.chat.context.conversation import Talk, said, talk
from quaestor.agents.chat.context.policy import WINDOW, ContextPolicy, Shown
from quaestor.agents.chat.searching.page import Page
from quaestor.agents.chat.searching.replies import Summary
from quaestor.agents.roles.searcher import Step
from quaestor.tools.models.desk import NoReplyError
from quaestor.tools.models.messages import Prompt
from quaestor.tools.models.tokens import clip, estimate_all

MOST_SUMMARY = 3_000
"""Tokens of a summary: what of it is longer is cut by code."""
_MARKS = 200
"""Tokens that a result may take beside its room: head, marks, the least of each passage."""


@dataclass(frozen=True, slots=True)
class Resum(ContextPolicy):
    """Summarises what came since the last summary, and that one, and starts again from it.

    A summary that fails changes nothing; where there is no room left without one, the searcher
    is asked to conclude.

    Args:
        trigger: Share of the room at which a summary is due.
        rounds: Steps after which it is due in any case: no more are loaded.

    Source:
        Wu et al. "ReSum: Unlocking Long-Horizon Search Intelligence via Context Summarization."
        2025; there 0.9 of the room.
    """

    trigger: float = 0.9
    rounds: int = WINDOW - 8

    def shown(self, page: Page) -> Shown:
        """Return the question, the last summary, and the steps since."""
        told = _talk(page)
        return Shown(prompt=told.prompt, cut=told.cut or _lost(page))

    async def note(self, page: Page) -> str:
        """Return a summary where one is due; empty where it failed, too."""
        steps = _since(page)
        if page.view.ending or not steps or not self.is_due(page, steps):
            return ""
        upto, before = _memory(page)
        opening = page.opening() + (
            f"\n\nLast summary:\n{page.desk.enclosed(before)}" if upto else ""
        )
        history = _history(page, opening, steps)
        prompt = Prompt.of(page.system("summarise"), history)
        try:
            reply = await page.desk.ask(Summary, prompt, page.at, check=_empty)
        except NoReplyError as error:
            await page.desk.fell_back(page.at, error)
            return ""
        return _note(page.view.taken, clip(reply.summary.strip(), _most(page)))

    def is_due(self, page: Page, steps: list[Step]) -> bool:
        """Say whether these steps, all since the last summary, are to be summarised."""
        if len(steps) >= self.rounds:
            return True
        results = len(steps) * (page.most_result + _MARKS)
        fixed = estimate_all([page.system("search"), _opening(page), page.closing()])
        if fixed + estimate_all(map(said, steps)) + results < self.trigger * page.room:
            return False  # whatever the results say: most choices need not write them out
        told = _talk(page)
        size = estimate_all([told.prompt.system, *(turn.text for turn in told.prompt.turns)])
        return told.cut or size >= self.trigger * page.room


def _opening(page: Page) -> str:
    upto, summary = _memory(page)
    if not summary:
        return page.opening()
    return f"{page.opening()}\n\nSummary of steps 1 to {upto}:\n{page.desk.enclosed(summary)}"


def _talk(page: Page) -> Talk:
    steps = _since(page)
    system, whole = page.system("search"), {step.number for step in steps}
    return talk(page, system, _opening(page), steps=steps, whole=whole)


def _history(page: Page, opening: str, steps: list[Step]) -> str:
    """Return what is to be summarised; each result in its share of the room."""
    left = page.room - estimate_all([page.system("summarise"), opening])
    left -= estimate_all([said(step) for step in steps])
    results = [page.result(step) for step in steps]
    if estimate_all(results) > left:
        results = [page.result(step, left // len(steps)) for step in steps]
    told = [f"{said(step)}\n{got}" for step, got in zip(steps, results, strict=True)]
    return "\n\n".join([opening, *told, "Summarise this search."])


def _since(page: Page) -> list[Step]:
    upto, _ = _memory(page)
    return [step for step in page.view.steps if step.number > upto]


def _lost(page: Page) -> bool:
    """Say whether steps since the last summary are no longer loaded."""
    upto, _ = _memory(page)
    steps = _since(page)
    return page.view.taken > upto and (not steps or steps[0].number > upto + 1)


def _memory(page: Page) -> tuple[int, str]:
    if not page.view.memory:
        return 0, ""
    upto, summary = json.loads(page.view.memory)
    return int(upto), str(summary)


def _note(upto: int, summary: str) -> str:
    return json.dumps([upto, summary], ensure_ascii=False)


def _most(page: Page) -> int:
    return min(MOST_SUMMARY, page.desk.room // 4)


def _empty(reply: Summary) -> str:
    return "" if reply.summary.strip() else "the summary is empty"
