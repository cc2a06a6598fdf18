"""Where a span stands, said so that a person finds it with an editor."""

from collections.abc import Mapping
from urllib.parse import unquote

from quaestor.cli.output import Json
from quaestor.memory.documents import Document
from quaestor.plain import shown_uri

_AS_IN_THE_FILE = ("markdown", "plain", "rst", "csv", "json", "code")
"""Extractors that keep a file's text whole, so that its lines are the file's lines."""


def file_of(document: Document, offset: int, roots: Mapping[str, str]) -> str:
    """Return the path of a local document's file, or a page's address."""
    uri = shown_uri(document, offset, roots).partition("#")[0]
    return unquote(uri.removeprefix("file://")) if uri.startswith("file://") else uri


def fragment_of(document: Document, offset: int, roots: Mapping[str, str]) -> str:
    """Return `row=12`, `page=3`, `sheet=Budget&row=4`, or nothing."""
    return shown_uri(document, offset, roots).partition("#")[2]


def place_text(document: Document, offset: int, roots: Mapping[str, str]) -> str:
    """Return file, part, line and column in one line: `/a/b.csv, row 3, line 4, column 1`.

    Of a page or a row of JSON, line and column are those of the text that was read from it.
    """
    at = document.place(offset)
    parts = [file_of(document, offset, roots)]
    fragment = fragment_of(document, offset, roots)
    if fragment:
        named = (part.partition("=") for part in fragment.split("&"))
        parts += [f"{kind} {unquote(name)}" for kind, _, name in named]
    parts.append(f"line {at.line}, column {at.column}")
    if not as_in_the_file(document):
        parts[-1] += " of its text"
    return ", ".join(parts)


def place_json(document: Document, offset: int, roots: Mapping[str, str]) -> Json:
    """Return file, line and column, and the row, page or cell where there is one."""
    at = document.place(offset)
    named = (part.partition("=") for part in fragment_of(document, offset, roots).split("&"))
    return {
        "file": file_of(document, offset, roots),
        **{kind: _counted(kind, unquote(name)) for kind, _, name in named if name},
        "line": at.line,
        "column": at.column,
        "lines_of": "file" if as_in_the_file(document) else "stored text",
    }


def _counted(kind: str, name: str) -> int | str:
    """Return a row or page as a number; a sheet may be called `2024` and stays text."""
    return int(name) if name.isdigit() and kind != "sheet" else name


def as_in_the_file(document: Document) -> bool:
    """Return whether the document's lines are those of its file."""
    return document.origin.kind == "local" and document.extractor in _AS_IN_THE_FILE
