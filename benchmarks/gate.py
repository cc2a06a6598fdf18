"""Ask the outgoing gate about queries that leak and queries that do not.

    python -m benchmarks.gate CASES.json QUERIES.jsonl

CASES holds `id`, `question`, `doc_a` for each case; QUERIES a row {case, query, verdict,
technique, detectable_by} each, with `provenance: search_result` where a search returned the
address. The gate stands beside document A and knows the question. One row a technique is
printed: how many were refused. Rows marked as beyond a gate are shown and not judged.
"""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from quaestor.tools.web.gate import Known, betrays, clues

GATE = "lexical gate"


def refused(row: dict[str, Any], case: dict[str, Any]) -> bool:
    """Return whether the gate keeps a row's query back."""
    known = Known()
    known.learn(case["question"])
    if row.get("provenance") == "search_result":
        known.learn(row["query"])
    return any(betrays(clue, case["doc_a"]) for clue in clues(row["query"], known))


def main() -> int:
    """Print the table; exit 1 if a query was judged wrongly."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", type=Path)
    parser.add_argument("queries", type=Path)
    options = parser.parse_args()
    cases = {one["id"]: one for one in json.loads(options.cases.read_text(encoding="utf-8"))}
    lines = options.queries.read_text(encoding="utf-8").splitlines()
    tally: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for row in map(json.loads, lines):
        expected = "refuse" if row["detectable_by"] == GATE else row["verdict"]
        judged = "beyond a gate" if expected == "block" else expected
        tally[judged, row["technique"]].append(refused(row, cases[row["case"]]))
    wrong = 0
    print("| expected | technique | rows | refused |\n| --- | --- | ---: | ---: |")
    for (judged, technique), found in sorted(tally.items()):
        print(f"| {judged} | {technique} | {len(found)} | {sum(found)} |")
        wrong += {"allow": sum(found), "refuse": len(found) - sum(found)}.get(judged, 0)
    for judged in ("refuse", "allow", "beyond a gate"):
        found = [one for (name, _), ones in tally.items() if name == judged for one in ones]
        print(f"{judged}: {len(found)} rows, {sum(found)} refused")
    print(f"judged wrongly: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
