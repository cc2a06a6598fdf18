"""`demo`: four reports, the same on every machine of a day."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from quaestor import sample
from tests.cli.conftest import Quaestor


@pytest.fixture(scope="module")
def printed(quaestor: Quaestor) -> str:
    result = quaestor("demo")
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_every_question_is_answered_as_the_sample_says(tmp_path: Path, quaestor: Quaestor) -> None:
    result = quaestor("demo", "--home", tmp_path / "kept", "--format", "json")
    assert result.exit_code == 0, result.stderr
    reports = json.loads(result.stdout)["reports"]
    for asked, report in zip(sample.questions(), reports, strict=True):
        assert report["question"] == asked.question
        assert report["status"] == asked.expected_status, report["report"]
        for words in asked.must_mention:
            assert words in report["report"]
    runs = json.loads(quaestor("runs", "--home", tmp_path / "kept", "--format", "json").stdout)
    assert len(runs["runs"]) == len(reports)


def test_it_prints_the_questions_in_order_and_nothing_of_this_machine(printed: str) -> None:
    places = [printed.index(asked.question) for asked in sample.questions()]
    assert places == sorted(places)
    assert str(sample.documents()) not in printed
    assert str(Path.home()) not in printed
    assert re.findall(r"\d\d:\d\d|\bread \d{4}", printed) == [], "a time of day"
    assert re.findall(r"\b[0-9a-f]{12}\b", printed) == [], "an id"


def test_it_prints_the_same_where_the_sample_was_installed_later(
    printed: str, tmp_path: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another place, other time stamps, in another order: what pip does on another machine.
    for name, folder in (("documents", sample.documents()), ("web", sample.web())):
        copy = tmp_path / name
        shutil.copytree(folder, copy)
        files = sorted(path for path in copy.rglob("*") if path.is_file())
        for number, path in enumerate(reversed(files)):
            changed = 1_600_000_000 + 86_400 * number
            os.utime(path, (changed, changed))
        monkeypatch.setattr(sample, name, lambda copy=copy: copy)
    assert quaestor("demo").stdout == printed


def test_where_to_go_next_is_said_on_standard_error(tmp_path: Path, quaestor: Quaestor) -> None:
    result = quaestor("demo", "--home", tmp_path / "kept")
    assert "--local PATH" in result.stderr
    assert f"quaestor show last --home {tmp_path / 'kept'}" in result.stderr
    assert "--local PATH" not in result.stdout
