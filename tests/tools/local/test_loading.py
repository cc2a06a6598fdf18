"""Files to documents: each kind with the text, title and places a person finds again."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from quaestor.errors import UnreadableError
from quaestor.memory.documents import Document, Origin
from quaestor.tools.local.loading import Loaded, load
from quaestor.tools.local.reading import FileBytes, read_bytes

ORIGIN = Origin(kind="local", name="docs", private=True)
NOON = 1_700_000_000 * 10**9  # 2023-11-14, 22:13:20 UTC


def held(data: bytes) -> FileBytes:
    return FileBytes(data=data, sha256="0" * 64, size=len(data), mtime_ns=NOON)


def loaded(uri: str, data: bytes | str) -> list[Loaded]:
    raw = data.encode() if isinstance(data, str) else data
    return list(load(held(raw), uri=uri, origin=ORIGIN))


def document(uri: str, data: bytes | str) -> Document:
    (one,) = loaded(uri, data)
    return one.document


@pytest.mark.parametrize(
    ("uri", "data", "title", "media_type", "extractor"),
    [
        pytest.param(
            "a/b.md", "Intro.\n# Ships #\n", "Ships", "text/markdown", "markdown", id="a heading"
        ),
        pytest.param(
            "b.md",
            '---\ndate: 1\ntitle: "Quay"\n---\n# Head\n',
            "Quay",
            "text/markdown",
            "markdown",
            id="front matter",
        ),
        pytest.param("quay.md", "No head.", "quay", "text/markdown", "markdown", id="no heading"),
        pytest.param(
            "a.txt", "The Quay\n\nIt is long.", "The Quay", "text/plain", "plain", id="a first line"
        ),
        pytest.param(
            "log.txt", "It rained. \nIt went on.", "log", "text/plain", "plain", id="a sentence"
        ),
        pytest.param("README", "one line", "README", "text/plain", "plain", id="no suffix"),
        pytest.param("x/s.py", "import os\n", "s.py", "text/plain", "code", id="code"),
        pytest.param("d.json", '{"a": 1}', "d.json", "application/json", "json", id="JSON"),
        pytest.param(
            "p.html",
            "<html><head><title>Quay</title></head><body><p>The quay is long.</p></body></html>",
            "Quay",
            "text/html",
            "html",
            id="a page",
        ),
    ],
)
def test_what_a_document_says_of_itself(
    uri: str, data: str, title: str, media_type: str, extractor: str
) -> None:
    one = document(uri, data)
    assert (one.title, one.media_type, one.extractor) == (title, media_type, extractor)
    assert (one.uri, one.origin, one.modified) == (uri, ORIGIN, "2023-11-14T22:13:20+00:00")


def test_a_page_gives_the_text_a_reader_sees() -> None:
    one = document("p.html", "<p>Seen &amp; read.</p><script>hidden()</script>")
    assert "Seen & read." in one.text
    assert "hidden" not in one.text


def test_a_table_is_stored_whole_with_its_rows_and_its_columns_stand_for_it() -> None:
    text = 'ship,length\r\nAda,"12,5"\r\n'
    (one,) = loaded("ships.csv", text)
    assert one.document.text == text
    assert [(at.kind, at.number) for at in one.document.locations] == [("row", 1), ("row", 2)]
    at = one.document.location(text.index("12,5"))
    assert at is not None
    assert text[at.start : at.end] == 'Ada,"12,5"'
    assert one.heading == "ships.csv ship,length"


def test_each_row_of_a_jsonl_file_is_a_document() -> None:
    rows = '{"title": "Quay", "text": "Long."}\n\n{"n": 1}\n'
    first, second = (one.document for one in loaded("d/rows.jsonl", rows))
    assert (first.uri, first.title, first.text) == ("d/rows.jsonl#row=1", "Quay", "Quay\nLong.")
    assert (second.uri, second.title) == ("d/rows.jsonl#row=3", "rows.jsonl, row 3")
    assert second.text == '{"n": 1}'
    assert first.location(0) == first.locations[0]
    assert (second.locations[0].kind, second.locations[0].number) == ("row", 3)


def test_escapes_of_a_json_row_are_normalised_as_all_text_is() -> None:
    row = '{"title": "Cafe\\u0301", "text": "a\\u0000b \\ud800"}'
    one = document("rows.jsonl", row)
    assert (one.title, one.text) == ("Café", "Café\nab \ufffd")
    assert one.changes == {"nul": 1, "surrogate": 1, "nfc": 1}


REWRITTEN: dict[str, Callable[[str], bytes]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "NFD accents": lambda text: unicodedata.normalize("NFD", text).encode(),
    "Latin-1": lambda text: text.encode("latin-1"),
    "a lone NUL": lambda text: (text[:9] + "\x00" + text[9:]).encode(),
}


@pytest.mark.parametrize("how", REWRITTEN)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".csv", ".py", ".json"])
def test_a_rewritten_file_is_the_same_text_decoded_composed_and_without_nul(
    tmp_path: Path, how: str, suffix: str
) -> None:
    text = "Pál Gábor\n\nPál Gábor was a Hungarian film director (né à Budapest).\n"
    path = tmp_path / f"file{suffix}"
    path.write_bytes(REWRITTEN[how](text))
    read = read_bytes(path, root=tmp_path, max_bytes=10_000)
    (one,) = load(read, uri=path.name, origin=ORIGIN)
    encoding = "latin-1" if how == "Latin-1" else "utf-8-sig"
    in_the_file = unicodedata.normalize("NFC", path.read_bytes().decode(encoding))
    assert one.document.text == in_the_file.replace("\x00", "")
    counted = {
        "CRLF": {},
        "a byte order mark": {"bom": 1},
        "NFD accents": {"nfc": 6},
        "Latin-1": {"encoding:latin-1": 1},
        "a lone NUL": {"nul": 1},
    }
    assert one.document.changes == counted[how]


@pytest.mark.parametrize(
    ("uri", "data", "reason"),
    [
        pytest.param("a.txt", b"%PDF-1.7 and so on", "not text: it is a PDF", id="a PDF as .txt"),
        pytest.param("a.md", bytes(range(256)) * 4, "not text: binary data", id="bytes as .md"),
        pytest.param("a.txt", b" \n\t", "empty: no text in it", id="only blanks"),
        pytest.param("a.jsonl", b"\n\n", "empty: no text in it", id="no rows"),
        pytest.param("a.csv", b"\xef\xbb\xbf", "empty: no text in it", id="only a mark"),
        pytest.param("a.bin", b"text", "unknown type", id="a type nobody reads"),
    ],
)
def test_what_holds_no_text_is_refused_with_its_reason(uri: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        loaded(uri, data)
    assert raised.value.reason == reason


@pytest.mark.parametrize("data", [b"<html><body></body></html>", b"\x01\x02 no page", b"<" * 9000])
def test_a_page_without_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        loaded("p.html", data)
