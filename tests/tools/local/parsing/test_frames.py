"""What a child says is believed only as far as it can be."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.memory.documents import LOCATION_KINDS, Location
from quaestor.tools.local.parsing.frames import (
    FrameError,
    answer_of,
    parsed_of,
    read_frame,
    write_frame,
)
from quaestor.tools.local.parsing.parsed import Parsed

PARSED = Parsed(text="Seen. And read.", title="T", media_type="m", extractor="e", version="v")
WORDS = st.text(max_size=30)


@st.composite
def parsed_files(draw: st.DrawFn) -> Parsed:
    text = draw(st.text(max_size=60))
    places = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(places, places, WORDS, st.sampled_from(LOCATION_KINDS))))
    locations = tuple(
        Location(kind=kind, number=n, start=min(a, b), end=max(a, b), name=name)
        for n, (a, b, name, kind) in enumerate(spans)
    )
    changes = draw(st.dictionaries(WORDS, st.integers(0, 9)))
    return replace(PARSED, text=text, title=draw(WORDS), locations=locations, changes=changes)


@given(parsed_files())
def test_what_is_said_is_understood(parsed: Parsed) -> None:
    held = io.BytesIO()
    write_frame(held, *answer_of(parsed))
    held.seek(0)
    assert parsed_of(*read_frame(held)) == parsed


@given(st.binary(max_size=200))
def test_noise_is_no_frame(noise: bytes) -> None:
    with pytest.raises(FrameError):
        parsed_of(*read_frame(io.BytesIO(noise)))


def damaged(**changed: Any) -> tuple[dict[str, Any], list[bytes]]:
    header, parts = answer_of(PARSED)
    return {**header, **changed}, parts


def placed(*places: Any) -> tuple[dict[str, Any], list[bytes]]:
    header, (text, _) = answer_of(PARSED)
    return header, [text, json.dumps(places).encode()]


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        pytest.param(*damaged(title=7), id="a title that is a number"),
        pytest.param(*damaged(title="\ud800"), id="a title no database takes"),
        pytest.param(*damaged(title="x" * 2_000), id="a title without end"),
        pytest.param(*damaged(changes={"hidden": "x"}), id="a count that is none"),
        pytest.param(*damaged(changes=None), id="no counts"),
        pytest.param(*placed(["row", 1, 0, 99, ""]), id="a place beyond the text"),
        pytest.param(*placed(["row", 1, 5, 2, ""]), id="a place that ends before it begins"),
        pytest.param(*placed(["row", 1, -1, 2, ""]), id="a place before the text"),
        pytest.param(*placed(["row", True, 0, 2, ""]), id="a number that is a truth value"),
        pytest.param(*placed(["script", 1, 0, 2, ""]), id="a kind nobody knows"),
        pytest.param(*placed(["row", 1, 0]), id="a place that is half said"),
        pytest.param(answer_of(PARSED)[0], [b"\xff", b"[]"], id="text that is no UTF-8"),
        pytest.param(answer_of(PARSED)[0], [b"x", b"[" * 99_999], id="places nested deeply"),
        pytest.param(answer_of(PARSED)[0], [b"x"], id="no places"),
        pytest.param({}, [b"x", b"[]"], id="an empty header"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(header: dict[str, Any], parts: list[bytes]) -> None:
    with pytest.raises(FrameError):
        parsed_of(header, parts)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        pytest.param(b"\xff\xff\xff\xff{}", "header is too long", id="a header without end"),
        pytest.param(b"\x00\x00\x00\x02[]", "no object", id="a header that is a list"),
        pytest.param(
            b"\x00\x00\x00\x15" + b'{"parts":[900000000]}',
            "part of it is too long",
            id="a part without end",
        ),
        pytest.param(b"\x00\x00\x00\x0d" + b'{"parts":[9]}abc', "it ended", id="a part cut off"),
    ],
)
def test_a_frame_without_bounds_is_refused(frame: bytes, reason: str) -> None:
    with pytest.raises(FrameError, match=reason):
        read_frame(io.BytesIO(frame))
