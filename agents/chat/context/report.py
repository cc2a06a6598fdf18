"""report: the question, a report that the model writes anew at each step, and the last step."""

from dataclasses import dataclass

from quaestor.agents.chat.context.conversation import talk
from quaestor.agents.chat.context.policy import ContextPolicy, Shown
from quaestor.agents.chat.searching.page import Page
from quaestor.agents.chat.searching.replies import ReportReply, SearchReply
from quaestor.tools.models.tokens import clip

MOST_REPORT = 1_600
"""Tokens of a report: what of it is longer is cut by code."""


@dataclass(frozen=True, slots=True)
class Report(ContextPolicy):
    """Rebuilds the prompt at each step; thoughts and older results are gone.

    The prompt is as long at the two thousandth step as at the third, and who knows question,
    report and last step can go on.

    Source:
        Chen et al. "IterResearch: Rethinking Long-Horizon Agents via Markovian State
        Reconstruction." 2025, state (q, M, {a, TR}).
    """

    @property
    def reply(self) -> type[SearchReply]:
        """What the model is asked to reply with."""
        return ReportReply

    def shown(self, page: Page) -> Shown:
        """Return the question, the report and the last step."""
        opening = page.opening()
        if page.view.memory:
            opening += f"\n\nYour report so far:\n{page.desk.enclosed(page.view.memory)}"
        told = talk(
            page,
            page.system("search", "search_report"),
            opening,
            steps=page.view.steps[-1:],
            whole={page.view.taken},
        )
        return Shown(prompt=told.prompt)

    def carried(self, page: Page, reply: SearchReply | None) -> str:
        """Return the report as it now stands; the old one where the reply has none."""
        if not isinstance(reply, ReportReply):
            return ""
        return clip(reply.report.strip(), min(MOST_REPORT, page.desk.room // 6))
