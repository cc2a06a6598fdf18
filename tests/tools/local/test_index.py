"""The index follows its files: new, changed and gone, and always answers as a fresh one would."""

import asyncio
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from quaestor.tools.local.corpus import Corpus
from quaestor.tools.sources import Hit, Progress

Prepare = Callable[..., Awaitable[Corpus]]
QUERIES = ("harbour", "ship quay", "granite tide harbour", "rope")
WORDS = ("harbour", "ship", "quay", "granite", "tide", "rope")


async def answers(corpus: Corpus) -> tuple[str, list[list[Hit]]]:
    return corpus.generation, [await corpus.search(query, limit=4) for query in QUERIES]


async def fresh_answers(folder: Path) -> tuple[str, list[list[Hit]]]:
    with tempfile.TemporaryDirectory() as home:
        corpus = Corpus.open(folder, name="docs")
        await corpus.prepare(Path(home))
        try:
            return await answers(corpus)
        finally:
            await corpus.close()


def some_text(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 30)))


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from(["write", "delete", "prepare"])),
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
def test_after_any_history_the_answers_are_those_of_a_fresh_index(
    steps: list[tuple[str, str]], chance: random.Random
) -> None:
    async def live(folder: Path, home: Path) -> None:
        corpus = Corpus.open(folder, name="docs")
        for name, step in steps:
            file = folder / f"{name}.txt"
            if step == "write":
                file.write_text(some_text(chance))
            elif step == "delete":
                file.unlink(missing_ok=True)
            else:
                await corpus.prepare(home)
        await corpus.prepare(home)
        found = await answers(corpus)
        await corpus.close()
        assert found == await fresh_answers(folder)

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "docs"
        folder.mkdir()
        asyncio.run(live(folder, Path(place) / "home"))


async def test_only_what_changed_is_read_again(tmp_path: Path, prepare: Prepare) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"{name} harbour")
        os.utime(folder / f"{name}.txt", (1_600_000_000, 1_600_000_000))
    corpus = await prepare(folder)
    first = corpus.generation
    (folder / "b.txt").write_text("b quay, a longer text")
    (folder / "c.txt").unlink()
    (folder / "d.txt").write_text("d tide")
    notes: list[str] = []
    await corpus.prepare(tmp_path / "home", progress=lambda at: notes.append(at.note))
    assert notes == ["b.txt", "d.txt", "writing the index"]
    assert corpus.generation != first
    assert [hit.uri for hit in await corpus.search("quay", limit=5)] == ["b.txt"]
    assert corpus.counts["documents"] == 3


async def test_nothing_new_means_nothing_written(tmp_path: Path, prepare: Prepare) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("harbour")
    os.utime(folder / "a.txt", (1_600_000_000, 1_600_000_000))
    corpus = await prepare(folder)
    notes: list[str] = []
    await corpus.prepare(tmp_path / "home", progress=lambda at: notes.append(at.note))
    assert notes == []


async def test_a_touched_file_keeps_its_document(tmp_path: Path, prepare: Prepare) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("harbour")
    corpus = await prepare(folder)
    (before,) = await corpus.search("harbour", limit=1)
    os.utime(folder / "a.txt", (1_600_000_000, 1_600_000_000))
    await corpus.prepare(tmp_path / "home")
    (after,) = await corpus.search("harbour", limit=1)
    assert after == before
    assert (await corpus.open(after)).modified == "2020-09-13T12:26:40+00:00"


