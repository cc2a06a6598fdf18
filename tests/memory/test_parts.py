"""Where a span lies, said by the parts of its document."""

import pytest

from quaestor.memory.documents import Document, Location, Origin
from quaestor.plain import shown_uri

ORIGIN = Origin(kind="local", name="docs")
TEXT = "Item: Rope | Cost: 412\nItem: Tar | Cost: 97"
ROWS = (
    Location(kind="row", number=2, start=0, end=22),
    Location(kind="row", number=3, start=23, end=44),
    Location(kind="sheet", number=1, name="Q1 & Q2/=", start=0, end=44),
)


def document(
    text: str = TEXT, locations: tuple[Location, ...] = ROWS, media_type: str = "x/y"
) -> Document:
    return Document.of(
        text,
        uri="a.b",
        title="A",
        media_type=media_type,
        origin=ORIGIN,
        extractor="e",
        locations=locations,
    )


def test_a_part_inside_another_is_named_after_it() -> None:
    one = document()
    assert one.part(30) == "sheet Q1 & Q2/=, row 3"
    assert [at.kind for at in one.enclosing(30)] == ["sheet", "row"]
    assert one.location(30) == ROWS[1]
    assert one.part(22) == "sheet Q1 & Q2/="
    assert one.part(99) == ""


def test_an_address_holds_all_parts_with_the_name_of_a_sheet_quoted() -> None:
    assert shown_uri(document(), 30, {}) == "a.b#sheet=Q1%20%26%20Q2%2F%3D&row=3"
    assert shown_uri(document(locations=()), 30, {}) == "a.b"


CSV = "ship,length\nAda,12\nBo,9"
CSV_ROWS = tuple(
    Location(kind="row", number=number, start=start, end=end)
    for number, (start, end) in enumerate([(0, 11), (12, 18), (19, 23)], start=1)
)


@pytest.mark.parametrize(
    ("offset", "part"),
    [
        pytest.param(0, "row 1", id="the header itself"),
        pytest.param(12, "row 2 (columns: ship,length)", id="the first row below it"),
        pytest.param(22, "row 3 (columns: ship,length)", id="the last"),
    ],
)
def test_a_row_of_a_csv_file_names_its_columns(offset: int, part: str) -> None:
    assert document(CSV, CSV_ROWS, "text/csv").part(offset) == part


def test_many_columns_are_cut() -> None:
    header = ",".join(f"column {n}" for n in range(50))
    rows = (
        Location(kind="row", number=1, start=0, end=len(header)),
        Location(kind="row", number=2, start=len(header) + 1, end=len(header) + 4),
    )
    part = document(f"{header}\n1,2", rows, "text/csv").part(len(header) + 1)
    assert part.startswith("row 2 (columns: column 0,column 1,")
    assert part.endswith(" …)")
    assert len(part) < 200
