"""Which files are read and as what: by their name first, then by their first bytes."""

import re
from typing import Literal

from quaestor.tools.local.parsing.parsers import MEDIA_TYPES

Kind = Literal[
    "markdown",
    "plain",
    "rst",
    "html",
    "csv",
    "json",
    "jsonl",
    "code",
    "pdf",
    "docx",
    "pptx",
    "xlsx",
    "notebook",
    "mail",
]

_BY_SUFFIX: dict[str, Kind] = {
    **dict.fromkeys((".md", ".markdown", ".mdown"), "markdown"),
    **dict.fromkeys((".txt", ".text", ".adoc", ".org", ".tex", ".log"), "plain"),
    **dict.fromkeys((".rst", ".rest"), "rst"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    ".json": "json",
    ".pdf": "pdf",
    **dict.fromkeys((".docx", ".docm"), "docx"),
    **dict.fromkeys((".pptx", ".pptm"), "pptx"),
    **dict.fromkeys((".xlsx", ".xlsm"), "xlsx"),
    ".ipynb": "notebook",
    ".eml": "mail",
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys(
        """.py .pyi .js .mjs .cjs .jsx .ts .tsx .vue .svelte .java .kt .kts .scala .groovy .gradle
        .c .h .cc .cpp .cxx .hh .hpp .hxx .m .mm .cs .fs .vb .go .rs .zig .swift .dart .rb .php .pl
        .pm .lua .r .jl .hs .ml .mli .elm .ex .exs .erl .clj .cljs .lisp .el .scm .sh .bash .zsh
        .fish .ps1 .bat .cmd .sql .graphql .proto .thrift .css .scss .sass .less .xml .xsd .xsl
        .yaml .yml .toml .ini .cfg .conf .properties .cmake .mk .tf .nix .dockerfile .asm .s .f90
        .f .for .pas .ada .vhd .v .sv .tcl .awk .sed .diff .patch""".split(),
        "code",
    ),
}
_BY_NAME: dict[str, Kind] = {
    **dict.fromkeys(("readme", "license", "licence", "authors", "changelog", "notice"), "plain"),
    **dict.fromkeys(
        """makefile gnumakefile dockerfile containerfile jenkinsfile vagrantfile rakefile gemfile
        procfile justfile cmakelists.txt build workspace""".split(),
        "code",
    ),
}
_MEDIA_TYPES: dict[Kind, str] = {
    "markdown": "text/markdown",
    "plain": "text/plain",
    "rst": "text/x-rst",
    "html": MEDIA_TYPES["html"],
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/json",
    "code": "text/plain",
    "pdf": MEDIA_TYPES["pdf"],
    "docx": MEDIA_TYPES["docx"],
    "pptx": MEDIA_TYPES["pptx"],
    "xlsx": MEDIA_TYPES["xlsx"],
    "notebook": MEDIA_TYPES["notebook"],
    "mail": MEDIA_TYPES["mail"],
}
_SIGNATURES = (
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x00asm", "a program"),
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"OggS", "sound"),
    (b"fLaC", "sound"),
    (b"{\\rtf", "an RTF document"),
)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # tab, line and page ends, ESC are text
_STRAY_CONTROLS = 3
_CONTROL_SHARE = 0.005


def kind_of(name: str) -> Kind | None:
    """Return what a file is read as by its name, or None for a type that is not read."""
    lower = name.lower()
    if lower in _BY_NAME:
        return _BY_NAME[lower]
    dot = lower.rfind(".")
    return _BY_SUFFIX.get(lower[dot:]) if dot > 0 else None


def is_parsed(kind: Kind) -> bool:
    """Return whether files of a kind are read by a parser in a child process."""
    return kind in MEDIA_TYPES


def media_type(kind: Kind) -> str:
    """Return the media type of a kind's documents."""
    return _MEDIA_TYPES[kind]


def suffix_of(name: str) -> str:
    """Return how an unknown type is named: its last suffix, or `no suffix`."""
    dot = name.rfind(".")
    return name[dot:] if dot > 0 else "no suffix"


def not_text(data: bytes) -> str | None:
    """Return why bytes are no text whatever their name says, or None.

    A stray NUL or two is text with a flaw; UTF-16, with its mark or without, is text too.
    """
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return f"not text: it is {name}"
    if data.startswith(_WIDE_MARKS) or wide_encoding(data) is not None:
        return None
    controls = len(_CONTROL.findall(data))
    if controls > max(_STRAY_CONTROLS, len(data) * _CONTROL_SHARE):
        return "not text: binary data"
    return None


def wide_encoding(data: bytes) -> str | None:
    """Return the UTF-16 of bytes without a mark, when every other byte of the start is zero."""
    head = data[:2000]
    half = len(head) // 2
    if half < 2 or len(data) % 2:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > half * 0.7 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.05:
        return "utf-16-be"
    return None
