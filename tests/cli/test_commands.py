"""Which commands there are, what their help says, and what it costs to be told."""

import subprocess
import sys

import pytest

from tests.cli.conftest import Quaestor

COMMANDS = (
    *("demo", "ask", "resume", "index", "runs", "show", "calls", "draw", "doctor"),
    *("eval retrieval", "eval answers", "eval citations"),
)
NOT_YET = ("replay", "fork", "diff", "extend")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_gives_one_example(command: str, quaestor: Quaestor) -> None:
    result = quaestor(*command.split(), "--help")
    assert result.exit_code == 0
    assert result.stdout.count(f"Example: quaestor {command}") == 1


@pytest.mark.parametrize("command", NOT_YET)
def test_what_is_not_built_does_not_exist(command: str, quaestor: Quaestor) -> None:
    result = quaestor(*command.split())
    assert result.exit_code == 2
    assert "No such command" in result.stderr


@pytest.mark.parametrize("flag", ["--max-seconds", "--max-usd", "--db"])
def test_a_flag_of_later_does_not_exist(flag: str, quaestor: Quaestor) -> None:
    result = quaestor("ask", "Who?", flag, "x")
    assert result.exit_code == 2
    assert "No such option" in result.stderr


def test_help_is_listed_without_loading_what_research_needs() -> None:
    code = (
        "import sys\n"
        "from quaestor.cli.commands import app\n"
        "heavy = ('langgraph', 'langchain_core', 'sqlalchemy', 'tantivy', 'networkx', 'pydantic')\n"
        "sys.exit(', '.join(name for name in heavy if name in sys.modules) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_is_told(quaestor: Quaestor) -> None:
    assert quaestor("--version").stdout.startswith("quaestor 0.")
