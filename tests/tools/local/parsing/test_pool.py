"""The children that parse: limited, replaced, given up, and never left behind."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quaestor.errors import SettingsError, UnreadableError
from quaestor.tools.local.parsing import child
from quaestor.tools.local.parsing.pool import ParserPool, PoolClosedError
from tests.tools.local.parsing.making import DOCX, MAIL, PDF, pdf, word

LETTER = b"Subject: The quay\n\nIt is long."
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


@pytest.fixture
def pool() -> Iterator[ParserPool]:
    with ParserPool(children=1) as made:
        yield made
    assert made.processes() == []


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that another thread or process is about to do."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def test_no_child_is_started_before_a_file_comes(pool: ParserPool) -> None:
    assert pool.processes() == []
    assert pool.parse(LETTER, MAIL).title == "The quay"
    assert len(pool.processes()) == 1


def test_a_child_reads_several_files_and_is_replaced_after_its_share() -> None:
    with ParserPool(children=1, files_per_child=2) as pool:
        seen: list[list[int]] = []
        for _ in range(4):
            pool.parse(LETTER, MAIL)
            seen.append(pool.processes())
    first, second, third, fourth = seen
    assert (len(first), second, len(third), fourth) == (1, [], 1, [])
    assert first != third


def test_a_refusal_names_the_file_and_the_reason(pool: ParserPool) -> None:
    with pytest.raises(UnreadableError) as raised:
        pool.parse(b"no letter", MAIL, name="a/b.eml")
    assert raised.value.source == "a/b.eml"
    assert raised.value.reason == "not what its name says: no mail inside"


def test_a_type_that_no_parser_reads_is_refused(pool: ParserPool) -> None:
    with pytest.raises(UnreadableError, match="no parser reads image/png"):
        pool.parse(b"x", "image/png")


def bomb() -> bytes:
    """Return a PDF whose page is 700 MB of blanks, packed twice."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    once = b"\x78\xda" + block * 700 + packer.flush() + bytes(4)
    twice = zlib.compress(once, 9)
    return (
        b"%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%b\nendstream endobj\n"
        b"trailer<</Root 1 0 R>>\n%%%%EOF" % (len(twice), twice)
    )


@POSIX
def test_a_bomb_breaks_its_child_and_nothing_else(pool: ParserPool) -> None:
    pool.parse(LETTER, MAIL)
    with pytest.raises(UnreadableError, match="bomb-like or damaged: it broke its parser"):
        pool.parse(bomb(), PDF)
    assert pool.processes() == []
    assert pool.parse(LETTER, MAIL).title == "The quay"


@POSIX
def test_a_child_that_does_not_answer_is_ended_and_replaced() -> None:
    with ParserPool(children=1, timeout_s=0.5) as pool:
        pool.parse(LETTER, MAIL)
        _stop_first(pool)
        with pytest.raises(UnreadableError, match=r"takes too long: the limit is 0.5 s"):
            pool.parse(LETTER, MAIL)
        assert pool.processes() == []
        assert pool.parse(LETTER, MAIL).title == "The quay"


@POSIX
def test_a_child_that_never_starts_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "START_S", 0.2)
    monkeypatch.setattr(child, "_MODULE", "timeit")  # runs what it is given, which is a long sleep
    with ParserPool(children=1) as pool:
        monkeypatch.setattr(pool, "_arguments", ["-n1", "-r1", "import time; time.sleep(60)"])
        with pytest.raises(UnreadableError, match=r"takes too long: the limit is 0.2 s"):
            pool.parse(LETTER, MAIL)
        assert pool.processes() == []


def _stop_first(pool: ParserPool) -> None:
    """Stop the pool's child, unless whoever closes the pool was faster."""
    until(lambda: bool(pool.processes()))
    for pid in pool.processes()[:1]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)


@POSIX
def test_a_child_that_died_while_idle_is_replaced_without_a_word(pool: ParserPool) -> None:
    pool.parse(LETTER, MAIL)
    (before,) = pool.processes()
    os.kill(before, signal.SIGKILL)
    until(lambda: pool.processes() == [])
    assert pool.parse(LETTER, MAIL).title == "The quay"
    assert pool.processes() != [before]


@POSIX
def test_closing_ends_work_under_way() -> None:
    pool = ParserPool(children=1, timeout_s=60)
    caught: list[BaseException] = []
    long = pdf(*["page"] * 3000)

    def work() -> None:
        try:
            pool.parse(long, PDF)
        except BaseException as error:
            caught.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    until(lambda: bool(pool.processes()))
    pool.close()
    worker.join(20)
    assert [type(error) for error in caught] == [PoolClosedError]
    assert pool.processes() == []
    with pytest.raises(PoolClosedError):
        pool.parse(LETTER, MAIL)


@POSIX
async def test_a_cancelled_reader_ends_its_child_and_the_pool_goes_on() -> None:
    with ParserPool(children=1, timeout_s=60) as pool:
        await _cancelled(pool)


async def _cancelled(pool: ParserPool) -> None:
    stopper = threading.Thread(target=lambda: _stop_first(pool))
    stopper.start()
    reading = asyncio.create_task(pool.read(pdf(*["page"] * 300), PDF))
    await asyncio.to_thread(stopper.join)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.to_thread(until, lambda: pool.processes() == [])
    assert (await pool.read(LETTER, MAIL)).title == "The quay"


async def test_never_more_children_than_allowed_whatever_is_asked_at_once() -> None:
    with ParserPool(children=2) as pool:
        many = await asyncio.gather(*(pool.read(LETTER, MAIL) for _ in range(8)))
        assert {one.text for one in many} == {"Subject: The quay\n\nIt is long."}
        assert len(pool.processes()) <= 2


def test_a_pool_serves_one_event_loop_after_another(pool: ParserPool) -> None:
    for _ in range(2):
        assert asyncio.run(pool.read(LETTER, MAIL)).title == "The quay"


def test_a_folder_of_documents_lends_the_child_no_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pool: ParserPool
) -> None:
    (tmp_path / "zipfile.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    assert pool.parse(word(lambda d: d.add_paragraph("Seen.")), DOCX).text == "Seen."


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_a_child_is_given_no_keys(monkeypatch: pytest.MonkeyPatch, pool: ParserPool) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    pool.parse(LETTER, MAIL)
    (child,) = pool.processes()
    environment = Path(f"/proc/{child}/environ").read_bytes()
    assert b"PYTHONPATH" in environment
    assert b"secret" not in environment


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_child_ends_when_its_parent_is_gone() -> None:
    code = (
        "import os\n"
        "from quaestor.tools.local.parsing.pool import ParserPool\n"
        "pool = ParserPool()\n"
        f"pool.parse({LETTER!r}, {MAIL!r})\n"
        "print(*pool.processes(), flush=True)\n"
        "os._exit(0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    until(lambda: _gone(int(ran.stdout)))


def _gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except FileNotFoundError:
        return True
    return state in "ZX"  # nobody waits for an orphan in some containers


@pytest.mark.parametrize("wrong", [{"children": 0}, {"timeout_s": 0}, {"files_per_child": 0}])
def test_a_pool_that_could_do_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        ParserPool(**wrong)
