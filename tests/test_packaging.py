"""Four rooms at the top of the repository ship under one import name, whole."""

import subprocess
import sys
import tomllib
from glob import glob
from pathlib import Path
from typing import Any

import pytest

import quaestor

ROOT = Path(__file__).parents[1]
ROOMS = ("agents", "graphs", "memory", "tools")
SETUPTOOLS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
    "setuptools"
]
SAMPLE = ROOT / "quaestor" / "sample"


def package_of(folder: Path) -> str:
    """Return the dotted name under which a folder of the repository ships."""
    parts = folder.relative_to(ROOT).parts
    return ".".join(parts if parts[0] == "quaestor" else ("quaestor", *parts))


def folders_with_code() -> list[Path]:
    """Return every folder that holds Python files, the rooms by their own path."""
    tops = [ROOT / room for room in ROOMS]
    front = ROOT / "quaestor"
    inner = [path for path in front.iterdir() if path.is_dir() and path.name not in ROOMS]
    tops += [path for path in inner if path != SAMPLE]
    files = [file for top in tops for file in top.rglob("*.py")] + list(front.glob("*.py"))
    return sorted({file.parent for file in files})


def test_every_folder_with_code_is_a_package_that_ships() -> None:
    folders = folders_with_code()
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []
    shipped = [name for name in SETUPTOOLS["packages"] if name != "quaestor.sample"]
    assert sorted(package_of(folder) for folder in folders) == sorted(shipped)


def test_every_room_is_mapped_to_its_folder() -> None:
    expected = {"quaestor": "quaestor"} | {f"quaestor.{room}": room for room in ROOMS}
    assert expected.items() <= SETUPTOOLS["package-dir"].items()


@pytest.mark.parametrize("room", ROOMS)
def test_the_link_of_a_room_leads_to_it(room: str) -> None:
    link = ROOT / "quaestor" / room
    if link.is_file():
        pytest.skip("this checkout keeps links as plain files; installing does not need them")
    assert link.is_symlink()
    assert link.readlink() == Path("..", room)


def data_files() -> list[Path]:
    """Return the files beside the code that a run reads: prompts, the sample, the type marker."""
    tops = [ROOT / room for room in ROOMS] + [ROOT / "quaestor"]
    return sorted(
        {
            file.resolve()
            for top in tops
            for file in top.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
            if file.suffix not in (".py", ".pyc") or SAMPLE in file.parents[1:]
        }
    )


def ships(file: Path) -> bool:
    """Return whether a pattern of package-data takes a file along."""
    data: dict[str, list[str]] = SETUPTOOLS["package-data"]
    packages = sorted(SETUPTOOLS["packages"], key=len, reverse=True)
    owner = next(known for known in packages if package_of(file).startswith(f"{known}."))
    folder = ROOT.joinpath(*owner.split(".")).resolve()
    inside = str(file.relative_to(folder))
    patterns = data.get("*", []) + data.get(owner, [])
    # Setuptools reads its patterns by the rules of `glob`, dot files left out.
    found = (glob(pattern, root_dir=folder, recursive=True) for pattern in patterns)  # noqa: PTH207
    return any(inside in names for names in found)


def test_every_data_file_ships() -> None:
    files = data_files()
    assert ROOT / "quaestor" / "py.typed" in files
    assert [file.relative_to(ROOT).as_posix() for file in files if not ships(file)] == []


def test_the_rooms_have_no_second_name(tmp_path: Path) -> None:
    code = (
        "from importlib.util import find_spec\n"
        f"print([room for room in {ROOMS!r} if find_spec(room)])\n"
        f"print([room for room in {ROOMS!r} if not find_spec('quaestor.' + room)])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split("\n")[:2] == ["[]", "[]"]


def test_the_package_under_test_is_this_checkout() -> None:
    assert Path(quaestor.__file__ or "").resolve().parent == ROOT / "quaestor"
