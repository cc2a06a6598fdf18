"""`ask` and `resume`: what is printed where, in which shape, and what is refused before a run."""

import json
import socket
from pathlib import Path

import pytest
from typer.testing import Result

from tests.cli.conftest import POLICY, QUESTION, Asked, Quaestor

SHAPE = {
    *("run_id", "status", "question", "answer", "report", "claims", "evidence", "conflicts"),
    *("gaps", "fallbacks", "spend"),
}
EVIDENCE = {
    *("id", "document", "uri", "title", "origin", "start", "end", "text", "retained_by"),
    "taken_at",
}


def test_json_is_one_object_of_the_promised_shape(asked: Asked) -> None:
    report = json.loads(asked.json)
    assert set(report) == SHAPE
    assert set(report["claims"][0]) == {"id", "text", "evidence", "verdict"}
    assert set(report["evidence"][0]) == EVIDENCE
    assert set(report["spend"]) == {
        *("calls", "requests", "tokens_in", "tokens_out", "usd"),
        *("unpriced", "estimated", "seconds"),
    }


def test_the_answer_stands_in_the_file_where_the_json_says(asked: Asked) -> None:
    report = json.loads(asked.json)
    assert report["status"] == "answered"
    assert "Mara Ellwood" in report["answer"]
    policy = [one for one in report["evidence"] if one["uri"].endswith("travel.md")]
    assert policy
    for one in policy:
        assert POLICY[one["start"] : one["end"]] == one["text"]


def test_markdown_is_the_report_of_the_json(asked: Asked, quaestor: Quaestor) -> None:
    result = quaestor("resume", "last", "--home", asked.home, "--format", "md")
    assert result.stdout == json.loads(asked.json)["report"]


def test_resume_of_a_finished_run_prints_what_ask_printed(asked: Asked, quaestor: Quaestor) -> None:
    result = quaestor("resume", "last", "--home", asked.home, "--format", "json")
    assert result.exit_code == 0
    assert result.stdout == asked.json


def test_sources_are_named_with_counts_and_unread_files_on_standard_error(
    docs: Path, tmp_path: Path, quaestor: Quaestor
) -> None:
    result = quaestor("ask", QUESTION, "--local", f"papers={docs}", "--home", tmp_path / "h")
    assert "searching papers (private, stays on this machine): 2 files" in result.stderr
    assert "photo.txt" in result.stderr
    assert "searching" not in result.stdout
    assert "Mara Ellwood" in result.stdout


def test_a_search_engine_that_is_not_there_is_said_once_and_is_one_gap(
    docs: Path, tmp_path: Path, quaestor: Quaestor
) -> None:
    with socket.socket() as nobody:  # bound and not listening: no other program gets the port
        nobody.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{nobody.getsockname()[1]}"
        result = quaestor(
            *("ask", "What does the rope cost, and who approves travel at Tarnwick?"),
            *("--local", docs, "--home", tmp_path / "h"),
            *("--web", f"searxng:http://{host}", "--allow-host", host),
        )
    refused = f"SearXNG at {host}: no connection (Connection refused); see that it runs there"
    assert [one for one in result.stderr.splitlines() if host in one][1:] == [f"web: {refused}"]
    missing = result.stdout.partition("\nWhat could not be found\n")[2].partition("\n\n")[0]
    of_the_web = [one for one in missing.split("  - ") if "web" in one]
    assert len(of_the_web) == 1
    assert f"(web): {refused}. Tried: “" in " ".join(of_the_web[0].split())


