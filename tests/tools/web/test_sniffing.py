"""What a body is: by its headers and its first bytes, and refused where they disagree."""

import pytest

from quaestor.errors import RefusedError
from quaestor.tools.web.sniffing import content_type, may_be_read, sniffed

HTML, TEXT, PDF = b"<!DOCTYPE html><p>Tide", b"The tide turns.", b"%PDF-1.7\n%\xe2\xe3"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("text/html", ("text/html", "")),
        ("Text/HTML; Charset=UTF-8", ("text/html", "utf-8")),
        ('text/html; charset="shift_jis"; x=y', ("text/html", "shift_jis")),
        ("text/html;charset", ("text/html", "")),
        ("", ("", "")),
        ("nonsense", ("text/plain", "")),
        ("text/html\r\n; charset=utf-8", ("text/html", "utf-8")),
    ],
)
def test_a_content_type_is_read(header: str, found: tuple[str, str]) -> None:
    assert content_type(header) == found


@pytest.mark.parametrize(
    ("declared", "head", "path", "kind"),
    [
        ("text/html", HTML, "/", "text/html"),
        ("text/html", TEXT, "/", "text/html"),
        ("application/xhtml+xml", HTML, "/", "text/html"),
        ("text/plain", HTML, "/a.html", "text/plain"),
        ("text/plain", TEXT, "/readme.MD", "text/markdown"),
        ("text/markdown", TEXT, "/", "text/markdown"),
        ("application/pdf", PDF, "/", "application/pdf"),
        ("application/octet-stream", PDF, "/", "application/pdf"),
        ("", PDF, "/", "application/pdf"),
        ("", HTML, "/", "text/html"),
        ("", TEXT, "/", "text/plain"),
        ("", TEXT, "/a.md", "text/markdown"),
        ("text/html", "Ström".encode("utf-16"), "/", "text/html"),
    ],
)
def test_what_is_read(declared: str, head: bytes, path: str, kind: str) -> None:
    may_be_read("u", declared)
    assert sniffed("u", declared, head, path=path) == kind


@pytest.mark.parametrize(
    ("declared", "head", "reason"),
    [
        ("image/png", b"\x89PNG\r\n", "not a type that is read: image/png"),
        ("application/octet-stream", HTML, "not a type that is read"),
        ("application/json", b"{}", "not a type that is read"),
        ("text/html", PDF, "it is a PDF"),
        ("text/plain", b"PK\x03\x04" + bytes(99), "a ZIP archive"),
        ("text/html", b"\x89PNG\r\n\x1a\n" + bytes(99), "an image"),
        ("text/html", bytes(range(1, 32)) * 20, "binary data"),
        ("", b"\x7fELF" + bytes(99), "a program"),
        ("application/pdf", HTML, "is none"),
    ],
)
def test_what_is_refused(declared: str, head: bytes, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        sniffed("u", declared, head, path="/")


def test_a_declared_type_is_enough_to_refuse_before_a_byte_is_read() -> None:
    with pytest.raises(RefusedError, match="video/mp4"):
        may_be_read("u", "video/mp4")
