"""Run every notebook of notebooks/ from the top and keep it with its outputs.

Usage: python .ci/notebooks.py OUTPUT_FOLDER (`notebooks` itself, to commit what they print now)

Each runs in an empty folder of its own, so that it finds nothing a reader would not have. A cell
that raises ends the run. tests/test_notebooks.py compares what is committed with what they print.
"""

import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
CELL_TIMEOUT_S = 300


def run(path: Path, kept: Path) -> None:
    """Execute the notebook at `path` and write it with its outputs to `kept`."""
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        NotebookClient(
            notebook, timeout=CELL_TIMEOUT_S, record_timing=False, resources=resources
        ).execute()
    nbformat.write(notebook, kept)
    print(f"{path.name}: {len(code)} cells ran")


def main(output: Path) -> None:
    """Run all of them, in the order of their names."""
    output.mkdir(parents=True, exist_ok=True)
    notebooks = sorted(NOTEBOOKS.glob("*.ipynb"))
    if not notebooks:
        sys.exit(f"no notebooks in {NOTEBOOKS}")
    for path in notebooks:
        run(path, output / path.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
