"""Kill a run anywhere, resume it, and count what the outside was asked.

    python benchmarks/kills.py --trials 30 --seed 0 [--model]

A loopback server answers after 100 ms and appends one line for each request at receipt. A child
process researches one question over a public and a private source that both ask that server.
It runs once undisturbed; then each trial, in a home of its own, is killed (SIGKILL) at a random
moment between its first and its last request, and resumed. Printed for each trial: the lines the
server saw, the calls that were in flight at the kill, whether the report is equal, and whether
`calls` agrees with the server's log. With `--model` a model takes every role (tests/telling.py);
each of its replies is a request to that server too, so that a chat call paid twice is seen.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

from quaestor import Researcher, sample
from quaestor.archive import Archive
from quaestor.plain import calls_json
from quaestor.tools.html import page_text
from quaestor.tools.text.words import content_terms

ANSWER_AFTER_S = 0.1


def library() -> dict[str, dict[str, tuple[str, str]]]:
    """Return the shipped sample as two shelves: uri to (title, text)."""
    private = {
        path.name: (path.stem, path.read_text(encoding="utf-8", errors="replace"))
        for path in sorted(sample.documents().rglob("*.md"))
    }
    public = {
        path.name: (page.title, page.text)
        for path in sorted(sample.web().rglob("*.html"))
        for page in [page_text(path.read_bytes())]
    }
    return {"private": private, "public": public}


def serve(log: Path, port_file: Path) -> None:
    """Answer until killed; one appended line a request, written before the answer is begun."""
    shelves = library()

    async def answer(request: web.Request) -> web.Response:
        side, what = request.match_info["side"], request.match_info["what"]
        asked = request.query.get("q") or request.query["uri"]
        line = json.dumps([time.time(), side, what, asked]) + "\n"
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, line.encode())
        os.close(descriptor)
        await asyncio.sleep(ANSWER_AFTER_S)
        if what == "chat":
            return web.json_response([])
        shelf = shelves[side]
        if what == "open":
            title, text = shelf[asked]
            return web.json_response({"title": title, "text": text})
        return web.json_response(rank(shelf, asked)[: int(request.query["n"])])

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/{side}/{what}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port_file.write_text(str(runner.addresses[0][1]))
        await asyncio.Event().wait()

    asyncio.run(main())


def rank(shelf: dict[str, tuple[str, str]], query: str) -> list[dict[str, str]]:
    """Return the shelf's pages by how many words of the query they hold."""
    wanted = set(content_terms(query))
    scored = [
        (-len(wanted & set(content_terms(f"{title} {text}"))), uri, title, text)
        for uri, (title, text) in shelf.items()
    ]
    return [
        {"uri": uri, "title": title, "snippet": text[:200]}
        for score, uri, title, text in sorted(scored)
        if score
    ]


def research(home: Path, port: int, question: str, *, model: bool) -> None:
    """Start the home's one run, or resume it; print what came out."""
    # It and the tests' doubles are found from the repository's folder, where children start.
    from benchmarks.loopback import LoopbackModel, LoopbackSource  # noqa: PLC0415

    async def go() -> None:
        base = f"http://127.0.0.1:{port}"
        sources = [LoopbackSource("public", base), LoopbackSource("private", base)]
        taking = LoopbackModel(seed=2, base=base) if model else None
        limits = {"rounds": 2, "tasks": 3, "steps": 4} if model else {}
        researcher = Researcher(sources, home=home, model=taking, **limits)
        known = (home / "quaestor.db").exists() and started(home)
        run = await researcher.resume("last") if known else researcher.start(question)
        report = await run
        print(json.dumps({"report": report.markdown, "status": report.status}))

    asyncio.run(go())


def started(home: Path) -> bool:
    """Say whether the home has a run."""
    with sqlite3.connect(home / "quaestor.db") as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        return "runs" in tables and bool(database.execute("SELECT 1 FROM runs").fetchone())


def statuses(home: Path) -> dict[str, int]:
    """Return how many calls stand at each status in the database."""
    path = home / "quaestor.db"
    if not path.exists():
        return {}
    with sqlite3.connect(path) as database:
        try:
            return dict(database.execute("SELECT status, count(*) FROM calls GROUP BY status"))
        except sqlite3.OperationalError:
            return {}


