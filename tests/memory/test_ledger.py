"""The call ledger: what has finished is never paid again."""

import asyncio
import gc
import hashlib
import sqlite3
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from quaestor.errors import IntegrityError, LeaseLostError, RefusedError, SourceDownError
from quaestor.memory import attempts, batches, lease, schema
from quaestor.memory.calls import Ask
from quaestor.memory.database import Database, Writing
from quaestor.memory.documents import WEB, Document
from quaestor.memory.journal import load_calls, taken_at
from quaestor.memory.ledger import NOTED, Ledger
from quaestor.memory.outcomes import Cost, Reply, UnusableError
from quaestor.memory.store import Store, load_blob

ASK = Ask(branch="public", task="t", round=0, step=1)
BAD = UnusableError(
    "s",
    "empty",
    cost=Cost(tokens_in=10, tokens_out=2, usd=0.25, priced=False, estimated=True),
)


class Outside:
    """A world that counts, and fails as told."""

    def __init__(self, *failures: Exception, delay_s: float = 0.0) -> None:
        self.failures = list(failures)
        self.paid = 0
        self.delay_s = delay_s

    async def __call__(self) -> Reply:
        self.paid += 1
        await asyncio.sleep(self.delay_s)
        if self.failures:
            raise self.failures.pop(0)
        return Reply(body={"n": self.paid}, tokens_in=3, tokens_out=4, usd=0.5)


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "BACKOFF_S", 0.0)


async def open_ledger(database: Database, run: str = "r1", **options: object) -> Ledger:
    held = await lease.take(database, run)
    return Ledger(database, run, token=held.token, **options)  # type: ignore[arg-type]


async def test_the_same_request_is_made_once(database: Database) -> None:
    world, book = Outside(), await open_ledger(database)
    first = await book.call("chat", {"q": "x"}, world, ask=ASK)
    again = await book.call("chat", {"q": "x"}, world, ask=ASK)
    assert world.paid == 1
    assert again == first
    assert first.body == {"n": 1}
    assert first.charge == {"calls": 1, "tokens": 7, "usd": 0.5}


async def test_a_new_process_is_given_what_the_old_one_paid_for(tmp_path: Path) -> None:
    world = Outside()
    for _ in range(2):
        database = await Database.open(tmp_path)
        book = await open_ledger(database)
        assert (await book.call("chat", {"q": "x"}, world, ask=ASK)).body == {"n": 1}
        await database.close()
    assert world.paid == 1


async def test_equal_calls_in_flight_share_one_and_each_asker_is_charged(
    database: Database,
) -> None:
    world, book = Outside(delay_s=0.02), await open_ledger(database)
    asks = [Ask(branch="public", task=f"t{n}", round=0, step=1) for n in range(5)]
    outcomes = await asyncio.gather(
        *(book.call("search", {"q": "x"}, world, ask=ask) for ask in asks)
    )
    assert world.paid == 1
    assert len({outcome.taken_at for outcome in outcomes}) == 1
    [row] = await load_calls(database, "r1")
    assert [ask.task for ask in row.asks] == ["t0", "t1", "t2", "t3", "t4"]
    assert (row.how, row.status, row.attempts, row.lost) == ("made", "done", 1, 0)


async def test_who_asked_is_forgotten_in_memory_and_not_in_the_ledger(database: Database) -> None:
    world, book = Outside(), await open_ledger(database)
    asker = replace(ASK, task="it forgets")
    for step in range(NOTED + 20):
        await book.call("chat", {"q": "x"}, world, ask=replace(asker, step=step))
    held = [one for one in gc.get_objects() if isinstance(one, Ask) and one.task == asker.task]
    assert len(held) <= NOTED + 3
    for step in (0, NOTED):
        await book.call("chat", {"q": "x"}, world, ask=replace(asker, step=step))
    [row] = await load_calls(database, "r1")
    assert [ask.step for ask in row.asks] == list(range(NOTED + 20))


async def test_samples_of_one_request_are_calls_of_their_own(database: Database) -> None:
    world, book = Outside(), await open_ledger(database)
    for sample in (0, 1, 1, 0):
        await book.call("chat", {"q": "x"}, world, ask=ASK, sample=sample)
    assert world.paid == 2


