"""A model that plans beside the question: it is searched for as it was typed, too."""

from pathlib import Path
from typing import Any

import pytest

from quaestor.agents.chat.planner import ChatPlanner
from quaestor.agents.extractive.planner import ExtractivePlanner
from quaestor.testing import ScriptedModel
from tests.agents.chat.desks import office
from tests.agents.chat.plan_views import view


def plan(*questions: str) -> dict[str, Any]:
    tasks = [{"question": one, "source": "notes", "queries": [one]} for one in questions]
    return {"tasks": tasks, "covered": [], "open": []}


@pytest.mark.parametrize(
    ("planned", "is_typed_too"),
    [
        pytest.param("harbour ember 4151", True, id="no word of the question"),
        pytest.param("range of the Pintail", False, id="words of it"),
    ],
)
async def test_the_question_itself_is_asked(
    home: Path, planned: str, *, is_typed_too: bool
) -> None:
    seen = view()
    async with office(ScriptedModel(lambda _request: plan(planned)), home) as desk:
        planner = ChatPlanner(desk=desk.desk, fallback=ExtractivePlanner())
        made = await planner.plan(seen)
    asked = [task.question for task in made.tasks]
    assert planned in asked
    assert any("Pintail" in one and one != planned for one in asked) is is_typed_too
