"""What a searcher's graph does with what a chooser chooses, whoever it is."""

from pathlib import Path
from typing import Any

import pytest

from quaestor.agents.roles.searcher import Done, Noted, SearcherView, ToolCall
from quaestor.memory.finding import Finding
from tests.fakes import Shelf
from tests.graphs.searchers import Scripted, calls, search, setup_of

TEXTS = {
    f"Pintail {name}": f"The range of the Pintail {name} is {number}00 km. It carries sheep."
    for number, name in enumerate(("one", "two", "three"), 1)
}


def web() -> Shelf:
    return Shelf("web", TEXTS, kind="web", remote=True)


def find(query: str) -> ToolCall:
    return ToolCall(tool="search", arguments={"query": query, "limit": 10}, thought=query)


def read(uri: str) -> ToolCall:
    return ToolCall(tool="open", arguments={"hit": {"uri": uri}}, thought="range")


def again(step: Any) -> ToolCall:
    return ToolCall(tool="recall", arguments={"step": step}, thought="")


END = Done(conclusion="c", hypotheses=("h",), stopped="answered")


async def run(
    home: Path, *script: Any, steps: int = 8
) -> tuple[Finding, list[SearcherView], Shelf]:
    chooser, shelf = Scripted(script), web()
    found = await search(setup_of(home, shelf, chooser=chooser, steps=steps))
    return found, chooser.views, shelf


async def test_a_call_made_before_is_noticed_and_not_made(home: Path) -> None:
    found, views, shelf = await run(home, find("Pintail"), find("Pintail"), END)
    assert shelf.asked == [("search", "Pintail")]
    assert views[2].steps[1].error == (
        "this call was made before, at step 1: its result is readable there"
    )
    assert views[2].steps[1].hits == ()
    assert len(views[2].steps[0].hits) == 3
    assert found.queries == ("Pintail",)


async def test_an_earlier_result_is_shown_again_without_a_call(home: Path) -> None:
    script = (find("Pintail"), read("Pintail two"), again(2), again(1), END)
    found, views, shelf = await run(home, *script)
    first, second, third, fourth = views[4].steps
    assert [one.text for one in third.passages] == [one.text for one in second.passages]
    assert third.passages
    assert fourth.hits == first.hits
    assert len(shelf.asked) == 2
    assert views[4].ending == ""
    assert found.stopped == "answered"


@pytest.mark.parametrize("step", [0, 2, 9, "1", True, None])
async def test_a_step_that_is_not_there_cannot_be_shown(home: Path, step: Any) -> None:
    _, views, shelf = await run(home, find("Pintail"), again(step), END)
    assert "there is no step" in views[2].steps[1].error
    assert len(shelf.asked) == 1


@pytest.mark.parametrize(
    ("call", "why"),
    [
        pytest.param(
            ToolCall(tool="browse", arguments={}, thought=""), "no such tool", id="unknown tool"
        ),
        pytest.param(
            ToolCall(tool="search", arguments={"query": 7, "limit": 1}, thought=""),
            "must be a text",
            id="a number for a text",
        ),
        pytest.param(read("https://evil.example/"), "brought by no search", id="a made-up page"),
    ],
)
async def test_a_mistaken_call_is_a_failed_step_that_is_shown(
    home: Path, call: ToolCall, why: str
) -> None:
    _, views, shelf = await run(home, find("Pintail"), call, END)
    assert why in views[2].steps[1].error
    assert len(shelf.asked) == 1


async def test_three_steps_in_a_row_that_bring_nothing_end_the_search(home: Path) -> None:
    near = [find("range of the Pintail"), find("Pintail range"), find("the range, Pintail")]
    _, views, _ = await run(home, *near, read("https://evil.example/"), END)
    assert [view.ending for view in views] == ["", "", "", "", "nothing_new"]


async def test_whoever_goes_on_after_that_is_stopped(home: Path) -> None:
    found, views, _ = await run(home, find("Pintail"), steps=40)
    assert [view.ending for view in views[3:]] == ["", *["nothing_new"] * 4]
    assert found.stopped == "nothing_new"


async def test_repeats_in_all_count_as_a_share_of_a_long_search(home: Path) -> None:
    script: list[ToolCall] = []
    for number in range(24):
        script += [find(f"subject{number}"), find(f"topic{number}"), find(f"topic{number}")]
    _, views, _ = await run(home, *script, END, steps=200)
    # Five of the first fifteen are repeats, which is more than a quarter.
    assert [view.taken for view in views if view.ending][:1] == [15]


async def test_at_the_last_step_a_searcher_is_asked_to_conclude(home: Path) -> None:
    found, views, _ = await run(home, find("a1"), find("b2"), END, steps=2)
    assert [view.ending for view in views] == ["", "", "steps"]
    assert found.conclusion == "c"
    goes_on, _, shelf = await run(home / "other", find("a1"), find("b2"), find("c3"), steps=2)
    assert (goes_on.stopped, len(shelf.asked)) == ("steps", 2)


async def test_a_note_changes_the_memory_and_is_no_step(home: Path) -> None:
    _, views, _ = await run(home, find("Pintail"), Noted(memory="M"), END)
    assert [(view.taken, view.memory) for view in views] == [(0, ""), (1, ""), (1, "M")]


class Short(Scripted):
    """Looks at its last two steps only."""

    @property
    def window(self) -> int | None:
        return 2


async def test_a_chooser_that_looks_back_little_is_shown_little(home: Path) -> None:
    chooser = Short([*(find(f"subject{number}") for number in range(5)), END])
    found = await search(setup_of(home, web(), chooser=chooser))
    assert [step.number for step in chooser.views[5].steps] == [4, 5]
    assert chooser.views[5].taken == 5
    assert len(found.queries) == 5


async def test_what_is_chosen_is_asked_once(home: Path) -> None:
    setup = setup_of(home, web(), chooser=Scripted([find("Pintail"), read("Pintail one"), END]))
    await search(setup)
    assert sorted(await calls(setup)) == [("fetch", "done"), ("search", "done")]
