"""A run among misbehaving servers: every good page is kept, every bad one is listed."""

from dataclasses import replace
from pathlib import Path

from benchmarks.faulty_servers import BEHAVIOURS
from benchmarks.faulty_web import serving
from quaestor.agents.roles.searcher import Done, SearcherView, ToolCall
from quaestor.agents.team import extractive_team
from quaestor.memory.documents import Document
from quaestor.researcher import Researcher
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.limits import Limits
from quaestor.tools.web.live import LiveWeb
from quaestor.tools.web.providers import SearchResult

ENDS_BADLY = [name for name, one in BEHAVIOURS.items() if one.ends != "page"]
BAD = ENDS_BADLY[:: len(ENDS_BADLY) // 20][:20]
"""Twenty, from all kinds."""
GOOD = [name for name, one in BEHAVIOURS.items() if one.ends == "page"][:5]


class Listing:
    """A search engine that finds the same pages whatever it is asked."""

    name = "listing"

    def __init__(self, urls: list[str]) -> None:
        self.urls = urls

    async def search(self, query: str, *, limit: int) -> list[SearchResult]:
        return [SearchResult(url=url, title="Tide", snippet="The tide") for url in self.urls]


class OpenAll:
    """A searcher that opens every hit."""

    async def next(self, view: SearcherView) -> ToolCall | Done:
        if not view.steps:
            return ToolCall(tool="search", arguments={"query": "tide", "limit": 50}, thought="tide")
        hits = view.steps[0].hits
        if len(view.steps) <= len(hits):
            hit = hits[len(view.steps) - 1]
            return ToolCall(tool="open", arguments={"hit": hit}, thought="tide")
        return Done(conclusion="", hypotheses=(), stopped="nothing_new")


async def test_twenty_bad_pages_among_good_ones(tmp_path: Path) -> None:
    assert len(BAD) == 20
    mixed = [name for pair in zip(BAD[:5], GOOD, strict=True) for name in pair] + BAD[5:]
    with serving(*mixed) as sites:
        fetcher = Fetcher(Guard(sites.allow()), limits=Limits(deadline_s=2))
        urls = {name: sites.url(name) for name in mixed}
        web = LiveWeb(Listing(list(urls.values())), fetcher=fetcher, interval_s=0)
        team = replace(extractive_team(), next_step=OpenAll())
        run = Researcher([web], home=tmp_path, team=team, steps=40, rounds=1).start("What turns?")
        report = await run
    read: dict[str, Document] = {one.uri: one for one in run.record().documents}
    listed = " ".join(gap.why for gap in report.gaps)
    missed = [name for name in GOOD if urls[name] not in read]
    silent = [name for name in BAD if urls[name] in read or urls[name] not in listed]
    assert missed == []
    assert silent == []
