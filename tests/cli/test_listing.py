"""`runs` and `calls`: the shapes programs are promised, and the lines people read."""

import json
from pathlib import Path

from tests.cli.conftest import QUESTION, Asked, Quaestor

CALL = {
    *("key", "kind", "sample", "status", "how", "asks", "origin", "started", "seconds"),
    *("tokens_in", "tokens_out", "usd"),
}


def test_runs_as_json(asked: Asked, quaestor: Quaestor) -> None:
    found = json.loads(quaestor("runs", "--home", asked.home, "--format", "json").stdout)
    assert list(found) == ["runs"]
    (run,) = found["runs"]
    assert set(run) == {"run_id", "state", "question", "started", "spend"}
    assert (run["state"], run["question"]) == ("done", QUESTION)
    assert run["run_id"] == json.loads(asked.json)["run_id"]


def test_runs_for_people_are_a_header_and_a_line_each(asked: Asked, quaestor: Quaestor) -> None:
    header, line = quaestor("runs", "--home", asked.home).stdout.splitlines()
    assert header.split() == ["run", "state", "started", "calls", "seconds", "question"]
    assert line.endswith(QUESTION)


def test_a_home_that_is_not_there_has_no_runs_and_is_not_made(
    tmp_path: Path, quaestor: Quaestor
) -> None:
    home = tmp_path / "none"
    assert json.loads(quaestor("runs", "--home", home, "--format", "json").stdout) == {"runs": []}
    people = quaestor("runs", "--home", home)
    assert (people.stdout, people.exit_code) == ("", 0)
    assert "no runs" in people.stderr
    assert f"`quaestor ask QUESTION --home {home}`" in people.stderr
    assert not home.exists()


def test_calls_as_json_name_who_asked(asked: Asked, quaestor: Quaestor) -> None:
    run_id = json.loads(asked.json)["run_id"]
    printed = quaestor("calls", run_id[:5], "--home", asked.home, "--format", "json").stdout
    found = json.loads(printed)
    assert set(found) == {"run_id", "calls"}
    assert found["run_id"] == run_id
    assert found["calls"]
    for call in found["calls"]:
        assert set(call) >= CALL
        assert (call["status"], call["how"]) == ("done", "made")
        assert set(call["asks"][0]) == {"branch", "task", "round", "step"}


def test_calls_agree_with_the_spend_of_the_report(asked: Asked, quaestor: Quaestor) -> None:
    calls = json.loads(quaestor("calls", "last", "--home", asked.home, "--format", "json").stdout)[
        "calls"
    ]
    spend = json.loads(asked.json)["spend"]
    assert len(calls) == sum(spend["calls"].values())
    assert sum(one["attempts"] for one in calls) == sum(spend["requests"].values())


def test_calls_for_people_are_a_line_each(asked: Asked, quaestor: Quaestor) -> None:
    result = quaestor("calls", "last", "--home", asked.home)
    header, *lines = result.stdout.splitlines()
    assert header.split()[:5] == ["call", "started", "kind", "how", "requests"]
    assert all("local:docs" in line for line in lines)
    assert f"{len(lines)} calls, a row each: {len(lines)} made; " in result.stderr
    (run,) = quaestor("runs", "--home", asked.home).stdout.splitlines()[1:]
    assert run.split()[3] == str(len(lines))
