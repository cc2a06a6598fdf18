"""Presentations: slides in order, their titles and tables, and nothing an audience does not see."""

from typing import Any

import pytest
from lxml import etree
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from quaestor.tools.local.parsing.parsed import RefusedFileError
from tests.tools.local.parsing.making import PPTX, parts_of, read, sheet, slides

COLOUR: Any = RGBColor  # its constructors carry no types
WHITE, NAVY = COLOUR(255, 255, 255), COLOUR(0, 0, 128)
SEEN = "# Ferries\n\nThe quay is long."


def element(tag: str, **attributes: str) -> Any:
    made = etree.Element(qn(tag))
    for name, value in attributes.items():
        made.set(name, value)
    return made


def titled(presentation: Any, title: str = "Ferries", body: str = "The quay is long.") -> Any:
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = title, body
    return slide


def box(slide: Any, *, left: float = 1.0) -> Any:
    return slide.shapes.add_textbox(Inches(left), Inches(1), Inches(2), Inches(1))


def run(slide: Any, text: str = "secret") -> Any:
    made = box(slide).text_frame.paragraphs[0].add_run()
    made.text = text
    return made


def test_slides_are_read_in_the_order_they_are_shown() -> None:
    def fill(presentation: Any) -> None:
        titled(presentation, "Second", "b\nc")
        titled(presentation, "First", "a")
        order = presentation.slides._sldIdLst
        order.insert(0, order[1])

    parsed = read(slides(fill), PPTX)
    assert parts_of(parsed, "slide") == [(1, "# First\n\na"), (2, "# Second\n\nb\nc")]


def test_a_row_of_a_table_says_what_its_cells_are() -> None:
    def fill(presentation: Any) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        made = slide.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(2)).table
        for at, text in enumerate(("Line", "Remark", "7", "late")):
            made.cell(at // 2, at % 2).text = text

    assert parts_of(read(slides(fill), PPTX), "row") == [
        (1, "Line | Remark"),
        (2, "Line: 7 | Remark: late"),
    ]


def hidden_slide(presentation: Any, _: Any) -> None:
    other = presentation.slides.add_slide(presentation.slide_layouts[6])
    run(other)
    other._element.set("show", "0")


def hidden_shape(_: Any, slide: Any) -> None:
    made = box(slide)
    made.text_frame.text = "secret"
    made._element.nvSpPr.cNvPr.set("hidden", "1")


def off_the_slide(_: Any, slide: Any) -> None:
    box(slide, left=-5).text_frame.text = "secret"


def tiny(_: Any, slide: Any) -> None:
    run(slide).font.size = Pt(1)


def in_white(_: Any, slide: Any) -> None:
    run(slide).font.color.rgb = WHITE


def without_colour(_: Any, slide: Any) -> None:
    run(slide).font.fill.background()


def transparent(_: Any, slide: Any) -> None:
    words = run(slide)
    words.font.color.rgb = NAVY
    (colour,) = words._r.rPr.iter(qn("a:srgbClr"))
    colour.append(element("a:alpha", val="0"))


@pytest.mark.parametrize(
    "hide",
    [
        pytest.param(hidden_slide, id="a hidden slide"),
        pytest.param(hidden_shape, id="a hidden shape"),
        pytest.param(off_the_slide, id="a shape off the slide"),
        pytest.param(tiny, id="a point high"),
        pytest.param(in_white, id="white on a white slide"),
        pytest.param(without_colour, id="without colour"),
        pytest.param(transparent, id="without opacity"),
    ],
)
def test_what_no_audience_sees_is_not_read(hide: Any) -> None:
    def fill(presentation: Any) -> None:
        hide(presentation, titled(presentation))

    parsed = read(slides(fill), PPTX)
    assert parsed.text == SEEN
    assert parsed.changes == {"hidden": len("secret")}


def test_the_number_of_a_slide_is_no_text_of_it() -> None:
    def fill(presentation: Any) -> None:
        made = box(titled(presentation))
        made.text_frame.text = "17"
        place = element("p:ph", type="sldNum")
        made._element.nvSpPr.nvPr.append(place)

    assert read(slides(fill), PPTX).text == SEEN


def test_the_speakers_notes_are_not_read() -> None:
    def fill(presentation: Any) -> None:
        titled(presentation).notes_slide.notes_text_frame.text = "secret"

    assert read(slides(fill), PPTX).text == SEEN


@pytest.mark.parametrize("where", ["the slide", "the shape"])
def test_white_on_a_colour_is_read(where: str) -> None:
    def fill(presentation: Any) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        made = box(slide)
        ground = slide.background.fill if where == "the slide" else made.fill
        ground.solid()
        ground.fore_color.rgb = NAVY
        words = made.text_frame.paragraphs[0].add_run()
        words.text, words.font.color.rgb = "Ferries", WHITE

    assert read(slides(fill), PPTX).text == "Ferries"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(sheet([["a"]]), "no presentation inside", id="a workbook"),
        pytest.param(slides(lambda p: p), "no text to see on its slides", id="an empty one"),
    ],
)
def test_what_gives_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        read(data, PPTX)
