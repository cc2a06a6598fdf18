"""A report far larger than the model's context is whole, and what is left out is named."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.long_report import Written, planted, reader, tokens, written
from quaestor.agents.lint import lint
from quaestor.testing import EndpointError, Request
from tests.agents.chat.write_views import by_kind, kind_of, said, view
from tests.agents.chat.write_views import written as written_from

PARTS = ("length of the Pintail", "length of the Eider")


async def long(home: Path, *, sections: int = 40, room: int = 8_000, planned: int = 40) -> Written:
    return await written(planted(sections, 300), room=room, planned=planned, home=home)


@pytest.mark.parametrize(
    "planned", [pytest.param(40, id="all planned"), pytest.param(5, id="35 parts forgotten")]
)
async def test_forty_sections_from_three_hundred_passages(planned: int, home: Path) -> None:
    made = await long(home, planned=planned)
    assert max(made.prompts) <= 8_000
    headings = [section.heading for section in made.draft.sections]
    assert headings == list(made.view.brief.parts)
    assert made.wrong() == []
    assert len(made.cited()) == 300
    assert made.draft.gaps == ()
    assert made.fallbacks == {}
    assert len(made.composed.claims) == 300
    assert lint(made.composed.markdown) == []


async def test_evidence_a_section_has_no_room_for_is_counted_and_named(home: Path) -> None:
    made = await long(home, sections=4, room=3_000)
    assert max(made.prompts) <= 3_000
    assert len(made.draft.sections) == 4
    assert made.left() > 0
    assert len(made.cited()) + made.left() == 300
    assert {gap.kind for gap in made.draft.gaps} == {"budget"}
    homes = {one.evidence: one for one in made.view.passages}
    cited = {homes[name].title for name in made.cited()}
    for gap in made.draft.gaps:
        names = gap.why.partition(": ")[2].partition(" and ")[0].split(", ")
        assert names
        assert not cited & set(names)


async def test_a_context_too_small_to_plan_in_is_planned_by_the_parts(home: Path) -> None:
    made = await long(home, room=1_500)
    assert max(made.prompts) <= 1_500
    assert [section.heading for section in made.draft.sections] == list(made.view.brief.parts)
    assert made.wrong() == []
    assert made.fallbacks == {"writer:too_long": 1}
    assert len(made.cited()) + made.left() == 300


async def test_an_endpoint_that_takes_less_is_asked_again_with_half(home: Path) -> None:
    texts = [(f"Log {n}", "The Eider is 61 metres long. " * 30) for n in range(120)]
    seen = view("How long are they?", texts, kind="report", parts=PARTS)

    def at_most(request: Request) -> Any:
        sizes.append(tokens(request))
        if sizes[-1] > 4_000:
            return EndpointError("maximum context length is 4000 tokens", status_code=400)
        return plan if kind_of(request) == "plan" else {"sentences": [long_enough]}

    sizes: list[int] = []
    long_enough = said("The Eider is 61 metres long.", "e1")
    plan = {
        "lead": [long_enough],
        "sections": [
            {"part": 1, "heading": "Hulls", "evidence": ["e1"]},
            {"part": 2, "heading": "Decks", "evidence": ["e1"]},
        ],
    }
    made = await written_from(by_kind(plan=at_most, section=at_most), seen, home)
    assert [section.heading for section in made.draft.sections] == ["Hulls", "Decks"]
    assert made.fallbacks == {}
    assert max(sizes) > 4_000


async def test_one_section_that_fails_is_written_plainly_and_alone(home: Path) -> None:
    seen = planted(8, 60)

    def sometimes(request: Request) -> Any:
        if "Cargo of Branhaven" in request.prompt.rpartition("Write this section")[2]:
            return ""
        return reader(8)(request)

    made = await written_from(by_kind(plan=reader(8), section=sometimes), seen, home)
    assert [section.heading for section in made.draft.sections] == list(seen.brief.parts)
    assert made.fallbacks == {"writer:empty": 1}
    plain = made.draft.sections[1]
    assert plain.statements
    assert all(one.spots for one in plain.statements)
    assert "Branhaven" in plain.statements[0].text


async def test_a_section_the_evidence_says_nothing_of_is_a_gap(home: Path) -> None:
    seen = planted(8, 60)

    def silent(request: Request) -> Any:
        if "Cargo of Branhaven" in request.prompt.rpartition("Write this section")[2]:
            return {"sentences": []}
        return reader(8)(request)

    made = await written_from(by_kind(plan=reader(8), section=silent), seen, home)
    assert len(made.draft.sections) == 7
    assert [gap.what for gap in made.draft.gaps] == ["Cargo of Branhaven"]
