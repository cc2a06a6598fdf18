"""The JSON that programs are given: its shape, its addresses, what it says was spent."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from quaestor.archive import Archive
from quaestor.memory.calls import Ask, CallRow
from quaestor.memory.documents import WEB, Document, Location, Origin
from quaestor.memory.runs import RunRow
from quaestor.plain import calls_json, collection_roots, report_json, runs_json, shown_uri
from quaestor.report import Report
from quaestor.researcher import Researcher
from quaestor.tools.local.corpus import Corpus

QUESTION = "Who approves travel at Tarnwick?"
ASK = Ask(branch="private", task="t", round=0, step=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose name and file names need escaping."""
    docs = tmp_path_factory.mktemp("x") / "Größe 100%"
    docs.mkdir()
    (docs / "travel #2?.md").write_text("# Travel\n\nMara Ellwood approves travel at Tarnwick.\n")
    rows = ["name,duty", "Mara Ellwood,approves travel at Tarnwick", "Odd,pays rent"]
    (docs / "duties.csv").write_text("\n".join(rows) + "\n")
    items = [
        {"title": "Rent", "text": "Odd pays the rent of Tarnwick."},
        {"title": "Travel", "text": "Travel at Tarnwick is what Mara Ellwood approves."},
    ]
    (docs / "items.jsonl").write_text("\n".join(json.dumps(item) for item in items) + "\n")
    return docs


