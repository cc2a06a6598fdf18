"""What the README shows is there and works."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quaestor.cli.commands import app

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
PLAIN = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
LEASE = "# Lease\n\nThe lease of the office was signed by Ingrid Solheim on 3 May 2021.\n"


def commands() -> list[tuple[str, ...]]:
    """Return the commands the README names, `eval retrieval` as two words."""
    found = re.findall(r"(?:^|`|&& )quaestor ((?:eval )?[a-z]+)", README, re.MULTILINE)
    return sorted({tuple(name.split()) for name in found})


def flags() -> list[str]:
    """Return the long flags of `ask` in the README's table."""
    rows = [line for line in README.splitlines() if line.startswith("|")]
    return sorted(set(re.findall(r"--[a-z][a-z-]+", " ".join(rows))) - {"--evidence"})


def test_the_patterns_find_what_they_look_for() -> None:
    assert {("demo",), ("ask",), ("eval", "answers"), ("resume",)} <= set(commands())
    assert {"--public", "--web", "--format"} <= set(flags())


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_a_command_of_the_readme_exists(command: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, [*command, "--help"]).exit_code == 0


@pytest.mark.parametrize("flag", flags())
def test_a_flag_of_the_readme_exists(flag: str) -> None:
    helped = CliRunner(env=PLAIN).invoke(app, ["ask", "--help"])
    assert flag in helped.output


def test_the_python_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lease.md").write_text(LEASE, "utf-8")
    monkeypatch.chdir(tmp_path)
    asking, embedding = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, Any] = {}
    exec(asking, names)
    exec(embedding, names)
    assert names["report"].answer == names["found"]["answer"] == "Ingrid Solheim"
