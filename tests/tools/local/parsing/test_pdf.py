"""PDF pages: what a reader sees, where it stands, and nothing of what is hidden."""

import io
from collections.abc import Callable

import pytest
from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas

from quaestor.tools.local.parsing.parsed import RefusedFileError
from tests.tools.local.parsing.making import PDF, Draw, parts_of, pdf, read

SEEN = "The quay is 120 m long."


def test_each_page_is_found_again_by_its_number() -> None:
    parsed = read(pdf("The old quay\nIt was built in 1971.", "", SEEN, title="Quays"), PDF)
    assert parsed.text == f"The old quay\nIt was built in 1971.\n\n{SEEN}"
    assert parts_of(parsed, "page") == [(1, "The old quay\nIt was built in 1971."), (3, SEEN)]
    assert (parsed.title, parsed.extractor, parsed.media_type) == ("Quays", "pdf", PDF)
    assert parsed.version.startswith("pypdfium2 ")


def lines(*heights: int) -> Draw:
    def draw(canvas: Canvas) -> None:
        for number, height in enumerate(heights, start=1):
            canvas.drawString(72, height, f"line {number}")

    return draw


def test_a_wider_gap_between_lines_parts_paragraphs() -> None:
    parsed = read(pdf(lines(700, 686, 672, 640, 626, 612)), PDF)
    assert parsed.text == "line 1\nline 2\nline 3\n\nline 4\nline 5\nline 6"


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        pytest.param("the har-", "bour office", "the harbour office", id="a word is put together"),
        pytest.param("in COVID-", "19 wards", "in COVID-19 wards", id="a name keeps its hyphen"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line(first: str, second: str, text: str) -> None:
    assert read(pdf(f"{first}\n{second}"), PDF).text.split() == text.split()


def shown(text: str, **place: float) -> Callable[[Canvas], None]:
    return lambda canvas: canvas.drawString(place.get("x", 72), place.get("y", 600), text)


def unseen_mode(canvas: Canvas) -> None:
    text = canvas.beginText(72, 600)
    text.setTextRenderMode(3)
    text.textLine("secret")
    canvas.drawText(text)


def tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(72, 600, "secret")


def scaled_down(canvas: Canvas) -> None:
    canvas.scale(0.01, 0.01)
    canvas.drawString(7200, 60000, "secret")


def in_white(canvas: Canvas) -> None:
    canvas.setFillColor(white)
    canvas.drawString(72, 600, "secret")


def transparent(canvas: Canvas) -> None:
    canvas.setFillColor(Color(0, 0, 0, alpha=0))
    canvas.drawString(72, 600, "secret")


def off_in_a_form(canvas: Canvas) -> None:
    canvas.beginForm("aside")
    canvas.drawString(0, 0, "secret")
    canvas.endForm()
    canvas.translate(-900, 0)
    canvas.doForm("aside")


@pytest.mark.parametrize(
    "hide",
    [
        pytest.param(unseen_mode, id="drawn in the invisible mode"),
        pytest.param(tiny, id="half a point high"),
        pytest.param(scaled_down, id="scaled down to a tenth of a point"),
        pytest.param(in_white, id="white on the bare page"),
        pytest.param(transparent, id="without opacity"),
        pytest.param(shown("secret", x=-400), id="left of the page"),
        pytest.param(shown("secret", y=2000), id="above the page"),
        pytest.param(off_in_a_form, id="off the page inside a form"),
    ],
)
def test_what_no_reader_sees_is_not_read(hide: Draw) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, SEEN)
        hide(canvas)

    parsed = read(pdf(draw), PDF)
    assert parsed.text == SEEN
    assert parsed.changes["hidden"] == len("secret")


def test_white_on_something_dark_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(black)
        canvas.rect(60, 590, 300, 30, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.drawString(72, 600, "Headway")

    assert read(pdf(draw), PDF).text == "Headway"


def test_white_on_a_white_box_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, SEEN)
        canvas.setFillColor(white)
        canvas.rect(60, 590, 300, 30, stroke=1, fill=1)
        canvas.drawString(72, 600, "secret")

    assert read(pdf(draw), PDF).text == SEEN


def test_text_of_a_form_on_the_page_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("stamp")
        canvas.drawString(0, 0, "Received")
        canvas.endForm()
        canvas.translate(100, 500)
        canvas.doForm("stamp")

    assert read(pdf(draw), PDF).text == "Received"


def nothing(canvas: Canvas) -> None:
    canvas.rect(10, 10, 50, 50, fill=1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"<html>a page</html>", "not what its name says: no PDF inside", id="a page"),
        pytest.param(pdf(SEEN, password="x"), "encrypted: it needs a password", id="locked"),
        pytest.param(pdf(SEEN)[:300], "damaged or cut off", id="cut off"),
        pytest.param(pdf(nothing), "no text to see (pages: 1; a scan?)", id="no text"),
        pytest.param(
            pdf(in_white), "no text to see (pages: 1; a scan?); its text is hidden", id="all hidden"
        ),
    ],
)
def test_what_gives_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedFileError) as raised:
        read(data, PDF)
    assert str(raised.value) == reason


def test_a_file_locked_against_changes_only_is_read() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    held = io.BytesIO()
    owner = StandardEncryption("", ownerPassword="owner", canModify=0, strength=128)
    canvas = Canvas(held, encrypt=owner)
    canvas.drawString(72, 700, SEEN)
    canvas.save()
    assert read(held.getvalue(), PDF).text == SEEN


def test_more_pages_than_a_book_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quaestor.tools.local.parsing.pdf.MOST_PAGES", 2)
    with pytest.raises(RefusedFileError, match="too many pages: 3, the limit is 2"):
        read(pdf("a", "b", "c"), PDF)
