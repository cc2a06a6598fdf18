"""Kill -9 anywhere, resume, and nothing that had finished is paid again."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_killed_runs_end_with_the_same_report_and_no_call_paid_twice() -> None:
    """The benchmark's own promises, over a few kills; `--trials 30` is its full length."""
    command = [sys.executable, "benchmarks/kills.py", "--trials", "4", "--seed", "11"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert "4 of 4 trials kept every promise" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
