"""Let a model's endpoint go wrong in every way of a list, and see what becomes of the research.

    python -m benchmarks.model_faults FAULTS.json [--only ID]... [--seconds 6] [--command]

FAULTS is a list of {id, status, headers, body, times, behaviour} as `quaestor.testing.Fault`
reads them; to it come redirects to another host and answers that repeat the key. Each is
answered by a server on loopback to the real `langchain-openai` client: first three times from
the run's first request on, then always; with `--command` to `quaestor ask --model openai:NAME`
in a process of its own. A row fails when the run does not end with a report, when a model that
never answered is not named in `fallbacks`, when a request is sent more than three times, when a
pause the server asked for is cut short or goes past the deadline, or when the key is found in
the home's bytes, in any logger's records at DEBUG, in output, or at another host.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from langchain_openai import ChatOpenAI

from benchmarks.faulty_models import KEY, Listened, ask_by_command, listening, own_faults
from quaestor import Corpus, Researcher
from quaestor.memory.attempts import ATTEMPTS
from quaestor.testing import Exchange, HashModel, ModelServer

DOCUMENTS = Path(__file__).parents[1] / "quaestor" / "sample" / "documents"
QUESTION = "Who approves travel?"
SLACK_S = 1.5
"""That a busy machine may add to a deadline."""
ROLES = {"planner", "searcher", "refiner", "writer", "verifier"}


@dataclass(slots=True, kw_only=True)
class Row:
    """What became of one run."""

    fault: str
    when: str
    status: str = ""
    fallbacks: dict[str, int] = field(default_factory=dict[str, int])
    requests: int = 0
    most: int = 0
    """Of one logical call."""
    pause: float = 0.0
    """The longest between two requests of one call."""
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list[str])

    def line(self) -> str:
        """Return the row of the table."""
        fell = ", ".join(f"{name} {count}" for name, count in self.fallbacks.items())
        cells = (
            *(self.fault, self.when, self.status, fell or "–", self.requests, self.most),
            *(f"{self.pause:.1f}", f"{self.seconds:.1f}", "; ".join(self.problems) or "holds"),
        )
        return f"| {' | '.join(map(str, cells))} |"


def judge(row: Row, fault: Mapping[str, Any], log: Iterable[Exchange], seconds: float) -> None:
    """Add what the server's own log says, and what is wrong about it."""
    calls: dict[str, list[Exchange]] = {}
    for one in sorted(log, key=lambda exchange: exchange.received):
        if not any(KEY in value for value in one.headers.values()):
            row.problems.append("a request without the key proves nothing")
        calls.setdefault(json.dumps(one.body, sort_keys=True), []).append(one)
    row.requests = sum(map(len, calls.values()))
    row.most = max(map(len, calls.values()), default=0)
    if not calls:
        row.problems.append("the model was never asked")
    if row.most > ATTEMPTS:
        row.problems.append(f"one call made {row.most} requests")
    asked = {name.lower(): value for name, value in fault.get("headers", {}).items()}
    wanted = asked.get("retry-after", "")
    for tries in calls.values():
        pauses = [
            (after.received - before.answered, before.fault) for before, after in pairwise(tries)
        ]
        row.pause = max([row.pause, *(pause for pause, _ in pauses)])
        if wanted.isdigit() and any(name and pause < int(wanted) for pause, name in pauses):
            row.problems.append(f"waited {min(pauses)[0]:.2f} s where {wanted} s were asked for")
        if tries[-1].answered - tries[0].received > seconds + SLACK_S:
            row.problems.append("a call went past its deadline")


def judge_report(row: Row, report: Mapping[str, Any], *, ever: bool) -> None:
    """Add how the run ended, and what is wrong about it; `ever`: no request got a good answer."""
    row.status, row.fallbacks = report["status"], dict(report["fallbacks"])
    if row.status not in ("answered", "insufficient_evidence"):
        row.problems.append(f"ended as {row.status}")
    named = [name.partition(":") for name in row.fallbacks]
    if any(role not in ROLES or not reason for role, _, reason in named):
        row.problems.append("a fall-back without role or reason")
    if ever and not row.fallbacks:
        row.problems.append("no fall-back is named")


def judge_secrecy(row: Row, home: Path, heard: Listened, trap: ModelServer) -> None:
    """Add where the key was found."""
    files = [path for path in home.rglob("*") if path.is_file()]
    if not any(path.stat().st_size > 4096 for path in files):
        row.problems.append("the home is empty")
    places = [path.name for path in files if KEY.encode() in path.read_bytes()]
    places += [f"{where}: {text}" for where, text in heard.found(KEY)]
    row.problems += [f"the key stands in {place}" for place in places]
    if trap.log:
        row.problems.append(f"another host was asked {len(trap.log)} times")


def run(
    fault: Mapping[str, Any], server: ModelServer, trap: ModelServer, seconds: float, command: bool
) -> list[Row]:
    """Return the rows of one fault: three times from the start on, always, by the command."""
    rows: list[Row] = []
    model = ChatOpenAI(model="m-1", base_url=server.url, api_key=KEY)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as name:
        for when in ("first", "always", *(("command",) if command else ())):
            times = fault.get("times") or (ATTEMPTS if when == "first" else None)
            row, home = Row(fault=fault["id"], when=when), Path(name) / when
            server.replay([{**fault, "times": times}])
            before, began = len(server.log), time.monotonic()
            with listening() as heard:
                try:
                    if when == "command":
                        report = ask_by_command(QUESTION, DOCUMENTS, home, server.url, seconds)
                    else:
                        researcher = Researcher(
                            [Corpus.open(DOCUMENTS)], model=model, home=home, model_seconds=seconds
                        )
                        report = researcher.ask(QUESTION).to_json()
                    judge_report(row, report, ever=times is None)
                except Exception as error:
                    heard.exceptions.append(error)
                    row.problems.append(
                        f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
                    )
            row.seconds = time.monotonic() - began
            time.sleep(0.05)  # a request that was given up is written down when its end is seen
            judge(row, fault, server.log[before:], seconds)
            judge_secrecy(row, home, heard, trap)
            rows.append(row)
    return rows


def main() -> int:
    """Print a row a run; exit 1 if anything is not as promised."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("faults", type=Path)
    parser.add_argument("--only", action="append", metavar="ID")
    parser.add_argument("--seconds", type=float, default=6.0, help="that a model's call has")
    parser.add_argument("--command", action="store_true", help="through `quaestor ask` as well")
    options = parser.parse_args()
    with ModelServer(HashModel()) as trap, ModelServer(HashModel()) as server:
        faults = [*json.loads(options.faults.read_text("utf-8")), *own_faults(trap.url)]
        wrong = 0
        print("| fault | when | status | fallbacks | requests | most a call | pause | s | |")
        print("|---|---|---|---|---|---|---|---|---|")
        for fault in faults:
            if options.only and fault["id"] not in options.only:
                continue
            for row in run(fault, server, trap, options.seconds, options.command):
                print(row.line(), flush=True)
                wrong += bool(row.problems)
    print(f"rows that do not hold: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