def test_a_file_is_written_whole_and_nothing_is_printed(
    asked: Asked, tmp_path: Path, quaestor: Quaestor
) -> None:
    target = tmp_path / "report.json"
    target.write_text("old", encoding="utf-8")
    result = quaestor("resume", "last", "--home", asked.home, "--format", "json", "-o", target)
    assert result.stdout == ""
    assert target.read_text("utf-8") == asked.json
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_an_excluded_file_is_not_used(docs: Path, tmp_path: Path, quaestor: Quaestor) -> None:
    result = quaestor(
        *("ask", QUESTION, "--local", docs, "--home", tmp_path / "h", "--format", "json"),
        *("--exclude-source", docs / "travel.md"),
    )
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert "Mara Ellwood" not in result.stdout
    assert not any(one["uri"].endswith("travel.md") for one in report["evidence"])


def refused(result: Result, *words: str) -> bool:
    """Say whether a command ended as a usage error of one line with these words."""
    one_line = len(result.stderr.strip().splitlines()) == 1
    return (
        result.exit_code == 2
        and result.stdout == ""
        and one_line
        and all(word in result.stderr for word in words)
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param([QUESTION], ("--local PATH",), id="no source at all"),
        pytest.param([QUESTION, "--local", "nowhere"], ("nowhere", "path"), id="no such folder"),
        pytest.param([QUESTION, "--web", "bing"], ("bing", "snapshot:DIR"), id="an unknown web"),
        pytest.param(["  ", "--local", "."], ("question", "empty"), id="an empty question"),
        pytest.param(
            [QUESTION, "--local", ".", "--privacy", "web-only"],
            ("--web snapshot:DIR",),
            id="a privacy mode that leaves nothing to search",
        ),
        pytest.param(
            [QUESTION, "--local", ".", "-o", "not/there.md"],
            ("there is no folder",),
            id="a file that could not be written",
        ),
    ],
)
def test_it_is_refused_before_anything_is_asked(
    arguments: list[str],
    words: tuple[str, ...],
    tmp_path: Path,
    quaestor: Quaestor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(quaestor("ask", *arguments), *words)
    assert not (tmp_path / ".quaestor").exists()


def test_an_unknown_run_is_refused(asked: Asked, quaestor: Quaestor) -> None:
    hint = f"`quaestor runs --home {asked.home}` lists them"
    assert refused(quaestor("resume", "nosuch", "--home", asked.home), "nosuch", hint)


@pytest.mark.parametrize("command", [["ask", QUESTION, "--local"], ["index"]])
def test_a_home_that_cannot_be_is_refused(
    command: list[str], docs: Path, quaestor: Quaestor
) -> None:
    home = docs / "travel.md" / "home"
    assert refused(quaestor(*command, docs, "--home", home), str(home), "--home")


def test_a_setting_of_the_environment_counts(
    docs: Path, tmp_path: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUAESTOR_LOCAL", str(docs))
    monkeypatch.setenv("QUAESTOR_HOME", str(tmp_path / "there"))
    result = quaestor("ask", QUESTION)
    assert result.exit_code == 0
    assert (tmp_path / "there" / "quaestor.db").is_file()


def test_a_traceback_is_shown_only_when_asked_for(tmp_path: Path, quaestor: Quaestor) -> None:
    plain = quaestor("ask", QUESTION, "--local", tmp_path / "no", "--home", tmp_path / "h")
    verbose = quaestor("ask", QUESTION, "--local", tmp_path / "no", "--home", tmp_path / "h", "-v")
    assert "Traceback" not in plain.stderr
    assert "Traceback" in verbose.stderr


def test_a_report_is_printed_as_a_page(asked: Asked, quaestor: Quaestor, tmp_path: Path) -> None:
    page = quaestor("resume", "last", "--home", asked.home, "--format", "html").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert "Content-Security-Policy" in page
    assert "Mara Ellwood" in page
    into = tmp_path / "report.html"
    quaestor("show", "last", "--home", asked.home, "--format", "html", "-o", into)
    assert into.read_text(encoding="utf-8") == page


def test_a_span_has_no_page(asked: Asked, quaestor: Quaestor) -> None:
    result = quaestor("show", "last", "--home", asked.home, "--evidence", "a", "--format", "html")
    assert result.exit_code == 2
    assert "--format text or json" in result.stderr
