"""A window over results: what the model said is never touched, what is left out can be read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.chat.context.full import Full
from quaestor.agents.chat.context.sliding import Sliding, in_window
from quaestor.agents.roles.searcher import Step
from quaestor.tools.models.messages import Turn
from quaestor.tools.models.tokens import estimate_all
from tests.agents.chat.search_views import hit, opened, page, searched, view


def steps_of(count: int, *, snippet: str = "tide") -> list[Step]:
    return [
        searched(
            number,
            hit(1, snippet=f"{snippet} {number}"),
            said=json.dumps({"thought": f"thöught {number}  ", "action": "search"}),
        )
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("taken", "shown"),
    [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (4, [3, 4]), (5, [3, 4, 5]), (6, [5, 6]), (0, [])],
)
def test_the_window_slides_by_two_when_three_are_held(taken: int, shown: list[int]) -> None:
    assert sorted(in_window(range(1, taken + 1), size=3, slide=2)) == shown


@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 200))
def test_the_window_is_what_a_queue_would_hold(size: int, slide: int, taken: int) -> None:
    slide = min(slide, size)
    held: list[int] = []
    for number in range(1, taken + 1):
        if len(held) == size:
            held = held[slide:]
        held.append(number)
    assert in_window(range(1, taken + 1), size=size, slide=slide) == frozenset(held)


def mine(turns: tuple[Turn, ...]) -> list[str]:
    return [turn.text for turn in turns if turn.speaker == "assistant"]


@given(st.integers(1, 32), st.integers(2_500, 30_000))
def test_what_the_model_said_stands_as_it_said_it(count: int, room: int) -> None:
    steps = steps_of(count, snippet="tide " * 80)
    shown = Sliding().shown(page(view(steps), room=room)).prompt
    said = [step.call.said for step in steps]
    kept = mine(shown.turns)
    assert kept == said[len(said) - len(kept) :]
    results = [number for number in range(1, count + 1) if f"[h{number}.1]" in str(shown.turns)]
    assert len(results) <= 3
    assert results[-1:] == [count]
    assert estimate_all([shown.system, *(turn.text for turn in shown.turns)]) <= room


def test_a_result_left_out_names_the_step_that_shows_it_again() -> None:
    shown = Sliding().shown(page(view(steps_of(4)))).prompt
    assert [turn.text.splitlines()[0] for turn in shown.turns[2:7:2]] == [
        "Result of step 1: left out to save room; recall 1 shows it.",
        "Result of step 2: left out to save room; recall 2 shows it.",
        "Result of step 3:",
    ]


def test_speakers_take_turns() -> None:
    shown = Sliding().shown(page(view(steps_of(7)))).prompt
    speakers = [turn.speaker for turn in shown.turns]
    assert speakers == ["user", "assistant"] * 7 + ["user"]


def test_full_shows_every_result_until_there_is_no_room() -> None:
    roomy = Full().shown(page(view(steps_of(20)), room=30_000))
    assert not roomy.cut
    assert all(f"[h{number}.1]" in str(roomy.prompt.turns) for number in range(1, 21))
    tight = Full().shown(page(view(steps_of(20, snippet="tide " * 100)), room=3_500))
    assert tight.cut
    assert "[h20.1]" in str(tight.prompt.turns)
    assert Full().window is None


def test_a_page_is_shown_within_its_share_of_the_room() -> None:
    long = opened(1, *(f"passage {number} " + "water " * 300 for number in range(10)))
    text = page(view([long]), room=4_000).result(long)
    assert estimate_all([text]) <= 4_000 // 4 + 60
    assert all(f"[p1.{number}]" in text for number in range(1, 11))
