"""Imports point one way: graphs -> agents -> tools -> memory -> quaestor/errors.py."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("memory", "tools", "agents", "graphs")  # lowest first
BELOW_ALL = "quaestor.errors"
LANGGRAPH_ALLOWED = ("graphs/", "memory/checkpoints.py")
HEAVY = ("langgraph", "langchain_core", "tantivy", "sqlalchemy", "lxml", "trafilatura", "networkx")


def imports(source: str) -> Iterator[str]:
    """Yield every module a file imports, in functions and under `if` too.

    `from a import b` yields `a` and `a.b`, because b may be a module.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(level=0, module=str(module)):
                yield module
                yield from (f"{module}.{alias.name}" for alias in node.names)
            case ast.ImportFrom():
                yield "." * node.level + (node.module or "")
            case _:
                pass


def upward(file: str, source: str) -> list[str]:
    """Return the imports by which a room's file reaches up, or out of the rooms."""
    room = file.partition("/")[0]
    allowed = [f"quaestor.{name}" for name in ROOMS[: ROOMS.index(room) + 1]] + [BELOW_ALL]
    return [
        module
        for module in imports(source)
        if module.startswith(("quaestor.", "."))
        and not any(module == known or module.startswith(f"{known}.") for known in allowed)
    ]


def uses_langgraph(source: str) -> bool:
    return any(module.partition(".")[0] == "langgraph" for module in imports(source))


ROOM_FILES = sorted(
    path.relative_to(ROOT).as_posix() for room in ROOMS for path in (ROOT / room).rglob("*.py")
)
FRONT_FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "quaestor").rglob("*.py")
    if path.relative_to(ROOT / "quaestor").parts[0] not in (*ROOMS, "sample")
)


@pytest.mark.parametrize("file", ROOM_FILES)
def test_a_room_imports_itself_and_what_lies_below(file: str) -> None:
    assert upward(file, (ROOT / file).read_text("utf-8")) == []


@pytest.mark.parametrize(
    "file",
    [file for file in ROOM_FILES + FRONT_FILES if not file.startswith(LANGGRAPH_ALLOWED)],
)
def test_langgraph_stays_in_the_graphs_and_the_checkpoints(file: str) -> None:
    assert not uses_langgraph((ROOT / file).read_text("utf-8"))


def test_errors_stand_on_nothing() -> None:
    assert list(imports((ROOT / "quaestor/errors.py").read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("file", "source", "expected"),
    [
        pytest.param(
            "tools/x.py",
            "from quaestor.agents.roles.planner import Planner",
            ["quaestor.agents.roles.planner", "quaestor.agents.roles.planner.Planner"],
            id="a room above",
        ),
        pytest.param(
            "memory/x.py",
            "def f():\n    import quaestor.tools",
            ["quaestor.tools"],
            id="a room above, late in a function",
        ),
        pytest.param(
            "graphs/x.py",
            "from quaestor import researcher",
            ["quaestor.researcher"],
            id="the front door",
        ),
        pytest.param("tools/x.py", "from ..agents import x", ["..agents"], id="a relative import"),
        pytest.param(
            "agents/x.py",
            "import json\nfrom quaestor.errors import X\nfrom quaestor.tools import text",
            [],
            id="what lies below is fine",
        ),
    ],
)
def test_the_walk_sees_a_wrong_import(file: str, source: str, expected: list[str]) -> None:
    assert upward(file, source) == expected


def test_the_walk_sees_langgraph() -> None:
    assert uses_langgraph("if True:\n    from langgraph.graph import END")
    assert not uses_langgraph("import langgraph_like")


def test_nothing_heavy_is_imported_with_the_package() -> None:
    code = "import sys, quaestor; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {module.partition(".")[0] for module in ran.stdout.split()}
    assert "quaestor" in loaded
    assert loaded.isdisjoint(HEAVY)
