"""Labels: one line, bounded, harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.memory.labels import one_line


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param(" a\n b\t\u00a0c ", 20, "a b c", id="white space of every kind is one space"),
        pytest.param("abcdef", 6, "abcdef", id="what fits stays whole"),
        pytest.param("abcdefg", 6, "abcde…", id="what does not fit ends in an ellipsis"),
        pytest.param(
            "\x1b]0;owned\x07 x", 20, "]0;owned x", id="escape sequences lose their teeth"
        ),
        pytest.param("a\u202eb\u2066c\u200f", 20, "abc", id="direction overrides go"),
        pytest.param(
            "می\u200cخواهم", 20, "می\u200cخواهم", id="the joiner that Persian is spelt with stays"
        ),
        pytest.param("e" + "\u0301" * 50, 20, "e" + "\u0301" * 4, id="towers of accents are cut"),
        pytest.param("\x00\x07", 20, "", id="nothing readable gives nothing"),
    ],
)
def test_a_label_is_one_harmless_line(text: str, limit: int, expected: str) -> None:
    assert one_line(text, limit) == expected


@given(st.text(max_size=400), st.integers(min_value=2, max_value=60))
def test_a_label_never_passes_its_limit_and_stays_itself(text: str, limit: int) -> None:
    label = one_line(text, limit)
    assert len(label) <= limit
    assert one_line(label, limit) == label
    assert "\n" not in label
    assert "\x1b" not in label


def test_a_huge_text_is_cut_though_its_first_part_is_only_space() -> None:
    assert one_line("x" + " " * 10_000_000 + "y", 10) == "x…"
