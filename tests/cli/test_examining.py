"""`doctor`: where each setting came from, and what is not as it should be."""

import json
import socket
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from quaestor.cli import examining_models
from tests.cli.conftest import Asked, Quaestor


def examined(text: str) -> tuple[dict[str, Any], dict[str, str]]:
    found = json.loads(text)
    return found, {one["name"]: one["from"] for one in found["settings"]}


def test_every_setting_says_where_it_came_from(
    docs: Path, tmp_path: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "quaestor.toml").write_text("rounds = 2\nsteps = 3\n", encoding="utf-8")
    monkeypatch.setenv("QUAESTOR_STEPS", "4")
    result = quaestor("doctor", "--local", docs, "--home", tmp_path, "--format", "json")
    assert result.exit_code == 0
    found, origins = examined(result.stdout)
    assert set(found) == {"settings", "home", "versions", "sources", "models", "clients"}
    assert origins["local"] == "argument"
    assert origins["rounds"] == str(tmp_path / "quaestor.toml")
    assert origins["steps"] == "QUAESTOR_STEPS"
    assert origins["web"] == "QUAESTOR_WEB"
    assert origins["tasks"] == "default"
    values = {one["name"]: one["value"] for one in found["settings"]}
    assert (values["rounds"], values["steps"]) == (2, 4)
    (source,) = found["sources"]
    assert (source["live"], source["private"], len(source["unread"])) == (True, True, 1)


def test_every_setting_has_a_value_in_one_form(tmp_path: Path, quaestor: Quaestor) -> None:
    printed = quaestor("doctor", "--home", tmp_path).stdout
    lines = printed.partition("\nHome\n")[0].splitlines()[2:]
    said = dict(line.split()[:2] for line in lines if line)
    assert {said[name] for name in ("local", "model", "embeddings", "context_tokens")} == {"none"}
    assert (said["keep_local"], said["steps"], said["web"]) == ("false", "8", "off")


@pytest.mark.parametrize("where", ["environment", "file"])
def test_an_unknown_key_is_refused(
    where: str, tmp_path: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    if where == "environment":
        monkeypatch.setenv("QUAESTOR_ROUNDZ", "2")
    else:
        (tmp_path / "quaestor.toml").write_text("roundz = 2\n", encoding="utf-8")
    result = quaestor("doctor", "--home", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "roundz" in result.stderr
    assert "rounds" in result.stderr


def test_a_home_is_looked_at_and_not_made(asked: Asked, tmp_path: Path, quaestor: Quaestor) -> None:
    there = json.loads(quaestor("doctor", "--home", asked.home, "--format", "json").stdout)["home"]
    assert (there["version"], there["runs"]) == (there["reads_version"], 1)
    absent = tmp_path / "absent"
    nothing = json.loads(quaestor("doctor", "--home", absent, "--format", "json").stdout)["home"]
    assert (nothing["exists"], nothing["database"]) == (False, None)
    assert not absent.exists()


def test_a_source_that_cannot_be_used_is_said_and_fails(tmp_path: Path, quaestor: Quaestor) -> None:
    result = quaestor("doctor", "--local", tmp_path / "gone", "--home", tmp_path)
    assert result.exit_code == 1
    assert "NOT live" in result.stdout
    assert str(tmp_path / "gone") in result.stdout


def test_a_search_engine_that_is_not_there_is_said_with_the_remedy(
    tmp_path: Path, quaestor: Quaestor
) -> None:
    with socket.socket() as nobody:  # bound and not listening: no other program gets the port
        nobody.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{nobody.getsockname()[1]}"
        engine = ("--web", f"searxng:http://{host}", "--allow-host", host)
        result = quaestor("doctor", "--home", tmp_path, *engine)
        assert result.exit_code == 1
        dead = f"web: NOT live: nothing answers at {host}; see that it runs there"
        assert dead in result.stdout
        nobody.listen()
        result = quaestor("doctor", "--home", tmp_path, *engine)
    assert result.exit_code == 0
    assert f"web: public, asks {host}: takes connections" in result.stdout


def test_each_client_of_models_is_told_with_what_it_lacks(
    tmp_path: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setattr(examining_models, "version", only_openai)
    text = quaestor("doctor", "--home", tmp_path).stdout.partition("Clients of models\n")[2]
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in text.splitlines()[1:]}
    assert rows["openai"] == "langchain-openai 1.2.3 OPENAI_API_KEY set OPENAI_BASE_URL"
    missing = "pip install 'quaestor[anthropic]' ANTHROPIC_API_KEY not set ANTHROPIC_BASE_URL"
    assert rows["anthropic"] == missing
    assert rows["ollama"] == "pip install 'quaestor[ollama]' needs none OLLAMA_HOST"


def only_openai(package: str) -> str:
    if package == "langchain-openai":
        return "1.2.3"
    raise PackageNotFoundError(package)
