"""Documents: ids by content, spans that are copied, and where a person finds an offset."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.errors import IntegrityError, SettingsError
from quaestor.memory.documents import WEB, Document, Location, Origin
from quaestor.memory.evidence import evidence_id

NOTES = Origin(kind="local", name="notes", private=True)


def document(
    text: str, *, origin: Origin = NOTES, uri: str = "a.txt", locations: tuple[Location, ...] = ()
) -> Document:
    return Document.of(
        text,
        uri=uri,
        title="A",
        media_type="text/plain",
        origin=origin,
        extractor="plain",
        locations=locations,
    )


def test_ids_are_sha256_of_what_they_name() -> None:
    """The ids are of sha256sum: of the text, of a JSON list with that, of one with that."""
    one = document("Gr\u00fc\u00dfe")
    assert one.text_sha256 == "f83e039796c6453a10f5519e39fd113901572316a1a8ea07cb525d2801dfd074"
    assert one.id == "e80bae22229a07cac9e60c104b0ad79fd4017fd50db6b2b622b048c9a1f5af9f"
    span = one.span(0, 5)
    assert (span.id, span.document, span.text) == ("9666cbb49dee", one.id, "Gr\u00fc\u00dfe")
    assert one.span(1, 5).id == "48ea0326ff9d"
    assert evidence_id("doc", 3, 11) == "1085446bd713"


def test_what_makes_another_document() -> None:
    one = document("text")
    assert document("text").id == one.id
    assert document("Text").id != one.id
    assert document("text", uri="b.txt").id != one.id
    assert document("text", origin=WEB).id != one.id
    # Private or not is no part of the label: the same collection given again is the same.
    assert document("text", origin=replace(NOTES, private=False)).id == one.id


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(0, 0, id="nothing"),
        pytest.param(3, 2, id="backwards"),
        pytest.param(-1, 2, id="before the beginning"),
        pytest.param(2, 5, id="past the end"),
        pytest.param(4, 5, id="behind the end"),
    ],
)
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(IntegrityError, match=f"span {start}:{end} is not inside .* 4 code points"):
        document("text").span(start, end)


@given(st.text(min_size=1), st.data())
def test_a_span_is_the_text_in_code_points(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert document(text).span(start, end).text == "".join(list(text)[start:end])


MIXED = "ab\r\nc\rd\n\ne"
"""Lines `ab`, `c`, `d`, an empty one and `e`, ended as Windows, old Macs and Unix do."""


@pytest.mark.parametrize(
    ("offset", "line", "column"),
    [
        pytest.param(0, 1, 1, id="the first character"),
        pytest.param(1, 1, 2, id="the last of a line"),
        pytest.param(2, 1, 3, id="the CR of CR LF ends its line"),
        pytest.param(3, 1, 4, id="the LF of CR LF is still on it"),
        pytest.param(4, 2, 1, id="after CR LF a line begins"),
        pytest.param(5, 2, 2, id="a lone CR is on the line it ends"),
        pytest.param(6, 3, 1, id="after a lone CR a line begins"),
        pytest.param(7, 3, 2, id="an LF is on the line it ends"),
        pytest.param(8, 4, 1, id="the LF of an empty line is its first column"),
        pytest.param(9, 5, 1, id="the last line"),
        pytest.param(10, 5, 2, id="the end of the text"),
    ],
)
def test_place(offset: int, line: int, column: int) -> None:
    place = document(MIXED).place(offset)
    assert (place.line, place.column) == (line, column)


@given(st.text(alphabet="ab\r\n\u2028\x0b\x85"))
def test_a_line_begins_after_each_line_end_and_nowhere_else(text: str) -> None:
    begins = [0, *(found.end() for found in re.finditer("\r\n|\r|\n", text))]
    one = document(text)
    for offset in range(len(text) + 1):
        begun = [at for at in begins if at <= offset]
        place = one.place(offset)
        assert (place.line, place.column) == (len(begun), offset - begun[-1] + 1)


def test_the_innermost_location_that_holds_an_offset() -> None:
    page = Location(kind="page", number=2, start=0, end=10)
    row = Location(kind="row", number=7, start=4, end=8)
    one = document("0123456789x", locations=(page, row))
    assert [one.location(at) for at in (0, 4, 7, 8, 9, 10)] == [page, row, row, page, page, None]
    assert document("x").location(0) is None


@pytest.mark.parametrize(
    ("origin", "label"),
    [
        pytest.param(Origin(kind="user"), "user", id="the user"),
        pytest.param(WEB, "web", id="the web"),
        pytest.param(NOTES, "local:notes", id="a collection"),
        pytest.param(Origin(kind="source", name="a:b"), "source:a:b", id="a name with a colon"),
    ],
)
def test_an_origin_and_its_label(origin: Origin, label: str) -> None:
    assert origin.label == label
    assert Origin.parse(label, private=origin.private) == origin


def test_a_label_of_no_kind_is_refused() -> None:
    with pytest.raises(SettingsError, match="unknown origin 'lokal:notes': use one of user, web"):
        Origin.parse("lokal:notes", private=True)
