"""The notebooks run from the top, and what is committed is what they print."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
_MARKS = re.compile(r" *(\[\d+\])+")
AGAIN = "run `python .ci/notebooks.py notebooks` and commit what it writes"


def read(path: Path) -> Any:
    """Return a notebook; nbformat says nothing of its types."""
    return cast("Callable[..., Any]", nbformat.read)(path, as_version=4)


def outputs(notebook: Any) -> dict[str, list[Any]]:
    """Return what each code cell printed, by the cell's id."""
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


def headings(notebook: Any) -> dict[str, list[str]]:
    """Return the first three lines of every report a cell shows: question, answer, status."""
    shown: dict[str, list[str]] = {}
    for name, printed in outputs(notebook).items():
        for output in printed:
            data = output.get("data", {})
            if "text/markdown" in data:
                lines = _MARKS.sub("", data["text/plain"]).splitlines()
                shown[name] = [lines[0], lines[1], lines[2].partition(", as of")[0]]
    return shown


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_reports_are_the_committed_ones(path: Path, tmp_path: Path) -> None:
    committed = read(path)
    fresh = read(path)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(fresh, timeout=300, record_timing=False, resources=resources).execute()
    assert headings(committed), "a notebook without a report shows nothing"
    assert headings(fresh) == headings(committed), AGAIN
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_committed_notebook_loads_nothing_and_names_no_machine(path: Path) -> None:
    text = path.read_text("utf-8")
    for remote in ("<script", "<img", "<iframe", "<link", "@import", 'src=\\"http'):
        assert remote not in text
    for place in ("/home/", "/root/", "/Users/", str(FOLDER.parent)):
        assert place not in text


def test_the_first_notebook_interrupts_a_run_and_resumes_it() -> None:
    printed = outputs(read(FOLDER / "01_first_research.ipynb"))
    interrupted = printed["interrupt"][-1]["data"]["text/plain"]
    assert interrupted.startswith("interrupted: ")
    (progress,) = printed["resume"]
    assert progress["data"]["text/plain"].startswith("done: "), "updated in place, to the end"
    assert printed["draw"][0]["data"]["image/svg+xml"].startswith("<svg")


def test_the_second_notebook_asks_the_web_nothing_that_only_the_documents_say() -> None:
    printed = outputs(read(FOLDER / "02_documents_and_the_web.ipynb"))
    web, documents = "".join(one["text"] for one in printed["asked"]).splitlines()
    assert web.startswith("web: ")
    assert "Corvane Belmont" not in web
    assert "Corvane Belmont" in documents
    assert "private: the private documents lead to Corvane" in printed["gap-kinds"][0]["text"]
    assert printed["twin"][0]["data"]["text/plain"] == "True"


def test_the_third_notebook_shows_what_a_model_got_wrong_and_what_it_cost() -> None:
    printed = outputs(read(FOLDER / "03_models.ipynb"))
    told = printed["told"][0]["text"]
    assert "here:   ()\nremote: ('api.openai.com',)\n--keep-local: " in told
    verdicts = printed["verification"][0]["text"].splitlines()
    assert [line.split()[0] for line in verdicts] == [
        "supported",
        "supported",
        "contradicted",
        "because:",
    ]
    assert verdicts[2].split()[1] == "supported", "the model found nothing wrong with it"
    assert printed["revised"][0]["text"] == "revised: 1  dropped: 1\n"
    assert "*Not confirmed:" in printed["mark"][0]["text"]
    assert printed["interrupt"][-1]["data"]["text/plain"].startswith("interrupted: ")
    assert re.fullmatch(
        r"Counter\(\{\('made', 1\): \d+\}\)", printed["once"][0]["data"]["text/plain"]
    )


def test_the_third_notebook_answers_as_well_with_a_model_that_breaks_off() -> None:
    printed = outputs(read(FOLDER / "03_models.ipynb"))
    plain, broken = printed["without"][0]["data"], printed["weak"][0]["data"]
    assert plain["text/plain"].splitlines()[1:6] == broken["text/plain"].splitlines()[1:6]
    assert "Answered without the model" in broken["text/plain"]
    assert "planner:no_json" in printed["weak-fallbacks"][0]["data"]["text/plain"]
