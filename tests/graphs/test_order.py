"""Order does not matter: whoever answers first, the same calls are made and the same is said."""

from pathlib import Path

import pytest

from quaestor.archive import Archive
from quaestor.researcher import Researcher
from tests.fakes import Shelf, shuffled

STAFF = {
    "Ysolde Brack": "Ysolde Brack is a glaciologist. Ysolde Brack was born in Tromvik in 1961.",
    "Tromvik": "Tromvik is a harbour town. The mayor of Tromvik is Odd Fjelde.",
    "Odd Fjelde": "Odd Fjelde has been mayor since 2015. Odd Fjelde was born on 4 March 1970.",
    "Canteen": "The canteen opens at eleven. Ysolde Brack chairs the canteen committee.",
}
WEB = {
    "Tromvik - Encyclopaedia": "Tromvik is a town of 12,400 people. It lies on the Skarn fjord.",
    "Glaciers": "A glaciologist studies ice. Ysolde Brack published on the Skarn glacier in 1999.",
    "Skarn": "The Skarn fjord is 34 km long. The Skarn glacier feeds it.",
}
QUESTIONS = [
    "Where was the chair of the canteen committee born?",
    "Who is older, Ysolde Brack or Odd Fjelde?",
    "Who is the mayor of the town where Ysolde Brack was born?",
]


async def run_once(home: Path, question: str, seed: int) -> tuple[list[str], str]:
    sources = [
        Shelf("staff", STAFF, private=True, pause=shuffled(seed)),
        Shelf("notes", STAFF, pause=shuffled(seed + 100)),
        Shelf("web", WEB, kind="web", remote=True, pause=shuffled(seed + 200)),
    ]
    run = Researcher(sources, home=home).start(question)
    report = await run
    calls = Archive(home).calls(run.id)
    asks = [f"{call.key} {call.kind} {ask}" for call in calls for ask in call.asks]
    return sorted(asks), report.markdown


@pytest.mark.parametrize("question", QUESTIONS)
async def test_five_shuffles_make_the_same_calls_and_the_same_report(
    tmp_path: Path, question: str
) -> None:
    outcomes = [await run_once(tmp_path / str(seed), question, seed) for seed in range(5)]
    assert len(outcomes[0][0]) >= 4
    for outcome in outcomes[1:]:
        assert outcome == outcomes[0]
