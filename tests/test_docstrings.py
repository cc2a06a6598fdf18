"""The examples in docstrings are run, and print what they say they print."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("agents", "graphs", "memory", "tools")


def modules_with_examples() -> list[str]:
    """Return the dotted names of the modules that hold an interpreter's prompt."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    files += [path for path in (ROOT / "quaestor").rglob("*.py") if "sample" not in path.parts]
    parts = [
        path.relative_to(ROOT).with_suffix("").parts
        for path in files
        if ">>> " in path.read_text("utf-8")
    ]
    names = [".".join(found if found[0] == "quaestor" else ("quaestor", *found)) for found in parts]
    return sorted({name.removesuffix(".__init__") for name in names})


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples_print_what_they_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.attempted > 0
    assert result.failed == 0