async def test_the_key_is_of_content_and_not_of_key_order(database: Database) -> None:
    world, book = Outside(), await open_ledger(database)
    await book.call("chat", {"a": 1, "b": [1, 2]}, world, ask=ASK)
    await book.call("chat", {"b": [1, 2], "a": 1}, world, ask=ASK)
    await book.call("chat", {"b": [2, 1], "a": 1}, world, ask=ASK)
    await book.call("embed", {"a": 1, "b": [1, 2]}, world, ask=ASK)
    assert world.paid == 3


@pytest.mark.parametrize(
    ("failures", "paid", "failed"),
    [
        pytest.param([SourceDownError("s", "slow")], 2, False, id="once down is asked again"),
        pytest.param([SourceDownError("s", "slow")] * 3, 3, True, id="three times down is final"),
        pytest.param([RefusedError("s", "no")], 1, True, id="a refusal is final at once"),
    ],
)
async def test_failures(
    database: Database, failures: list[Exception], paid: int, failed: bool
) -> None:
    world, book = Outside(*failures), await open_ledger(database)
    outcome = await book.call("search", {"q": "x"}, world, ask=ASK)
    assert (world.paid, outcome.failed) == (paid, failed)
    again = await book.call("search", {"q": "x"}, world, ask=ASK)
    assert (world.paid, again) == (paid, outcome)


async def test_a_final_failure_is_asked_again_when_that_is_wanted(database: Database) -> None:
    world = Outside(RefusedError("s", "no"))
    book = await open_ledger(database)
    assert (await book.call("search", {"q": "x"}, world, ask=ASK)).failed
    other = await open_ledger(database, "r2")
    assert not (await other.call("search", {"q": "x"}, world, ask=ASK)).failed
    retrying = await open_ledger(database, retry_failed=True)
    outcome = await retrying.call("search", {"q": "x"}, world, ask=ASK)
    assert not outcome.failed
    # r2's good answer stands in the page cache
    assert world.paid == 2
    [row] = await load_calls(database, "r1")
    assert (row.status, row.how) == ("done", "cached")


async def test_what_fails_again_is_asked_once_a_resume(database: Database) -> None:
    world = Outside(*[RefusedError("s", "no")] * 3)
    for number in (1, 2):
        book = await open_ledger(database, retry_failed=True)
        for _ in range(3):
            assert (await book.call("search", {"q": "x"}, world, ask=ASK)).failed
        assert world.paid == number


@pytest.mark.parametrize(
    ("failures", "attempts", "tokens"),
    [
        pytest.param([BAD, BAD, BAD], 3, (30, 6), id="none of its replies was of use"),
        pytest.param([BAD], 2, (13, 6), id="its second reply was of use"),
        pytest.param([BAD, RefusedError("s", "no")], 2, (10, 2), id="then it was refused"),
        pytest.param([UnusableError("s", "no cost is known")] * 3, 3, (0, 0), id="for free"),
    ],
)
async def test_what_was_paid_for_a_reply_of_no_use_is_counted(
    database: Database, failures: list[Exception], attempts: int, tokens: tuple[int, int]
) -> None:
    book = await open_ledger(database)
    await book.call("chat", {"q": "x"}, Outside(*failures), ask=ASK)
    [row] = await load_calls(database, "r1")
    assert (row.attempts, row.tokens_in, row.tokens_out) == (attempts, *tokens)
    assert (row.priced, row.estimated) == (not tokens[0], bool(tokens[0]))


async def test_what_was_paid_before_a_call_is_asked_again_is_still_counted(
    database: Database,
) -> None:
    world = Outside(*[BAD] * 7)
    for _ in range(3):
        book = await open_ledger(database, retry_failed=True)
        await book.call("chat", {"q": "x"}, world, ask=ASK)
    # Twice three tries failed, then one, and the eighth was answered: 10 in a bad reply, 3 in it.
    [row] = await load_calls(database, "r1")
    assert (row.status, row.attempts, row.tokens_in, row.tokens_out) == ("done", 8, 73, 18)
    assert row.usd == pytest.approx(7 * 0.25 + 0.5)


