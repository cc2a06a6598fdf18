"""`show`: file, line and column are those an editor shows, worked out by hand."""

import json
from pathlib import Path

import pytest

from quaestor.archive import Archive
from quaestor.cli.showing import safe
from tests.cli.conftest import POLICY, PRICES, Asked, Quaestor


def evidence_with(asked: Asked, text: str) -> dict[str, str]:
    found: list[dict[str, str]] = json.loads(asked.json)["evidence"]
    return next(one for one in found if text in one["text"])


def test_a_span_is_shown_with_file_line_and_column(asked: Asked, quaestor: Quaestor) -> None:
    span = evidence_with(asked, "Mara Ellwood")
    printed = quaestor("show", "last", "--home", asked.home, "--evidence", span["id"]).stdout
    where, _, text = printed.partition("\n")
    # The third line of the file; the sentence before it has 38 letters and a space.
    column = POLICY.splitlines()[2].index(span["text"]) + 1
    assert where == f"{asked.docs / 'travel.md'}, line 3, column {column}"
    assert text == span["text"] + "\n"


def test_the_start_of_an_id_is_enough_and_json_has_the_same_place(
    asked: Asked, quaestor: Quaestor
) -> None:
    span = evidence_with(asked, "Mara Ellwood")
    printed = quaestor(
        *("show", "last", "--home", asked.home, "--evidence", span["id"][:8], "--format", "json")
    ).stdout
    shown = json.loads(printed)
    assert (shown["line"], shown["lines_of"]) == (3, "file")
    assert shown["file"] == str(asked.docs / "travel.md")
    assert POLICY[shown["start"] : shown["end"]] == shown["text"] == span["text"]


def test_a_row_of_a_table_is_named_as_a_row(docs: Path, tmp_path: Path, quaestor: Quaestor) -> None:
    home = tmp_path / "h"
    quaestor("ask", "What does the rope cost?", "--local", docs / "prices.csv", "--home", home)
    span = next(one for one in Archive(home).record("last").evidence if "Rope" in one.text)
    # A spreadsheet counts its header as row 1, and here no row is longer than its line.
    line = PRICES[: span.start].count("\n") + 1
    column = span.start - PRICES.rfind("\n", 0, span.start)
    where = f"{docs / 'prices.csv'}, row {line}, line {line}, column {column}"
    printed = quaestor("show", "last", "--home", home, "--evidence", span.id).stdout
    assert printed.partition("\n")[0] == where


def test_a_document_is_printed_as_it_is_stored(asked: Asked, quaestor: Quaestor) -> None:
    document = evidence_with(asked, "Mara Ellwood")["document"]
    arguments = ("show", "last", "--home", asked.home, "--document", document[:10])
    shown = json.loads(quaestor(*arguments, "--format", "json").stdout)
    assert shown["text"] == POLICY
    assert shown["id"] == document
    # Bytes, because reading a stream as text would make one line end of two.
    assert quaestor(*arguments).stdout_bytes == POLICY.encode()


def test_the_report_names_ids_and_places(asked: Asked, quaestor: Quaestor) -> None:
    result = quaestor("show", "last", "--home", asked.home)
    report = json.loads(asked.json)
    for claim in report["claims"]:
        assert f"  {claim['id']} " in result.stdout
    for one in report["evidence"]:
        assert one["id"] in result.stdout
    assert f"{asked.docs / 'travel.md'}, line 3, column" in result.stdout


def test_json_of_a_run_is_what_ask_printed(asked: Asked, quaestor: Quaestor) -> None:
    assert quaestor("show", "last", "--home", asked.home, "--format", "json").stdout == asked.json


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        pytest.param(["--evidence", "zz"], "'zz'", id="no such span"),
        pytest.param(["--document", "zz"], "'zz'", id="no such document"),
        pytest.param(["--evidence", ""], "''", id="the empty id"),
        pytest.param(["--evidence", "a", "--document", "b"], "one at a time", id="both at once"),
        pytest.param(["--evidence", "a", "--format", "md"], "text or json", id="as Markdown"),
    ],
)
def test_what_cannot_be_shown_is_said(
    arguments: list[str], word: str, asked: Asked, quaestor: Quaestor
) -> None:
    result = quaestor("show", "last", "--home", asked.home, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert word in result.stderr
    if word.startswith("'"):
        run = json.loads(asked.json)["run_id"]
        assert f"`quaestor show {run} --format json --home {asked.home}` lists" in result.stderr


def test_text_for_a_terminal_cannot_steer_it() -> None:
    assert safe("red \x1b[31m\n\tnext\r\nlast\x9b") == "red \ufffd[31m\n\tnext\nlast\ufffd"
    assert safe("\u202eturned") == "\ufffdturned"
    assert safe("می\u200cخواهم é 漢") == "می\u200cخواهم é 漢"
