"""A searcher whose model cannot choose is not asked at every step again."""

from pathlib import Path

import pytest

from quaestor.agents.chat.context.sliding import Sliding
from quaestor.agents.chat.searcher import ChatNextStep
from quaestor.agents.roles.searcher import Done, SearcherView
from quaestor.testing import ScriptedModel
from tests.agents.chat.desks import office
from tests.agents.chat.search_views import searched, view


class Fallback:
    """Ends at once."""

    async def next(self, view: SearcherView) -> Done:
        return Done(conclusion="", hypotheses=(), stopped="nothing_new")


@pytest.mark.parametrize(
    ("said", "is_asked"),
    [
        pytest.param(["", "", ""], False, id="the last two steps were the fallback's"),
        pytest.param(["", "", "x"], True, id="the model chose the last one"),
        pytest.param(["", "x", ""], True, id="the model chose the one before"),
        pytest.param(["", ""], True, id="the first step is never the model's"),
    ],
)
async def test_two_steps_in_a_row_without_the_model_are_enough(
    home: Path, said: list[str], *, is_asked: bool
) -> None:
    steps = [searched(number, said=one) for number, one in enumerate(said, 1)]
    finish = {"action": "finish", "conclusion": "It is 40 km.", "answers": ["40 km"]}
    async with office(ScriptedModel(lambda _request: finish), home, role="searcher") as desk:
        chooser = ChatNextStep(desk=desk.desk, fallback=Fallback(), policy=Sliding())
        await chooser.next(view(steps, taken=len(steps)))
        assert bool(desk.prompts) is is_asked
