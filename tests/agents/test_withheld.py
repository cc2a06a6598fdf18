"""Names the web was not asked about."""

import pytest

from quaestor.agents.withheld import withheld
from quaestor.memory.finding import Finding

QUESTION = "When was the auditor of the Tamsin Fund founded?"


def finding(*queries: str) -> Finding:
    return Finding(
        task="t",
        branch="private",
        question=QUESTION,
        source="papers",
        kept=(),
        seen=(),
        hypotheses=(),
        conclusion="",
        queries=queries,
    )


@pytest.mark.parametrize(
    ("queries", "public", "named"),
    [
        pytest.param([QUESTION, "Orlo Brandt founded"], [], ["Orlo Brandt"], id="a private name"),
        pytest.param([QUESTION, "Tamsin Fund auditor"], [], [], id="names of the question"),
        pytest.param(
            ["Orlo Brandt founded"],
            ["The firm Orlo Brandt is listed in Selby."],
            [],
            id="a name the web spoke of itself",
        ),
        pytest.param(["founded when"], [], [], id="no name at all"),
        pytest.param(
            ["Orlo Brandt founded", "Orlo Brandt", "Vesna Kolar auditor"],
            [],
            ["Orlo Brandt", "Vesna Kolar"],
            id="each name once",
        ),
    ],
)
def test_names_only_private_documents_speak_of(
    queries: list[str], public: list[str], named: list[str]
) -> None:
    gaps = withheld(QUESTION, [finding(*queries)], public)
    assert [gap.kind for gap in gaps] == ["private"] * bool(named)
    for gap in gaps:
        listed = ", ".join(f"“{name}”" for name in named)
        assert f"lead to {listed}, and" in gap.why