def settled(home: Path) -> tuple[int, int]:
    """Return how often `calls` says requests were made, and how often one was lost at a kill."""
    archive = Archive(home)
    run_id = archive.run("last").run_id
    rows = calls_json(run_id, archive.calls(run_id))["calls"]
    made = [row for row in rows if row["how"] == "made"]
    return sum(row["attempts"] for row in made), sum(row["lost"] for row in made)


class Bench:
    """The server, and children that research against it."""

    def __init__(self, folder: Path, question: str, *, model: bool = False) -> None:
        self.model = model
        self.log = folder / "requests.log"
        self.question = question
        self._folder = folder
        self._port = 0

    @contextmanager
    def serving(self) -> Iterator["Bench"]:
        """Keep the server running."""
        port_file = self._folder / "port"
        server = subprocess.Popen([sys.executable, __file__, "serve", self.log, port_file])
        try:
            while not port_file.exists() or not port_file.read_text():
                time.sleep(0.01)
            self._port = int(port_file.read_text())
            yield self
        finally:
            server.kill()
            server.wait()

    def child(self, home: Path) -> "subprocess.Popen[str]":
        """Start a process that researches, or goes on."""
        with_model = ["--model"] if self.model else []
        asked = [str(home), str(self._port), self.question, *with_model]
        command = [sys.executable, "-m", "benchmarks.kills", "research", *asked]
        root = Path(__file__).parents[1]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)

    def lines(self) -> list[list[str]]:
        """Return what the server wrote down."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def forget(self) -> None:
        """Begin a new log."""
        self.log.unlink(missing_ok=True)


def finish(child: "subprocess.Popen[str]") -> str:
    """Return what a child printed; a child that failed ends the benchmark."""
    output, _ = child.communicate(timeout=120)
    if child.returncode:
        raise SystemExit(f"a child ended with {child.returncode}")
    return output


def trial(bench: Bench, home: Path, kill_after_s: float) -> dict[str, object]:
    """Kill one run so long after its first request, resume it, and compare the accounts."""
    bench.forget()
    child = bench.child(home)
    while not bench.lines():
        time.sleep(0.002)
    time.sleep(kill_after_s)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    time.sleep(ANSWER_AFTER_S * 2)  # let the server write down what was on its way
    at_kill = statuses(home)
    seen_at_kill = len(bench.lines())
    output = finish(bench.child(home))
    made, lost = settled(home)
    return {
        "output": output,
        "seen_at_kill": seen_at_kill,
        "in_flight": at_kill.get("in_flight", 0),
        "uncommitted": seen_at_kill - at_kill.get("done", 0) - at_kill.get("failed", 0),
        "seen": len(bench.lines()),
        "made": made,
        "lost": lost,
    }


def main() -> int:
    """Run the undisturbed run and the trials; exit 1 if any promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", action="store_true", help="a model in every role")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    question = sample.questions()[2].question
    broken = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Bench(folder, question, model=options.model).serving() as bench:
            expected = finish(bench.child(folder / "undisturbed"))
            lines = bench.lines()
            span_s = float(lines[-1][0]) - float(lines[0][0])
            print(f"undisturbed: {len(lines)} requests over {span_s:.2f} s")
            for number in range(options.trials):
                moment = chance.uniform(0, span_s)
                got = trial(bench, folder / str(number), moment)
                fine = (
                    got["output"] == expected
                    and got["seen"] <= len(lines) + got["uncommitted"]
                    and got["made"] <= got["seen"] <= got["made"] + got["lost"]
                )
                broken += not fine
                equal = got.pop("output") == expected
                print(f"{number:3} killed at {moment:5.2f} s: report equal {equal}, {got}")
    print(f"{options.trials - broken} of {options.trials} trials kept every promise")
    return 1 if broken else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", log, port_file]:
            serve(Path(log), Path(port_file))
        case ["research", home, port, question, *rest]:
            research(Path(home), int(port), question, model=bool(rest))
        case _:
            sys.exit(main())
