"""`draw`: a picture that stands alone, in two formats."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import QUESTION, Asked, Quaestor


def test_svg_is_well_formed_and_says_what_was_asked(
    asked: Asked, tmp_path: Path, quaestor: Quaestor
) -> None:
    target = tmp_path / "run.svg"
    result = quaestor("draw", "last", "--home", asked.home, "-o", target)
    assert (result.exit_code, result.stdout) == (0, "")
    root = ElementTree.fromstring(target.read_text("utf-8"))
    assert root.tag.endswith("svg")
    assert root.attrib["aria-label"] == QUESTION


def test_mermaid_is_a_flowchart(asked: Asked, tmp_path: Path, quaestor: Quaestor) -> None:
    target = tmp_path / "run.MMD"
    assert quaestor("draw", "last", "--home", asked.home, "-o", target).exit_code == 0
    assert target.read_text("utf-8").startswith("flowchart LR\n")


@pytest.mark.parametrize("name", ["run.png", "run"])
def test_other_endings_are_refused(
    name: str, asked: Asked, tmp_path: Path, quaestor: Quaestor
) -> None:
    result = quaestor("draw", "last", "--home", asked.home, "-o", tmp_path / name)
    assert result.exit_code == 2
    assert ".mmd or .svg" in result.stderr
    assert list(tmp_path.iterdir()) == []
