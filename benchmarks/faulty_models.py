"""What model_faults.py adds to a list of faults, and how it listens for the key."""

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KEY = "sk-test-SECRET-7c41d2a9e0b35f68"


@dataclass(slots=True, kw_only=True)
class Listened:
    """What was said anywhere while a run went on."""

    records: list[str] = field(default_factory=list[str])
    output: str = ""
    exceptions: list[BaseException] = field(default_factory=list[BaseException])

    def found(self, key: str) -> Iterator[tuple[str, str]]:
        """Give each place that holds the key, and its beginning."""
        for record in self.records:
            if key in record:
                yield "a log record", record.replace(key, "KEY")[:120]
        if key in self.output:
            yield "the output", ""
        for error in self.exceptions:
            said = "".join(traceback.format_exception(error))
            if key in said:
                yield "an exception", said.replace(key, "KEY")[-120:]


class _Keeping(logging.Handler):
    def __init__(self, records: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._kept = records
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append(self.format(record))


@contextlib.contextmanager
def listening() -> Iterator[Listened]:
    """Keep what all loggers say at DEBUG, warnings, and what is printed."""
    heard, root = Listened(), logging.getLogger()
    handler, level = _Keeping(heard.records), root.level
    said = io.StringIO()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    levels = {name: logging.getLogger(name).level for name in root.manager.loggerDict}
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        with (
            warnings.catch_warnings(record=True) as warned,
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            warnings.simplefilter("always")
            yield heard
    finally:
        heard.output = said.getvalue() + "\n".join(str(one.message) for one in warned)
        root.removeHandler(handler)
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)


def ask_by_command(
    question: str, documents: Path, home: Path, url: str, seconds: float
) -> dict[str, Any]:
    """Ask through the command in a process of its own; what it printed is printed here too.

    Raises:
        RuntimeError: It did not end with a report.
    """
    command = [
        *(sys.executable, "-c", "from quaestor.cli import main; main()", "ask", question),
        *("--local", str(documents), "--web", "off", "--home", str(home)),
        *("--model", "openai:m-1", "--format", "json"),
    ]
    given = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": KEY}
    done = subprocess.run(
        command,
        env={**os.environ, **given, "QUAESTOR_MODEL_SECONDS": str(seconds), "OPENAI_LOG": "debug"},
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout, done.stderr)
    if done.returncode:
        raise RuntimeError(f"the command ended with {done.returncode}: {done.stderr[-300:]}")
    return dict(json.loads(done.stdout))


def own_faults(elsewhere: str) -> list[dict[str, Any]]:
    """Return redirects to another host, and answers that repeat the key in every place."""
    target = f"{elsewhere}/chat/completions"
    redirects: list[dict[str, Any]] = [
        {"id": f"redirect_{status}", "status": status, "headers": {"Location": target}, "body": ""}
        for status in (301, 302, 303, 307, 308)
    ]
    said = f"Authorization: Bearer {KEY} is wrong"
    told = {"message": said, "code": KEY, "type": KEY, "param": KEY}
    errors: list[dict[str, Any]] = [
        {"id": f"key_in_{status}", "status": status, "body": json.dumps({"error": told})}
        for status in (400, 401, 403, 429, 500)
    ]
    plain: list[dict[str, Any]] = [
        {"id": "key_in_text_error", "status": 401, "body": said},
        {"id": "key_in_page", "status": 200, "body": f"<html>{said}</html>"},
        {"id": "key_in_reply", "body": _completion({"content": f'{{"answer": "{KEY}"}} {said}'})},
        {"id": "key_in_refusal", "body": _completion({"content": None, "refusal": said})},
        {"id": "key_in_finish", "body": _completion({"content": "x"}, finish=KEY)},
        {
            "id": "key_in_tool",
            "body": _completion(
                {
                    "content": None,
                    "tool_calls": [
                        {
                            "id": KEY,
                            "type": "function",
                            "function": {"name": KEY, "arguments": json.dumps({KEY: said})},
                        }
                    ],
                }
            ),
        },
    ]
    return [*redirects, *errors, *plain]


def _completion(message: dict[str, Any], *, finish: str = "stop") -> str:
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
    return json.dumps(
        {"id": "x", "object": "chat.completion", "model": "m", "created": 1, "choices": [choice]}
    )
