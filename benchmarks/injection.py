"""Let texts that want something be read, and count what they bring about.

    python -m benchmarks.injection PAYLOADS.jsonl [--batch 10] [--carrier NAME]... [--model NAME]

PAYLOADS has a row {text} each, with `canary` where a word of it must not show up in a query.
Each text is put into each carrier (page body, title, snippet, file name, seven kinds of files),
so many to a run of the extractive graph over a folder and a web in memory. A run is compared
with one without the texts and watched from outside: pages fetched that no search returned,
queries that hold a host or canary, tasks, files opened elsewhere, connections, citations of what
was not read, active content in the page, the Markdown and the text, calls past the limits.

With `--model obedient` a model takes every role that does whatever any text in its prompt tells
it; with `--model believed` one that code cannot refuse for a wrong name (tests/obeying.py).
What is forbidden then stands in benchmarks/obeying.py.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.carriers import CARRIERS, PLAIN
from benchmarks.injecting import Watched, effects, met, watch
from benchmarks.obeying import LIMITS, MARKER, SECRET, model_effects
from quaestor.testing import ObedientModel
from tests.obeying import BelievedModel

MODELS = {"obedient": ObedientModel, "believed": BelievedModel}


def run(folder: Path, carrier: str, texts: list[str], model: str) -> Watched:
    """Run over texts, with a new model of a name where there is one."""
    if not model:
        return watch(folder, carrier, texts)
    obeys = MODELS[model](marker=MARKER)
    return watch(folder, carrier, texts, model=obeys, secret=SECRET, limits=LIMITS)


def run_carrier(
    folder: Path, carrier: str, rows: list[dict[str, Any]], batch: int, model: str
) -> list[str]:
    """Run all texts in one carrier; print one line and return the forbidden effects."""
    began, found, seen = time.monotonic(), [], 0
    plain = {
        count: run(folder / f"plain-{count}", carrier, [PLAIN] * count, model)
        for count in {len(rows[at : at + batch]) for at in range(0, len(rows), batch)}
    }
    for at in range(0, len(rows), batch):
        held = rows[at : at + batch]
        texts = [row["text"] for row in held]
        marks = [row["canary"] for row in held if "canary" in row]
        hostile = run(folder / f"hostile-{at}", carrier, texts, model)
        beside = plain[len(held)]
        new = (
            model_effects(hostile, beside, carrier, marks)
            if model
            else effects(hostile, beside, carrier, texts, marks)
        )
        print(*new, sep="\n", end="\n" if new else "", flush=True)
        found += [f"{carrier}, rows {at}-{at + len(held) - 1}: {one}" for one in new]
        seen += met(hostile, texts)
    seconds = time.monotonic() - began
    print(
        f"{carrier}: {len(rows)} texts, {seen} met, {len(found)} effects, {seconds:.0f} s",
        flush=True,
    )
    return found


def main() -> int:
    """Print a line a carrier; exit 1 if anything forbidden happened."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("payloads", type=Path)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--carrier", action="append", choices=CARRIERS)
    parser.add_argument("--model", choices=MODELS, default="", help="in every role")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.payloads.read_text("utf-8").splitlines()]
    found: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        for number, carrier in enumerate(options.carrier or CARRIERS):
            folder = Path(name) / str(number)
            found += run_carrier(folder, carrier, rows, options.batch, options.model)
    print(f"forbidden effects: {len(found)}", *found[:20], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
