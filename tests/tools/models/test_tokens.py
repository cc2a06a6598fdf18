"""Tokens are estimated, rather too many, and a text is cut where they end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.models.tokens import clip, estimate, estimate_all


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("a", 1, id="a letter is one"),
        pytest.param("a" * 7, 2, id="seven letters are two"),
        pytest.param("a" * 8, 3, id="eight are three: rounded up"),
        pytest.param("東京都", 3, id="three characters of Japanese are three"),
        pytest.param("né", 2, id="an accent counts one"),
        pytest.param("a" * 3500, 1000, id="a thousand"),
    ],
)
def test_what_a_text_counts(text: str, tokens: int) -> None:
    assert estimate(text) == tokens


def test_each_message_counts_four_more() -> None:
    assert estimate_all(["a" * 7, ""]) == 2 + 4 + 0 + 4


@given(st.text(max_size=200), st.integers(0, 60))
def test_a_cut_text_is_the_longest_start_that_fits(text: str, tokens: int) -> None:
    kept = clip(text, tokens)
    assert text.startswith(kept)
    assert estimate(kept) <= tokens
    assert kept == text or estimate(text[: len(kept) + 1]) > tokens
