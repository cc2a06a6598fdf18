"""How much longer does a run take than the slowest chain of what it waits for?

Usage: python -m benchmarks.latency DATASET_DIR [--questions 1 8 32] [--depth deep]

DATASET_DIR has saved pages (benchmarks/saved_web.py). In processes of their own stand an
OpenAI-compatible model (200 ms plus 2 ms a token) and a web (100 ms a search, 100 ms a page). A
question has four parts, each asked of a folder and of the web: four local and four web tasks.
`wall / critical` is the wall time over the longest chain of requests that do not overlap, by the
servers' own logs. `first` is the first question of a Researcher, its index built before.
"""

import argparse
import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from langchain_openai import ChatOpenAI

from benchmarks.intervals import Chain, longest_chain
from benchmarks.playing import question_about
from benchmarks.saved_web import indexed, load_pages
from quaestor import Corpus, Report, Researcher, Web
from quaestor.run import Run
from quaestor.testing import ServerProcess

_LOCAL_PAGES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One batch of questions asked at once."""

    label: str
    wall_s: float
    chain: Chain
    calls: float
    """Of models, a question."""
    prompt_tokens: float
    """A question."""
    lag_ms: float
    """The longest the event loop did not turn."""
    resident_mib: float
    threads: int
    fallbacks: int

    @property
    def ratio(self) -> float:
        """Wall over critical path."""
        return self.wall_s / self.chain.seconds


async def batch(
    label: str, researcher: Researcher, questions: Sequence[str], servers: "Servers"
) -> Measured:
    """Ask questions at once and measure."""
    servers.intervals()
    gc.collect()
    lag = Lag()
    watching = asyncio.create_task(lag.watch())
    began = time.perf_counter()
    runs = [researcher.start(question) for question in questions]
    reports = await asyncio.gather(*(_ended(run) for run in runs))
    wall = time.perf_counter() - began
    watching.cancel()
    chats = [call for run in runs for call in run.record().calls if call.kind == "chat"]
    return Measured(
        label=label,
        wall_s=wall,
        chain=longest_chain(servers.intervals()),
        calls=len(chats) / len(runs),
        prompt_tokens=sum(call.tokens_in for call in chats) / len(runs),
        lag_ms=1000 * lag.longest,
        resident_mib=_resident(),
        threads=threading.active_count(),
        fallbacks=sum(sum(report.fallbacks.values()) for report in reports),
    )


async def _ended(run: Run) -> Report:
    return await run


class Lag:
    """How late the event loop wakes what sleeps."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            self.longest = max(self.longest, time.perf_counter() - began - 0.01)


class Servers:
    """The model's and the web's, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._web = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.slow_web", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._web.stdout is not None
        self.port = int(self._web.stdout.readline())
        self.model = ServerProcess("benchmarks.playing:model", latency_ms=200, ms_per_token=2)
        self.model.start()
        self._seen = 0

    def intervals(self) -> list[tuple[float, float]]:
        """Return when each request since the last time was received and answered."""
        with urlopen(f"http://127.0.0.1:{self.port}/log") as answer:
            pages = [(began, ended) for began, ended, _ in json.load(answer)]
        log = self.model.log
        chats = [(one.received, one.answered) for one in log[self._seen :]]
        self._seen = len(log)
        return [*pages, *chats]

    def close(self) -> None:
        """End both."""
        self.model.stop()
        self._web.communicate()


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def topics_of(folder: Path) -> list[str]:
    """Return what questions are about: the pages' own titles."""
    titles = [indexed(page.raw).title for page in load_pages(folder)]
    return [" ".join(title.split()[:6]).replace('"', "") for title in titles if title]


async def measure(folder: Path, at_once: Sequence[int], depth: str) -> list[Measured]:
    """Return the first question, warm single ones, and batches."""
    servers = Servers(folder)
    topics = topics_of(folder)
    questions = [
        question_about([topics[(4 * n + 7 * n // len(topics) + k) % len(topics)] for k in range(4)])
        for n in range(200)
    ]
    found: list[Measured] = []
    try:
        with tempfile.TemporaryDirectory() as home:
            notes = Path(home) / "notes"
            notes.mkdir()
            for page in load_pages(folder)[:_LOCAL_PAGES]:
                (notes / f"{page.id[:40]}.txt").write_text(page.wanted, "utf-8")
            corpus = Corpus.open(notes)
            await corpus.prepare(Path(home) / "q")
            await corpus.close()
            began = time.perf_counter()
            hosts = [f"127.0.0.{n}:{servers.port}" for n in range(1, 18)]
            researcher = Researcher(
                [
                    Corpus.open(notes),
                    Web(f"searxng:http://127.0.0.1:{servers.port}", allow_hosts=hosts),
                ],
                home=Path(home) / "q",
                model=ChatOpenAI(model="m", base_url=servers.model.url, api_key="none"),  # type: ignore[arg-type]
                fresh=True,
                rounds=1,
                depth=depth,
            )
            print(f"making the Researcher: {time.perf_counter() - began:.2f} s")
            left = iter(questions)
            found.append(await batch("first", researcher, [next(left)], servers))
            singles = [await batch("warm", researcher, [next(left)], servers) for _ in range(5)]
            found.append(sorted(singles, key=lambda one: one.ratio)[2])
            print("warm:", ", ".join(f"{one.ratio:.3f}" for one in singles))
            for number in at_once:
                if number > 1:
                    asked = [next(left) for _ in range(number)]
                    found.append(await batch(f"{number} at once", researcher, asked, servers))
    finally:
        servers.close()
    return found


def table(found: Sequence[Measured]) -> str:
    """Return what was measured as a Markdown table."""
    rows = [
        "| questions | wall s | critical s | depth | wall / critical | model calls | prompt tokens "
        "| loop lag ms | resident MiB | threads | fallbacks |",
        "| --- |" + " ---: |" * 10,
    ]
    rows += [
        f"| {one.label} | {one.wall_s:.2f} | {one.chain.seconds:.2f} | {one.chain.depth} "
        f"| **{one.ratio:.3f}** | {one.calls:.1f} | {one.prompt_tokens:,.0f} | {one.lag_ms:.0f} "
        f"| {one.resident_mib:.0f} | {one.threads} | {one.fallbacks} |"
        for one in found
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--questions", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--depth", default="quick", choices=["quick", "deep"])
    given = parser.parse_args()
    print(table(asyncio.run(measure(given.folder, given.questions, given.depth))))
