"""Reports, runs and calls as the JSON that programs are given."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from quaestor.archive import Archive
from quaestor.memory.calls import CallRow
from quaestor.memory.documents import Document
from quaestor.memory.finding import Conflict, Gap
from quaestor.memory.report import Cited
from quaestor.memory.runs import RunRow
from quaestor.report import Report
from quaestor.spending import spent

_ROW = re.compile(r"(.*)#(row=\d+)", re.DOTALL)


def report_json(report: Report) -> dict[str, Any]:
    """Return a report as one JSON-plain object."""
    roots = collection_roots(Archive(report.home).run(report.run_id))
    return {
        "run_id": report.run_id,
        "status": report.status,
        "question": report.question,
        "answer": report.answer,
        "report": report.markdown,
        "claims": [
            {
                "id": claim.id,
                "text": claim.text,
                "evidence": list(claim.evidence),
                "verdict": claim.verdict,
            }
            for claim in report.claims
        ],
        "evidence": [evidence_json(cited, roots) for cited in report.cited],
        "conflicts": [_plain(conflict) for conflict in report.conflicts],
        "gaps": [_plain(gap) for gap in report.gaps],
        "fallbacks": dict(report.fallbacks),
        "spend": asdict(report.spend),
    }


def evidence_json(cited: Cited, roots: Mapping[str, str]) -> dict[str, Any]:
    """Return a cited span with what is needed to find it again."""
    span, document = cited.evidence, cited.document
    return {
        "id": span.id,
        "document": span.document,
        "uri": shown_uri(document, span.start, roots),
        "title": document.title,
        "origin": document.origin.label,
        "start": span.start,
        "end": span.end,
        "text": span.text,
        "retained_by": cited.retained_by,
        "taken_at": cited.taken_at,
    }


def shown_uri(document: Document, offset: int, roots: Mapping[str, str]) -> str:
    """Return a document's address: a URL, or a `file:` URI made of its collection's folder.

    Args:
        document: The document.
        offset: A code point of it: a row, page or cell is added as `#row=N`, a row of a sheet
            as `#sheet=NAME&row=N`.
        roots: Collection label to folder, as the run recorded them.
    """
    root = roots.get(document.origin.label)
    uri, fragment = _parted(document.uri, in_a_folder=root is not None)
    if not fragment:
        parts = document.enclosing(offset)
        fragment = "&".join(f"{at.kind}={quote(at.name, safe='') or at.number}" for at in parts)
    if root is not None:
        path = Path(root)
        # A collection of one file: the path inside it is the file's own name.
        path = path if path.name == uri and not path.is_dir() else path / uri
        uri = "file://" + quote(path.as_posix())
    return f"{uri}#{fragment}" if fragment else uri


def _parted(uri: str, *, in_a_folder: bool) -> tuple[str, str]:
    """Return an address and its fragment; in a path `#` is a letter, but for a row of a file."""
    row = _ROW.fullmatch(uri)
    if in_a_folder:
        return (row[1], row[2]) if row else (uri, "")
    address, _, fragment = uri.partition("#")
    return address, fragment


def collection_roots(row: RunRow) -> dict[str, str]:
    """Return the folder of each collection of a run, by origin label."""
    return {
        f"local:{source['name']}": source["path"]
        for source in row.settings.get("sources", [])
        if source["make"] == "corpus"
    }


def runs_json(rows: Sequence[RunRow], archive: Archive) -> dict[str, Any]:
    """Return the runs of a home as `quaestor runs --format json` prints them."""
    return {
        "runs": [
            {
                "run_id": row.run_id,
                "state": row.state,
                "question": row.question,
                "started": row.started,
                "spend": asdict(spent(archive.calls(row.run_id), row)),
            }
            for row in rows
        ]
    }


def calls_json(run_id: str, calls: Sequence[CallRow]) -> dict[str, Any]:
    """Return the calls of a run as `quaestor calls --format json` prints them."""
    return {"run_id": run_id, "calls": [_plain(call) for call in calls]}


def _plain(value: Conflict | Gap | CallRow) -> dict[str, Any]:
    """Return a value as JSON has it: lists, no tuples."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(value)))
    return plain
