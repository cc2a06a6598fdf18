"""Revision with a model: new sentences by number, and nothing where none is usable."""

from pathlib import Path
from typing import Any

import pytest

from quaestor.agents.chat.reviser import ChatReviser
from quaestor.agents.roles.reviser import Failing
from quaestor.agents.roles.synthesizer import Statement
from quaestor.agents.roles.verifier import Judged
from quaestor.testing import ScriptedModel
from tests.agents.chat.desks import MARK, office

FAILING = tuple(
    Failing(
        statement=Statement(text=text, spots=()),
        spans=(f"What stands there of {text}.",),
        titles=("A title",),
        judged=Judged(verdict="unsupported", reason=f"no {text} there"),
    )
    for text in ("nine boats", "ten boats")
)


async def revised(home: Path, *replies: Any) -> tuple[tuple[str | None, ...], str, dict[str, int]]:
    async with office(ScriptedModel(list(replies)), home, role="writer") as desk:
        written = await ChatReviser(desk=desk.desk).revise(FAILING)
        return written, desk.prompts[0], await desk.fallbacks.counted()


@pytest.mark.parametrize(
    ("revisions", "expected"),
    [
        pytest.param(
            [{"sentence": 2, "text": " two\nlines "}, {"sentence": 1, "text": "one"}],
            ("one", "two lines"),
            id="by number, in one line each",
        ),
        pytest.param([{"sentence": 2, "text": "two"}], (None, "two"), id="one left out stays"),
        pytest.param([{"sentence": 1, "text": ""}], (None, None), id="an empty one changes none"),
        pytest.param([{"sentence": 9, "text": "x"}], (None, None), id="of a number nobody gave"),
        pytest.param([{"sentence": 1, "text": "x" * 601}], (None, None), id="too long for one"),
        pytest.param(
            [{"sentence": 1, "text": "first"}, {"sentence": 1, "text": "second"}],
            ("first", None),
            id="the first of two counts",
        ),
    ],
)
async def test_replies(
    home: Path, revisions: list[dict[str, Any]], expected: tuple[str | None, ...]
) -> None:
    written, _, fallbacks = await revised(home, {"revisions": revisions})
    assert written == expected
    assert fallbacks == {}


async def test_the_model_sees_what_failed_and_why_between_marks(home: Path) -> None:
    _, prompt, _ = await revised(home, {"revisions": []})
    for one in FAILING:
        assert f"<untrusted {MARK}>\n{one.statement.text}\n</untrusted {MARK}>" in prompt
        assert one.judged.reason in prompt
        assert one.spans[0] in prompt


async def test_without_a_usable_reply_all_stays_and_the_fall_back_is_counted(home: Path) -> None:
    written, _, fallbacks = await revised(home, "no", "still no")
    assert written == (None, None)
    assert fallbacks == {"writer:no_json": 1}
