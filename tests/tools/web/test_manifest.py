"""pages.jsonl is believed line by line: what is wrong is refused by name and never read."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from quaestor.errors import SettingsError
from quaestor.tools.web.manifest import read_manifest

GOOD = {"url": "https://example.org/a", "file": "a.html", "fetched": "2024-11-04T08:12:40Z"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a snapshot folder with one page, and a page beside it that is not its own."""
    inside = tmp_path / "snapshot"
    inside.mkdir()
    (inside / "a.html").write_text("<p>Hello</p>", encoding="utf-8")
    (tmp_path / "outside.html").write_text("<p>Secret</p>", encoding="utf-8")
    return inside


def write(folder: Path, *lines: bytes | dict[str, Any]) -> None:
    """Write pages.jsonl, objects as JSON and bytes as they are."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    (folder / "pages.jsonl").write_bytes(b"\n".join(raw))


def test_a_line_becomes_a_page(folder: Path) -> None:
    write(folder, {**GOOD, "title": "A"})
    found = read_manifest(folder)
    assert found.refused == ()
    (page,) = found.pages
    assert (page.url, page.path, page.fetched, page.title) == (
        "https://example.org/a",
        folder / "a.html",
        "2024-11-04T08:12:40Z",
        "A",
    )


@pytest.mark.parametrize(
    ("line", "name", "reason"),
    [
        pytest.param(b"{not json", "pages.jsonl line 2", "no JSON", id="broken JSON"),
        pytest.param(b"\xff\xfe\xfd", "pages.jsonl line 2", "no JSON", id="bytes of no encoding"),
        pytest.param(b"[" * 100_000, "pages.jsonl line 2", "no JSON", id="JSON too deep to parse"),
        pytest.param(b'["a"]', "pages.jsonl line 2", "no JSON object", id="a list"),
        pytest.param({**GOOD, "url": 5}, "pages.jsonl line 2", "'url'", id="a number for a url"),
        pytest.param(
            {"url": GOOD["url"], "fetched": GOOD["fetched"]},
            "pages.jsonl line 2",
            "'file'",
            id="no file",
        ),
        pytest.param(
            {**GOOD, "url": "file:///etc/passwd"}, "pages.jsonl line 2", "http", id="a file url"
        ),
        pytest.param({**GOOD, "url": "https://["}, "pages.jsonl line 2", "http", id="half a url"),
        pytest.param(
            {**GOOD, "fetched": "yesterday"}, "pages.jsonl line 2", "ISO", id="no time of saving"
        ),
        pytest.param({**GOOD, "title": 1}, "pages.jsonl line 2", "title", id="a number as title"),
        pytest.param(GOOD, "pages.jsonl line 2", "earlier line", id="an address twice"),
        pytest.param(
            {**GOOD, "file": "b.html"}, "pages.jsonl line 2: b.html", "no such", id="no such file"
        ),
        pytest.param(
            {**GOOD, "file": "../outside.html"},
            "pages.jsonl line 2: ../outside.html",
            "out of the folder",
            id="a path that climbs out",
        ),
        pytest.param(
            {**GOOD, "file": "/etc/hosts.txt"},
            "pages.jsonl line 2: /etc/hosts.txt",
            "out of the folder",
            id="an absolute path",
        ),
        pytest.param(
            {**GOOD, "file": "a\u0000.html"},
            "pages.jsonl line 2: a\u0000.html",
            "out of the folder",
            id="a NUL in the path",
        ),
        pytest.param(
            {**GOOD, "file": "a.exe"}, "pages.jsonl line 2: a.exe", "type", id="a type not read"
        ),
    ],
)
def test_a_bad_line_is_refused_and_the_others_stay(
    folder: Path, line: bytes | dict[str, Any], name: str, reason: str
) -> None:
    write(folder, GOOD, line, {**GOOD, "url": "https://example.org/again"})
    found = read_manifest(folder)
    assert [page.url for page in found.pages] == [GOOD["url"], "https://example.org/again"]
    ((refused, why),) = found.refused
    assert refused == name
    assert reason in why


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("../outside.html", id="to a file outside the folder"),
        pytest.param("a.html", id="to a page inside it"),
        pytest.param("loop.html", id="to itself"),
    ],
)
def test_no_link_is_followed(folder: Path, target: str) -> None:
    (folder / "loop.html").symlink_to(target)
    write(folder, {**GOOD, "file": "loop.html"})
    found = read_manifest(folder)
    assert found.pages == ()
    assert found.refused[0][0] == "pages.jsonl line 1: loop.html"


def test_a_folder_that_is_a_link_leads_nowhere(folder: Path) -> None:
    (folder / "sub").symlink_to(folder.parent)
    write(folder, {**GOOD, "file": "sub/outside.html"})
    assert "link" in read_manifest(folder).refused[0][1]


def test_blank_lines_a_byte_order_mark_and_crlf_are_no_fault(folder: Path) -> None:
    line = json.dumps(GOOD).encode()
    (folder / "pages.jsonl").write_bytes(b"\xef\xbb\xbf\r\n" + line + b"\r\n\r\n")
    found = read_manifest(folder)
    assert (len(found.pages), found.refused) == (1, ())


def test_without_a_folder_or_a_manifest_there_is_no_snapshot(folder: Path) -> None:
    with pytest.raises(SettingsError, match="no such folder"):
        read_manifest(folder / "nowhere")
    with pytest.raises(SettingsError, match=r"holds no pages\.jsonl"):
        read_manifest(folder)


def test_a_fifo_for_a_manifest_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pages.jsonl")
    with pytest.raises(SettingsError, match=r"holds no pages\.jsonl"):
        read_manifest(folder)
