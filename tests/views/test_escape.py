"""Escaping and wrapping."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.views.escape import escape, text_width, wrap, xml_chars
from tests.views.markup import parsed


@given(st.text(max_size=200))
def test_escaped_text_comes_back_from_a_strict_parser(text: str) -> None:
    root = parsed(f'<a b="{escape(text)}">{escape(text)}</a>')
    shown = xml_chars(text).replace("\r\n", "\n").replace("\r", "\n")
    assert (root.text or "") == shown
    assert root.get("b") == shown.replace("\n", " ").replace("\t", " ")
    assert html.unescape(escape(text)) == xml_chars(text)


@given(st.text(max_size=200), st.integers(3, 30), st.integers(1, 5))
def test_lines_fit_their_width_and_lose_nothing_but_what_is_cut(
    text: str, width: int, lines: int
) -> None:
    rows = wrap(text, width=width, lines=lines)
    assert len(rows) <= lines
    for row in rows:
        assert text_width(row) <= width + 1e-9
    told = "".join("".join(rows).split())
    whole = "".join(text.split())
    assert told == whole or (rows[-1].endswith("…") and whole.startswith(told[:-1]))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("one two three", ["one two", "three"], id="breaks at a space"),
        pytest.param("x" * 30, ["x" * 12, "x" * 10 + "…"], id="a word too wide breaks inside"),
        pytest.param("", [], id="nothing is no line"),
        pytest.param(
            "供应商声明" * 2, ["供应商声明供应", "商声明"], id="wide letters take more room"
        ),
    ],
)
def test_wrapping_by_hand(text: str, rows: list[str]) -> None:
    # A width of 7.5: twelve letters x of 0.62, or seven wide ones of 1.05.
    assert wrap(text, width=7.5, lines=2) == rows
