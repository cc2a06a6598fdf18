"""The searcher's steps: choose, act, keep, and what it brings back at the end.

Each is a function of ids and of what the ledger holds, so that running one again after a crash
gives what the first run gave.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from quaestor.agents.faults import broke
from quaestor.agents.refiner import Retention, refine_result
from quaestor.agents.roles import Done, Passage, SearcherView, Step, ToolCall
from quaestor.agents.workplace import Workplace, passage_of
from quaestor.memory.calls import Ask
from quaestor.memory.evidence import Sighting
from quaestor.memory.finding import Finding, Gap, PageRead
from quaestor.memory.plan import Brief, Task
from quaestor.memory.text import canonical
from quaestor.tools.brought import Brought


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenStep:
    """A step a searcher has taken: what it called, and what of the result it kept."""

    call: ToolCall
    key: str
    """Of the ledger's call, which holds the result."""
    retained: tuple[Retention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a searcher is sent out with."""

    question: str
    """The person's."""
    brief: Brief
    task: Task
    """With `#n` filled in."""
    round: int


async def choose(place: Workplace, order: Order, steps: Sequence[TakenStep]) -> ToolCall | Done:
    """Return the next call, or the end; a call made before is the end too."""
    left = place.limits.steps - len(steps)
    view = SearcherView(
        question=order.question,
        brief=order.brief,
        task=order.task,
        source=place.card(order.task.source),
        typed=place.toolbox.typed(order.task.source, order.question),
        steps=tuple([await _step(place, number, step) for number, step in enumerate(steps, 1)]),
        max_steps=place.limits.steps,
        calls_left=left,
    )
    chosen = await place.next_step.next(view)
    if isinstance(chosen, ToolCall) and left <= 0:
        return Done(conclusion="", hypotheses=(), stopped="steps")
    if isinstance(chosen, ToolCall) and _repeats(chosen, steps):
        return Done(conclusion="", hypotheses=(), stopped="nothing_new")
    return chosen


async def act(place: Workplace, order: Order, call: ToolCall, *, step: int) -> str:
    """Make the call and return its key in the ledger; one that may not be is a failed step."""
    ask = Ask(branch=place.branch, task=order.task.id, round=order.round, step=step)
    brought = await place.toolbox.use(
        call.tool, order.task.source, call.arguments, ask, question=order.question
    )
    return brought.key


async def keep(place: Workplace, order: Order, call: ToolCall, key: str, *, step: int) -> TakenStep:
    """Keep the share of the result that fits the thought before the call, and say so."""
    brought = await place.toolbox.recall(key)
    ask = Ask(branch=place.branch, task=order.task.id, round=order.round, step=step)
    refined = await refine_result(
        _passages(brought),
        call.thought,
        question=order.task.question,
        scorer=place.scorer,
        call=place.calls(ask),
        settings=place.refiner,
    )
    if refined.fallback:
        await place.fallbacks.add("refiner", ask, refined.fallback)
    ranks = {span.id: rank for rank, span in enumerate(brought.spans, start=1)}
    await place.sightings.add(
        [
            Sighting(
                evidence=one.evidence,
                branch=place.branch,
                task=order.task.id,
                step=step,
                tool=call.tool,
                query=query_of(call),
                rank=ranks[one.evidence],
                score=round(one.score, 6),
                retained_by=one.retained_by,
            )
            for one in refined.retained
        ]
    )
    return TakenStep(call=call, key=key, retained=refined.retained)


async def conclude(
    place: Workplace, order: Order, steps: Sequence[TakenStep], done: Done
) -> Finding:
    """Return what the searcher brings back."""
    kept = [one.evidence for step in steps for one in step.retained if one.retained_by]
    seen = [one.evidence for step in steps for one in step.retained if not one.retained_by]
    brought = [await place.toolbox.recall(step.key) for step in steps]
    failures = dict.fromkeys(
        Gap(kind=one.gap, what=order.task.question, why=one.error, source=order.task.source)
        for one in brought
        if one.error and one.gap
    )
    queries = tuple(dict.fromkeys(query_of(step.call) for step in steps))
    return Finding(
        task=order.task.id,
        branch=place.branch,
        question=order.task.question,
        source=order.task.source,
        kept=tuple(dict.fromkeys(kept)),
        seen=tuple(name for name in dict.fromkeys(seen) if name not in kept),
        hypotheses=done.hypotheses,
        conclusion=done.conclusion,
        queries=queries,
        gaps=tuple(failures) + done.gaps,
        pages=_pages(brought),
        stopped=done.stopped,
    )


def broken(place: Workplace, order: Order, error: Exception) -> Finding:
    """Return the finding of a worker that broke: a gap, and nothing else lost."""
    gap = replace(broke("searcher", order.task.question, error), source=order.task.source)
    return Finding(
        task=order.task.id,
        branch=place.branch,
        question=order.task.question,
        source=order.task.source,
        kept=(),
        seen=(),
        hypotheses=(),
        conclusion="",
        gaps=(gap,),
        stopped="failed",
    )


def query_of(call: ToolCall) -> str:
    """Return what a call asked for, in a reader's words."""
    match call.arguments:
        case {"query": str(query)}:
            return query
        case {"entity": str(entity)}:
            return entity
        case {"hit": {"uri": str(uri)}}:
            return uri
        case _:
            return "neighbours"


async def _step(place: Workplace, number: int, step: TakenStep) -> Step:
    brought = await place.toolbox.recall(step.key)
    decided = {one.evidence: one for one in step.retained}
    passages = [
        replace(
            passage,
            query=query_of(step.call),
            step=number,
            score=decided[passage.evidence].score,
            kept=decided[passage.evidence].retained_by is not None,
        )
        for passage in _passages(brought)
    ]
    return Step(
        call=step.call,
        passages=tuple(passages),
        hits=tuple(asdict(hit) for hit in brought.hits),
        error=brought.error,
        read=brought.read,
    )


def _passages(brought: Brought) -> list[Passage]:
    return [
        passage_of(span, brought.documents[span.document], rank=rank)
        for rank, span in enumerate(brought.spans, start=1)
    ]


def _pages(brought: Sequence[Brought]) -> tuple[PageRead, ...]:
    """Return how far each document was read that was opened."""
    pages: dict[str, PageRead] = {}
    for one in brought:
        if one.read is None:
            continue
        document, known = one.documents[one.read.document], pages.get(one.read.document)
        pages[document.id] = PageRead(
            document=document.id,
            uri=document.uri,
            title=document.title,
            stopped_at=max(one.read.end, known.stopped_at if known else 0),
            length=one.read.length,
        )
    return tuple(pages.values())


def _repeats(call: ToolCall, steps: Sequence[TakenStep]) -> bool:
    asked = canonical([call.tool, call.arguments])
    return any(asked == canonical([step.call.tool, step.call.arguments]) for step in steps)
