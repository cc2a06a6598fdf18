"""Names, values and units of a text, and the laws its units obey."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.extractive.names import folded, key_of, names
from quaestor.agents.extractive.reading import read
from quaestor.agents.extractive.values import dates, quantities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("The tug was built by Ann Lee.", ["ann lee"], id="capitals in a row"),
        pytest.param("It met Bram van der Oster there.", ["bram van der oster"], id="joined"),
        pytest.param("Ann Lee and Bo Orr left.", ["ann lee", "bo orr"], id="two full names"),
        pytest.param("They read “The Salt Road” aloud.", ["salt road"], id="a quoted title"),
        pytest.param("In May 2021 nothing was said.", [], id="a month is no name"),
        pytest.param("The Heron 4 was sold.", ["heron 4"], id="a number that ends a name"),
        pytest.param("J. K. Orr spoke.", ["j k orr"], id="initials"),
    ],
)
def test_names_are_told_by_capitals_and_quotes(text: str, found: list[str]) -> None:
    assert [name.key for name in names(text)] == found


def test_a_key_leaves_out_what_tells_namesakes_apart() -> None:
    assert key_of("The Salt Road (1951 film)") == "salt road"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("हिन्दी में", 2, id="vowel signs and viramas of Devanagari"),
        pytest.param("தமிழ் நாடு", 2, id="Tamil"),
        pytest.param("Ann Lee’s tug", 3, id="a possessive"),
    ],
)
def test_marks_do_not_end_a_word(text: str, words: int) -> None:
    assert len(folded(text).split()) == words


@given(st.text(max_size=300))
def test_every_name_stands_where_it_says(text: str) -> None:
    assert all(text[name.start : name.end] == name.text for name in names(text))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        pytest.param("on 4 May 1901", (1901, 5, 4), id="day first"),
        pytest.param("on May 4, 1901", (1901, 5, 4), id="month first"),
        pytest.param("since 1901-05-04", (1901, 5, 4), id="ISO"),
        pytest.param("in May 1901", (1901, 5, 0), id="no day"),
        pytest.param("in 1901", (1901, 0, 0), id="a year alone"),
        pytest.param("in the 19th century", (1800, 0, 0), id="a century"),
    ],
)
def test_dates_are_read_in_their_forms(text: str, when: tuple[int, int, int]) -> None:
    assert [date.when for date in dates(text)] == [when]


def test_a_life_in_brackets_begins_and_ends() -> None:
    found = dates("Ann Lee (4 May 1901, Graz – 1 June 1980) was a pilot. She flew in 1930.")
    assert [(date.text, date.occasion) for date in found] == [
        ("4 May 1901", "birth"),
        ("1 June 1980", "death"),
        ("1930", "other"),
    ]


def test_numbers_have_their_unit_and_leave_dates_alone() -> None:
    found = quantities("In 1930 she had 1,200 tonnes, 2.5 million euros and three tugs.")
    assert [(number.value, number.unit) for number in found] == [
        (1200.0, "tonnes"),
        (2500000.0, "euros"),
        (3.0, "tugs"),
    ]


def test_headings_and_the_title_line_are_no_sentences() -> None:
    text = "Harbour rules\nTugs go first.\n\n## Fees\n\nA berth costs 40 euros."
    assert [unit.text for unit in read(text, "Harbour rules").units] == [
        "Tugs go first.",
        "A berth costs 40 euros.",
    ]


def test_rows_of_data_are_units_of_their_own() -> None:
    text = "ferry,year,length\nMerganser,1961,40\nPintail,1974,52\n"
    assert [unit.text for unit in read(text, "").units] == text.split()


def test_wrapped_prose_stays_one_sentence() -> None:
    text = (
        "The ferry that was built for the northern islands in the year before the war left\n"
        "Tollan at six and came back at nine."
    )
    assert [unit.text for unit in read(text, "").units] == [text]


@given(st.text(alphabet=st.sampled_from("ab, .\n;-A1"), min_size=300, max_size=1500))
def test_units_are_ordered_spans_that_fit(text: str) -> None:
    units = read(text, "").units
    assert all(0 < unit.end - unit.start <= 400 for unit in units)
    assert all(text[unit.start : unit.end] == unit.text for unit in units)
    assert all(a.end <= b.start for a, b in pairwise(units))


def test_a_long_sentence_is_cut_behind_a_clause() -> None:
    clause = "the ferry left the quay before the others had been loaded with timber, "
    units = read(clause * 8 + "and came back.", "").units
    assert [len(unit.text) for unit in units] == [354, 227]
    assert units[0].text.endswith("timber,")
