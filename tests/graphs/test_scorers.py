"""A whole run with embeddings: asked through the ledger, paid once, and no run depends on them."""

from dataclasses import replace
from pathlib import Path

from langchain_core.embeddings import Embeddings

from quaestor.agents.team import extractive_team
from quaestor.archive import Archive
from quaestor.memory.report import Report
from quaestor.researcher import Researcher
from quaestor.tools.scoring.embedding import EmbeddingScorer
from tests.fakes import Shelf

STAFF = {
    "Ysolde Brack": "Ysolde Brack is a glaciologist. Ysolde Brack was born in Tromvik in 1961.",
    "Tromvik": "Tromvik is a harbour town. The mayor of Tromvik is Odd Fjelde.",
    "Odd Fjelde": "Odd Fjelde has been mayor since 2015. Odd Fjelde was born on 4 March 1970.",
    "Canteen": "The canteen opens at eleven. Ysolde Brack chairs the canteen committee.",
}
QUESTION = "Where was the chair of the canteen committee born?"


class WrongKeyError(Exception):
    """What a client raises."""

    status_code = 401


class Letters(Embeddings):
    """How often each letter stands in a text."""

    in_process = True

    def __init__(self, *, refused: bool = False) -> None:
        self.refused = refused
        self.calls = 0
        self.asked: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.calls += 1
        if self.refused:
            raise WrongKeyError
        self.asked += texts
        return [[float(text.lower().count(one)) for one in "abcdefghijklmno"] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


async def ask(home: Path, embeddings: Letters | None) -> tuple[str, Report]:
    team = extractive_team()
    if embeddings is not None:
        team = replace(team, scorer=EmbeddingScorer(embeddings))
    sources = [Shelf("staff", STAFF, private=True), Shelf("notes", STAFF)]
    run = Researcher(sources, home=home, team=team).start(QUESTION)
    return run.id, await run


def embedded(home: Path, run: str) -> list[str]:
    return [call.how for call in Archive(home).calls(run) if call.kind == "embed"]


async def test_a_second_run_pays_no_embedding_again(tmp_path: Path) -> None:
    embeddings = Letters()
    first, report = await ask(tmp_path, embeddings)
    assert set(embedded(tmp_path, first)) == {"made"}
    assert report.fallbacks == {}
    asked = len(embeddings.asked)
    second, again = await ask(tmp_path, embeddings)
    assert len(embeddings.asked) == asked
    assert set(embedded(tmp_path, second)) == {"cached"}
    assert again.markdown == report.markdown


async def test_embeddings_that_refuse_leave_the_report_of_words_and_are_counted(
    tmp_path: Path,
) -> None:
    _, words = await ask(tmp_path / "words", None)
    run, report = await ask(tmp_path / "refused", Letters(refused=True))
    added = [one for one in report.markdown.split("\n\n") if one not in words.markdown]
    assert added == ["## Answered without the model", "- refiner 25 times (it refused)."]
    assert report.claims == words.claims
    assert set(report.fallbacks) == {"refiner:refused"}
    failed = [one for one in Archive(tmp_path / "refused").calls(run) if one.kind == "embed"]
    assert failed
    assert {one.status for one in failed} == {"failed"}


async def test_embeddings_that_fail_at_first_are_not_asked_again(tmp_path: Path) -> None:
    embeddings = Letters(refused=True)
    run, report = await ask(tmp_path, embeddings)
    assert sum(report.fallbacks.values()) > 20
    # A query and a text, once each: what is refused is not tried again.
    assert embeddings.calls == 2
    embedded = [call for call in Archive(tmp_path).calls(run) if call.kind == "embed"]
    assert [(call.status, call.attempts) for call in embedded] == [("failed", 1)] * 2
