"""The gate in a run: a searcher that leaks on purpose, and a web that notes what it is asked."""

import logging
from collections.abc import Sequence
from pathlib import Path

import pytest

from quaestor import Corpus, Researcher
from quaestor.agents.extractive.searcher import ExtractiveNextStep
from quaestor.agents.roles.searcher import Done, SearcherView, ToolCall
from quaestor.report import Report
from quaestor.tools.sources import Source
from tests.fakes import Shelf

QUESTION = "Which harbour does the ferry of our contract use?"
PAGES = {
    "Harbour": "The ferry uses the harbour of Norvik. Its pilot is Sanna Grel.",
    "Norvik": "Norvik has a harbour with two piers.",
}
CONTRACT = "The ferry contract was given to Balmoor Lines for 730,400 crowns.\n"
SECRETS = ["Balmoor ferry", "730400", "ferry roomlaB", "Sanna Grel 730,400"]


def leak(monkeypatch: pytest.MonkeyPatch, *queries: str) -> None:
    """Make the searchers of the web ask these queries, and nothing else."""
    real = ExtractiveNextStep.next

    async def following(self: ExtractiveNextStep, view: SearcherView) -> ToolCall | Done:
        if view.source.name != "web":
            return await real(self, view)
        if len(view.steps) < len(queries):
            query = queries[len(view.steps)]
            arguments = {"query": query, "limit": 5}
            return ToolCall(tool="search", arguments=arguments, thought=query)
        return Done(conclusion="", hypotheses=(), stopped="nothing_new")

    monkeypatch.setattr(ExtractiveNextStep, "next", following)


def web() -> Shelf:
    return Shelf("web", PAGES, kind="web", remote=True)


def corpus(folder: Path) -> Corpus:
    (folder / "docs").mkdir()
    (folder / "docs" / "contract.txt").write_text(CONTRACT, encoding="utf-8")
    return Corpus.open(folder / "docs")


async def ask(sources: Sequence[Source], home: Path) -> Report:
    return await Researcher(sources, home=home).start(QUESTION)


@pytest.mark.parametrize("query", SECRETS)
async def test_a_private_term_does_not_leave_and_the_report_says_so(
    query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    leak(monkeypatch, query, "harbour ferry")
    page = web()
    with caplog.at_level(logging.WARNING, "quaestor"):
        report = await ask([page, corpus(tmp_path)], tmp_path / "home")
    assert {asked for _, asked in page.asked} == {"harbour ferry"}
    gaps = [gap for gap in report.gaps if gap.kind == "private"]
    assert len(gaps) >= 1
    assert "private documents" in gaps[0].why
    assert "kept back a query to web" in caplog.text
    assert query not in caplog.text


async def test_what_the_web_has_said_may_be_asked_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The private text names the pilot too: without the first search this would be kept back."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "crew.txt").write_text("The pilot is Sanna Grel.\n", encoding="utf-8")
    docs = Corpus.open(tmp_path / "docs")
    leak(monkeypatch, "two piers", "pilot", "Sanna Grel")  # the second answer names the pilot
    page = web()
    await ask([page, docs], tmp_path / "home")
    assert ("search", "Sanna Grel") in page.asked
    leak(monkeypatch, "Sanna Grel")
    again = web()
    await ask([again, docs], tmp_path / "other")
    assert again.asked == []


async def test_a_name_in_a_title_alone_is_private_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "Letter to Balmoor.txt").write_text("Dear all.\n", encoding="utf-8")
    leak(monkeypatch, "Balmoor ferry")
    page = web()
    await ask([page, Corpus.open(tmp_path / "docs")], tmp_path / "home")
    assert page.asked == []


async def test_of_a_source_without_an_index_what_was_read_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memos = Shelf("memos", {"Contract": CONTRACT}, kind="source", private=True)
    home = tmp_path / "home"
    await ask([memos], home)
    leak(monkeypatch, "Balmoor ferry")
    page = web()
    await ask([page, memos], home)
    assert page.asked == []


async def test_a_private_source_elsewhere_is_asked_what_is_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Naming it was the person's choice; the gate stands before public ones only."""
    ask_back = ExtractiveNextStep.next

    async def leaking(self: ExtractiveNextStep, view: SearcherView) -> ToolCall | Done:
        if view.source.name == "wiki" and not view.steps:
            call = {"query": "Balmoor ferry", "limit": 5}
            return ToolCall(tool="chunk_search", arguments=call, thought="Balmoor")
        return await ask_back(self, view)

    monkeypatch.setattr(ExtractiveNextStep, "next", leaking)
    wiki = Wiki("wiki", {"Balmoor": "Balmoor Lines runs a ferry."}, private=True, remote=True)
    await ask([wiki, corpus(tmp_path)], tmp_path / "home")
    assert ("search", "Balmoor ferry") in wiki.asked


class Wiki(Shelf):
    """A shelf that has neighbours too."""

    async def adjacent_passages(self, **_wanted: object) -> list[object]:
        """Return nothing."""
        return []


class Blind(Shelf):
    """A private shelf that fails the test when the gate looks something up in it."""

    async def passages_with(self, terms: Sequence[str], *, limit: int) -> list[str]:
        """Fail."""
        raise AssertionError(f"looked up: {terms}")


async def test_a_run_as_it_is_never_looks_anything_up(tmp_path: Path) -> None:
    """What the searchers ask is made of the question and of the web: no clue ever arises."""
    memos = Blind("memos", {"Contract": CONTRACT}, private=True)
    page = web()
    report = await ask([page, memos], tmp_path / "home")
    assert len(page.asked) >= 3
    assert [gap for gap in report.gaps if gap.kind in ("private", "failed")] == []


async def test_that_test_can_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leak(monkeypatch, "Balmoor ferry")
    memos = Blind("memos", {"Contract": CONTRACT}, private=True)
    report = await ask([web(), memos], tmp_path / "home")
    assert [gap for gap in report.gaps if "AssertionError" in gap.why] != []
