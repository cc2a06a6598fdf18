"""When questions are the same, too broad, or broader: told by their words."""

import pytest

from quaestor.agents.chat.planning.wording import gist, is_broader, listed, nearly_same, too_broad
from tests.agents.chat.plan_views import PARTS, QUESTION

LONG = "yearly cargo crew fuel cost toll harbour pilot figures"
"""Nine words: one that differs on either side leaves more than four fifths in common."""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Who built the Eider?", "the EIDER: built by whom", True, id="any order"),
        pytest.param("Who built the Eider?", "Who built the Pintail?", False, id="another name"),
        pytest.param("船の長さ", "船の重さ", False, id="another word of a script without spaces"),
        pytest.param(
            "who is he", "what is he", False, id="small words count if there are no other"
        ),
    ],
)
def test_the_gist_of_two_questions(one: str, other: str, same: bool) -> None:
    assert (gist(one) == gist(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(
            "yearly cargo crew and fuel figures of Eider",
            "yearly cargo crew and fuel of Eider",
            True,
            id="one plain word more",
        ),
        pytest.param(
            f"{LONG} of Eider in 2020",
            f"{LONG} of Eider in 2021",
            False,
            id="another year",
        ),
        pytest.param(
            f"{LONG} of Eider",
            f"{LONG} of Pintail",
            False,
            id="another name",
        ),
        pytest.param(
            f"{LONG} of #1",
            f"{LONG} of #2",
            False,
            id="another task's answer",
        ),
        pytest.param(f"Who kept {LONG}?", f"When kept {LONG}?", False, id="who and when"),
        pytest.param("crew of Eider", "cargo of Eider", False, id="too few words in common"),
    ],
)
def test_questions_that_differ_in_plain_words_alone_are_nearly_the_same(
    one: str, other: str, same: bool
) -> None:
    assert nearly_same(one, other) is same


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("Crews of Pintail, Eider and Merganser in 2020", 3, id="commas and and"),
        pytest.param("Pintail vs. Eider vs Merganser vs Teal", 4, id="versus"),
        pytest.param("Reichweite von Pintail, Eider und Teal", 3, id="German"),
        pytest.param("Is Pintail or Eider older?", 2, id="two"),
        pytest.param("mayor of Paris, Texas, USA", 0, id="one place with commas"),
        pytest.param("price, range and crew of Eider", 0, id="attributes are no things"),
        pytest.param("When did Anna sail on Eider to Oslo?", 0, id="names that are not listed"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_things_of_a_list_are_counted(text: str, count: int) -> None:
    assert listed(text) == count


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        pytest.param("What is the range of the Pintail?", "", id="a part"),
        pytest.param(QUESTION, "nearly the whole", id="the whole question"),
        pytest.param(
            "range of the Pintail, and when the Eider was built in all", "nearly", id="reworded"
        ),
        pytest.param("Crew of Pintail, Eider and Teal", "three or more", id="three things"),
        pytest.param(" ".join(["range"] * 41), "40 words", id="41 words"),
        pytest.param(" ".join(["range"] * 40), "", id="40 words"),
        pytest.param("航" * 401, "40 words", id="401 characters without spaces"),
    ],
)
def test_what_is_too_broad_for_one_searcher(asked: str, why: str) -> None:
    found = too_broad(asked, question=QUESTION, parts=PARTS)
    assert why in found
    assert bool(found) is bool(why)


def test_a_question_of_one_part_may_be_asked_whole() -> None:
    assert too_broad(QUESTION, question=QUESTION, parts=("two facts of ships",)) == ""


def test_broader_is_the_same_subject_in_fewer_words() -> None:
    assert is_broader("Eider ferry", "crew of the Eider ferry in May 1998")
    assert not is_broader("crew of the Eider ferry in June 1999", "crew of the Eider in May 1998")
    assert not is_broader("Teal", "crew of the Eider ferry in May 1998")
