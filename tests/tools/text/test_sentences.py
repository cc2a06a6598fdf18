"""Where sentences begin and end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.text.sentences import sentences, statements


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@given(st.one_of(st.text(max_size=200), st.text(alphabet='aA .!?。\n\r-#"”1', max_size=200)))
def test_sentences_hold_every_character_but_white_space_once_and_in_order(text: str) -> None:
    found = sentences(text)
    assert found == sorted(found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))
    assert all(text[s:e] == text[s:e].strip() != "" for s, e in found)
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@given(st.text(alphabet="aA .!?\n", max_size=80), st.text(alphabet="aA .!?\n", max_size=80))
def test_a_part_of_a_text_is_split_as_if_it_stood_alone(before: str, text: str) -> None:
    whole = before + text
    inside = sentences(whole, len(before), len(whole))
    assert [whole[s:e] for s, e in inside] == split(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One. Two! Three?", ["One.", "Two!", "Three?"], id="full stops end sentences"),
        pytest.param("Dr. Smith left.", ["Dr. Smith left."], id="a title does not"),
        pytest.param("J. K. Rowling wrote.", ["J. K. Rowling wrote."], id="initials do not"),
        pytest.param("It costs 3.5 kg. Fine.", ["It costs 3.5 kg.", "Fine."], id="decimals do not"),
        pytest.param("The U.S. Army came.", ["The U.S. Army came."], id="an acronym does not"),
        pytest.param(
            'He said "Yes." Then left.', ['He said "Yes."', "Then left."], id="quotes close"
        ),
        pytest.param("一。二！三", ["一。", "二！", "三"], id="Chinese marks need no space"),
        pytest.param("Title\n\nText", ["Title", "Text"], id="a blank line ends one"),
        pytest.param("Title\r\n\r\nText", ["Title", "Text"], id="so does one of Windows"),
        pytest.param("- one\n- two", ["- one", "- two"], id="list items stand alone"),
        pytest.param("Er endet am 31. März 2028.", ["Er endet am 31. März 2028."], id="a day"),
        pytest.param("Am 9. Mai war Ruhe.", ["Am 9. Mai war Ruhe."], id="a day without its year"),
        pytest.param("Am 3. April war Ruhe.", ["Am 3. April war Ruhe."], id="an English month too"),
        pytest.param("Signed on 9. May 2024.", ["Signed on 9. May 2024."], id="a day in English"),
        pytest.param(
            "It is in chapter 9. May came.", ["It is in chapter 9.", "May came."], id="not a day"
        ),
        pytest.param(
            "It closed in 1932. Mai sang.", ["It closed in 1932.", "Mai sang."], id="nor a year"
        ),
        pytest.param("Der 1. FC Köln kam.", ["Der 1. FC Köln kam."], id="an ordinal"),
        pytest.param("Im XIX. Jahrhundert.", ["Im XIX. Jahrhundert."], id="a Roman one"),
        pytest.param("Ludwig XIV. regierte.", ["Ludwig XIV. regierte."], id="of a king"),
        pytest.param("I am 31. She is 30.", ["I am 31.", "She is 30."], id="an age ends one"),
        pytest.param("It has 5. The rest left.", ["It has 5.", "The rest left."], id="so a count"),
        pytest.param("wait... what", ["wait... what"], id="dots before a small letter go on"),
    ],
)
def test_split(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# One\n\nTwo.", ["Two."], id="a heading states nothing"),
        pytest.param("# One\n## Two\nThree. Four.", ["Three.", "Four."], id="nor do two"),
        pytest.param("One.\n\n---\n\nTwo.", ["One.", "Two."], id="nor does a rule"),
        pytest.param("## One", [], id="nor does a heading alone"),
        pytest.param("#1 is one.", ["#1 is one."], id="a number is no heading"),
        pytest.param("- one\n- two", ["one", "two"], id="a list item does, without its bullet"),
        pytest.param("> [x] one", ["one"], id="a quotation with a box"),
        pytest.param("| one | 2 |", ["one | 2"], id="a row, without its outer bars"),
        pytest.param("-5 is cold.", ["-5 is cold."], id="a sign is no bullet"),
        pytest.param("- ", [], id="a bullet alone states nothing"),
    ],
)
def test_statements(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in statements(text)] == expected
