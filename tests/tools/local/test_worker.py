"""What the child that parses may not do, tried in a process that has taken on its limits."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quaestor.tools.local.parsing.frames import read_frame, write_frame
from quaestor.tools.local.worker import answer

LIMITED = """
import sys
from quaestor.tools.local import worker
worker.limit()
sys.addaudithook(worker.refuse)
try:
    {code}
except BaseException as error:
    print(type(error).__name__, error)
else:
    print("allowed")
"""
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")


def tried(code: str, folder: Path) -> str:
    """Return what came of a line of code in a limited process."""
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED.format(code=code)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.strip()


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            "import socket; socket.create_connection(('127.0.0.1', 9))", id="a connection"
        ),
        pytest.param("import socket; socket.getaddrinfo('localhost', 80)", id="a name look-up"),
        pytest.param(
            "import socket; socket.socket(2, 2).sendto(b'x', ('127.0.0.1', 9))", id="a datagram"
        ),
        pytest.param("import subprocess; subprocess.run(['true'])", id="a program"),
        pytest.param("import os; os.system('true')", id="a shell"),
        pytest.param("import os; os.fork()", id="a fork"),
        pytest.param("open('made.txt', 'w')", id="a file to write"),
        pytest.param("import os; os.open('made.txt', os.O_CREAT | os.O_WRONLY)", id="a low open"),
        pytest.param("import os; os.mkdir('made')", id="a folder"),
    ],
)
def test_a_parser_reaches_nothing(code: str, tmp_path: Path) -> None:
    assert tried(code, tmp_path).startswith("PermissionError a parser may not")
    assert list(tmp_path.iterdir()) == []


@POSIX
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not hold address space down")
def test_a_parser_gets_no_gigabyte(tmp_path: Path) -> None:
    assert tried("bytearray(1_000_000_000)", tmp_path).startswith("MemoryError")


@POSIX
def test_native_code_cannot_write_either(tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    file.touch()
    code = (
        "import ctypes; libc = ctypes.CDLL(None);"
        f"libc.dprintf(libc.open({os.fsencode(file)!r}, {os.O_WRONLY}), b'text')"
    )
    tried(code, tmp_path)
    assert file.read_bytes() == b""


def test_reading_modules_and_files_is_allowed(tmp_path: Path) -> None:
    assert tried("import sqlite3; open(sqlite3.__file__).close()", tmp_path) == "allowed"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        pytest.param(MemoryError(), "bomb-like: it needs too much memory", id="no memory left"),
        pytest.param(RecursionError(), "bomb-like: nested too deeply", id="no stack left"),
        pytest.param(KeyError("x"), "damaged: its parser failed (KeyError)", id="a defect"),
    ],
)
def test_whatever_a_parser_raises_is_an_answer_and_the_child_is_not_used_again(
    error: BaseException, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(data: bytes, media_type: str, *, url: str | None) -> None:
        raise error

    monkeypatch.setattr("quaestor.tools.local.worker.parse", broken)
    held = io.BytesIO()
    answer(held, b"", "application/pdf")
    held.seek(0)
    assert read_frame(held) == ({"refused": reason, "broken": True}, [])


def test_the_worker_answers_over_its_pipes_and_ends_when_they_close() -> None:
    asked = io.BytesIO()
    write_frame(asked, {"media_type": "message/rfc822"}, [b"Subject: The quay\n\nIt is long."])
    ran = subprocess.run(
        [sys.executable, "-m", "quaestor.tools.local.worker"],
        input=asked.getvalue(),
        capture_output=True,
        check=True,
    )
    said = io.BytesIO(ran.stdout)
    assert read_frame(said) == ({"ready": True}, [])
    header, (text, _) = read_frame(said)
    assert (header["title"], text) == ("The quay", b"Subject: The quay\n\nIt is long.")
