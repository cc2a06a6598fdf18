"""Steps as a conversation: what the model said, and what came of it or a placeholder for it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from quaestor.agents.chat.searching.page import Page
from quaestor.agents.orders import query_of
from quaestor.agents.roles.searcher import Step, ToolCall
from quaestor.memory.labels import one_line
from quaestor.tools.models.messages import Prompt, Turn
from quaestor.tools.models.tokens import estimate_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation that fits, and what of it was lost for that."""

    prompt: Prompt
    cut: bool
    """A result meant to be whole is a placeholder, or a turn is gone."""


def talk(
    page: Page, system: str, opening: str, *, steps: Sequence[Step], whole: Collection[int]
) -> Talk:
    """Return system, opening, and a turn each for what the model said and what it got.

    Where it does not fit, the oldest whole results become placeholders, then the oldest turns
    go; what the model said is never changed.

    Args:
        page: The choice.
        system: What the model is to do.
        opening: The first turn.
        steps: To show, the oldest first.
        whole: Numbers of those whose results are shown.
    """
    fixed = [system, opening, page.closing()]
    left = page.room - estimate_all(fixed)
    pairs = [(step, said(step), _result(page, step, whole)) for step in steps]
    costs = [estimate_all([mine, got]) for _, mine, got in pairs]
    cut = False
    for place, (step, mine, _) in enumerate(pairs[:-1]):
        if sum(costs) <= left:
            break
        if step.number in whole:
            cut = True
            pairs[place] = (step, mine, placeholder(step))
            costs[place] = estimate_all([mine, placeholder(step)])
    gone = 0
    while gone < len(pairs) - 1 and sum(costs[gone:]) > left:
        gone += 1
    turns = [Turn(speaker="user", text=_since(opening, pairs[gone][0] if gone else None))]
    for _, mine, got in pairs[gone:]:
        turns += [Turn(speaker="assistant", text=mine), Turn(speaker="user", text=got)]
    prompt = Prompt(system=system, turns=tuple(turns))
    closed = prompt.and_then(Turn(speaker="user", text=page.closing()))
    return Talk(prompt=closed, cut=cut or gone > 0)


def said(step: Step) -> str:
    """Return what the model said when it chose a step; of a call it did not choose, the call."""
    return step.call.said or _called(step.call)


def placeholder(step: Step) -> str:
    """Return what stands in place of a result that is left out."""
    return f"Result of step {step.number}: left out to save room; recall {step.number} shows it."


def _result(page: Page, step: Step, whole: Collection[int]) -> str:
    return page.result(step) if step.number in whole else placeholder(step)


def _called(call: ToolCall) -> str:
    shown = {"action": call.tool, "query": one_line(query_of(call), 300)}
    return json.dumps(shown, ensure_ascii=False)


def _since(opening: str, first: Step | None) -> str:
    if first is None or first.number <= 1:
        return opening
    return f"{opening}\nSteps before step {first.number} are not shown; recall shows one again."
