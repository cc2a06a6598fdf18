"""The searcher's steps: choose, act, keep.

Each is a function of ids and of what the ledger holds, so that running one again after a crash
gives what the first run gave.
"""

from dataclasses import asdict, replace

from quaestor.agents.orders import RECALL, Order, query_of
from quaestor.agents.refiner import refine_result
from quaestor.agents.roles.searcher import (
    Done,
    Ending,
    LooksBack,
    Noted,
    SearcherView,
    Step,
    ToolCall,
)
from quaestor.agents.roles.shown import Passage
from quaestor.agents.trail import Link, TakenStep, links, longer
from quaestor.agents.workplace import Workplace, passage_of
from quaestor.memory.calls import Ask
from quaestor.memory.evidence import Sighting
from quaestor.tools.brought import Brought

_IN_A_ROW = 3
_IN_ALL = 5
_SHARE = 4
"""Steps that repeat earlier ones, or fail, after which a searcher is to conclude: so many in a
row, or so many in all that are also one in so many."""
_TOOL_KINDS = ("search", "fetch", "local_search", "local_read")


async def choose(place: Workplace, order: Order, head: str) -> ToolCall | Noted | Done:
    """Return the next call, a note, or the end.

    Args:
        place: The branch's.
        order: What the searcher was sent out with.
        head: Id of its trail's last link.
    """
    chooser = place.next_step
    window = chooser.window if isinstance(chooser, LooksBack) else None
    trail = await links(place.values, head, steps=window)
    last = trail[-1] if trail else None
    ending = _ending(place, last)
    view = SearcherView(
        question=order.question,
        brief=order.brief,
        task=order.task,
        source=place.card(order.task.source),
        typed=place.toolbox.typed(order.task.source, order.question),
        steps=tuple([await _step(place, link) for link in trail if link.step is not None]),
        max_steps=place.limits.steps,
        calls_left=place.limits.steps - (last.number if last else 0),
        branch=place.branch,
        round=order.round,
        taken=last.number if last else 0,
        memory=last.memory if last else "",
        ending=ending,
    )
    chosen = await chooser.next(view)
    if isinstance(chosen, ToolCall) and (ending == "steps" or _is_lost(last)):
        return Done(conclusion="", hypotheses=(), stopped=ending or "nothing_new")
    return chosen


async def act(place: Workplace, order: Order, call: ToolCall, *, step: int) -> str:
    """Make the call and return its key in the ledger; one that may not be is a failed step.

    A call made before is not made again: the ledger gives its result. The key of a `recall` is
    that of the step it names, empty where there is none.
    """
    if call.tool == RECALL:
        return await place.ledger.key_at(
            place.branch, order.task.id, _number(call), kinds=_TOOL_KINDS, before=step
        )
    ask = Ask(branch=place.branch, task=order.task.id, round=order.round, step=step)
    brought = await place.toolbox.use(
        call.tool, order.task.source, call.arguments, ask, question=order.question
    )
    return brought.key


async def follow(
    place: Workplace, order: Order, call: ToolCall, key: str, *, head: str
) -> tuple[Link, TakenStep]:
    """Return the link that a step adds to the trail, and the step."""
    trail = await links(place.values, head, steps=0)
    last = trail[-1] if trail else None
    step = (last.number if last else 0) + 1
    notice = await _notice(place, order, call, key, step=step)
    if notice or call.tool == RECALL:
        taken = TakenStep(call=call, key="" if notice else key, notice=notice)
        return longer(last, head, taken, query="", failed=False), taken
    taken = await keep(place, order, call, key, step=step)
    brought = await place.toolbox.recall(key)
    # What its chooser may not call; a source that fails is not its doing.
    mistaken = bool(brought.error) and brought.gap in (None, "refused")
    query = call.arguments.get("query")
    searched = query if isinstance(query, str) else ""
    return longer(last, head, taken, query=searched, failed=mistaken), taken


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


async def _step(place: Workplace, link: Link) -> Step:
    assert link.step is not None
    step = link.step
    if not step.key:
        return Step(call=step.call, passages=(), error=step.notice, number=link.number)
    brought = await place.toolbox.recall(step.key)
    decided = {one.evidence: one for one in step.retained}
    passages = [
        replace(
            passage,
            query=query_of(step.call),
            step=link.number,
            score=decided[passage.evidence].score if decided else 0.0,
            kept=bool(decided) and decided[passage.evidence].retained_by is not None,
        )
        for passage in _passages(brought)
    ]
    return Step(
        call=step.call,
        passages=tuple(passages),
        hits=tuple(asdict(hit) for hit in brought.hits),
        error=brought.error,
        read=brought.read,
        number=link.number,
    )


async def _notice(place: Workplace, order: Order, call: ToolCall, key: str, *, step: int) -> str:
    """Return what is said of a call that brings nothing new by itself."""
    if call.tool == RECALL:
        return "" if key else f"there is no step {_number(call)} with a result"
    first = await place.ledger.first_step(key, place.branch, order.task.id)
    if first is None or first >= step:
        return ""
    return f"this call was made before, at step {first}: its result is readable there"


def _ending(place: Workplace, last: Link | None) -> Ending:
    if last is None:
        return ""
    if last.number >= place.limits.steps:
        return "steps"
    worn = last.repeats >= max(_IN_ALL, last.number // _SHARE)
    return "nothing_new" if last.barren >= _IN_A_ROW or worn else ""


def _is_lost(last: Link | None) -> bool:
    """Say whether a chooser goes on and on after it was asked to conclude."""
    worn = last is not None and last.repeats >= 2 * max(_IN_ALL, last.number // _SHARE)
    return last is not None and (last.barren >= 2 * _IN_A_ROW or worn)


def _number(call: ToolCall) -> int:
    number = call.arguments.get("step")
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def _passages(brought: Brought) -> list[Passage]:
    return [
        passage_of(span, brought.documents[span.document], rank=rank)
        for rank, span in enumerate(brought.spans, start=1)
    ]