async def test_a_rewrite_of_equal_length_within_a_tick_of_the_clock_is_seen(
    tmp_path: Path, prepare: Prepare
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    file = folder / "a.txt"
    file.write_text("harbour")
    stamp = file.stat().st_mtime_ns
    corpus = await prepare(folder)
    file.write_text("granite")
    os.utime(file, ns=(stamp, stamp))
    await corpus.prepare(tmp_path / "home")
    assert [hit.uri for hit in await corpus.search("granite", limit=1)] == ["a.txt"]


async def test_a_file_that_turns_unreadable_takes_its_passages_with_it(
    tmp_path: Path, prepare: Prepare
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("harbour")
    corpus = await prepare(folder)
    (folder / "a.txt").write_bytes(b"%PDF-1.7 harbour")
    await corpus.prepare(tmp_path / "home")
    assert await corpus.search("harbour", limit=1) == []
    assert corpus.unread() == [("a.txt", "not text: it is a PDF")]
    await corpus.prepare(tmp_path / "home")
    assert corpus.unread() == [("a.txt", "not text: it is a PDF")]


async def test_the_same_content_has_the_same_generation_and_documents_anywhere(
    tmp_path: Path, prepare: Prepare
) -> None:
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        for name in ("a", "b") if place == "here" else ("b", "a"):
            (tmp_path / place / f"{name}.txt").write_text(f"{name} harbour")
    here = await prepare(tmp_path / "here")
    there = await prepare(tmp_path / "there", home=tmp_path / "another home")
    assert here.generation == there.generation
    assert await here.search("harbour", limit=5) == await there.search("harbour", limit=5)


async def test_equal_passages_come_in_the_order_of_their_paths(
    tmp_path: Path, prepare: Prepare
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    names = [f"{number:03}.txt" for number in range(300)]
    for name in random.Random(1).sample(names, len(names)):
        (folder / name).write_text("the same harbour")
    corpus = await prepare(folder)
    assert [hit.uri for hit in await corpus.search("harbour", limit=5)] == names[:5]
    # The first is changed and changed back, so that its rows are the newest in the store.
    (folder / names[0]).write_text("gone")
    await corpus.prepare(tmp_path / "home")
    (folder / names[0]).write_text("the same harbour")
    await corpus.prepare(tmp_path / "home")
    assert [hit.uri for hit in await corpus.search("harbour", limit=100)] == names[:100]


async def test_a_shorter_answer_is_the_beginning_of_a_longer_one(
    tmp_path: Path, prepare: Prepare
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    chance = random.Random(7)
    for number in range(200):
        (folder / f"{number}.txt").write_text(some_text(chance))
    corpus = await prepare(folder)
    longer = await corpus.search("granite tide harbour", limit=60)
    for limit in (1, 7, 30):
        assert await corpus.search("granite tide harbour", limit=limit) == longer[:limit]


async def test_an_open_corpus_answers_as_before_while_another_indexes_anew(
    tmp_path: Path, prepare: Prepare
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.txt").write_text(f"{name} harbour")
    reader = await prepare(folder)
    before = await answers(reader)
    hits = before[1][0]
    documents = [await reader.open(hit) for hit in hits]
    (folder / "a.txt").write_text("rope")
    (folder / "b.txt").unlink()
    writer = await prepare(folder)
    assert writer.generation != reader.generation
    assert await answers(reader) == before
    assert [await reader.open(hit) for hit in hits] == documents


async def test_a_search_under_way_outlives_a_new_index(tmp_path: Path, prepare: Prepare) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("harbour")
    corpus = await prepare(folder)

    async def ask() -> None:
        for _ in range(40):
            (hit,) = await corpus.search("harbour", limit=5)
            assert (await corpus.open(hit)).text == "harbour"

    async def change() -> None:
        for number in range(5):
            (folder / "b.txt").write_text(f"rope {number}")
            await corpus.prepare(tmp_path / "home")

    await asyncio.gather(ask(), ask(), ask(), change())


async def test_a_second_process_waits_for_the_first_and_says_so(tmp_path: Path) -> None:
    folder, home = tmp_path / "docs", tmp_path / "home"
    folder.mkdir()
    (folder / "a.txt").write_text("harbour")
    corpus = Corpus.open(folder)
    await corpus.prepare(home)
    (lock,) = home.glob("indexes/*/lock")
    told: list[Progress] = []
    with FileLock(lock):
        waiting = asyncio.create_task(corpus.prepare(home, progress=told.append))
        while not told:
            await asyncio.sleep(0.01)
        assert not waiting.done()
    await waiting
    await corpus.close()
    assert "waiting for another process" in told[0].note


async def test_a_caller_that_no_longer_waits_stops_the_work(tmp_path: Path) -> None:
    folder, home = tmp_path / "docs", tmp_path / "home"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.txt").write_text(f"harbour {number}")
    corpus = Corpus.open(folder)
    begun = asyncio.Event()
    task = asyncio.create_task(corpus.prepare(home, progress=lambda _: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    again = Corpus.open(folder)
    await again.prepare(home)  # waits until the stopped thread has let go of the lock
    assert again.counts["documents"] == 300
    await again.close()


def _break_store(folder: Path) -> None:
    for file in folder.glob("collection.db*"):
        file.unlink()
    (folder / "collection.db").write_bytes(b"not a database at all" * 1000)


def _break_format(folder: Path) -> None:
    with sqlite3.connect(folder / "collection.db") as store:
        store.execute("UPDATE meta SET value = '0' WHERE key = 'format'")
    store.close()


def _break_terms(folder: Path) -> None:
    (terms,) = folder.glob("terms-*")
    (terms / "meta.json").write_text("{")


def _lose_terms(folder: Path) -> None:
    (terms,) = folder.glob("terms-*")
    shutil.rmtree(terms)


@pytest.mark.parametrize("damage", [_break_store, _break_format, _break_terms, _lose_terms])
async def test_a_damaged_index_is_made_anew(
    tmp_path: Path, prepare: Prepare, damage: Callable[[Path], None]
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("granite harbour")
    corpus = await prepare(folder)
    before = await answers(corpus)
    await corpus.close()
    (index,) = (tmp_path / "home/indexes").iterdir()
    damage(index)
    await corpus.prepare(tmp_path / "home")
    assert await answers(corpus) == before
    assert len(list(index.glob("terms-*"))) == 1


# Counts what the indexing thread calls, in Python and in C, or only calls of one name, and kills
# its process at one of them.
INDEX_IT = """
import asyncio, os, signal, sys, threading
from pathlib import Path
from quaestor.tools.local.corpus import Corpus
name, left = sys.argv[3], int(sys.argv[4])
def count(frame, event, argument):
    global left
    called = argument.__name__ if event.startswith("c_") else frame.f_code.co_name
    left -= name in ("", called)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
threading.setprofile(count)
async def main():
    corpus = Corpus.open(sys.argv[1], name="docs")
    await corpus.prepare(Path(sys.argv[2]))
    await corpus.close()
asyncio.run(main())
print(left)
"""
NEVER = 10**9


def index_and_die(folder: Path, home: Path, name: str, after: int) -> int | None:
    """Index in another process, killed after so many calls; None if it was, else the calls left."""
    child = subprocess.run(
        [sys.executable, "-c", INDEX_IT, str(folder), str(home), name, str(after)],
        stdout=subprocess.PIPE,
        check=False,
    )
    return int(child.stdout) if child.returncode == 0 else None


def rewrite(folder: Path, chance: random.Random) -> None:
    for _ in range(8):
        (folder / f"{chance.randrange(60)}.txt").write_text(some_text(chance))
    (folder / f"{chance.randrange(60)}.txt").unlink(missing_ok=True)
    rows = "".join(f'{{"title": "Row {n}", "text": "{some_text(chance)}"}}\n' for n in range(50))
    (folder / "rows.jsonl").write_text(rows)


async def test_a_kill_at_any_moment_costs_nothing_but_time(tmp_path: Path) -> None:
    chance = random.Random(11)
    folder, home = tmp_path / "docs", tmp_path / "home"
    folder.mkdir()
    rewrite(folder, chance)
    left = index_and_die(folder, home, "", NEVER)
    assert left is not None
    moments = [("", chance.randint(1, NEVER - left)) for _ in range(4)]
    moments += [("execute", chance.randint(1, 60)), ("executemany", chance.randint(1, 60))]
    moments += [("add_document", 30), ("wait_merging_threads", 2), ("rmtree", 1)]
    killed = 0
    for name, after in moments:
        rewrite(folder, chance)
        killed += index_and_die(folder, home, name, after) is None
        corpus = Corpus.open(folder, name="docs")
        await corpus.prepare(home)
        assert await answers(corpus) == await fresh_answers(folder)
        await corpus.close()
    assert killed >= len(moments) - 2  # a round with little to do may end before its moment
