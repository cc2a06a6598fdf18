"""A branch's steps: plan a round, and refine what its searchers brought."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quaestor.agents.faults import broke, stops_the_run
from quaestor.agents.refiner import refine_findings
from quaestor.agents.roles.planner import Planned, Planner, PlanView
from quaestor.agents.workplace import Workplace, read_passages
from quaestor.errors import IntegrityError
from quaestor.memory.calls import Ask
from quaestor.memory.evidence import Retained
from quaestor.memory.finding import Finding, Gap
from quaestor.memory.plan import Brief, Depth, Plan, Task, fill


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A planned round."""

    plan: Plan
    """All tasks so far, the new ones last."""
    ready: tuple[Task, ...]
    """Those to send out now, with `#n` filled in."""
    blocked: tuple[Finding, ...]
    """Tasks that never can be asked, because what they need was not found."""
    gaps: tuple[Gap, ...]


async def brief_of(planner: Planner, question: str, *, as_of: str, depth: Depth = "deep") -> Brief:
    """Return what the report must contain; the plainest brief where the planner breaks."""
    try:
        brief = await planner.brief(question, as_of=as_of)
    except Exception as error:
        if stops_the_run(error):
            raise
        brief = Brief(answer_type="text", parts=(question,), as_of=as_of)
    return replace(brief, depth=depth)


async def plan_round(
    place: Workplace,
    *,
    question: str,
    brief: Brief,
    plan: Plan,
    findings: Sequence[Finding],
    known: Sequence[Finding],
    number: int,
) -> Round:
    """Let the planner add tasks, check them, and say which can go out now.

    Args:
        place: The branch's.
        question: The person's.
        brief: What the report must contain.
        plan: So far.
        findings: Of the tasks done.
        known: The public branch's findings, in the private branch's second pass.
        number: Of the round, from 0.
    """
    view = PlanView(
        question=question,
        brief=brief,
        branch=place.branch,
        sources=place.cards,
        plan=plan,
        findings=tuple(findings),
        round=number,
        known=tuple(known),
        max_tasks=place.limits.tasks,
        rounds=place.limits.rounds,
    )
    try:
        planned = await place.planner.plan(view)
    except Exception as error:
        if stops_the_run(error):
            raise
        planned = Planned(gaps=(broke("planner", question, error),))
    plan, refused = _add(place, plan, planned)
    done = {finding.task: finding for finding in findings}
    answers = [_answer(done.get(task.id)) for task in plan.tasks]
    ready: list[Task] = []
    blocked: list[Finding] = []
    for task in plan.ready(list(done)):
        if task.id in done:
            continue
        unknown = [need for need in task.needs if not _answer(done.get(need))]
        if unknown:
            blocked.append(_blocked(place, task, plan, unknown))
        else:
            ready.append(_filled(task, answers))
    return Round(
        plan=plan,
        ready=tuple(ready),
        blocked=tuple(blocked),
        gaps=planned.gaps + refused,
    )


async def refine_round(
    place: Workplace, findings: Sequence[Finding], *, known: Sequence[Finding] = (), number: int = 0
) -> dict[str, Retained]:
    """Promote what fits the conclusions, note it, and return why each span is kept.

    Args:
        place: The branch's, or for the join the one that may see both.
        findings: Of the round.
        known: Findings from elsewhere whose conclusions may be seen here.
        number: Of the round, from 1; 0 for the join.

    Returns:
        Every span kept for these findings and the first reason for it, by evidence id.
    """
    named = [name for one in (*findings, *known) for name in (*one.kept, *one.seen)]
    passages = await read_passages(place.store, named)
    ask = Ask(branch=place.branch, task="", round=number, step=0)
    refined = await refine_findings(
        findings,
        passages,
        known=known,
        scorer=place.scorer,
        call=place.calls(ask),
        settings=place.refiner,
    )
    if refined.fallback:
        await place.fallbacks.add("refiner", ask, refined.fallback)
    reasons: dict[str, Retained] = {}
    for finding in findings:
        for name in finding.kept:
            reasons.setdefault(name, "instant")
    taken: dict[str, Retained] = {}
    for task in sorted(refined.by_task):
        for one in refined.by_task[task]:
            if one.retained_by is not None:
                taken.setdefault(one.evidence, one.retained_by)
    await place.sightings.promote(place.branch, taken)
    for name in sorted(taken):
        reasons.setdefault(name, taken[name])
    return reasons


def _add(place: Workplace, plan: Plan, planned: Planned) -> tuple[Plan, tuple[Gap, ...]]:
    """Add the tasks that can be carried out; what cannot is a gap, never an end."""
    refused: list[Gap] = []
    for task in planned.tasks[: place.limits.tasks]:
        if task.id in {known.id for known in plan.tasks}:
            continue  # asked before: a task already planned is never sent out again
        longer = replace(plan, tasks=(*plan.tasks, task))
        why = _fault(place, task, longer)
        if why:
            refused.append(Gap(kind="failed", what=task.question, why=why))
        else:
            plan = longer
    return plan, tuple(refused)


def _fault(place: Workplace, task: Task, plan: Plan) -> str:
    if task.source not in {card.name for card in place.cards}:
        return f"this branch has no source {task.source!r}"
    try:
        plan.check()
    except IntegrityError as error:
        return str(error)
    return ""


def _answer(finding: Finding | None) -> str:
    return finding.hypotheses[0] if finding and finding.hypotheses else ""


def _filled(task: Task, answers: Sequence[str]) -> Task:
    # The id stays that of the planned task: it is what was planned that is being done.
    return replace(
        task,
        question=fill(task.question, answers),
        queries=tuple(fill(query, answers) for query in task.queries),
    )


def _blocked(place: Workplace, task: Task, plan: Plan, unknown: Sequence[str]) -> Finding:
    questions = {known.id: known.question for known in plan.tasks}
    why = "it needs the answer to " + " and ".join(f'"{questions[need]}"' for need in unknown)
    return Finding(
        task=task.id,
        branch=place.branch,
        question=task.question,
        source=task.source,
        kept=(),
        seen=(),
        hypotheses=(),
        conclusion="",
        gaps=(Gap(kind="not_found", what=task.question, why=why, source=task.source),),
        stopped="blocked",
    )
