"""Ask the same questions beside different private documents, and compare what the web was asked.

    python benchmarks/twins.py CASES.json

CASES holds `question`, `doc_a`, `doc_b` and `user_terms` for each case. A frozen web is written
with a page for each of the user's terms. Each question is asked with document A, with document
B and with none, each in a home of its own; the asks of the public branch (task, step, kind and
the whole request) must be the same. Then one line is rewired, so that the public branch may ask
every source: the comparison must fail. All of it runs with `LANGSMITH_TRACING=true` and an
endpoint on loopback, which must receive nothing.
"""

import argparse
import asyncio
import http.server
import json
import os
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from quaestor import Corpus, Researcher, Web
from quaestor.graphs.session import Setup
from quaestor.tools.sources import Source


def write_web(folder: Path, terms: list[str]) -> None:
    """Write a page for each term, with its pages.jsonl."""
    folder.mkdir()
    rows: list[str] = []
    for number, term in enumerate(terms):
        name = f"{number}.html"
        body = (
            f"<h1>{term}</h1><p>This page of the public register is about {term}.</p>"
            f"<p>The guidance on {term} was last changed in {2010 + number % 15}.</p>"
            f"<p>The status of {term} is published every quarter by the register.</p>"
        )
        page = f"<html><head><title>{term}</title></head><body><article>{body}</article></body>"
        (folder / name).write_text(page, encoding="utf-8")
        url = f"https://register.example.org/{number}"
        rows.append(json.dumps({"url": url, "file": name, "fetched": "2026-11-01T00:00:00Z"}))
    (folder / "pages.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def public_asks(home: Path) -> list[Any]:
    """Return every ask of the public branch with its request, and the brief's."""
    query = """
        SELECT asks.task, asks.step, asks.round, requests.kind, requests.body
        FROM asks JOIN requests USING (key) WHERE asks.branch = 'public'
        OR (asks.branch = 'research' AND asks.round = 0 AND requests.kind = 'chat')
        ORDER BY 1, 2, 3, 4, 5
    """
    with sqlite3.connect(home / "quaestor.db") as database:
        return database.execute(query).fetchall()


async def ask(folder: Path, web: Path, question: str, document: str | None) -> list[Any]:
    """Research a question beside one private document, or none; return the public asks."""
    folder.mkdir(parents=True)
    sources: list[Source] = [Web(f"snapshot:{web}")]
    if document is not None:
        (folder / "memo").mkdir()
        (folder / "memo" / "memo.txt").write_text(document, encoding="utf-8")
        sources.append(Corpus.open(folder / "memo"))
    await Researcher(sources, home=folder / "home").start(question)
    return public_asks(folder / "home")


def compare(folder: Path, web: Path, cases: list[dict[str, Any]]) -> tuple[int, list[int]]:
    """Return in how many cases the public asks differ, and how many web calls each made."""
    different, calls = 0, []
    for case in cases:
        documents = {"a": case["doc_a"], "b": case["doc_b"], "none": None}
        asks = {
            name: asyncio.run(ask(folder / case["id"] / name, web, case["question"], document))
            for name, document in documents.items()
        }
        different += not asks["a"] == asks["b"] == asks["none"]
        calls.append(len(asks["none"]))
    return different, calls


def rewired() -> Any:
    """The negative control: the public branch may ask every source."""
    return mock.patch.object(Setup, "of", lambda self, _branch: self.sources)


@contextmanager
def tracing_endpoint() -> Iterator[list[str]]:
    """Serve as a tracing service on loopback; give the requests it received."""
    received: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def _take(self) -> None:
            received.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_GET = do_POST = do_PATCH = _take  # noqa: N815 - the names http.server asks for

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    settings = {
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_ENDPOINT": address,
        "LANGSMITH_API_KEY": "key",
    }
    with mock.patch.dict(os.environ, settings):
        yield received
    server.shutdown()


def main() -> int:
    """Run it; exit 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", type=Path)
    options = parser.parse_args()
    cases = json.loads(options.cases.read_text(encoding="utf-8"))
    terms = sorted({term for case in cases for term in case["user_terms"]})
    with tempfile.TemporaryDirectory() as name, tracing_endpoint() as traced:
        folder = Path(name)
        write_web(folder / "web", terms)
        different, calls = compare(folder / "as-it-is", folder / "web", cases)
        print(f"{len(cases)} cases, {different} with other public asks")
        print(f"web calls a question: least {min(calls)}, most {max(calls)}")
        with rewired():
            control, _ = compare(folder / "rewired", folder / "web", cases)
        print(f"with one line rewired: {control} with other public asks")
        print(f"requests at the tracing endpoint: {len(traced)}")
    return 1 if different or min(calls) < 3 or not control or traced else 0


if __name__ == "__main__":
    sys.exit(main())
