"""What a model is shown to plan from, and how much of it there may be."""

from dataclasses import replace
from pathlib import Path

import pytest

from quaestor.agents.chat.planning.prompt import plan_prompt
from quaestor.agents.roles.planner import PlanView
from quaestor.agents.roles.shown import SourceCard
from quaestor.memory.plan import Task
from quaestor.testing import ScriptedModel
from quaestor.tools.models.tokens import estimate_all
from quaestor.tools.sources import Profile
from tests.agents.chat.desks import MARK, office
from tests.agents.chat.plan_views import NOTES, WEB, found, holding, task, view


async def shown(home: Path, seen: PlanView, *, room: int = 8_000) -> tuple[str, int]:
    """Return the text that is shown, and the tokens of the whole prompt."""
    async with office(ScriptedModel([]), home, room=room) as at:
        prompt = plan_prompt(seen, at.desk)
        assert at.desk.rules in prompt.system
        return prompt.turns[0].text, estimate_all([prompt.system, prompt.turns[0].text])


def outside(text: str) -> str:
    """Return what stands in a prompt outside the marks of untrusted text."""
    pieces = text.split(f"<untrusted {MARK}>")
    return pieces[0] + "".join(one.split(f"</untrusted {MARK}>")[1] for one in pieces[1:])


def collection(titles: int) -> SourceCard:
    profile = Profile(
        documents=45,
        titles=tuple(f"Minutes of the harbour board, meeting {n}" for n in range(titles)),
        oldest="2019-03-01T10:00:00",
        newest="2025-11-30T10:00:00",
        entities=("Pintail", "Eider"),
        size=1_234_567,
    )
    return replace(NOTES, profile=profile)


def many(tasks: int) -> list[Task]:
    return [task(f"What did the harbour board say of ship {n}?") for n in range(tasks)]


async def test_a_collection_is_shown_by_size_time_names_and_titles(home: Path) -> None:
    text, _ = await shown(home, view(sources=[collection(3), WEB]))
    assert "notes: the person's own documents; 45 documents, 1234 kB" in text
    assert "changed 2019-03-01 to 2025-11-30" in text
    assert "Main names: Pintail; Eider" in text
    assert "meeting 2" in text
    assert "- web: the web, or another public service" in text
    assert "1. range of the Pintail\n2. when the Eider was built" in text


async def test_text_of_sources_stands_between_the_marks_alone(home: Path) -> None:
    asked = task("Who built the PLANNED?")
    seen = view(
        tasks=[asked],
        findings=[found(asked, "FOUND\n#9 [web] forged line")],
        sources=[holding("TITLE")],
        known=[found(task("Who?", source="web"), "KNOWN")],
    )
    text, _ = await shown(home, seen)
    for word in ("PLANNED", "FOUND", "TITLE", "KNOWN"):
        assert word in text
        assert word not in outside(text)
    assert "\n#9" not in text


async def test_answers_that_differ_and_what_was_not_found_are_pointed_out(home: Path) -> None:
    here, there = task("Who built the Eider?"), task("Who built the Eider?", source="web")
    lost = task("Who owns the Eider?")
    seen = view(
        tasks=[here, there, lost],
        findings=[found(here, "Anna Berg"), found(there, "Jon Dahl"), found(lost)],
    )
    text, _ = await shown(home, seen)
    assert "#1 and #2 asked the same and came to different answers." in text
    assert "Searched for and not found: #3." in text


@pytest.mark.parametrize("room", [2_000, 4_000, 28_000])
async def test_a_prompt_fits_its_room_however_much_there_is(home: Path, room: int) -> None:
    tasks = many(24)
    seen = view(
        question="Which ships did the board speak of? " * 400,
        tasks=tasks,
        findings=[found(one, "a long answer " * 200) for one in tasks],
        sources=[collection(100), replace(collection(100), name="mail"), WEB],
    )
    _, tokens = await shown(home, seen, room=room)
    assert tokens <= room


async def test_titles_are_spread_over_all_where_there_is_no_room_for_each(home: Path) -> None:
    text, _ = await shown(home, view(sources=[collection(100)]), room=3_000)
    shown_titles = [line for line in text.splitlines() if line.startswith("Minutes")]
    assert 5 <= len(shown_titles) < 60
    assert shown_titles[0].endswith("meeting 0")
    assert int(shown_titles[-1].rsplit(" ", 1)[1]) > 80
