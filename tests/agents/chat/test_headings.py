"""A heading cites nothing, so that it names nothing of its own."""

import pytest

from quaestor.agents.chat.writing.written_sections import heading_of
from tests.agents.chat.write_views import view

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
