"""A tracing service named in the environment receives nothing of a run."""

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

CHILD = """
import asyncio, contextlib, sys
import quaestor.run, quaestor.tracing
from quaestor import Corpus, Researcher, sample
if sys.argv[2] == "control":
    quaestor.run.untraced = contextlib.nullcontext
async def go():
    researcher = Researcher([Corpus.open(sample.documents())], home=sys.argv[1])
    await researcher.start("Who leads the team that calibrates the Heron 4?")
asyncio.run(go())
from langsmith import Client
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
"""


@pytest.fixture
def service() -> Iterator[tuple[str, list[str]]]:
    received: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            received.append(f"{self.command} {self.path}")
            self.send_response(202)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output to itself."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("mode", "hears"),
    [
        pytest.param("as it is", False, id="as it is nothing is sent"),
        pytest.param("control", True, id="without the wrapper it would be"),
    ],
)
def test_tracing_set_in_the_environment(
    tmp_path: Path, service: tuple[str, list[str]], mode: str, hears: bool
) -> None:
    address, received = service
    settings = {
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_ENDPOINT": address,
        "LANGSMITH_API_KEY": "key",
    }
    command = [sys.executable, "-c", CHILD, str(tmp_path / "home"), mode]
    subprocess.run(command, env=os.environ | settings, check=True, timeout=120)
    assert bool(received) == hears
