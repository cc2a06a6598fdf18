"""`show`: a run's report with the place of every span, one span, or one stored document."""

import sys
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

from quaestor.archive import Archive
from quaestor.cli.located import located_report
from quaestor.cli.options import Format
from quaestor.cli.output import check_output, emit, in_home, json_text, notice
from quaestor.cli.paying import tell_models
from quaestor.cli.places import place_json, place_text
from quaestor.errors import SettingsError
from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence
from quaestor.memory.labels import one_line
from quaestor.memory.runs import RunRow
from quaestor.plain import collection_roots, runs_json
from quaestor.report import Report
from quaestor.views.page import report_page
from quaestor.views.run_view import render_text
from quaestor.watching import Watch

_STEERING = ("Cc", "Cf", "Cs")
_HARMLESS = "\n\t\u200c\u200d"
"""Lines, tabs, and the joiners that several scripts are spelt with."""


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Named = TypeVar("Named", bound=_HasId)


def show_run(name: str, *, home: Path, as_format: Format, output: Path | None) -> None:
    """Print a run's report with where each span stands; of one without a report, how far it is."""
    check_output(output)
    archive = Archive(home)
    row = archive.run(name)
    filed = archive.report(row.run_id)
    if filed is None:
        _show_unfinished(archive, row, as_format, output)
        return
    report = Report.of(filed, run_id=row.run_id, home=home)
    match as_format:
        case Format.json:
            emit(json_text(report.to_json()), output)
        case Format.md:
            emit(report.markdown, output)
        case Format.html:
            emit(report_page(report), output)
        case Format.text:
            emit(located_report(report, row), output)
    tell_models(report)


def show_part(
    name: str,
    *,
    document: str | None,
    evidence: str | None,
    home: Path,
    as_format: Format,
    output: Path | None,
) -> None:
    """Print one span with where it stands, or one stored document.

    Raises:
        SettingsError: Both are asked for, or as Markdown or HTML, or the run has none of that id.
    """
    check_output(output)
    if document is not None and evidence is not None:
        raise SettingsError("--document and --evidence are two questions: ask one at a time")
    if as_format in (Format.md, Format.html):
        raise SettingsError(f"a stored text has no {as_format} form: take --format text or json")
    archive = Archive(home)
    row = archive.run(name)
    record, roots = archive.record(row.run_id), collection_roots(row)
    if evidence is not None:
        cited = record.report.cited if record.report else ()
        spans = {one.id: one for one in (*(each.evidence for each in cited), *record.evidence)}
        span = _named(evidence, spans.values(), "evidence", archive, row)
        read = next(one for one in record.documents if one.id == span.document)
        told = _span_json if as_format is Format.json else _span_text
        emit(told(span, read, roots), output)
        return
    held = _named(document or "", record.documents, "document", archive, row)
    if as_format is Format.json:
        emit(_document_json(held, roots), output)
    else:
        to_terminal = output is None and sys.stdout.isatty()
        emit(safe(held.text) if to_terminal else held.text, output)


def _span_text(span: Evidence, document: Document, roots: Mapping[str, str]) -> str:
    where = one_line(place_text(document, span.start, roots), 2000)
    return f"{where}\n{safe(span.text)}\n"


def _span_json(span: Evidence, document: Document, roots: Mapping[str, str]) -> str:
    return json_text(
        {
            "id": span.id,
            "document": span.document,
            "title": document.title,
            "origin": document.origin.label,
            **place_json(document, span.start, roots),
            "start": span.start,
            "end": span.end,
            "text": span.text,
        }
    )


def _document_json(document: Document, roots: Mapping[str, str]) -> str:
    return json_text(
        {
            "id": document.id,
            "file": place_json(document, 0, roots)["file"],
            "title": document.title,
            "origin": document.origin.label,
            "media_type": document.media_type,
            "extractor": document.extractor,
            "modified": document.modified,
            "changes": dict(document.changes),
            "text": document.text,
        }
    )


def safe(text: str) -> str:
    """Return text that cannot steer a terminal, its lines and tabs as they are."""
    return "".join(
        "\ufffd" if unicodedata.category(char) in _STEERING and char not in _HARMLESS else char
        for char in text.replace("\r\n", "\n")
    )


def _named(given: str, held: Iterable[Named], noun: str, archive: Archive, row: RunRow) -> Named:
    """Return the one thing whose id begins as given.

    Raises:
        SettingsError: There is none, or there are several.
    """
    fitting = [one for one in held if given and one.id.startswith(given)]
    if len(fitting) != 1:
        several = f"{len(fitting)} have an id that begins so" if fitting else "it has none such"
        ids = in_home(f"quaestor show {row.run_id} --format json", archive.home)
        raise SettingsError(
            f"no {noun} {given!r} in run {row.run_id}: {several}; `{ids}` lists the ids"
        )
    return fitting[0]


def _show_unfinished(archive: Archive, row: RunRow, as_format: Format, output: Path | None) -> None:
    if as_format is Format.json:
        emit(json_text(runs_json([row], archive)["runs"][0]), output)
    else:
        watch = Watch(row.question, archive.record(row.run_id))
        watch.end(row.state)
        emit(render_text(watch.progress()), output)
    again = in_home(f"quaestor resume {row.run_id}", archive.home)
    notice(f"run {row.run_id} has no report yet; `{again}` goes on with it")
