"""What only a process of its own shows: Ctrl-C, a busy run, and who is called from a shell."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quaestor.memory.database import Database
from quaestor.memory.lease import release, take
from tests.cli.conftest import QUESTION, Asked

SLOW = """
import asyncio
import sys
from quaestor.tools.local.corpus import Corpus

quick, asked = Corpus.search, []

async def search(self, query, *, limit):
    asked.append(query)
    if len(asked) > 1:
        print("SLOW", file=sys.stderr, flush=True)
        await asyncio.sleep(600)
    return await quick(self, query, limit=limit)

Corpus.search = search
from quaestor.cli import main
main()
"""
"""The command line with a collection that never gives a second answer."""

MAIN = "from quaestor.cli import main; main()"


def run(*arguments: str | Path, code: str = MAIN) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def interrupted(docs: Path, tmp_path: Path) -> Iterator[tuple[Path, "subprocess.Popen[str]"]]:
    """Start a run and press Ctrl-C while its second search is in flight."""
    home = tmp_path / "home"
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "ask", QUESTION, "--local", str(docs), "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("SLOW"):
            break
    process.send_signal(signal.SIGINT)
    try:
        yield home, process
    finally:
        process.kill()
        process.communicate()


def test_ctrl_c_ends_with_130_and_says_how_to_go_on(
    interrupted: tuple[Path, "subprocess.Popen[str]"],
) -> None:
    home, process = interrupted
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert f"--home {home}` goes on with it" in err
    assert "Traceback" not in err

    (listed,) = json.loads(run("runs", "--home", home, "--format", "json").stdout)["runs"]
    assert listed["state"] == "interrupted"
    unfinished = run("show", "last", "--home", home)
    assert unfinished.returncode == 0
    assert unfinished.stdout.startswith(f"interrupted: {QUESTION}")

    resumed = run("resume", "last", "--home", home, "--format", "json")
    assert resumed.returncode == 0, resumed.stderr
    report = json.loads(resumed.stdout)
    assert report["run_id"] == listed["run_id"]
    assert "Mara Ellwood" in report["answer"]
    calls = json.loads(run("calls", "last", "--home", home, "--format", "json").stdout)["calls"]
    searches = [call for call in calls if call["kind"] == "local_search"]
    # The first was answered before and not made again; the second was in flight, and lost.
    assert [call["lost"] for call in searches if call["lost"]] == [1]
    assert {call["attempts"] for call in searches} == {1}


def test_a_run_that_another_process_holds_is_busy(asked: Asked, docs: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    stopped = SLOW.replace("await asyncio.sleep(600)", "raise KeyboardInterrupt")
    run("ask", QUESTION, "--local", docs, "--home", home, code=stopped)
    name = json.loads(run("runs", "--home", home, "--format", "json").stdout)["runs"][0]["run_id"]

    async def held() -> "subprocess.CompletedProcess[str]":
        database = await Database.open(home)
        lease = await take(database, name)
        try:
            return await asyncio.to_thread(run, "resume", "last", "--home", home)
        finally:
            await release(database, lease)
            await database.close()

    busy = asyncio.run(held())
    assert (busy.returncode, busy.stdout) == (3, "")
    assert f":{os.getpid()}:" in busy.stderr


def test_a_reader_who_has_seen_enough_is_no_error(asked: Asked) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, "show", "last", "--home", str(asked.home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    process.wait(timeout=60)
