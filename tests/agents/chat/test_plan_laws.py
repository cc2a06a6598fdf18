"""Whatever a model sends, what is planned can be carried out."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.chat.planner import ChatPlanner
from quaestor.agents.chat.planning.plans import DEEPEST, sift
from quaestor.agents.chat.planning.replies import PlanReply
from quaestor.agents.extractive.planner import ExtractivePlanner
from quaestor.agents.roles.planner import PlanView
from quaestor.memory.plan import Task
from quaestor.testing import GarbageModel, HashModel
from quaestor.testing.double import Double
from quaestor.tools.models.messages import Said
from quaestor.tools.models.replies import value_of
from tests.agents.chat.desks import office
from tests.agents.chat.plan_views import NOTES, WEB, found, task, view

BUILDER = task("Who built the Eider?")
BORN = task("Where was #1 born?", needs=[BUILDER])
LOST = task("Who owns the Pintail?", source="web")
OLD = (BUILDER, BORN, LOST)
NUMBERS = st.one_of(st.integers(-2, 12), st.sampled_from(["#1", "4", "x", None]))
WORDS = st.sampled_from(
    ["Eider", "Pintail", "born", "#1", "#4", "#5", "#6", "#99", "who", "built", "port", "範囲", ""]
)
QUESTIONS = st.lists(WORDS, max_size=6).map(" ".join)
TASKS = st.fixed_dictionaries(
    {"question": QUESTIONS},
    optional={
        "source": st.sampled_from(["notes", "web", "NOTES", "http://evil.example", ""]),
        "needs": st.lists(NUMBERS, max_size=3),
        "queries": st.lists(QUESTIONS, max_size=4),
        "broader": st.booleans(),
    },
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
REPLIES = st.fixed_dictionaries(
    {"tasks": st.lists(TASKS, max_size=9) | ANYTHING},
    optional={"covered": st.lists(NUMBERS) | ANYTHING, "open": st.lists(NUMBERS)},
)


def old_view(max_tasks: int, *, started: bool = True) -> PlanView:
    if not started:
        return view(max_tasks=max_tasks)
    return view(
        tasks=OLD,
        findings=[found(BUILDER, "Anna Berg"), found(LOST)],
        sources=[NOTES, WEB],
        max_tasks=max_tasks,
    )


def assert_sound(seen: PlanView, tasks: tuple[Task, ...]) -> None:
    assert len(tasks) <= seen.max_tasks
    plan, depths = seen.plan, {one.id: 1 for one in OLD} | {BORN.id: 2}
    for one in tasks:  # one by one, as a branch adds them
        plan = replace(plan, tasks=(*plan.tasks, one))
        plan.check()
        assert one.source in {"notes", "web"}
        assert one.queries
        depths[one.id] = 1 + max((depths[need] for need in one.needs), default=0)
        assert depths[one.id] <= DEEPEST
        assert not {LOST.id} & set(one.needs)


@given(reply=REPLIES, max_tasks=st.integers(1, 4), started=st.booleans())
def test_what_is_kept_of_any_reply_can_be_carried_out(
    reply: dict[str, Any], max_tasks: int, started: bool
) -> None:
    read = value_of(Said(text=json.dumps(reply)), PlanReply)
    if not isinstance(read, PlanReply):
        return
    seen = old_view(max_tasks, started=started)
    sifted = sift(seen, read)
    assert_sound(seen, sifted.tasks)
    assert sifted == sift(seen, read)
    asked = [(one.source, one.question) for one in (*seen.plan.tasks, *sifted.tasks)]
    assert len(set(asked)) == len(asked)


@given(reply=REPLIES)
def test_what_was_kept_once_is_not_kept_again(reply: dict[str, Any]) -> None:
    read = value_of(Said(text=json.dumps(reply)), PlanReply)
    if not isinstance(read, PlanReply):
        return
    seen = old_view(4)
    first = sift(seen, read).tasks
    after = replace(seen, plan=replace(seen.plan, tasks=(*seen.plan.tasks, *first)))
    repeats = [one for one in read.tasks if one.question in {task.question for task in first}]
    again = sift(after, read.model_copy(update={"tasks": repeats})).tasks
    assert not {(one.source, one.question) for one in again} & {
        (one.source, one.question) for one in first
    }


async def test_models_of_hashes_and_of_garbage_give_plans_that_can_be_carried_out(
    tmp_path: Path,
) -> None:
    models: list[Double] = [HashModel(), *(GarbageModel(seed=seed) for seed in range(12))]
    for number, model in enumerate(models):
        async with office(model, tmp_path / str(number)) as at:
            planner = ChatPlanner(desk=at.desk, fallback=ExtractivePlanner())
            brief = await planner.brief(view().question, as_of="2026-01-01")
            assert brief.parts
            for started in (False, True):
                seen = replace(old_view(4, started=started), brief=brief)
                made = await planner.plan(seen)
                assert_sound(seen, made.tasks)
                assert made.tasks or started
