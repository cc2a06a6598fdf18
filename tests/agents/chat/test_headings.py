"""A heading cites nothing, so that it names nothing of its own."""

from pathlib import Path

import pytest

from quaestor.agents.chat.writing.written_sections import heading_of
from tests.agents.chat.write_views import by_kind, said, view, written

PASSAGES = view().passages
PARTS = ("who built the Merganser", "how long the Eider is")


@pytest.mark.parametrize("heading", ["The builder", "Background", "# Length of the Eider [e1]"])
def test_a_heading_of_a_few_words_is_kept(heading: str) -> None:
    assert (
        heading_of(heading, "otherwise", PARTS, PASSAGES) == heading.strip("# ").partition(" [")[0]
    )


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param("The builder was Ulf Tarn of Skagen", id="a name that nobody gave"),
        pytest.param("Why it sank in 2019", id="a year that nobody gave"),
        pytest.param("Call 0800-555-0199 now", id="a number to call"),
        pytest.param("see evil.example/pay-4471-K", id="a code"),
        pytest.param("The builder: www.merganser", id="an address"),
        pytest.param("the ferry is not what they say it is and nobody should go", id="a sentence"),
        pytest.param("  ", id="nothing"),
    ],
)
def test_a_heading_that_would_be_a_claim_is_not(heading: str) -> None:
    assert heading_of(heading, PARTS[0], PARTS, PASSAGES) == PARTS[0]


@pytest.mark.parametrize(
    ("heading", "stands"),
    [
        pytest.param("A ferry of 1961", False, id="a year of a sentence that is not cited"),
        pytest.param("Its green funnel", True, id="words of the one that is"),
        pytest.param(PARTS[1], True, id="a thing asked for"),
    ],
)
async def test_a_heading_planned_from_more_than_is_cited_names_what_is(
    heading: str, stands: bool, home: Path
) -> None:
    funnel = said("Her funnel is green.", "e1")
    plan = {
        "lead": [funnel],
        "sections": [{"part": 1, "heading": heading, "evidence": ["e1"]}],
        "unanswered": list(range(2, 8)),
    }
    colour = "which colour the funnel has"
    parts = [*PARTS, colour, *(f"what else is known, {n}" for n in "abcd")]
    seen = view("What of the Merganser?", kind="report", parts=parts)
    made = await written(
        by_kind(plan=plan, section={"sentences": [said("Her funnel, too, is green.", "e1")]}),
        seen,
        home,
    )
    [section] = made.draft.sections
    assert section.heading == (heading if stands else colour)
