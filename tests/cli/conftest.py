"""A small collection of three files, and a home in which a question was asked of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

QUESTION = "Who approves travel at Tarnwick?"
POLICY = (
    "# Travel policy\r\n"
    "\r\n"
    "Every journey is planned a week ahead. Mara Ellwood approves travel at Tarnwick.\r\n"
)
PRICES = "item,price\nLantern,12 euros\nRope,7 euros\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A home with one finished run."""

    home: Path
    docs: Path
    json: str
    """What `ask --format json` printed."""


Quaestor = Callable[..., Result]


def call(*arguments: str | Path) -> Result:
    """Run the command line in this process."""
    from quaestor.cli.commands import app

    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture(autouse=True)
def _no_live_web(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]  # used by all
    """Ask no search engine where a test does not say which."""
    monkeypatch.setenv("QUAESTOR_WEB", "off")


@pytest.fixture(scope="session")
def quaestor() -> Quaestor:
    return call


@pytest.fixture(scope="session")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tarnwick") / "docs"
    folder.mkdir()
    (folder / "travel.md").write_bytes(POLICY.encode())
    (folder / "prices.csv").write_text(PRICES, encoding="utf-8")
    (folder / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x01")
    return folder


@pytest.fixture(scope="session")
def asked(docs: Path, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    home = tmp_path_factory.mktemp("home") / "kept"
    result = call(
        "ask", QUESTION, "--local", docs, "--web", "off", "--home", home, "--format", "json"
    )
    assert result.exit_code == 0, result.stderr
    return Asked(home=home, docs=docs, json=result.stdout)