async def test_a_defect_is_no_result(database: Database) -> None:
    world, book = Outside(ValueError("a defect")), await open_ledger(database)
    with pytest.raises(ValueError, match="a defect"):
        await book.call("search", {"q": "x"}, world, ask=ASK)
    [row] = await load_calls(database, "r1")
    assert (row.status, row.how) == ("in_flight", "")
    assert (await book.call("search", {"q": "x"}, world, ask=ASK)).body == {"n": 2}
    [row] = await load_calls(database, "r1")
    assert (row.status, row.lost) == ("done", 1)


async def test_a_cancelled_call_is_lost_and_made_again(database: Database) -> None:
    world, book = Outside(delay_s=10), await open_ledger(database)
    waiting = asyncio.create_task(book.call("search", {"q": "x"}, world, ask=ASK))
    while not world.paid:
        await asyncio.sleep(0.001)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    world.delay_s = 0
    assert not (await book.call("search", {"q": "x"}, world, ask=ASK)).failed
    [row] = await load_calls(database, "r1")
    assert (row.status, row.lost, row.attempts) == ("done", 1, 1)


async def test_one_asker_who_leaves_does_not_take_the_call_along(database: Database) -> None:
    world, book = Outside(delay_s=0.05), await open_ledger(database)
    leaving = asyncio.create_task(book.call("search", {"q": "x"}, world, ask=ASK))
    staying = asyncio.create_task(book.call("search", {"q": "x"}, world, ask=ASK))
    while not world.paid:
        await asyncio.sleep(0.001)
    leaving.cancel()
    assert (await staying).body == {"n": 1}
    assert world.paid == 1


@pytest.mark.parametrize(
    ("kind", "age_s", "fresh", "paid"),
    [
        pytest.param("search", 3600, False, 1, id="a search of an hour ago is reused"),
        pytest.param("search", 3601, False, 2, id="an older search is not"),
        pytest.param("fetch", 86_400, False, 1, id="a page of a day ago is reused"),
        pytest.param("fetch", 86_401, False, 2, id="an older page is not"),
        pytest.param("embed", 1e9, False, 1, id="an embedding is reused for ever"),
        pytest.param("search", 1, True, 2, id="fresh reuses nothing"),
        pytest.param("chat", 1, False, 2, id="a model's reply is another run's own"),
        pytest.param("local_search", 1, False, 2, id="a local search is free to make again"),
    ],
)
async def test_what_another_run_may_reuse(
    database: Database, kind: str, age_s: float, fresh: bool, paid: int
) -> None:
    world, clock = Outside(), Clock()
    first = await open_ledger(database, "r1", clock=clock)
    taken = await first.call(kind, {"q": "x"}, world, ask=ASK)  # type: ignore[arg-type]
    clock.now += age_s
    other = await open_ledger(database, "r2", clock=clock, fresh=fresh)
    outcome = await other.call(kind, {"q": "x"}, world, ask=ASK)  # type: ignore[arg-type]
    assert world.paid == paid
    [row] = await load_calls(database, "r2")
    assert row.how == ("cached" if paid == 1 else "made")
    assert (outcome.taken_at == taken.taken_at) == (paid == 1)


async def test_a_failure_is_never_reused_by_another_run(database: Database) -> None:
    world = Outside(RefusedError("s", "no"))
    await (await open_ledger(database, "r1")).call("search", {"q": "x"}, world, ask=ASK)
    other = await open_ledger(database, "r2")
    assert not (await other.call("search", {"q": "x"}, world, ask=ASK)).failed


async def test_a_forked_run_inherits_calls_of_every_kind(database: Database) -> None:
    world = Outside()
    await (await open_ledger(database, "r1")).call("chat", {"q": "x"}, world, ask=ASK)
    fork = await open_ledger(database, "r2", parents=("r1",))
    assert (await fork.call("chat", {"q": "x"}, world, ask=ASK)).body == {"n": 1}
    [row] = await load_calls(database, "r2")
    assert (world.paid, row.how) == (1, "inherited")


async def test_a_process_that_lost_the_run_writes_nothing(database: Database) -> None:
    world, late = Outside(), await open_ledger(database)
    await open_ledger(database)  # somebody takes the run over
    with pytest.raises(LeaseLostError):
        await late.call("search", {"q": "x"}, world, ask=ASK)
    assert world.paid == 0
    assert await load_calls(database, "r1") == []


