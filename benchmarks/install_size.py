"""What installing and starting Quaestor costs, beside an environment with langgraph alone.

Usage: python -m benchmarks.install_size [--runs N]

Makes two fresh environments with the Python that runs this, one with this checkout and one with
langgraph, and prints one table: megabytes and packages of each, and the median wall time of a bare
interpreter, of the import and of `quaestor --help`, each run alternately so that a busy machine
slows all of them alike. Needs a package index or a warm pip cache.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]


def checkout(folder: Path) -> Path:
    """Copy this checkout, so that building it leaves nothing here and takes nothing stale along."""
    made = shutil.ignore_patterns("build", "dist", "*.egg-info", ".*", "__pycache__")
    return shutil.copytree(ROOT, folder, symlinks=True, ignore=made)


def environment(folder: Path, *requirements: str) -> Path:
    """Make an environment with `requirements` and return its folder of programs."""
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    install = [programs / "python", "-m", "pip", "install", "-qq", *requirements]
    subprocess.run(install, check=True)
    return programs


def megabytes(folder: Path) -> int:
    """Return what `du -sm` says of a folder."""
    ran = subprocess.run(["du", "-sm", folder], check=True, capture_output=True, text=True)
    return int(ran.stdout.split()[0])


def packages(programs: Path) -> int:
    """Return how many distributions an environment holds, pip among them."""
    listing = [programs / "python", "-m", "pip", "list", "--format", "freeze"]
    ran = subprocess.run(listing, check=True, capture_output=True, text=True)
    return len(ran.stdout.splitlines())


def medians(commands: dict[str, Sequence[str | Path]], *, runs: int) -> dict[str, float]:
    """Return the median wall seconds of each command, the commands taking turns."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            started = perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            if turn:  # the first turn fills the disk cache
                times[name].append(perf_counter() - started)
    return {name: statistics.median(taken) for name, taken in times.items()}


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=11, help="timed runs of each command")
    runs: int = parser.parse_args(argv).runs
    with tempfile.TemporaryDirectory() as scratch:
        ours, theirs = Path(scratch, "quaestor"), Path(scratch, "langgraph")
        own = environment(ours, str(checkout(Path(scratch, "checkout"))))
        other = environment(theirs, "langgraph")
        taken = medians(
            {
                "python -c pass": [own / "python", "-c", "pass"],
                "import langgraph.graph": [other / "python", "-c", "import langgraph.graph"],
                "import quaestor": [own / "python", "-c", "import quaestor"],
                "quaestor --help": [own / "quaestor", "--help"],
            },
            runs=runs,
        )
        sizes = (megabytes(ours), megabytes(theirs))
        counts = (packages(own), packages(other))
    print(f"Python {sys.version.split()[0]}, {sys.platform}, medians of {runs} runs\n")
    print("| | quaestor | langgraph alone | ratio |\n|---|---|---|---|")
    print(f"| MB | {sizes[0]} | {sizes[1]} | {sizes[0] / sizes[1]:.1f} |")
    print(f"| packages | {counts[0]} | {counts[1]} | {counts[0] / counts[1]:.1f} |")
    print("\n| command | s | over `import langgraph.graph` |\n|---|---|---|")
    base = taken["import langgraph.graph"]
    for name, seconds in taken.items():
        print(f"| `{name}` | {seconds:.3f} | {seconds / base:.2f} |")


if __name__ == "__main__":
    main()
