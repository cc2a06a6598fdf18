"""Which parts of the brief a branch has nothing for: searched for once more, then conceded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quaestor.agents.chat.planning.wording import gist
from quaestor.agents.extractive.names import folded, names
from quaestor.agents.extractive.questions import read_question
from quaestor.agents.roles.planner import PlanView
from quaestor.agents.roles.shown import SourceCard
from quaestor.memory.finding import Finding, Gap
from quaestor.memory.plan import Task

_NAMES = 2
"""Of the question, put before a part that names nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What is done about parts that nothing carries."""

    tasks: tuple[Task, ...]
    gaps: tuple[Gap, ...]


def close(view: PlanView, *, covered: Sequence[int], hopeless: Sequence[int]) -> Closing:
    """Ask each missing part by itself once in a run, and name those where that was in vain.

    Args:
        view: Of a round to which the model added no task.
        covered: Numbers of the parts it says are answered.
        hopeless: Numbers of those it says cannot be.
    """
    tasks: list[Task] = []
    gaps: list[Gap] = []
    for number, part in enumerate(view.brief.parts, 1):
        if _is_carried(view, part) or (number in covered and _found_any(view)):
            continue
        tried = list(_searched(view, part, near=number in hopeless))
        if tried:
            gaps += _conceded(part, tried)
        elif not _is_asked(view, part) and len(tasks) < view.max_tasks:
            tasks.append(_task(view, part))
    return Closing(tasks=tuple(tasks), gaps=tuple(gaps))


def own_words(part: str, parts: Sequence[str]) -> frozenset[str]:
    """Return the words that tell a part from the others; all of them where none does."""
    others = [gist(other) for other in parts if other != part]
    return gist(part).difference(*others) or gist(part)


def _is_carried(view: PlanView, part: str) -> bool:
    """Say whether a finding answers a part, or a task under way may."""
    answered = [one.question for one in (*view.findings, *view.known) if one.hypotheses]
    return any(_speaks_of(view, asked, part) for asked in [*answered, *_pending(view)])


def _speaks_of(view: PlanView, asked: str, part: str) -> bool:
    own = own_words(part, view.brief.parts)
    return 2 * len(own & gist(asked)) >= len(own)


def _pending(view: PlanView) -> Iterator[str]:
    done = {one.task for one in view.findings}
    failed = {one.task for one in view.findings if not one.hypotheses}
    for task in view.plan.tasks:
        if failed.intersection(task.needs):
            failed.add(task.id)
        elif task.id not in done:
            yield task.question


def _found_any(view: PlanView) -> bool:
    """Say whether anything was found at all: without it nothing can be covered."""
    return any(one.kept or one.hypotheses for one in (*view.findings, *view.known))


def _is_asked(view: PlanView, part: str) -> bool:
    return any(gist(task.question) == gist(part) for task in view.plan.tasks)


def _searched(view: PlanView, part: str, *, near: bool) -> Iterator[Finding]:
    """Yield what came of asking a part by itself; with `near` also of asking about it."""
    for one in view.findings:
        in_vain = any(gap.kind == "not_found" for gap in one.gaps)
        if gist(one.question) == gist(part) or (
            near and in_vain and _speaks_of(view, one.question, part)
        ):
            yield one


def _conceded(part: str, tried: Sequence[Finding]) -> list[Gap]:
    named = [gap.what for one in tried for gap in one.gaps if gap.kind == "not_found"]
    if any(gist(what) == gist(part) for what in named):
        return []  # its searcher has said so
    queries = [query for one in tried for query in one.queries]
    return [
        Gap(
            kind="not_found",
            what=part,
            why="it was searched for by itself and nothing found answers it",
            tried=tuple(dict.fromkeys(queries)),
            source=tried[-1].source,
        )
    ]


def _task(view: PlanView, part: str) -> Task:
    query = part if names(part) else " ".join([*_names(view.question, part), part])
    return Task.of(
        part,
        branch=view.branch,
        source=_least_asked(view).name,
        queries=tuple(dict.fromkeys((query, part))),
    )


def _names(question: str, part: str) -> list[str]:
    """Return the names of a question that a part leaves out."""
    found = {name.key: name.text for name in read_question(question).names if not name.initial}
    return [text for key, text in found.items() if f" {key} " not in f" {folded(part)} "][:_NAMES]


def _least_asked(view: PlanView) -> SourceCard:
    """Return the source with the fewest tasks: where least was looked so far."""
    asked = [task.source for task in view.plan.tasks]
    return min(view.sources, key=lambda card: asked.count(card.name))
