"""One part failing never takes the run down, and is never silent."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quaestor.agents.team import extractive_team
from quaestor.agents.workplace import Team
from quaestor.errors import RefusedError, SettingsError, SourceDownError
from quaestor.memory import attempts
from quaestor.memory.documents import Document
from quaestor.report import Report
from quaestor.researcher import Researcher
from quaestor.tools.sources import Hit
from tests.fakes import Shelf

TEXTS = {
    "Lighthouse": "The lighthouse of Marrow Point was built in 1871. Its keeper was Edda Lunde.",
    "Edda Lunde": "Edda Lunde was a keeper. Edda Lunde was born in Harrowby in 1840.",
}
QUESTION = "Where was the keeper of the lighthouse of Marrow Point born?"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "BACKOFF_S", 0.0)


class Broken:
    """Does every role, and breaks at it."""

    async def brief(self, *_: Any, **__: Any) -> Any:
        raise ValueError("no brief")

    plan = next = outline = section = judge = brief


async def research(home: Path, sources: list[Any], team: Team | None = None) -> Report:
    return await Researcher(sources, home=home, team=team).start(QUESTION)


@pytest.mark.parametrize(
    ("role", "gap"),
    [
        pytest.param("planner", "the planner broke (ValueError)", id="a planner"),
        pytest.param("next_step", "the searcher broke (ValueError)", id="a searcher"),
        pytest.param("synthesizer", "the synthesizer broke (ValueError)", id="a synthesizer"),
    ],
)
async def test_a_role_that_breaks_leaves_a_gap(tmp_path: Path, role: str, gap: str) -> None:
    broken: Any = {role: Broken()}
    team = replace(extractive_team(), **broken)
    report = await research(tmp_path, [Shelf("papers", TEXTS)], team)
    assert report.status == "insufficient_evidence"
    assert gap in [one.why for one in report.gaps]
    assert gap in report.markdown


async def test_a_verifier_that_breaks_labels_the_report(tmp_path: Path) -> None:
    team = replace(extractive_team(), verifier=Broken())
    report = await research(tmp_path, [Shelf("papers", TEXTS)], team)
    assert report.status == "answered"
    assert "Harrowby" in report.markdown
    assert {claim.verdict for claim in report.claims} == {"partly"}
    assert all("verifier broke" in claim.reason for claim in report.claims)


class Failing(Shelf):
    """Raises in place of an answer."""

    error: Exception = SourceDownError("down", "no answer")

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        self.asked.append(("search", query))
        raise self.error

    async def open(self, hit: Hit) -> Document:
        raise self.error


@pytest.mark.parametrize(
    ("error", "why", "attempts"),
    [
        pytest.param(SourceDownError("down", "no answer"), "down: no answer", 3, id="down"),
        pytest.param(RefusedError("down", "go away"), "down: go away", 1, id="refusing"),
        pytest.param(KeyError("x"), "down: KeyError: 'x'", 1, id="with a defect"),
        pytest.param(TimeoutError("late"), "down: TimeoutError: late", 1, id="timing out"),
    ],
)
async def test_a_source_that_fails_is_named_and_the_other_answers(
    tmp_path: Path, error: Exception, why: str, attempts: int
) -> None:
    bad = Failing("down", TEXTS)
    bad.error = error
    report = await research(tmp_path, [Shelf("papers", TEXTS), bad])
    assert report.status == "answered"
    assert "Harrowby" in report.markdown
    assert why in [gap.why for gap in report.gaps]
    assert len(bad.asked) == attempts * len(set(bad.asked))


async def test_a_source_that_never_answers_has_one_gap_whatever_was_asked_of_it(
    tmp_path: Path,
) -> None:
    bad = Failing("web", TEXTS, kind="web")
    question = "Compare the keeper of Marrow Point and the painter of Harrowby."
    report = await Researcher([Shelf("papers", TEXTS), bad], home=tmp_path).start(question)
    of_it = [gap for gap in report.gaps if gap.source == "web"]
    assert {gap.kind for gap in of_it} == {"source_down"}
    assert len(of_it) > 1
    asked = [query for _, query in bad.asked]
    assert {query for gap in of_it for query in gap.tried} == set(asked)
    missing = report.markdown.partition("## What could not be found")[2].partition("\n## ")[0]
    (line,) = [one for one in missing.splitlines() if "web" in one]
    assert line.startswith("- web: down: no answer. Tried: “")


async def test_a_source_that_answered_once_says_both_what_failed_and_what_is_not_there(
    tmp_path: Path,
) -> None:
    class Flaky(Failing):
        async def search(self, query: str, *, limit: int) -> list[Hit]:
            return [] if query == QUESTION else await super().search(query, limit=limit)

    bad = Flaky("web", {}, kind="web")
    report = await Researcher([bad], home=tmp_path).start(QUESTION)
    kinds = {gap.kind for gap in report.gaps if gap.source == "web"}
    assert kinds == {"source_down", "not_found"}


async def test_no_source_at_all_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nothing to search"):
        await research(tmp_path, [])


async def test_a_source_that_answers_with_nothing(tmp_path: Path) -> None:
    report = await research(tmp_path, [Shelf("empty", {})])
    assert report.status == "insufficient_evidence"
    assert f"Tried: “{QUESTION}”" in report.markdown


async def test_what_was_tried_is_said_where_nothing_answers(tmp_path: Path) -> None:
    sources = [Shelf("papers", {"Lighthouse": "The lighthouse of Marrow Point was built in 1871."})]
    run = Researcher(sources, home=tmp_path).start("Who painted the ceiling of Marrow Point?")
    report = await run
    assert report.status == "insufficient_evidence"
    tried = [query for gap in report.gaps for query in gap.tried]
    assert "Who painted the ceiling of Marrow Point?" in tried
    assert "“Who painted the ceiling of Marrow Point?”" in report.markdown