@pytest.fixture(scope="module")
def report(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    home = tmp_path_factory.mktemp("home") / "kept"
    corpus = Corpus.open(folder, name="docs")
    return Researcher([corpus], home=home, instant_ratio=1.0).ask(QUESTION)


def test_a_report_has_the_shape_that_was_promised(report: Report) -> None:
    shown = report_json(report)
    assert json.loads(json.dumps(shown)) == shown
    assert list(shown) == [
        "run_id",
        "status",
        "question",
        "answer",
        "report",
        "claims",
        "evidence",
        "conflicts",
        "gaps",
        "fallbacks",
        "spend",
    ]
    assert (shown["question"], shown["status"]) == (QUESTION, "answered")
    assert "Mara Ellwood" in shown["answer"]
    assert list(shown["spend"]) == [
        *("calls", "requests", "tokens_in", "tokens_out", "usd"),
        *("unpriced", "estimated", "seconds"),
    ]
    assert asdict(report.spend) == shown["spend"]
    for claim in shown["claims"]:
        assert list(claim) == ["id", "text", "evidence", "verdict"]
    assert {one for claim in shown["claims"] for one in claim["evidence"]} <= {
        one["id"] for one in shown["evidence"]
    }
    assert report.to_json() == shown


def test_evidence_says_where_it_stands_in_the_file(report: Report, folder: Path) -> None:
    found = report_json(report)["evidence"]
    assert found
    for one in found:
        assert list(one) == [
            "id",
            "document",
            "uri",
            "title",
            "origin",
            "start",
            "end",
            "text",
            "retained_by",
            "taken_at",
        ]
        assert one["origin"] == "local:docs"
        address = urlsplit(str(one["uri"]))
        assert (address.scheme, address.netloc, address.query) == ("file", "", "")
        path = Path(unquote(address.path))
        assert path.parent == folder
        assert path.is_file()
        stored = Archive(report.home).document(one["document"]).text
        assert one["text"] == stored[one["start"] : one["end"]]


FOLDER = "/data/Größe 100%"
ESCAPED = "file:///data/Gr%C3%B6%C3%9Fe%20100%25"
ROWS = (
    Location(kind="row", number=1, start=0, end=4),
    Location(kind="row", number=2, start=4, end=8),
)


def document(uri: str, *, locations: tuple[Location, ...] = (), origin: str = "docs") -> Document:
    return Document.of(
        "one\ntwo\n",
        uri=uri,
        title="T",
        media_type="text/plain",
        origin=Origin(kind="local", name=origin) if origin else WEB,
        extractor="plain",
        locations=locations,
    )


@pytest.mark.parametrize(
    ("shown", "offset", "uri"),
    [
        pytest.param(document("a/b.md"), 0, f"{ESCAPED}/a/b.md", id="a path"),
        pytest.param(document("a b?.md"), 0, f"{ESCAPED}/a%20b%3F.md", id="a path to escape"),
        pytest.param(document("minutes #3.md"), 0, f"{ESCAPED}/minutes%20%233.md", id="a number"),
        pytest.param(document("t.csv", locations=ROWS), 3, f"{ESCAPED}/t.csv#row=1", id="a row"),
        pytest.param(document("t.csv", locations=ROWS), 4, f"{ESCAPED}/t.csv#row=2", id="the next"),
        pytest.param(document("t.csv", locations=ROWS), 8, f"{ESCAPED}/t.csv", id="behind it"),
        pytest.param(
            document("#1.jsonl#row=12"), 0, f"{ESCAPED}/%231.jsonl#row=12", id="a row of its own"
        ),
        pytest.param(
            document("https://a.example/x%20y#z", origin=""),
            0,
            "https://a.example/x%20y#z",
            id="a page as it was read",
        ),
        pytest.param(document("x", origin="elsewhere"), 0, "x", id="a folder nobody recorded"),
    ],
)
def test_addresses(shown: Document, offset: int, uri: str) -> None:
    assert shown_uri(shown, offset, {"local:docs": FOLDER}) == uri


def test_the_address_of_a_collection_that_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "one.md"
    path.write_text("one")
    assert shown_uri(document("one.md"), 0, {"local:docs": str(path)}) == path.as_uri()
    path.unlink()  # it may be gone when the report is read
    assert shown_uri(document("one.md"), 0, {"local:docs": str(path)}) == path.as_uri()


def row(**given: Any) -> RunRow:
    fields: dict[str, Any] = {
        "run_id": "r",
        "number": 1,
        "question": "?",
        "settings": {},
        "state": "done",
        "started": "2026-01-31T12:00:00+00:00",
        "seconds": 1.23456,
        "parents": (),
        "report": None,
    }
    return RunRow(**fields | given)


def test_the_folders_of_a_run() -> None:
    sources = [
        {"make": "corpus", "name": "docs", "path": "/data"},
        {"make": "web", "spec": "off"},
        {"make": "program", "name": "mine"},
    ]
    assert collection_roots(row(settings={"sources": sources})) == {"local:docs": "/data"}
    assert collection_roots(row()) == {}


def call(kind: str, **given: Any) -> CallRow:
    fields: dict[str, Any] = {
        "key": "k",
        "kind": kind,
        "sample": 0,
        "status": "done",
        "how": "made",
        "asks": (ASK,),
        "origin": "web",
        "started": "2026-01-31T12:00:00+00:00",
        "seconds": 0.5,
    }
    return CallRow(**fields | given)


def test_calls_have_the_shape_that_was_promised() -> None:
    shown = calls_json("r", [call("search", documents=("d",))])
    assert json.loads(json.dumps(shown)) == shown
    assert shown == {
        "run_id": "r",
        "calls": [
            {
                "key": "k",
                "kind": "search",
                "sample": 0,
                "status": "done",
                "how": "made",
                "asks": [{"branch": "private", "task": "t", "round": 0, "step": 1}],
                "origin": "web",
                "started": "2026-01-31T12:00:00+00:00",
                "seconds": 0.5,
                "tokens_in": 0,
                "tokens_out": 0,
                "usd": 0.0,
                "priced": True,
                "estimated": False,
                "error": "",
                "attempts": 1,
                "lost": 0,
                "documents": ["d"],
            }
        ],
    }


def test_runs_have_the_shape_that_was_promised(report: Report) -> None:
    archive = Archive(report.home)
    shown = runs_json(archive.runs(), archive)
    (one,) = shown["runs"]
    assert list(one) == ["run_id", "state", "question", "started", "spend"]
    assert (one["run_id"], one["state"], one["question"]) == (report.run_id, "done", QUESTION)
    assert one["spend"] == report_json(report)["spend"]
    assert set(one["spend"]["calls"]) <= {"local_search", "local_read"}