async def test_documents_are_there_when_the_result_is(database: Database) -> None:
    page = Document.of(
        "Some text.",
        uri="https://example.org/",
        title="A page",
        media_type="text/html",
        origin=WEB,
        extractor="html",
    )

    async def read() -> Reply:
        return Reply(body={"documents": [page.id]}, documents=(page,))

    book = await open_ledger(database)
    outcome = await book.call("fetch", {"uri": page.uri}, read, ask=ASK)
    assert await Store(database).document(page.id) == page
    assert await taken_at(database, "r1") == {page.id: outcome.taken_at}


async def test_fetched_bytes_are_kept_once_under_their_digest(database: Database) -> None:
    page, other = b"<p>tide</p>" * 999, b"\x00\xff"

    async def read() -> Reply:
        return Reply(body={}, blobs=(page, other, page))

    book = await open_ledger(database)
    await book.call("fetch", {"uri": "a"}, read, ask=ASK)
    await book.call("fetch", {"uri": "b"}, read, ask=ASK)
    async with database.reading() as connection:
        for blob in (page, other):
            assert await load_blob(connection, hashlib.sha256(blob).hexdigest()) == blob
        assert await load_blob(connection, "0" * 64) is None
        assert await connection.scalar(select(func.count()).select_from(schema.blobs)) == 2
        stored = await connection.scalar(select(func.max(func.length(schema.blobs.c.body))))
    assert stored is not None
    assert (stored or 0) in range(1, 300)  # ten thousand repetitive bytes, compressed


@pytest.mark.parametrize("stored", [zlib.compress(b"other"), b"no zlib"], ids=["other", "damaged"])
async def test_bytes_that_are_not_what_their_digest_says_are_refused(
    database: Database, stored: bytes
) -> None:
    async with database.writing() as connection:
        await connection.execute(schema.blobs.insert().values(sha256="0" * 64, body=stored))
    async with database.reading() as connection:
        with pytest.raises(IntegrityError, match="000000000000"):
            await load_blob(connection, "0" * 64)


@pytest.mark.parametrize("nth", range(1, 4))
async def test_whichever_write_fails_nothing_is_paid_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    """Two writes a call: in flight, then result and ask. Fail the n-th, then go on."""
    world, book = Outside(), await open_ledger(database)
    writes = 0
    writing = database.writing

    def failing(*, run_id: str = "", token: int = 0, wait: bool = True) -> Writing:
        nonlocal writes
        writes += 1
        if writes == nth:
            raise OSError(28, "No space left on device")
        return writing(run_id=run_id, token=token, wait=wait)

    monkeypatch.setattr(database, "writing", failing)
    if nth <= 2:
        with pytest.raises(OSError, match="No space left"):
            await book.call("search", {"q": "x"}, world, ask=ASK)
    outcome = await book.call("search", {"q": "x"}, world, ask=ASK)
    assert not outcome.failed
    # Only a result that could not be written is paid again.
    assert world.paid == (2 if nth == 2 else 1)


class FullDisk:
    """A connection whose n-th commit fails, and whose others do not."""

    def __init__(self, raw: sqlite3.Connection, nth: int) -> None:
        self._raw = raw
        self._left = nth

    def execute(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
        if statement == "COMMIT":
            self._left -= 1
            if not self._left:
                raise sqlite3.OperationalError("database or disk is full")
        return self._raw.execute(statement, *parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


@pytest.mark.parametrize(("nth", "paid"), [(1, 2), (2, 3), (3, 3), (4, 2)])
async def test_whichever_commit_fails_only_what_it_lost_is_paid_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, nth: int, paid: int
) -> None:
    """One: x in flight. Two: the result of x, y in flight. Three: the result of y."""
    monkeypatch.setattr(batches, "LATEST_S", 60.0)
    world = Outside()
    async with database.writing() as connection:
        connection.raw = FullDisk(connection.raw, nth + 2)  # type: ignore[assignment]  # stands in

    async def both() -> None:
        held = await lease.take(database, "r1")
        book = Ledger(database, "r1", token=held.token)
        await book.call("search", {"q": "x"}, world, ask=ASK)
        await book.call("search", {"q": "y"}, world, ask=ASK)
        await database.settled(run_id="r1", token=held.token)

    if nth <= 3:
        with pytest.raises(sqlite3.OperationalError, match="disk is full"):
            await both()
    await both()
    assert world.paid == paid
