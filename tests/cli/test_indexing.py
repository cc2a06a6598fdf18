"""`index`: what is held, what could not be read, and nothing read twice."""

import json
from pathlib import Path

from tests.cli.conftest import Quaestor


def test_what_an_index_holds_as_json(docs: Path, tmp_path: Path, quaestor: Quaestor) -> None:
    result = quaestor("index", docs, f"more={docs}", "--home", tmp_path / "h", "--format", "json")
    first, second = json.loads(result.stdout)["collections"]
    assert (first["name"], second["name"]) == ("docs", "more")
    assert first["path"] == str(docs)
    counts = first["counts"]
    assert (counts["files"], counts["documents"], counts["unread"]) == (2, 2, 1)
    assert [one["what"] for one in first["unread"]] == ["photo.txt"]


def test_people_are_told_in_lines(docs: Path, tmp_path: Path, quaestor: Quaestor) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("One line.", encoding="utf-8")
    result = quaestor("index", tmp_path / "docs", docs, "--home", tmp_path / "h")
    lines = result.stdout.splitlines()
    assert lines[0] == "docs: 1 file, 1 document, 1 passage"
    assert lines[1].startswith("docs-2: ")
    assert lines[2].startswith("  not read: photo.txt (")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, quaestor: Quaestor) -> None:
    result = quaestor("index", tmp_path / "no", "--home", tmp_path / "h")
    assert (result.exit_code, result.stdout) == (2, "")
    assert str(tmp_path / "no") in result.stderr
