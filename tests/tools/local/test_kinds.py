"""What a file is, by its name and by its bytes."""

import pytest

from quaestor.tools.local.kinds import kind_of, not_text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("notes.md", "markdown"),
        ("NOTES.TXT", "plain"),
        ("page.htm", "html"),
        ("prices.csv", "csv"),
        ("rows.jsonl", "jsonl"),
        ("data.json", "json"),
        ("ship.py", "code"),
        ("Makefile", "code"),
        ("Dockerfile", "code"),
        ("README", "plain"),
        ("CMakeLists.txt", "code"),
        ("photo.png", None),
        ("letter.DOCX", "docx"),
        ("macros.xlsm", "xlsx"),
        ("talk.pptx", "pptx"),
        ("paper.pdf", "pdf"),
        ("trial.ipynb", "notebook"),
        ("note.eml", "mail"),
        ("guide.rst", "rst"),
        ("prices.tsv", "csv"),
        ("letter.doc", None),
        ("store.db", None),
        ("noname", None),
        (".txt", None),
    ],
)
def test_kind_of(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"SQLite format 3\x00" + b"text " * 100, id="an SQLite database"),
        pytest.param(b"%PDF-1.7\n" + b"text " * 100, id="a PDF"),
        pytest.param(b"PK\x03\x04" + b"text " * 100, id="a ZIP archive"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"text " * 100, id="an image"),
        pytest.param(bytes(range(256)), id="every byte once"),
        pytest.param(b"ab\x00c" * 50, id="a NUL in every four bytes"),
    ],
)
def test_bytes_that_are_no_text(data: bytes) -> None:
    assert (not_text(data) or "").startswith("not text: ")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"a,b\n1,\x00\n", id="a lone NUL"),
        pytest.param(b"Caf\xe9\n", id="Latin-1"),
        pytest.param("Größe".encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param("東京".encode("utf-16"), id="UTF-16 with a mark"),
        pytest.param(b"\x1b[31mred\x1b[0m\x0c", id="a terminal's colours and a form feed"),
        pytest.param(b"PKunzip is a program", id="words that begin like a signature"),
    ],
)
def test_bytes_that_are_text(data: bytes) -> None:
    assert not_text(data) is None
