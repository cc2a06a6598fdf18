"""Workbooks: rows that say what their numbers are, and only those a reader sees."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl.styles import Font, PatternFill

from quaestor.tools.local.parsing.parsed import RefusedFileError
from tests.tools.local.parsing.making import XLSX, parts_of, read, sheet, word, workbook


def rows_of(data: bytes) -> list[str]:
    return [text for _, text in parts_of(read(data, XLSX), "row")]


def test_a_row_is_found_again_by_sheet_and_number_and_names_its_columns() -> None:
    def fill(book: Any) -> None:
        book.active.title = "Q1 & Q2"
        for row in (["Budget of the harbour"], [], ["Item", "Cost"], ["Rope", 12.5], ["Tar", 3]):
            book.active.append(row)
        book.create_sheet("People").append(["Ada", 44])

    parsed = read(workbook(fill), XLSX)
    assert parts_of(parsed, "row") == [
        (1, "Budget of the harbour"),
        (3, "Item | Cost"),
        (4, "Item: Rope | Cost: 12.5"),
        (5, "Item: Tar | Cost: 3"),
        (1, "Ada: 44"),
    ]
    assert [(at.number, at.name) for at in parsed.locations if at.kind == "sheet"] == [
        (1, "Q1 & Q2"),
        (2, "People"),
    ]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        pytest.param(0.125, "0.0%", "12.5%", id="per cent"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="as many digits as the sheet has"),
        pytest.param(1e9, "General", "1000000000", id="a whole number"),
        pytest.param(12.5, '#,##0.00 "EUR"', "12.5 EUR", id="a unit behind"),
        pytest.param(12.5, "[$€-407] #,##0", "€ 12.5", id="a currency before"),
        pytest.param(-4, '0.0\\ "km"', "-4 km", id="a unit behind a negative number"),
        pytest.param(date(2024, 2, 29), "dd/mm/yy", "2024-02-29", id="a day"),
        pytest.param(
            datetime(2024, 2, 29, 13, 30), "yyyy-mm-dd hh:mm", "2024-02-29 13:30:00", id="a moment"
        ),
        pytest.param(59, "dd/mm/yy", "1900-02-28", id="a day before the one that never was"),
        pytest.param(time(13, 30), "hh:mm", "13:30:00", id="a time of day"),
        pytest.param(30.5 / 24, "[h]:mm", "30.5 h", id="more than a day"),
        pytest.param(True, "General", "TRUE", id="a truth value"),
        pytest.param("=1/0", "General", None, id="a formula that was never computed"),
    ],
)
def test_a_value_is_read_as_the_sheet_shows_it(value: object, form: str, shown: str | None) -> None:
    def fill(book: Any) -> None:
        book.active["A1"] = "Value"
        book.active["B1"] = value
        book.active["B1"].number_format = form

    assert rows_of(workbook(fill)) == [f"Value: {shown}" if shown else "Value"]


def hidden_row(book: Any) -> None:
    book.active.append(["secret"])
    book.active.row_dimensions[2].hidden = True


def hidden_column(book: Any) -> None:
    book.active["C1"] = "secret"
    book.active.column_dimensions["C"].hidden = True


def flat_row(book: Any) -> None:
    book.active.append(["secret"])
    book.active.row_dimensions[2].height = 0.25


def white_cell(book: Any) -> None:
    book.active["A3"] = "secret"
    book.active["A3"].font = Font(color="FFFFFFFF")


def tiny_cell(book: Any) -> None:
    book.active["A3"] = "secret"
    book.active["A3"].font = Font(size=1)


def format_of_nothing(book: Any) -> None:
    book.active["A3"] = 123456
    book.active["A3"].number_format = ";;;"


@pytest.mark.parametrize(
    "hide",
    [
        pytest.param(hidden_row, id="in a hidden row"),
        pytest.param(flat_row, id="in a row of a quarter of a point"),
        pytest.param(hidden_column, id="in a hidden column"),
        pytest.param(white_cell, id="white"),
        pytest.param(tiny_cell, id="a point high"),
        pytest.param(format_of_nothing, id="in a format that shows nothing"),
    ],
)
def test_a_cell_that_no_reader_sees_is_not_read(hide: Any) -> None:
    def fill(book: Any) -> None:
        book.active.append(["Seen", "here"])
        hide(book)

    parsed = read(workbook(fill), XLSX)
    assert parsed.text == "Seen: here"
    assert parsed.changes["hidden"] == 6


def test_hidden_sheets_and_comments_are_not_read() -> None:
    from openpyxl.comments import Comment

    def fill(book: Any) -> None:
        book.active["A1"] = "Seen"
        book.active["A1"].comment = Comment("secret", "Ada")
        for name, state in (("One", "hidden"), ("Two", "veryHidden")):
            made = book.create_sheet(name)
            made.append(["secret"])
            made.sheet_state = state

    parsed = read(workbook(fill), XLSX)
    assert parsed.text == "Seen"
    assert parsed.changes == {"hidden sheet": 2}


def test_white_on_a_colour_is_read() -> None:
    def fill(book: Any) -> None:
        book.active["A1"] = "Ship"
        book.active["A1"].font = Font(color="FFFFFFFF")
        book.active["A1"].fill = PatternFill("solid", fgColor="FF000080")

    assert rows_of(workbook(fill)) == ["Ship"]


def test_days_of_a_workbook_that_counts_from_1904() -> None:
    def fill(book: Any) -> None:
        book.epoch = datetime(1904, 1, 1)
        book.active["A1"] = date(2024, 2, 29)

    assert rows_of(workbook(fill)) == ["2024-02-29"]


def test_the_reading_aids_of_japanese_words_are_not_read() -> None:
    aid = '<rPh sb="0" eb="2"><t>トウキョウ</t></rPh>'
    data, held = sheet([["Tokyo"]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as good, zipfile.ZipFile(held, "w") as made:
        for member in good.infolist():
            text = good.read(member).decode()
            made.writestr(member, text.replace("Tokyo</t>", f"東京</t>{aid}"))
    assert rows_of(held.getvalue()) == ["東京"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(word(lambda d: d.add_paragraph("x")), "no workbook inside", id="a letter"),
        pytest.param(sheet([]), "no text to see in its sheets", id="an empty one"),
        pytest.param(sheet([["a"]])[:2000], "damaged", id="cut off"),
    ],
)
def test_what_gives_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        read(data, XLSX)


def test_more_cells_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quaestor.tools.local.parsing.xlsx.MOST_CELLS", 5)
    with pytest.raises(RefusedFileError, match="too many cells: the limit is 5"):
        read(sheet([[1, 2, 3], [4, 5, 6]]), XLSX)
