"""The front door: ask from anywhere, interrupt, resume, and pay for nothing twice."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import update

from quaestor import sample
from quaestor.archive import Archive, blocking
from quaestor.errors import RefusedError, RunBusyError, RunNotFoundError, SettingsError
from quaestor.memory import attempts, schema
from quaestor.memory.database import Database
from quaestor.memory.events import Event
from quaestor.memory.lease import take
from quaestor.memory.runs import list_runs
from quaestor.researcher import LONGEST_QUESTION, Researcher, checked, researcher_of
from quaestor.tools.local.corpus import Corpus
from quaestor.tools.sources import Hit
from tests.fakes import Shelf

TEXTS = {
    "Bridge": "The Ulvik bridge was designed by Tora Nygaard. It opened in 1932.",
    "Tora Nygaard": "Tora Nygaard was an engineer. Tora Nygaard was born in Lodbrok in 1889.",
}
QUESTION = "Where was the designer of the Ulvik bridge born?"


class Holding(Shelf):
    """Does not give its second answer until it is let go."""

    def __init__(self) -> None:
        super().__init__("papers", TEXTS)
        self.reached = asyncio.Event()
        self.let_go = asyncio.Event()

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        if len(self.asked) == 1:
            self.asked.append(("search", query))
            self.reached.set()
            await self.let_go.wait()
        return await super().search(query, limit=limit)


class Refusing(Shelf):
    """Says no until it is told otherwise."""

    closed = True

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        if self.closed:
            self.asked.append(("refused", query))
            raise RefusedError(self.name, "closed for repairs")
        return await super().search(query, limit=limit)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "BACKOFF_S", 0.0)


@pytest.fixture
async def running() -> asyncio.AbstractEventLoop:
    """Return the running loop, as a notebook's cell has one."""
    return asyncio.get_running_loop()


@pytest.fixture
async def database(home: Path) -> AsyncGenerator[Database]:
    opened = await Database.open(home)
    yield opened
    await opened.close()


def test_ask_from_a_script(home: Path) -> None:
    report = Researcher([Shelf("papers", TEXTS)], home=home).ask(f"  {QUESTION}\n")
    assert (report.status, report.question) == ("answered", QUESTION)
    assert "Lodbrok" in report.answer


async def test_ask_from_a_notebook_s_cell(home: Path, running: object) -> None:
    assert running is asyncio.get_running_loop()
    researcher = Researcher([Shelf("papers", TEXTS)], home=home)
    assert "Lodbrok" in researcher.ask(QUESTION).answer
    # The same one serves the loop of the cell, and a script's afterwards.
    assert "Lodbrok" in (await researcher.start(QUESTION)).answer
    assert await asyncio.to_thread(researcher.ask, QUESTION) is not None
    assert [row.state for row in Archive(home).runs()] == ["done"] * 3


async def test_what_goes_wrong_inside_a_loop_reaches_the_caller() -> None:
    async def fail() -> None:
        raise KeyError("inside")

    threads = threading.active_count()
    with pytest.raises(KeyError, match="inside"):
        blocking(fail())
    assert threading.active_count() == threads


