"""Text at entry: what is changed, what is counted, and that it happens once."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.memory.text import canonical, content_id, normalise, sha256

raw = st.text(
    alphabet=st.characters(exclude_categories=())  # lone surrogates too
    | st.sampled_from("\x00\ud800\udfff\u0301\u0327e\u1100\u1161\u2126\r\n")
)


@pytest.mark.parametrize(
    ("given_text", "stored", "changes"),
    [
        pytest.param("", "", {}, id="nothing"),
        pytest.param("Caf\u00e9\r\n\tx", "Caf\u00e9\r\n\tx", {}, id="clean text stays as it is"),
        pytest.param("a\x00b\x00", "ab", {"nul": 2}, id="NUL characters go"),
        pytest.param("a\ud83d", "a\ufffd", {"surrogate": 1}, id="half an emoji is replaced"),
        pytest.param("\ud83d\ude00", "\ufffd" * 2, {"surrogate": 2}, id="two halves are no whole"),
        pytest.param("Cafe\u0301", "Caf\u00e9", {"nfc": 1}, id="an accent is composed"),
        pytest.param("\u2126", "\u03a9", {"nfc": 1}, id="an ohm sign is an omega"),
        pytest.param("e\x00\u0301", "\u00e9", {"nul": 1, "nfc": 1}, id="a NUL hides no accent"),
        pytest.param("\ufb01", "\ufb01", {}, id="a ligature is not spelt out"),
    ],
)
def test_what_is_stored(given_text: str, stored: str, changes: dict[str, int]) -> None:
    normalised = normalise(given_text)
    assert normalised.text == stored
    assert normalised.changes == changes


@given(raw)
def test_stored_text_is_safe_to_store(text: str) -> None:
    stored = normalise(text).text
    assert "\x00" not in stored
    assert unicodedata.is_normalized("NFC", stored)
    assert stored.encode("utf-8").decode("utf-8") == stored


@given(raw)
def test_a_second_time_changes_nothing(text: str) -> None:
    stored = normalise(text).text
    again = normalise(stored)
    assert (again.text, again.changes) == (stored, {})


@given(raw)
def test_something_is_counted_exactly_when_something_changed(text: str) -> None:
    normalised = normalise(text)
    assert (normalised.text != text) == bool(normalised.changes)
    assert all(count > 0 for count in normalised.changes.values())


@given(raw)
def test_line_ends_stay(text: str) -> None:
    assert re.findall("[\r\n]", normalise(text).text) == re.findall("[\r\n]", text)


def test_the_hash_is_of_the_utf8_bytes() -> None:
    # printf 'Grüße' | sha256sum
    expected = "f83e039796c6453a10f5519e39fd113901572316a1a8ea07cb525d2801dfd074"
    assert sha256("Gr\u00fc\u00dfe") == expected


def test_canonical_json_has_one_spelling() -> None:
    value = {"b": [1, 2.5, None, True], "a": "\u00fc \u2028"}
    assert canonical(value) == '{"a":"\u00fc \u2028","b":[1,2.5,null,true]}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"x": float("nan")})


def test_an_id_is_of_the_parts_and_of_where_one_ends() -> None:
    # printf '["doc",3,11]' | sha256sum
    assert content_id("doc", 3, 11, length=12) == "1085446bd713"
    assert content_id("ab", "c") != content_id("a", "bc")
    assert content_id("1") != content_id(1)
