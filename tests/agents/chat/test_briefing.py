"""The brief a model proposes, and what is kept of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from quaestor.agents.chat.planner import ChatPlanner
from quaestor.agents.extractive.planner import ExtractivePlanner
from quaestor.memory.plan import Brief
from quaestor.testing import ScriptedModel
from quaestor.testing.double import Reply
from tests.agents.chat.desks import office
from tests.agents.chat.plan_views import QUESTION

GOOD: Mapping[str, Any] = {
    "answer_type": "report",
    "parts": ["range of the Pintail", "when the Eider was built"],
    "language": "en",
}


async def brief(
    home: Path, *replies: Reply, question: str = QUESTION
) -> tuple[Brief, list[str], dict[str, int]]:
    async with office(ScriptedModel(list(replies)), home) as at:
        planner = ChatPlanner(desk=at.desk, fallback=ExtractivePlanner())
        made = await planner.brief(question, as_of="2026-01-01")
        return made, at.prompts, await at.fallbacks.counted()


async def test_a_good_brief_is_taken_as_it_is(home: Path) -> None:
    made, prompts, fallbacks = await brief(home, GOOD)
    assert made == Brief(
        answer_type="report",
        parts=("range of the Pintail", "when the Eider was built"),
        as_of="2026-01-01",
        language="en",
    )
    assert len(prompts) == 1
    assert QUESTION in prompts[0]
    assert fallbacks == {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"parts": []}, "parts is empty", id="no part"),
        pytest.param({"parts": ["range"] * 13}, "more than 12 parts", id="thirteen parts"),
        pytest.param({"parts": ["crew of the Teal"]}, "part 1 is not asked for", id="invented"),
        pytest.param(
            {"answer_type": "text", "parts": ["Costs"]}, "part 1 is not", id="a heading, no report"
        ),
        pytest.param(
            {"answer_type": "choice", "options": ["Pintail", "Teal"]},
            "two options that stand in the question",
            id="an option of its own",
        ),
        pytest.param({"as_of": "last May"}, "as_of is no YYYY-MM-DD", id="no date"),
        pytest.param({"as_of": "2024-05-01"}, "as_of is no", id="a date nobody named"),
        pytest.param({"answer_type": "poem"}, "answer_type", id="an unknown type"),
    ],
)
async def test_what_is_wrong_is_sent_back_once(
    home: Path, change: Mapping[str, Any], said: str
) -> None:
    made, prompts, fallbacks = await brief(home, {**GOOD, **change}, GOOD)
    assert made.parts == ("range of the Pintail", "when the Eider was built")
    assert said in prompts[1].rsplit("Your last reply", 1)[1]
    assert fallbacks == {}


async def test_what_stays_wrong_is_left_out(home: Path) -> None:
    bad = {
        "answer_type": "choice",
        "parts": ["range of the Pintail", "Crew of the Teal", "RANGE of Pintail"],
        "options": ["Pintail", "Teal"],
        "constraints": ["built", "in US dollars"],
        "as_of": "2030-01-01",
        "language": "English",
    }
    made, _, fallbacks = await brief(home, bad, bad)
    assert made == Brief(
        answer_type="text",
        parts=("range of the Pintail",),
        options=("Pintail",),
        constraints=("built",),
        as_of="2026-01-01",
        language="en",
    )
    assert fallbacks == {}


async def test_a_report_may_have_a_heading_of_its_own_that_names_nothing(home: Path) -> None:
    made, _, _ = await brief(home, {**GOOD, "parts": ["range of the Pintail", "Costs and risks"]})
    assert made.parts == ("range of the Pintail", "Costs and risks")


@pytest.mark.parametrize(
    ("said", "as_of"),
    [
        pytest.param("2024-05-01", "2024-05-01", id="a day gone by"),
        pytest.param("2030-05-01", "2026-01-01", id="a day to come"),
    ],
)
async def test_the_day_a_question_names_is_the_day_the_report_speaks_for(
    home: Path, said: str, as_of: str
) -> None:
    question = f"What is the range of the Pintail as of 1 May {said[:4]}?"
    reply = {"answer_type": "number", "parts": ["range of the Pintail"], "as_of": said}
    made, _, _ = await brief(home, reply, reply, question=question)
    assert made.as_of == as_of


async def test_a_brief_with_nothing_of_the_question_is_made_by_form_and_counted(
    home: Path,
) -> None:
    bad = {"answer_type": "name", "parts": ["crew of the Teal"]}
    made, _, fallbacks = await brief(home, bad, bad)
    assert made == await ExtractivePlanner().brief(QUESTION, as_of="2026-01-01")
    assert fallbacks == {"planner:invalid": 1}


async def test_a_model_that_will_not_say_is_replaced_and_counted(home: Path) -> None:
    made, _, fallbacks = await brief(home, "no", "no", "no", "no")
    assert made == await ExtractivePlanner().brief(QUESTION, as_of="2026-01-01")
    assert fallbacks == {"planner:no_json": 1}


async def test_where_the_mended_reply_is_worse_the_first_one_counts(home: Path) -> None:
    first = {**GOOD, "parts": [*GOOD["parts"], "crew of the Teal"]}
    made, prompts, fallbacks = await brief(home, first, "sorry", "sorry")
    assert made.parts == tuple(GOOD["parts"])
    assert len(prompts) == 2
    assert fallbacks == {}


async def test_another_language_keeps_its_words(home: Path) -> None:
    question = "Wann wurde die Eider gebaut?"
    reply = {"answer_type": "date", "parts": ["wann die Eider gebaut wurde"]}
    made, _, _ = await brief(home, reply, question=question)
    assert (made.parts, made.language) == (("wann die Eider gebaut wurde",), "de")
