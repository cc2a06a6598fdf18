"""Rows as lines: which row names the columns, and how a row says what its cells are."""

import pytest

from quaestor.tools.local.parsing.parsed import RefusedFileError
from quaestor.tools.local.parsing.tables import Row, lines, write_rows
from quaestor.tools.local.parsing.writing import Writer


def lines_of(*rows: str, header: bool = False) -> list[str]:
    """Read rows written `a|b`; an empty one is a blank row."""
    made: list[Row] = []
    first = True
    for number, row in enumerate(rows, start=1):
        if row:
            marked = header and number == 1
            made.append(Row(number=number, cells=row.split("|"), first=first, header=marked))
        first = not row
    return [line for _, line in lines(made)]


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        pytest.param(
            ("Ship|Length", "Ada|12.5", "Bo|9"),
            ["Ship | Length", "Ship: Ada | Length: 12.5", "Ship: Bo | Length: 9"],
            id="a column of figures below two names",
        ),
        pytest.param(
            ("Town|Land|Sea", "Oslo|Norway|North"),
            ["Town | Land | Sea", "Town: Oslo | Land: Norway | Sea: North"],
            id="three columns of words",
        ),
        pytest.param(
            ("Owner|Ada", "Founded|1971", "Town|Oslo"),
            ["Owner: Ada", "Founded: 1971", "Town: Oslo"],
            id="names and values",
        ),
        pytest.param(
            ("Ada|12.5", "Bo|9"), ["Ada: 12.5", "Bo: 9"], id="figures from the first row on"
        ),
        pytest.param(
            ("Prices", "Item|Cost", "Rope|€ 4.50", "North", "Tar|12 %"),
            [
                "Prices",
                "Item | Cost",
                "Item: Rope | Cost: € 4.50",
                "North",
                "Item: Tar | Cost: 12 %",
            ],
            id="a title above and a heading between",
        ),
        pytest.param(
            ("Item|Cost", "Rope|4", "", "Total|4"),
            ["Item | Cost", "Item: Rope | Cost: 4", "Item: Total | Cost: 4"],
            id="a total below a blank row",
        ),
        pytest.param(
            ("Item|Cost", "Rope|4", "", "Ship|Length", "Ada|12"),
            ["Item | Cost", "Item: Rope | Cost: 4", "Ship | Length", "Ship: Ada | Length: 12"],
            id="a second table below a blank row",
        ),
        pytest.param(
            ("Line||Trips", "7||40|late"),
            ["Line | Trips", "Line: 7 | Trips: 40 | late"],
            id="empty cells and one more than the columns",
        ),
        pytest.param(("a\n b|1",), ["a b: 1"], id="lines inside a cell"),
        pytest.param((), [], id="nothing"),
    ],
)
def test_what_a_row_says(rows: tuple[str, ...], read: list[str]) -> None:
    assert lines_of(*rows) == read


@pytest.mark.parametrize(
    ("limit", "reason"), [("MOST_CHARS", "too much text"), ("MOST_PARTS", "too many parts")]
)
def test_text_and_parts_have_a_limit(
    limit: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"quaestor.tools.local.parsing.writing.{limit}", 1)
    rows = [Row(number=number, cells=["a"]) for number in (1, 2)]
    with pytest.raises(RefusedFileError, match=f"{reason}: the limit is 1"):
        write_rows(Writer(), rows)


def test_a_row_the_file_marks_names_the_columns_though_it_holds_figures() -> None:
    assert lines_of("Town|2024", "Oslo|wet", header=True)[1] == "Town: Oslo | 2024: wet"
