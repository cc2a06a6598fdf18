"""Rows of tables and JSON lines stand where the file has them."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.local.rows import csv_rows, json_rows

CELL = st.text(alphabet='ab",;\n\r é', max_size=8)


def rows(text: str) -> list[tuple[int, str]]:
    return [(at.number, text[at.start : at.end]) for at in csv_rows(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a,b\n1,2\n", [(1, "a,b"), (2, "1,2")], id="the first line is row 1"),
        pytest.param("a\r\n1\r\n", [(1, "a"), (2, "1")], id="line ends of Windows"),
        pytest.param("a\r1\r", [(1, "a"), (2, "1")], id="line ends of old Macs"),
        pytest.param('a\n"x\ny"\nz', [(1, "a"), (2, '"x\ny"'), (3, "z")], id="a quoted line end"),
        pytest.param('a;b\n1;"x\n;y"\n', [(1, "a;b"), (2, '1;"x\n;y"')], id="semicolons"),
        pytest.param("a\n\nb\n", [(1, "a"), (3, "b")], id="a blank row keeps its number"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_rows_of_a_table(text: str, expected: list[tuple[int, str]]) -> None:
    assert rows(text) == expected


@given(st.lists(st.lists(CELL.filter(lambda cell: cell.strip()), min_size=2, max_size=3)))
def test_each_row_that_python_writes_is_found_whole(table: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(table)
    text = written.getvalue()
    found = [next(csv.reader(io.StringIO(row, newline=""))) for _, row in rows(text)]
    assert found == table or ";" in text  # quoted semicolons may pass for the delimiter


@given(st.text(alphabet='a",;\n\r', max_size=60))
def test_rows_hold_every_character_that_is_not_blank(text: str) -> None:
    held = "".join(row for _, row in rows(text))
    assert "".join(held.split()) == "".join(text.split())


def test_quotes_that_never_close_leave_every_line_a_row() -> None:
    text = 'a,"b\n' + "line\n" * 40_000
    assert len(csv_rows(text)) == 40_001


def test_json_rows() -> None:
    lines = [
        json.dumps({"id": 1, "title": "Harbour", "text": "Ships.\nBoats."}),
        "",
        json.dumps({"name": "no text"}),
        json.dumps([1, 2]),
        "{broken",
        json.dumps({"title": "Only a title"}),
        json.dumps({"title": "", "text": "Untitled."}),
    ]
    found = [(row.number, row.title, row.text) for row in json_rows("\r\n".join(lines) + "\n")]
    assert found == [
        (1, "Harbour", "Harbour\nShips.\nBoats."),
        (3, "", lines[2]),
        (4, "", "[1, 2]"),
        (5, "", "{broken"),
        (6, "Only a title", lines[5]),
        (7, "", "\nUntitled."),
    ]


def test_a_json_row_nested_too_deeply_stands_verbatim() -> None:
    line = "[" * 100_000
    assert [row.text for row in json_rows(line)] == [line]


def test_only_a_line_feed_ends_a_json_row() -> None:
    line = json.dumps({"title": "a", "text": "one\u2028two"}, ensure_ascii=False)
    assert [row.text for row in json_rows(line)] == ["a\none\u2028two"]
