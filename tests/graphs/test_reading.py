"""How pages are read in a run: in segments, by what a person typed, and however a model errs."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quaestor import Researcher, Web
from quaestor.agents.roles.searcher import Done, SearcherView, ToolCall
from quaestor.agents.team import extractive_team
from quaestor.memory.provenance import node
from quaestor.tools.excluding import Excluding
from quaestor.tools.sources import Source
from tests.weblog import LoggedWeb, serving

FILLER = " ".join(f"Wave {n} was seen from the pier and written down." for n in range(150))
"""7,290 characters: more than a segment."""
PAGES = {
    "Harbour of Norvik": f"The harbour of Norvik is old. {FILLER} {FILLER} "
    "The harbour of Norvik was built by Sanna Grel.",
    "Mill of Tollan": "The mill of Tollan was built by Ilse Marrand.",
    "Unlisted": "The lighthouse keeper is Odd Vinter.",
}


class Hidden(LoggedWeb):
    """A web whose search engine does not know its last page."""

    def _search(self, query: str) -> Any:
        pages, self.pages = self.pages, dict(list(self.pages.items())[:-1])
        try:
            return super()._search(query)
        finally:
            self.pages = pages


@pytest.fixture
def site() -> Generator[LoggedWeb]:
    with serving(Hidden(PAGES)) as served:
        yield served


def web(site: LoggedWeb) -> Web:
    return Web(f"searxng:{site.address}", allow_hosts=[site.host])


def asked(site: LoggedWeb) -> list[str]:
    return [line.split()[1].partition("?")[0] for line in site.log]


async def test_a_long_page_is_fetched_once_and_read_on_to_its_answer(
    site: LoggedWeb, tmp_path: Path
) -> None:
    run = Researcher([web(site)], home=tmp_path).start("Who built the harbour of Norvik?")
    report = await run
    assert report.answer == "Sanna Grel"
    assert asked(site).count("/page/0") == 1
    record = run.record()
    [document] = [one for one in record.documents if one.title == "Harbour of Norvik"]
    [finding] = record.findings
    [read] = [one for one in finding.pages if one.document == document.id]
    assert (read.uri, read.title) == (f"{site.address}/page/0", "Harbour of Norvik")
    assert read.stopped_at == read.length == len(document.text) > 14_000
    facts = run.graph().nodes[node("document", document.id)]
    assert (facts["stopped_at"], facts["length"]) == (read.stopped_at, read.length)
    assert "local_read" in {call.kind for call in record.calls}


async def test_a_page_is_left_where_it_says_enough(site: LoggedWeb, tmp_path: Path) -> None:
    site.pages = {
        "Mill": f"The mill of Tollan was built by Ilse Marrand. {FILLER} {FILLER}",
        "": "",
    }
    run = Researcher([web(site)], home=tmp_path).start("Who built the mill of Tollan?")
    report = await run
    assert report.answer == "Ilse Marrand"
    [read] = [one for finding in run.record().findings for one in finding.pages]
    assert 4_000 < read.stopped_at <= 6_000 < read.length
    [facts] = [facts for _, facts in run.graph().nodes(data=True) if facts["kind"] == "document"]
    assert facts["stopped_at"] == read.stopped_at


async def test_an_address_in_the_question_is_read_first_and_its_robots_are_not_asked(
    site: LoggedWeb, tmp_path: Path
) -> None:
    question = f"According to {site.address}/page/2, who is the lighthouse keeper?"
    report = await Researcher([web(site)], home=tmp_path).start(question)
    assert asked(site)[0] == "/page/2"
    assert asked(site).count("/page/2") == 1
    assert "Odd Vinter" in report.answer
    assert any(one.document.uri == f"{site.address}/page/2" for one in report.cited)


async def test_what_is_excluded_or_not_allowed_stays_so_however_it_was_typed(
    site: LoggedWeb, tmp_path: Path
) -> None:
    inside = "http://127.0.0.1:9/secret"
    question = f"Who is the keeper? See {site.address}/page/2 and {inside}."
    source = Excluding(web(site), [f"{site.address}/page/2"])
    report = await Researcher([source], home=tmp_path).start(question)
    assert "/page/2" not in asked(site)
    whys = " ".join(gap.why for gap in report.gaps)
    assert "excluded by --exclude-source" in whys
    assert inside in whys


class Clumsy:
    """A searcher that calls tools as a model might, then as it should."""

    calls = (
        ToolCall(tool="browse", arguments={"url": "x"}, thought=""),
        ToolCall(tool="search", arguments={"query": ["mill"], "limit": 3}, thought=""),
        ToolCall(tool="search", arguments={"query": "mill", "limit": "many"}, thought=""),
        ToolCall(tool="open", arguments={"hit": {"uri": "https://evil.example/"}}, thought=""),
        ToolCall(tool="read_on", arguments={"document": "d", "start": 0}, thought=""),
        ToolCall(tool="search", arguments={"query": "mill of Tollan", "limit": 10**9}, thought=""),
    )

    def __init__(self) -> None:
        self.errors: list[str] = []

    async def next(self, view: SearcherView) -> ToolCall | Done:
        if len(view.steps) < len(self.calls):
            return self.calls[len(view.steps)]
        if len(view.steps) == len(self.calls):
            uri = view.steps[-1].hits[0]["uri"]
            return ToolCall(tool="open", arguments={"hit": {"uri": uri}}, thought="mill")
        self.errors = [step.error for step in view.steps]
        return Done(conclusion="", hypotheses=(), stopped="answered")


async def test_mistaken_calls_are_steps_and_the_run_goes_on(
    site: LoggedWeb, tmp_path: Path
) -> None:
    clumsy = Clumsy()
    team = replace(extractive_team(), next_step=clumsy)
    sources: list[Source] = [web(site)]
    question = "Who built the mill of Tollan?"
    run = Researcher(sources, home=tmp_path, team=team, rounds=1).start(question)
    report = await run
    assert [error.partition(":")[0] for error in clumsy.errors] == [
        "browse",
        "search",
        "search",
        "open",
        "read_on",
        "",
        "",
    ]
    assert report.answer == "Ilse Marrand"
    # Its slips are its own affair; what it asked for and may not have, a reader is told.
    assert sorted(gap.kind for gap in report.gaps) == ["refused", "refused"]
