"""The benchmark of faults holds on a few of their kinds, and sees what it is there to see."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from benchmarks.faulty_models import KEY, Listened, listening, own_faults
from benchmarks.model_faults import Row, judge, judge_report, judge_secrecy, run
from quaestor.testing import Exchange, HashModel, ModelServer

SLOW = {"error": {"message": "slow down", "type": "rate"}}
FAULTS: list[dict[str, Any]] = [
    {"id": "wait", "status": 429, "headers": {"Retry-After": "1"}, "body": json.dumps(SLOW)},
    {"id": "half", "body": '{"choices": [{"message"', "behaviour": "RST after 12 bytes"},
    {"id": "silent", "behaviour": "accept, never answer"},
    *own_faults("http://127.0.0.1:9/v1")[-1:],
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault["id"]))
def test_a_few_faults_of_our_own(fault: dict[str, Any]) -> None:
    with ModelServer(HashModel()) as trap, ModelServer(HashModel()) as server:
        rows = run(fault, server, trap, 3.0, False)
    assert [(row.when, row.problems) for row in rows] == [("first", []), ("always", [])]


def exchange(at: float, until: float, *, key: str = KEY, fault: str | None = "f") -> Exchange:
    return Exchange(
        received=at,
        answered=until,
        method="POST",
        path="/v1/chat/completions",
        headers={"authorization": f"Bearer {key}"},
        body={"n": 1},
        bytes_in=1,
        bytes_out=1,
        status=429,
        fault=fault,
    )


@pytest.mark.parametrize(
    ("log", "problem"),
    [
        pytest.param([], "never asked", id="no request"),
        pytest.param([exchange(0, 1, key="")], "without the key", id="a request without the key"),
        pytest.param([exchange(n, n) for n in (0, 2, 4, 6)], "4 requests", id="one too many"),
        pytest.param([exchange(0, 0), exchange(1.5, 2)], "waited 1.50 s", id="a pause cut short"),
        pytest.param([exchange(0, 0), exchange(9, 9)], "past its deadline", id="too long a pause"),
    ],
)
def test_what_the_log_shows_is_seen(log: list[Exchange], problem: str) -> None:
    row = Row(fault="f", when="always")
    judge(row, {"headers": {"Retry-After": "2"}}, log, 5.0)
    assert any(problem in one for one in row.problems)


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        pytest.param({"status": "failed", "fallbacks": {"writer:down": 1}}, "failed", id="no end"),
        pytest.param({"status": "answered", "fallbacks": {}}, "no fall-back", id="silence"),
        pytest.param({"status": "answered", "fallbacks": {"x:": 1}}, "without role", id="no name"),
    ],
)
def test_what_the_report_leaves_out_is_seen(report: dict[str, Any], problem: str) -> None:
    row = Row(fault="f", when="always")
    judge_report(row, report, ever=True)
    assert any(problem in one for one in row.problems)


def test_a_key_is_found_wherever_it_stands(tmp_path: Path) -> None:
    (tmp_path / "quaestor.sqlite-wal").write_bytes(b"\0" * 5000 + KEY.encode())
    with listening() as heard:
        logging.getLogger("somebody.else").debug("sent %s", KEY)
        print(KEY)
        heard.exceptions.append(ValueError(KEY))
    row = Row(fault="f", when="always")
    with ModelServer(HashModel()) as trap:
        judge_secrecy(row, tmp_path, heard, trap)
    assert [one.partition(":")[0] for one in row.problems] == [
        "the key stands in quaestor.sqlite-wal",
        "the key stands in a log record",
        "the key stands in the output",
        "the key stands in an exception",
    ]
    assert not any(KEY in one for one in row.problems)
    assert list(Listened().found(KEY)) == []
