"""Settings: arguments over the environment over the file, and no mistake without a word."""

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from quaestor.errors import SettingsError
from quaestor.settings import Settings, resolve

FILE = """
rounds = 5
steps = 6
tasks = 7
local = ["from the file"]
"""


def written(home: Path, text: str) -> Path:
    home.mkdir(exist_ok=True)
    (home / "quaestor.toml").write_text(text, encoding="utf-8")
    return home


def test_the_nearer_layer_wins_and_is_named(home: Path) -> None:
    written(home, FILE)
    environment = {"QUAESTOR_STEPS": "8", "QUAESTOR_TASKS": "9", "PATH": "/bin"}
    resolved = resolve(home, {"tasks": 10, "fresh": True}, environment=environment)
    settings = resolved.settings
    assert (settings.rounds, settings.steps, settings.tasks) == (5, 8, 10)
    assert (settings.local, settings.fresh, settings.web) == (("from the file",), True, "auto")
    names = ("rounds", "steps", "tasks", "fresh", "web")
    assert [resolved.origins[name] for name in names] == [
        str(home / "quaestor.toml"),
        "QUAESTOR_STEPS",
        "argument",
        "argument",
        "default",
    ]
    assert set(resolved.origins) == set(Settings.model_fields)


@pytest.mark.parametrize(
    "nothing", [None, (), []], ids=["None", "no tuple of paths", "no list of paths"]
)
def test_what_was_not_typed_hides_nothing(home: Path, nothing: Any) -> None:
    written(home, FILE)
    resolved = resolve(home, {"local": nothing}, environment={})
    assert resolved.settings.local == ("from the file",)
    assert not resolve(home, {"fresh": False}, environment={"QUAESTOR_FRESH": "1"}).settings.fresh


def test_without_a_home_the_defaults_stand(home: Path) -> None:
    resolved = resolve(home, {}, environment={})
    assert resolved.settings == Settings()
    assert set(resolved.origins.values()) == {"default"}
    assert not home.exists()


@pytest.mark.parametrize(
    ("name", "value", "key", "expected"),
    [
        pytest.param(
            "LOCAL", os.pathsep.join(["a b", "n=c"]), "local", ("a b", "n=c"), id="paths as in PATH"
        ),
        pytest.param("LOCAL", f"a{os.pathsep}", "local", ("a",), id="a separator too many"),
        pytest.param("LOCAL", "", "local", (), id="set to nothing is not the working folder"),
        pytest.param("WEB", " ", "web", "auto", id="set to a space"),
        pytest.param("FRESH", "true", "fresh", True, id="a switch"),
        pytest.param("INSTANT_RATIO", "0.5", "instant_ratio", 0.5, id="a share"),
        pytest.param(
            "EXCLUDE_SOURCE",
            "https://a.example:8080/x/ b.example",
            "exclude_source",
            ("https://a.example:8080/x/", "b.example"),
            id="URLs with spaces between",
        ),
        pytest.param("ABLATE", "web refiner", "ablate", ("web", "refiner"), id="words"),
    ],
)
def test_the_environment(home: Path, name: str, value: str, key: str, expected: Any) -> None:
    resolved = resolve(home, {}, environment={f"QUAESTOR_{name}": value})
    assert getattr(resolved.settings, key) == expected
    given = bool(value.strip())
    assert resolved.origins[key] == (f"QUAESTOR_{name}" if given else "default")


def test_the_home_is_no_setting(home: Path) -> None:
    assert resolve(home, {}, environment={"QUAESTOR_HOME": "/x"}).settings == Settings()


@pytest.mark.parametrize(
    ("file", "environment", "arguments", "says"),
    [
        pytest.param("roundz = 1", {}, {}, r"'roundz' \(.*quaestor.toml\)", id="in the file"),
        pytest.param("", {"QUAESTOR_ROUNDZ": "1"}, {}, r"'roundz' \(environment\)", id="outside"),
        pytest.param("", {}, {"roundz": 1}, r"'roundz' \(argument\)", id="as an argument"),
    ],
)
def test_an_unknown_key_is_an_error_that_says_where(
    home: Path, file: str, environment: dict[str, str], arguments: dict[str, Any], says: str
) -> None:
    written(home, file)
    with pytest.raises(SettingsError, match=f"unknown setting {says}; known ones: .*, rounds, "):
        resolve(home, arguments, environment=environment)


@pytest.mark.parametrize(
    ("file", "environment", "arguments", "says"),
    [
        pytest.param("rounds = 0", {}, {}, r"rounds \(.*toml\) cannot be 0: ", id="too small"),
        pytest.param("tasks = 65", {}, {}, r"tasks \(.*toml\) cannot be 65: ", id="too large"),
        pytest.param(
            "local = 'docs'", {}, {}, r"local \(.*toml\) cannot be 'docs': .*tuple", id="no list"
        ),
        pytest.param(
            "",
            {"QUAESTOR_STEPS": "many"},
            {},
            r"steps \(QUAESTOR_STEPS\) cannot be 'many': .*integer",
            id="no number",
        ),
        pytest.param(
            "",
            {},
            {"privacy": "none"},
            r"privacy \(argument\) cannot be 'none': .*'isolated'",
            id="no such mode",
        ),
        pytest.param(
            "",
            {},
            {"ablate": ["planner"]},
            r"ablate \(argument\) cannot be \['planner'\]: .*'refiner'",
            id="one of a list",
        ),
    ],
)
def test_a_value_that_is_none_is_an_error_that_says_where(
    home: Path, file: str, environment: dict[str, str], arguments: dict[str, Any], says: str
) -> None:
    written(home, file)
    with pytest.raises(SettingsError, match=f"setting {says}"):
        resolve(home, arguments, environment=environment)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"rounds = ", id="no TOML"),
        pytest.param(b"web = '\xff'", id="no UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(home: Path, content: bytes) -> None:
    home.mkdir()
    (home / "quaestor.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"quaestor\.toml cannot be read: "):
        resolve(home, {}, environment={})


def test_settings_stay_as_they_were_resolved() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().rounds = 4
