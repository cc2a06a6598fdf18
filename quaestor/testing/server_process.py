"""An OpenAI-compatible server on loopback, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Self
from urllib.request import ProxyHandler, Request, build_opener

from quaestor.testing.exchange import Exchange
from quaestor.testing.faults import Fault

TIMEOUT_S = 30.0


class ServerProcess:
    """A `ModelServer` whose work costs the process that measures nothing.

    It ends with its `with` block, and with the process that started it.

    Args:
        model: Where the model is: `module:name` of a model, or of what makes one.
        options: What makes it is called with these; JSON-plain.
        latency_ms: How long an answer takes at least.
        ms_per_token: How much longer for each token of a reply.
        faults: What is answered in place of the model, in this order.
        port: Where to listen; a free port unless given.
    """

    def __init__(
        self,
        model: str = "quaestor.testing:HashModel",
        *,
        options: Mapping[str, Any] | None = None,
        latency_ms: float = 0.0,
        ms_per_token: float = 0.0,
        faults: Iterable[Fault | Mapping[str, Any]] = (),
        port: int = 0,
    ) -> None:
        self._command = [
            *(sys.executable, "-m", "quaestor.testing.server", "--until-input-ends"),
            *("--model", model, "--options", json.dumps(dict(options or {}))),
            *("--latency-ms", str(latency_ms), "--ms-per-token", str(ms_per_token)),
            *("--port", str(port)),
        ]
        self._faults = list(faults)
        self._process: subprocess.Popen[str] | None = None
        self._opener = build_opener(ProxyHandler({}))  # loopback is nobody's proxy's business
        self.url = ""
        """The base URL, as clients of OpenAI's take it; empty before `start`."""

    @property
    def pid(self) -> int:
        """The process's id; 0 when it does not run."""
        return self._process.pid if self._process is not None else 0

    @property
    def log(self) -> list[Exchange]:
        """Every request so far, in the order in which they were answered."""
        with self._opener.open(f"{self._root}/log", timeout=TIMEOUT_S) as answer:
            return [Exchange(**one) for one in json.load(answer)]

    def replay(self, faults: Iterable[Fault | Mapping[str, Any]]) -> None:
        """Answer the next requests by these faults; what was left of others is forgotten."""
        plain = [_plain(fault) for fault in faults]
        request = Request(f"{self._root}/faults", data=json.dumps(plain).encode(), method="POST")
        self._opener.open(request, timeout=TIMEOUT_S).close()

    def start(self) -> Self:
        """Begin to serve.

        Raises:
            RuntimeError: The process ended before it served; its last words are in the message.
        """
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url = self._process.stdout.readline().strip() if self._process.stdout else ""
        if not self.url:
            said = self._process.communicate()[1].strip().splitlines()[-1:]
            self._process = None
            raise RuntimeError(f"the model server did not start: {' '.join(said)}")
        if self._faults:
            self.replay(self._faults)
        return self

    def stop(self) -> None:
        """End the process; its log goes with it."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.communicate(timeout=TIMEOUT_S)  # closes its input, on which it ends
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    @property
    def _root(self) -> str:
        return self.url.removesuffix("/v1")


def _plain(fault: Fault | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a fault as the JSON object it is read from."""
    if not isinstance(fault, Fault):
        return fault
    said = {
        "answer": None,
        "hang": "accept, never answer",
        "reset": f"RST after {fault.reset_after} bytes",
    }
    return asdict(fault) | {"behaviour": said[fault.behaviour]}
