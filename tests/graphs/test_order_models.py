"""Order does not matter with models either: the same calls, the same asks, the same report."""

from collections.abc import Callable
from pathlib import Path

import pytest

from quaestor.archive import Archive
from quaestor.researcher import Researcher
from quaestor.testing import HashModel
from tests.fakes import Shelf, shuffled
from tests.telling import TellingModel

STAFF = {
    "Liv Aasen": "Liv Aasen is a surveyor. Liv Aasen was born in Bremsund in 1958.",
    "Bremsund": "Bremsund is a mining town. The mayor of Bremsund is Jon Ravn.",
    "Library": "The library opens at nine. Liv Aasen chairs the library board.",
}
WEB = {
    "Bremsund - Gazetteer": "Bremsund is a town of 8,200 people. It lies on the Oksen river.",
    "Oksen": "The Oksen river is 61 km long. Liv Aasen mapped the Oksen river in 1987.",
}
QUESTION = "Which river did the chair of the library board map, and where was she born?"


MODELS: dict[str, Callable[[int], TellingModel | HashModel]] = {
    "a model that code believes": lambda seed: TellingModel(seed=5, pause=shuffled(seed + 300)),
    "a model that code mostly refuses": lambda seed: HashModel(seed=5, latency_s=0.004 * seed),
}


async def run_once(
    home: Path, make: Callable[[int], TellingModel | HashModel], seed: int
) -> tuple[list[str], str]:
    sources = [
        Shelf("staff", STAFF, private=True, pause=shuffled(seed)),
        Shelf("notes", STAFF, pause=shuffled(seed + 100)),
        Shelf("web", WEB, kind="web", remote=True, pause=shuffled(seed + 200)),
    ]
    run = Researcher(sources, home=home, model=make(seed), rounds=2, tasks=2, steps=3).start(
        QUESTION
    )
    report = await run
    calls = Archive(home).calls(run.id)
    asks = [f"{call.key} {call.kind} {ask}" for call in calls for ask in call.asks]
    assert any(call.kind == "chat" for call in calls)
    return sorted(asks), f"{report.markdown}\n{dict(report.fallbacks)}"


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
async def test_five_shuffles_make_the_same_calls_and_the_same_report(
    tmp_path: Path, make: Callable[[int], TellingModel | HashModel]
) -> None:
    outcomes = [await run_once(tmp_path / str(seed), make, seed) for seed in range(5)]
    assert len(outcomes[0][0]) >= 10
    for outcome in outcomes[1:]:
        assert outcome == outcomes[0]
