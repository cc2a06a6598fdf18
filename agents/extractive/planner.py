"""The planner without a model: what a question's form says must be asked of whom."""

from quaestor.agents.extractive.questions import Question, read_question, relation_query
from quaestor.agents.roles import Planned, PlanView, SourceCard
from quaestor.memory.plan import Brief, Task


class ExtractivePlanner:
    """Splits a question by its form: an option of a comparison and a part of a report a task."""

    async def brief(self, question: str, *, as_of: str) -> Brief:
        """Return what the report must contain, from the question alone."""
        form = read_question(question)
        return Brief(
            answer_type=form.answer_type,
            parts=form.parts,
            options=form.options,
            as_of=as_of,
            language=form.language,
        )

    async def plan(self, view: PlanView) -> Planned:
        """Return the tasks to add for this round."""
        if view.round:
            return Planned()
        form = read_question(view.question)
        tasks = [task for source in view.sources for task in _first_tasks(view, form, source)]
        return Planned(tasks=tuple(tasks[: view.max_tasks]))


def _first_tasks(view: PlanView, form: Question, source: SourceCard) -> list[Task]:
    if len(form.options) >= 2:
        return [
            Task.of(
                f"{option} {relation_query(form)}",
                branch=view.branch,
                source=source.name,
                queries=(f"{option} {relation_query(form)}", option),
            )
            for option in form.options
        ]
    queries = [view.question, *(name.text for name in form.names if not name.initial)]
    return [
        Task.of(
            view.question,
            branch=view.branch,
            source=source.name,
            queries=tuple(dict.fromkeys(queries[:4])),
        )
    ]
