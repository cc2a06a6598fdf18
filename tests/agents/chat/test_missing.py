"""Parts without an answer: asked by themselves once, then conceded."""

from pathlib import Path
from typing import Any

from quaestor.agents.chat.planner import ChatPlanner
from quaestor.agents.chat.planning.missing import close, own_words
from quaestor.agents.extractive.planner import ExtractivePlanner
from quaestor.agents.roles.planner import Planned, PlanView
from quaestor.testing import ScriptedModel
from tests.agents.chat.desks import office
from tests.agents.chat.plan_views import NOTES, PARTS, WEB, found, task, view

RANGE, BUILT = PARTS
NOTHING: dict[str, Any] = {"tasks": []}


async def plan(home: Path, seen: PlanView, reply: dict[str, Any]) -> Planned:
    async with office(ScriptedModel([reply]), home) as at:
        return await ChatPlanner(desk=at.desk, fallback=ExtractivePlanner()).plan(seen)


def test_parts_are_told_apart_by_the_words_the_others_do_not_have() -> None:
    parts = ("population of Oslo", "population of Bergen")
    assert own_words(parts[0], parts) == {"oslo"}
    assert own_words("population", ("population", "population of Oslo")) == {"popul"}


async def test_a_part_nobody_answered_is_asked_by_itself_where_least_was_asked(
    home: Path,
) -> None:
    done = task("How far does the Pintail go? Its range")
    seen = view(tasks=[done], findings=[found(done, "40 miles")], sources=[NOTES, WEB])
    made = await plan(home, seen, NOTHING)
    assert [(one.question, one.source, one.queries) for one in made.tasks] == [
        (BUILT, "web", (BUILT,))
    ]
    assert made.gaps == ()


async def test_a_part_that_names_nothing_is_searched_for_with_the_questions_names(
    home: Path,
) -> None:
    done = task(RANGE)
    seen = view(parts=[RANGE, "cost"], tasks=[done], findings=[found(done, "40 miles")])
    made = await plan(home, seen, NOTHING)
    assert [one.queries for one in made.tasks] == [("Pintail Eider cost", "cost")]


async def test_what_was_asked_by_itself_in_vain_is_conceded_and_not_asked_again(
    home: Path,
) -> None:
    done, built = task(RANGE), task(BUILT)
    seen = view(tasks=[done, built], findings=[found(done, "40 miles"), found(built, gap=False)])
    made = await plan(home, seen, NOTHING)
    assert made.tasks == ()
    assert [(gap.kind, gap.what, gap.source, gap.tried) for gap in made.gaps] == [
        ("not_found", BUILT, "notes", (BUILT,))
    ]


async def test_a_gap_its_searcher_has_named_is_not_named_twice(home: Path) -> None:
    done, built = task(RANGE), task(BUILT)
    seen = view(tasks=[done, built], findings=[found(done, "40 miles"), found(built)])
    assert await plan(home, seen, NOTHING) == Planned()


async def test_a_part_the_web_answered_is_not_searched_for_in_the_documents(home: Path) -> None:
    done, web = task(RANGE), task(BUILT, source="web")
    seen = view(
        tasks=[done], findings=[found(done, "40 miles")], known=[found(web, "1998")], round=0
    )
    assert (await plan(home, seen, NOTHING)).tasks == ()


async def test_a_part_the_model_calls_covered_is_left_alone(home: Path) -> None:
    done = task(RANGE)
    seen = view(tasks=[done], findings=[found(done, "40 miles; built 1998")])
    assert await plan(home, seen, {**NOTHING, "covered": [2]}) == Planned()


async def test_where_nothing_was_found_nothing_can_be_covered(home: Path) -> None:
    done = task("Who built the Eider?")
    seen = view(tasks=[done], findings=[found(done)])
    made = await plan(home, seen, {**NOTHING, "covered": [1, 2, 77]})
    assert [one.question for one in made.tasks] == [RANGE, BUILT]


async def test_a_part_called_hopeless_is_searched_for_unless_it_was_already(home: Path) -> None:
    done = task("In which year was the Eider built?")
    seen = view(tasks=[done], findings=[found(done)])
    made = await plan(home, seen, {**NOTHING, "open": [1, 2]})
    assert [one.question for one in made.tasks] == [RANGE]
    assert [gap.what for gap in made.gaps] == [BUILT]


async def test_tasks_under_way_are_waited_for_and_dead_ones_are_not(home: Path) -> None:
    done = task(RANGE)
    waiting = task("When was the Eider of #1 built?", needs=[done])
    alive = view(tasks=[done, waiting], findings=[found(done, "40 miles")])
    assert await plan(home, alive, NOTHING) == Planned()
    dead = view(tasks=[done, waiting], findings=[found(done)])
    assert [one.question for one in close(dead, covered=[], hopeless=[]).tasks] == [BUILT]


async def test_no_more_parts_are_asked_than_a_round_takes(home: Path) -> None:
    done = task("Who built the Eider?")
    seen = view(tasks=[done], findings=[found(done)], max_tasks=1)
    assert len((await plan(home, seen, NOTHING)).tasks) == 1
