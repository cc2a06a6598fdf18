"""The planner without a model: what a question's form says must be asked of whom."""

from collections.abc import Iterator, Sequence

from quaestor.agents.extractive.names import names
from quaestor.agents.extractive.questions import Question, read_question, relation_query
from quaestor.agents.extractive.tables import attributes_of, things_of
from quaestor.agents.roles.planner import Planned, PlanView
from quaestor.agents.roles.shown import SourceCard
from quaestor.memory.finding import Finding, Gap
from quaestor.memory.plan import Brief, Task
from quaestor.tools.web.typed import is_locator

_QUERIES = 4
"""A task starts with at most so many."""
_LEADS = 2
"""Names of other findings that are followed in a round."""


class ExtractivePlanner:
    """Splits a question by its form: a thing compared, a part of a report is a task each.

    A chain ("the founder of the maker of ...") is one task: its searcher follows it. Later rounds
    ask another source about what one source found, where the question is still open.
    """

    async def brief(self, question: str, *, as_of: str) -> Brief:
        """Return what the report must contain, from the question alone."""
        form = read_question(question)
        return Brief(
            answer_type=form.answer_type,
            parts=form.parts,
            options=form.options or things_of(form),
            constraints=form.constraints,
            as_of=as_of,
            language=form.language,
        )

    async def plan(self, view: PlanView) -> Planned:
        """Return the tasks to add for this round; none when nothing new can be gained."""
        known = {task.id for task in view.plan.tasks}
        tasks = [task for task in _tasks(view) if task.id not in known]
        tasks = list({task.id: task for task in tasks}.values())[: view.max_tasks]
        gaps = () if tasks or not view.known else tuple(_closed(view))
        return Planned(tasks=tuple(tasks), gaps=gaps)


def _tasks(view: PlanView) -> Iterator[Task]:
    if not view.plan.tasks:
        for source in view.sources:
            yield from _first(view, source)
    elif view.known:
        for source in view.sources:
            yield from _further(view, source, view.known)
    elif not _is_answered(view.findings):
        for source in view.sources:
            others = [found for found in view.findings if found.source != source.name]
            yield from _further(view, source, others)


def _first(view: PlanView, source: SourceCard) -> Iterator[Task]:
    """Yield a task for each option, thing or part."""
    for part in read_question(view.question).parts:
        form = read_question(part)
        things = form.options or things_of(form)
        if len(things) < 2:
            queries = [part, *(name.text for name in form.names if not name.initial)]
            yield _task(view, source, part, queries)
            continue
        by = " ".join(attributes_of(form)) or relation_query(form)
        for thing in things:
            asked = f"{thing} {by}".strip()
            yield _task(view, source, asked, [asked, thing])


def _further(view: PlanView, source: SourceCard, found: Sequence[Finding]) -> Iterator[Task]:
    """Yield the question again with the names that others came to and it does not hold."""
    form = read_question(view.question)
    for lead in _leads(form, found)[:_LEADS]:
        queries = [f"{lead} {relation_query(form, 3)}", lead]
        yield _task(view, source, f"{lead}: {form.text}", queries)


def _leads(form: Question, found: Sequence[Finding]) -> list[str]:
    """Return the names in answers and conclusions that the question does not hold, best first."""
    texts = [text for one in found for text in one.hypotheses]
    texts += [one.conclusion for one in found]
    leads: dict[str, str] = {}
    for text in texts:
        for name in names(text):
            if name.initial or is_locator(name.text):
                continue
            if f" {name.key} " not in form.flat:
                leads.setdefault(name.key, name.text)
    return list(leads.values())


def _task(view: PlanView, source: SourceCard, question: str, queries: Sequence[str]) -> Task:
    return Task.of(
        question,
        branch=view.branch,
        source=source.name,
        queries=tuple(dict.fromkeys(queries))[:_QUERIES],
    )


def _is_answered(findings: Sequence[Finding]) -> bool:
    return any(finding.hypotheses for finding in findings)


def _closed(view: PlanView) -> Iterator[Gap]:
    """Yield why the question stays open where only a private name could carry it further."""
    if _is_answered([*view.findings, *view.known]):
        return
    form = read_question(view.question)
    public = set(_leads(form, view.known))
    private = [lead for lead in _leads(form, view.findings) if lead not in public]
    if private:
        yield Gap(
            kind="private",
            what=view.question,
            why=f"the private documents lead to {private[0]}, and what only they say is never "
            "put into a query to the web; ask about it yourself if it may be known",
        )
