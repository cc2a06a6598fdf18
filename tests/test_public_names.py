"""What `from quaestor import ...` gives: to a program, a reader and a type checker alike."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import quaestor

SOURCE = Path(quaestor.__file__ or "").read_text("utf-8")


def names_for_type_checkers() -> set[str]:
    """Return what the package imports under `if TYPE_CHECKING`."""
    branches = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.If)]
    imports = [node for branch in branches for node in branch.body]
    return {
        alias.asname or alias.name
        for node in imports
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_the_names_of_the_guide_are_there() -> None:
    assert {"Corpus", "Web", "Researcher", "build_research_graph"} <= set(quaestor.__all__)


def test_type_checkers_see_the_same_names() -> None:
    assert names_for_type_checkers() == set(quaestor.__all__)


@pytest.mark.parametrize("name", quaestor.__all__)
def test_a_public_name_loads_is_listed_and_says_what_it_is(name: str) -> None:
    thing = getattr(quaestor, name)
    assert thing.__name__ == name
    assert (thing.__doc__ or "").strip()
    assert name in dir(quaestor)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'quaestor' has no attribute 'Nothing'"):
        _ = quaestor.Nothing


def test_every_name_can_be_imported_in_a_fresh_interpreter() -> None:
    code = "from quaestor import *; import quaestor; print(set(quaestor.__all__) <= set(dir()))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "True"
