"""Word documents: paragraphs, lists and tables as a reader sees them."""

from typing import Any

import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from quaestor.tools.local.parsing.parsed import RefusedFileError
from tests.tools.local.parsing.making import DOCX, parts_of, read, sheet, word


def text_of(fill: Any) -> str:
    return read(word(fill), DOCX).text


def test_headings_lists_and_paragraphs_keep_their_form() -> None:
    def fill(document: Any) -> None:
        document.core_properties.title = "Harbour plan"
        document.add_heading("Plan", 0)
        document.add_heading("Quays", 2)
        document.add_paragraph("The quay is long.\tIt was built\nin 1971.")
        document.add_paragraph("rope", style="List Bullet")
        document.add_paragraph("tar", style="List Number")
        document.add_paragraph("The end.")

    parsed = read(word(fill), DOCX)
    assert parsed.title == "Harbour plan"
    assert parsed.text.split("\n\n") == [
        "# Plan",
        "## Quays",
        "The quay is long.\tIt was built\nin 1971.",
        "- rope\n- tar",
        "The end.",
    ]


def table(document: Any, *rows: tuple[str, ...]) -> Any:
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return made


def test_a_row_of_a_table_says_what_its_cells_are() -> None:
    def fill(document: Any) -> None:
        table(document, ("Line", "Headway", "Owner"), ("7", "6 min", "Dr. Roe. Retired"))
        document.add_paragraph("Between.")
        table(document, ("Ship", "Length"), ("Ada", "12.5 m"))

    parsed = read(word(fill), DOCX)
    assert parts_of(parsed, "row") == [
        (1, "Line | Headway | Owner"),
        (2, "Line: 7 | Headway: 6 min | Owner: Dr. Roe. Retired"),
        (1, "Ship | Length"),
        (2, "Ship: Ada | Length: 12.5 m"),
    ]
    assert [number for number, _ in parts_of(parsed, "table")] == [1, 2]


def test_a_marked_header_names_the_columns_whatever_it_holds() -> None:
    def fill(document: Any) -> None:
        made = table(document, ("Town", "2024"), ("Oslo", "wet"), ("Rome", "dry"))
        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    assert text_of(fill) == "Town | 2024\nTown: Oslo | 2024: wet\nTown: Rome | 2024: dry"


def test_merged_cells_stand_in_each_row_and_keep_the_columns() -> None:
    def fill(document: Any) -> None:
        rows = ("Line", "Day", "Trips"), ("7", "Mon", "40"), ("", "Sun", "12"), ("all", "", "52")
        made = table(document, *rows)
        made.cell(1, 0).merge(made.cell(2, 0))
        made.cell(3, 0).merge(made.cell(3, 1))

    assert text_of(fill).splitlines()[1:] == [
        "Line: 7 | Day: Mon | Trips: 40",
        "Line: 7 | Day: Sun | Trips: 12",
        "Line: all | Trips: 52",
    ]


def hidden_run(document: Any) -> None:
    document.add_paragraph("Seen.").add_run("secret").font.hidden = True


def white_run(document: Any) -> None:
    document.add_paragraph("Seen.").add_run("secret").font.color.rgb = RGBColor(255, 255, 255)


def tiny_run(document: Any) -> None:
    document.add_paragraph("Seen.").add_run("secret").font.size = Pt(1)


def hidden_style(document: Any) -> None:
    base = document.styles.add_style("Whisper", WD_STYLE_TYPE.CHARACTER)
    base.font.hidden = True
    style = document.styles.add_style("Softer", WD_STYLE_TYPE.CHARACTER)
    style.base_style = base
    document.add_paragraph("Seen.").add_run("secret", style="Softer")


def hidden_paragraph_style(document: Any) -> None:
    style = document.styles.add_style("Aside", WD_STYLE_TYPE.PARAGRAPH)
    style.font.hidden = True
    document.add_paragraph("Seen.")
    document.add_paragraph("secret", style="Aside")


def deleted(document: Any) -> None:
    run = document.add_paragraph("Seen.").add_run("secret")._r
    gone = OxmlElement("w:del")
    run.addprevious(gone)
    gone.append(run)
    run.find(qn("w:t")).tag = qn("w:delText")


def moved_away(document: Any) -> None:
    run = document.add_paragraph("Seen.").add_run("secret")._r
    gone = OxmlElement("w:moveFrom")
    run.addprevious(gone)
    gone.append(run)


@pytest.mark.parametrize(
    "fill",
    [
        pytest.param(hidden_run, id="marked as hidden"),
        pytest.param(white_run, id="white"),
        pytest.param(tiny_run, id="a point high"),
        pytest.param(hidden_style, id="of a style based on a hidden one"),
        pytest.param(hidden_paragraph_style, id="in a paragraph of a hidden style"),
        pytest.param(deleted, id="deleted with the changes kept"),
    ],
)
def test_what_no_reader_sees_is_not_read(fill: Any) -> None:
    parsed = read(word(fill), DOCX)
    assert parsed.text == "Seen."
    assert parsed.changes == {"hidden": len("secret")}


def test_text_that_was_moved_stands_where_it_was_moved_to() -> None:
    assert text_of(moved_away) == "Seen."


def test_white_text_in_a_table_is_read_because_a_style_may_colour_its_cell() -> None:
    def fill(document: Any) -> None:
        made = table(document, ("", "12.5 m"))
        run = made.cell(0, 0).paragraphs[0].add_run("Ada")
        run.font.color.rgb = RGBColor(255, 255, 255)

    assert text_of(fill) == "Ada: 12.5 m"


def test_comments_are_not_read() -> None:
    def fill(document: Any) -> None:
        paragraph = document.add_paragraph("Seen.")
        document.add_comment(paragraph.runs, text="secret", author="Ada")

    assert text_of(fill) == "Seen."


def test_white_on_a_shade_and_text_shown_against_its_style_are_read() -> None:
    def fill(document: Any) -> None:
        style = document.styles.add_style("Whisper", WD_STYLE_TYPE.CHARACTER)
        style.font.hidden = True
        shown = document.add_paragraph().add_run("Shown ", style="Whisper")
        shown.font.hidden = False
        lit = document.paragraphs[0].add_run("lit.")
        lit.font.color.rgb = RGBColor(255, 255, 255)
        shade = OxmlElement("w:shd")
        shade.set(qn("w:fill"), "000080")
        lit._r.get_or_add_rPr().append(shade)

    assert text_of(fill) == "Shown lit."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(sheet([["a"]]), "no Word document inside", id="a workbook"),
        pytest.param(b"plain words", "no ZIP archive inside", id="plain text"),
        pytest.param(word(lambda d: d.add_paragraph("x"))[:900], "damaged", id="cut off"),
        pytest.param(word(lambda d: d), "no text to see in it", id="an empty one"),
    ],
)
def test_what_gives_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        read(data, DOCX)
