"""Characters that are not seen go, what scripts and emoji are spelt with stays."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.text.unseen import seen

CASES: dict[str, tuple[str, str, dict[str, int]]] = {
    "plain text": ("Iron rusts.", "Iron rusts.", {}),
    "lines and tabs": ("a\n\tb", "a\n\tb", {}),
    "an escape sequence": ("a\x1b[31mb", "a[31mb", {"control": 1}),
    "a carriage return alone": ("good\rbad", "goodbad", {"control": 1}),
    "an override": ("a\u202ecod.exe\u202c", "acod.exe", {"direction": 2}),
    "isolates and marks": ("\u2067a\u2069\u200f", "a", {"direction": 3}),
    "spaces of no width": ("i\u200bg\u2060n\ufeffore", "ignore", {"zero_width": 3}),
    "a soft hyphen": ("ig\u00adnore", "ignore", {"zero_width": 1}),
    "a joiner between Latin letters": ("ig\u200dno\u200cre", "ignore", {"zero_width": 2}),
    "tag characters": ("a\U000e0069\U000e0067b", "ab", {"tag": 2}),
    "a filler letter": ("a\u3164b", "ab", {"zero_width": 1}),
    "bytes in selectors": ("a\U000e0101\ufe05b", "ab", {"zero_width": 2}),
    "many selectors behind an emoji": ("✈\ufe0f\ufe01\ufe02", "✈\ufe0f", {"zero_width": 2}),
    "Persian with a non-joiner": ("می\u200cخواهم", "می\u200cخواهم", {}),
    "Sinhala with a joiner": ("ශ්\u200dරී", "ශ්\u200dරී", {}),
    "a family": ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧", {}),
    "a skin tone and a profession": ("👩🏽\u200d🔬", "👩🏽\u200d🔬", {}),
    "a heart in red": ("❤\ufe0f", "❤\ufe0f", {}),
    "a keycap": ("1\ufe0f\u20e3", "1\ufe0f\u20e3", {}),
    "two joiners in a row": ("👩\u200d\u200d👧", "👩\u200d👧", {"zero_width": 1}),
    "accents": ("e\u0301 ñ ạ̈", "e\u0301 ñ ạ̈", {}),
    "nothing": ("", "", {}),
}


def test_no_control_or_format_character_of_unicode_is_seen_between_latin_letters() -> None:
    unseen = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) in ("Cc", "Cf") and char not in "\n\t"
    ]
    assert len(unseen) > 200
    assert [char for char in unseen if seen(f"a{char}b").text != "ab"] == []


@pytest.mark.parametrize(("text", "expected", "removed"), CASES.values(), ids=CASES.keys())
def test_what_is_seen(text: str, expected: str, removed: dict[str, int]) -> None:
    shown = seen(text)
    assert shown.text == expected
    assert shown.removed == removed


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("\u200b\u200c\u200d\u202e\ufe0f\u034f\U000e0041\U000e0101\x00\x1b👩می"),
    max_size=40,
)


@given(TEXTS)
def test_every_character_is_kept_or_counted(text: str) -> None:
    shown = seen(text)
    assert len(shown.text) + sum(shown.removed.values()) == len(text)
    assert not any("\U000e0000" <= char <= "\U000e007f" for char in shown.text)
    steering = {unicodedata.category(char) for char in shown.text} & {"Cc", "Cf"}
    assert not steering or set(shown.text) & set("\n\t\u200c\u200d")


@given(TEXTS)
def test_what_is_seen_is_seen(text: str) -> None:
    once = seen(text).text
    assert seen(once).text == once
