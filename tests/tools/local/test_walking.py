"""What of a folder is read, what is listed as unread and what is left out."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from quaestor.errors import UnreadableError
from quaestor.tools.local.reading import read_bytes
from quaestor.tools.local.walking import Walk, walk

MB = 1_000_000


def put(root: Path, *paths: str, text: str = "Some words.") -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def uris(found: Walk) -> list[str]:
    return [file.uri for file in found.files]


def test_files_come_sorted_by_their_path_inside_the_folder(tmp_path: Path) -> None:
    put(tmp_path, "b.md", "a/z.txt", "a/b/c.py", "ä.md")
    assert uris(walk(tmp_path, max_bytes=MB)) == ["a/b/c.py", "a/z.txt", "b.md", "ä.md"]


def test_a_single_file_is_a_collection_too(tmp_path: Path) -> None:
    put(tmp_path, "rows.jsonl", "other.md")
    assert uris(walk(tmp_path / "rows.jsonl", max_bytes=MB)) == ["rows.jsonl"]


def test_what_no_person_wrote_is_left_out_and_counted(tmp_path: Path) -> None:
    put(tmp_path, "kept.md", ".hidden/a.md", ".env", ".git/config", "node_modules/x/a.js")
    put(tmp_path, "env/pyvenv.cfg", "env/lib/a.py", "run/ledger.txt", "sub/.git/config")
    found = walk(tmp_path, max_bytes=MB, home=tmp_path / "run")
    assert uris(found) == ["kept.md"]
    assert dict(found.left_out) == {
        ".git": 2,
        "hidden file": 1,
        "hidden folder": 1,
        "home": 1,
        "node_modules": 1,
        "virtual environment": 1,
    }


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        pytest.param({".gitignore": "*.log\n"}, {"a.log", "sub/b.log"}, id="a pattern"),
        pytest.param({".gitignore": "/a.log\n"}, {"a.log"}, id="a pattern of the root"),
        pytest.param({"sub/.gitignore": "*.log\n"}, {"sub/b.log"}, id="a nested file"),
        pytest.param({".gitignore": "sub/\n"}, {"sub/b.log", "sub/c.md"}, id="a folder"),
        pytest.param(
            {".gitignore": "*.log\n", "sub/.gitignore": "!b.log\n"},
            {"a.log"},
            id="a nested file takes back in",
        ),
        pytest.param(
            {".gitignore": "sub/\n", "sub/.gitignore": "!b.log\n"},
            {"sub/b.log", "sub/c.md"},
            id="not out of a folder that is left out",
        ),
        pytest.param({".gitignore": "# *.md\n\n!a.log\n"}, set[str](), id="comments"),
        pytest.param({".gitignore": "sub/**/*.md\n"}, {"sub/c.md"}, id="two stars"),
    ],
)
def test_gitignore_is_read_as_git_reads_it(
    tmp_path: Path, ignore: dict[str, str], left: set[str]
) -> None:
    everything = ["a.log", "sub/b.log", "sub/c.md"]
    put(tmp_path, *everything)
    for name, lines in ignore.items():
        put(tmp_path, name, text=lines)
    found = walk(tmp_path, max_bytes=MB)
    assert set(everything) - set(uris(found)) == left
    assert set(found.left_out) - {"hidden file"} == ({".gitignore"} if left else set())
    # Git itself is the outside judge.
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert set(everything) - set(listed) == left


def test_quaestorignore_has_the_last_word_in_its_folder(tmp_path: Path) -> None:
    put(tmp_path, "a.log", "b.md")
    put(tmp_path, ".gitignore", text="*.log\n")
    put(tmp_path, ".quaestorignore", text="!a.log\nb.md\n")
    found = walk(tmp_path, max_bytes=MB)
    assert uris(found) == ["a.log"]
    assert found.left_out[".quaestorignore"] == 1


def test_no_ignore_file_takes_back_in_what_the_caller_excludes(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "b.md")
    put(tmp_path, ".gitignore", text="!a.md\n")
    found = walk(tmp_path, max_bytes=MB, exclude=["a.md"])
    assert uris(found) == ["b.md"]
    assert found.left_out["excluded"] == 1


def test_an_ignore_file_that_is_no_text_stops_nothing(tmp_path: Path) -> None:
    put(tmp_path, "a.md")
    (tmp_path / ".gitignore").write_bytes(b"\xff\xfe[\x00***\n[z-a]\n!\n")
    assert uris(walk(tmp_path, max_bytes=MB)) == ["a.md"]


def test_what_cannot_be_read_is_listed_with_its_reason(tmp_path: Path) -> None:
    put(tmp_path, "good.md", "photo.png", "noname")
    put(tmp_path, "empty.md", text="")
    put(tmp_path, "large.md", text="x" * 2000)
    found = walk(tmp_path, max_bytes=1000)
    assert uris(found) == ["good.md"]
    assert found.unread == {
        "empty.md": "empty",
        "large.md": "too large: 2,000 bytes, the limit is 1,000",
        "noname": "unknown type: no suffix",
        "photo.png": "unknown type: .png",
    }


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "docs"
    put(outside, "secret.md")
    put(root, "here.md", "sub/there.md")
    (root / "out.md").symlink_to(outside / "secret.md")
    (root / "out").symlink_to(outside)
    (root / "up").symlink_to("..")
    (root / "loop.md").symlink_to("loop.md")
    (root / "gone.md").symlink_to("nothing.md")
    (root / "again.md").symlink_to("here.md")
    (root / "round").symlink_to("sub")
    found = walk(root, max_bytes=MB)
    assert uris(found) == ["here.md", "sub/there.md"]
    assert found.unread == {
        "gone.md": "a link that leads nowhere",
        "loop.md": "a link that leads nowhere",
        "out": "a link that leads out of the folder",
        "out.md": "a link that leads out of the folder",
        "up": "a link that leads out of the folder",
    }
    assert found.left_out == {"link inside the folder": 2}


def test_a_root_that_is_a_link_is_the_persons_own_choice(tmp_path: Path) -> None:
    put(tmp_path / "real", "a.md")
    (tmp_path / "link").symlink_to("real")
    assert uris(walk(tmp_path / "link", max_bytes=MB)) == ["a.md"]


def test_fifos_and_sockets_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.md"))
        found = walk(tmp_path, max_bytes=MB)
    assert found.unread == {"pipe.md": "a FIFO", "s.md": "a socket"}


def test_a_name_that_is_not_utf_8_is_shown_escaped(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("Words.")
    (file,) = walk(tmp_path, max_bytes=MB).files
    assert file.uri == "caf\\xe9.md"
    assert read_bytes(file.path, root=tmp_path, max_bytes=MB).data == b"Words."


@pytest.mark.parametrize("what", ["fifo", "link", "folder", "folder made a link", "gone", "grown"])
def test_a_file_that_changed_after_the_walk_is_refused_not_followed(
    tmp_path: Path, what: str
) -> None:
    root, outside = tmp_path / "docs", tmp_path / "outside"
    put(root, "sub/a.md")
    put(outside, "a.md", text="secret")
    file = root / "sub" / "a.md"
    if what == "grown":
        file.write_text("x" * 101)
    else:
        file.unlink()
    if what == "fifo":
        os.mkfifo(file)
    elif what == "link":
        file.symlink_to(outside / "a.md")
    elif what == "folder":
        file.mkdir()
    elif what == "folder made a link":
        file.parent.rmdir()
        file.parent.symlink_to(outside)
    with pytest.raises(UnreadableError):
        read_bytes(file, root=root, max_bytes=100)