def test_a_run_needs_a_loop_and_says_so(home: Path) -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        Researcher([Shelf("papers", TEXTS)], home=home).start(QUESTION)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        pytest.param("", "the question is empty", id="nothing"),
        pytest.param(" \n\t\x00", "the question is empty", id="nothing to see"),
        pytest.param("x" * (LONGEST_QUESTION + 1), "20,001 characters; 20,000", id="a document"),
    ],
)
def test_what_is_no_question(home: Path, question: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        Researcher([Shelf("papers", TEXTS)], home=home).ask(question)
    assert not home.exists()


def test_a_question_is_kept_as_text_is() -> None:
    assert checked(" Cafe\u0301\x00? ") == "Caf\u00e9?"
    assert checked("x" * LONGEST_QUESTION + " ") == "x" * LONGEST_QUESTION


def test_a_question_in_a_broken_encoding_is_answered(home: Path) -> None:
    """A shell hands undecodable bytes on as lone surrogates, which no store takes."""
    report = Researcher([Shelf("papers", TEXTS)], home=home).ask(f"{QUESTION} \udce9")
    assert report.question == f"{QUESTION} \ufffd"
    assert Archive(home).run("last").question == report.question


async def test_a_finished_run_gives_its_report_and_asks_nobody(home: Path) -> None:
    run = Researcher([Shelf("papers", TEXTS)], home=home).start(QUESTION)
    report = await run
    before, row = Archive(home).calls(run.id), Archive(home).run(run.id)
    silent = Refusing("papers", TEXTS)
    for name in (run.id, run.id[:5], "last"):
        for retry in (False, True):
            again = await Researcher([silent], home=home).resume(name, retry_failed=retry)
            assert again.id == run.id
            assert await again == report
    assert silent.asked == []
    assert Archive(home).calls(run.id) == before
    assert Archive(home).run(run.id) == row


async def test_an_interrupted_run_goes_on_where_it_was(home: Path) -> None:
    undisturbed = Shelf("papers", TEXTS)
    expected = await Researcher([undisturbed], home=home.with_name("other")).start(QUESTION)
    assert len(undisturbed.asked) >= 2

    holding = Holding()
    run = Researcher([holding], home=home).start(QUESTION)
    await asyncio.wait_for(holding.reached.wait(), 60)
    assert Archive(home).run(run.id).state == "running"
    await run.interrupt()
    assert run.done
    row = Archive(home).run("last")
    assert (row.run_id, row.state, row.report) == (run.id, "interrupted", None)
    assert Archive(home).report(run.id) is None

    shelf = Shelf("papers", TEXTS)
    again = await Researcher([shelf], home=home).resume("last")
    stages = [event.text async for event in again if event.kind == "stage"]
    assert stages == ["refine", "synthesize", "verify", "report"]  # it is past begin and plan
    report = await again
    assert again.id == run.id
    assert report.markdown == expected.markdown
    assert shelf.asked == undisturbed.asked[1:]  # the first had been answered
    calls = Archive(home).calls(run.id)
    assert [call.lost for call in calls] == [0, 1, *[0] * (len(calls) - 2)]
    assert Archive(home).run(run.id).state == "done"


class Unusable(Shelf):
    """A source that cannot be made ready, which ends a run."""

    async def prepare(self, home: Path, *, progress: object = None) -> None:
        raise SettingsError("the shelf is locked")

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("late", [False, True], ids=["who followed", "who comes later"])
@pytest.mark.parametrize(
    ("source", "end"),
    [
        pytest.param(Shelf("papers", TEXTS), "done", id="a report"),
        pytest.param(Unusable("papers", TEXTS), "failed", id="an error"),
    ],
)
async def test_the_last_event_of_a_run_says_how_it_ended(
    home: Path, source: Shelf, end: str, *, late: bool
) -> None:
    run = Researcher([source], home=home).start(QUESTION)
    if late:
        with contextlib.suppress(SettingsError):
            await run
    events = [event async for event in run]
    assert events[-1] == Event(kind="run", text=run.id, status=end)
    assert [event.kind for event in events].count("run") == 1
    assert run.progress().state == end
    with contextlib.suppress(SettingsError):
        await run


async def test_who_follows_a_run_is_told_that_it_was_interrupted(home: Path) -> None:
    holding = Holding()
    run = Researcher([holding], home=home).start(QUESTION)
    await asyncio.wait_for(holding.reached.wait(), 60)
    await run.interrupt()
    *_, last = [event async for event in run]
    assert (last.kind, last.status) == ("run", "interrupted")


async def test_a_run_that_was_taken_up_again_is_listed_as_running(home: Path) -> None:
    for number in range(2):
        holding = Holding()
        researcher = Researcher([holding], home=home)
        run = await researcher.resume("last") if number else researcher.start(QUESTION)
        holding.asked = [("search", "the first was answered")] * number
        await asyncio.wait_for(holding.reached.wait(), 60)
        async with contextlib.AsyncExitStack() as stack:
            database = await Database.open(home)
            stack.push_async_callback(database.close)
            assert [row.state for row in await list_runs(database)] == ["running"]
        await run.interrupt()
        assert Archive(home).run(run.id).state == "interrupted"


async def test_a_run_that_goes_on_here_is_busy_elsewhere(home: Path) -> None:
    holding = Holding()
    run = Researcher([holding], home=home).start(QUESTION)
    await asyncio.wait_for(holding.reached.wait(), 60)
    assert Archive(home).run(run.id).state == "running"

    def elsewhere() -> None:
        async def resume() -> None:
            await (await Researcher([Shelf("papers", TEXTS)], home=home).resume(run.id))

        asyncio.run(resume())

    with pytest.raises(RunBusyError, match=f"run {run.id} is held by another thread"):
        await asyncio.to_thread(elsewhere)
    holding.let_go.set()
    assert "Lodbrok" in (await run).answer


async def test_what_was_refused_is_asked_again_when_that_is_wanted(home: Path) -> None:
    """The run is interrupted at its second source, after the first had refused for good."""
    papers, holding = Refusing("closed", TEXTS), Holding()
    researcher = Researcher([papers, holding], home=home)
    run = researcher.start(QUESTION)
    await asyncio.wait_for(holding.reached.wait(), 60)
    while not papers.asked:
        await asyncio.sleep(0.001)
    await run.interrupt()
    refused = [call for call in Archive(home).calls(run.id) if call.status == "failed"]
    assert len(refused) == len(papers.asked) >= 1

    papers.asked.clear()
    papers.closed = False
    holding.let_go.set()
    again = await researcher.resume(run.id, retry_failed=True)
    report = await again
    assert report.status == "answered"
    assert ("refused", QUESTION) not in papers.asked
    keys = {call.key for call in refused}
    opened = [call for call in Archive(home).calls(run.id) if call.key in keys]
    assert {call.status for call in opened} == {"done"}
    assert not [gap for gap in report.gaps if "closed for repairs" in gap.why]


async def test_a_finished_run_is_opened_where_something_had_failed(home: Path) -> None:
    closed, papers = Refusing("closed", TEXTS), Shelf("papers", {"Mill": "A mill burnt down."})
    researcher = Researcher([closed, papers], home=home)
    run = researcher.start(QUESTION)
    assert (await run).status == "insufficient_evidence"
    asked = list(papers.asked)

    closed.closed = False
    report = await (await researcher.resume("last", retry_failed=True))
    assert report.status == "answered"
    assert "Lodbrok" in report.answer
    assert papers.asked[: len(asked)] == asked
    assert not set(asked) & set(papers.asked[len(asked) :])  # what it had said is not asked again
    assert Archive(home).report(run.id) == Archive(home).record(run.id).report
    assert await (await researcher.resume("last", retry_failed=True)) == report
    found = Archive(home).record(run.id).findings
    assert len({finding.task for finding in found}) == len(found)
    assert not [gap for finding in found for gap in finding.gaps if "repairs" in gap.why]
    assert all(report.why(claim) for claim in report.claims)


async def test_what_was_refused_stays_so_otherwise(home: Path) -> None:
    papers, holding = Refusing("closed", TEXTS), Holding()
    researcher = Researcher([papers, holding], home=home)
    run = researcher.start(QUESTION)
    await asyncio.wait_for(holding.reached.wait(), 60)
    while not papers.asked:
        await asyncio.sleep(0.001)
    await run.interrupt()
    refused = {call.key for call in Archive(home).calls(run.id) if call.status == "failed"}
    papers.closed = False
    holding.let_go.set()
    report = await (await researcher.resume(run.id))
    still = {call.key for call in Archive(home).calls(run.id) if call.status == "failed"}
    assert still == refused != set()
    assert "closed: closed for repairs" in [gap.why for gap in report.gaps]


async def test_a_run_that_is_not_there(home: Path) -> None:
    with pytest.raises(
        RunNotFoundError, match=r"no run 'last' in .*`quaestor runs --home .*` lists"
    ):
        await Researcher([Shelf("papers", TEXTS)], home=home).resume("last")
    assert Archive(home).runs() == []
    assert not home.exists()


def test_a_run_is_taken_up_with_what_it_was_started_with(home: Path) -> None:
    corpus = Corpus.open(sample.documents(), name="docs", private=False)
    given = Researcher([corpus], home=home, rounds=2, exclude_source=["x"], privacy="local-only")
    report = given.ask("Who leads the team that calibrates the Heron 4?")
    again = researcher_of(home, report.run_id)
    (source,) = again.sources
    assert isinstance(source, Corpus)
    assert (source.name, source.private, source.root) == ("docs", False, corpus.root)
    assert (again.settings.rounds, again.settings.privacy) == (2, "local-only")


async def test_a_run_that_a_killed_process_left_is_listed_as_interrupted(
    home: Path, database: Database
) -> None:
    """Its row says `running`; nobody living holds its lease."""
    holding = Holding()
    run = Researcher([holding], home=home).start(QUESTION)
    await asyncio.wait_for(holding.reached.wait(), 60)
    await run.interrupt()
    async with database.writing() as connection:
        await connection.execute(update(schema.runs).values(state="running"))
    assert [row.state for row in Archive(home).runs()] == ["interrupted"]
    assert Archive(home).run(run.id).state == "interrupted"
    await take(database, run.id)
    assert Archive(home).run(run.id).state == "running"


async def test_a_run_taken_over_in_the_middle_leaves_its_taker_alone(
    home: Path, database: Database
) -> None:
    """Whoever comes back from sleep finds the run somebody else's and writes nothing."""
    holding = Holding()
    run = Researcher([holding], home=home).start(QUESTION)
    await asyncio.wait_for(holding.reached.wait(), 60)
    await take(database, run.id)
    calls = Archive(home).calls(run.id)
    holding.let_go.set()
    with pytest.raises(Exception, match="was taken over by another process"):
        await run
    assert Archive(home).calls(run.id) == calls
    row = Archive(home).run(run.id)
    assert (row.state, row.report) == ("running", None)
