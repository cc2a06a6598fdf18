"""Numbers in digits and words, their readings worked by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.text.number_words import worded
from quaestor.tools.text.numbers import Number, numbers

MILLION = 1_234_567


def first(text: str) -> Number:
    return max(numbers(text), key=lambda number: (not number.lone, len(number.text)))


@pytest.mark.parametrize(
    "text",
    [
        "1234567",
        "1,234,567",
        "1.234.567",
        "1 234 567",
        "1\u00a0234\u00a0567",
        "1\u202f234\u202f567",
        "1'234'567",
        "1’234’567",
        "12,34,567",
        "1,234,567.00",
        "1.234.567,00",
        "one million two hundred and thirty-four thousand five hundred and sixty-seven",
        "twelve lakh thirty-four thousand five hundred and sixty-seven",
        "eine Million zweihundertvierunddreißigtausendfünfhundertsiebenundsechzig",
        "un million deux cent trente-quatre mille cinq cent soixante-sept",
    ],
)
def test_one_number_in_many_forms(text: str) -> None:
    assert Fraction(MILLION) in first(f"It has {text} of them.").values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1,234", {1234, Fraction("1.234")}, id="one comma may be either"),
        pytest.param("1,000", {1000}, id="three zeros are no decimals"),
        pytest.param("12.5", {Fraction("12.5")}, id="a decimal point"),
        pytest.param("12,5", {Fraction("12.5")}, id="a decimal comma"),
        pytest.param("0.125", {Fraction("0.125")}, id="no thousands after a zero"),
        pytest.param("4.2 million", {4_200_000}, id="a scale in words"),
        pytest.param("4,2 Mio.", {4_200_000}, id="a German scale"),
        pytest.param("4.2m", {4_200_000, Fraction("4.2")}, id="a letter that may be a unit"),
        pytest.param("420Cr", {4_200_000_000}, id="crores"),
        pytest.param("4.2万", {42_000}, id="ten thousands in Chinese"),
        pytest.param("3億", {300_000_000}, id="hundred millions in Japanese"),
        pytest.param("4,2 млн", {4_200_000}, id="a Russian scale"),
        pytest.param("−5", {-5}, id="a minus sign"),
        pytest.param("minus five", {-5}, id="minus in words"),
        pytest.param("twelve point five", {Fraction("12.5")}, id="a decimal in words"),
        pytest.param("seven point six million", {7_600_000}, id="a decimal with its scale"),
        pytest.param("nineteen thirty-two", {1932}, id="a year in words"),
        pytest.param("eighteen oh-five", {1805}, id="a year with oh"),
        pytest.param("quatre-vingt-dix-sept", {97}, id="French by twenties"),
        pytest.param("neunzehnhundertzweiunddreißig", {1932}, id="German by hundreds"),
        pytest.param("21st", {21}, id="an ordinal"),
        pytest.param("twenty-first", {21}, id="an ordinal in words"),
        pytest.param("1930s", {1930}, id="a decade"),
        pytest.param("_1930_", {1930}, id="a number in italics"),
    ],
)
def test_values(text: str, expected: set[Fraction | int]) -> None:
    assert first(f"It is {text} now.").values == expected


@pytest.mark.parametrize(
    ("text", "units"),
    [
        pytest.param("12 %", {"percent"}, id="a percent sign"),
        pytest.param("12 Prozent", {"percent"}, id="percent in German"),
        pytest.param("12 pour cent", {"percent"}, id="percent in French"),
        pytest.param("US$12", {"USD"}, id="a currency in front"),
        pytest.param("12,50 €", {"EUR"}, id="a currency behind"),
        pytest.param("₹12", {"INR"}, id="rupees"),
        pytest.param("12 kilomètres carrés", {"km2"}, id="a unit of two words"),
        pytest.param("12km", {"km"}, id="a unit without a space"),
        pytest.param("12 °C", {"C"}, id="degrees"),
        pytest.param("12 US-Dollar", {"USD"}, id="a currency in two words"),
        pytest.param("12 dollars des États-Unis", {"USD"}, id="a currency in French"),
        pytest.param("CA$12", {"CAD"}, id="dollars of Canada"),
        pytest.param("$12", {"USD", "CAD", "AUD"}, id="dollars of anywhere"),
        pytest.param("12 mi²", {"mi2"}, id="an area"),
        pytest.param("12 Meilen pro Stunde", {"mph"}, id="a speed"),
        pytest.param("12 pounds", {"lb", "GBP"}, id="a weight or a currency"),
        pytest.param("12 workers", set[str](), id="no unit"),
    ],
)
def test_units(text: str, units: set[str]) -> None:
    assert first(f"It is {text} now.").units == units


def test_a_scale_and_a_unit_count_for_all_they_are_given_to() -> None:
    ten, twelve = numbers("10 to 12 %")
    assert ten.units == twelve.units == {"percent"}
    assert Fraction(4_200_000) in numbers("4.2 and 4.3 million")[0].values


@pytest.mark.parametrize("text", ["MP3", "v2.3.1", "10.0.0.1", "A320", "3D-model", "x2", "y_2"])
def test_digits_of_codes_are_no_numbers(text: str) -> None:
    assert [number.text for number in numbers(f"The {text} is old.")] == []


@pytest.mark.parametrize(
    "text", ["接待了4300艘船", "船は4300隻です", "선박4300척을", "มีเรือ4300ลำ"],
    ids=["Chinese", "Japanese", "Korean", "Thai"],
)  # fmt: skip
def test_a_number_stands_right_beside_words_of_scripts_without_spaces(text: str) -> None:
    [number] = numbers(text)
    assert (number.text, set(number.values)) == ("4300", {Fraction(4300)})


def test_a_year_before_a_count_is_no_group_of_digits() -> None:
    assert [n.values for n in numbers("in 2019 300 people")] == [{2019}, {300}]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("Marta,41,49000", [{41}, {49_000}], id="too long for thousands or decimals"),
        pytest.param("Marta,04,490", [{4}, {490}], id="a zero in front is of another number"),
        pytest.param("2020,49000", [{2020}, {49_000}], id="a year and a sum"),
        pytest.param("49000,2021", [{49_000}, {2021}], id="a sum and a year"),
        pytest.param("rows 1,2,3", [{1}, {2}, {3}], id="a list without spaces"),
        pytest.param("1.5,2.5", [{Fraction("1.5")}, {Fraction("2.5")}], id="two with decimals"),
        pytest.param("0,5000 g", [{Fraction("0.5")}], id="decimals behind a zero stay"),
        pytest.param("1,0850", [{Fraction("1.085")}], id="so does a rate of exchange"),
        pytest.param("3,14159", [{Fraction("3.14159")}], id="so do many decimals"),
        pytest.param("1234,56", [{Fraction("1234.56")}], id="so do two behind a long number"),
    ],
)
def test_a_comma_parts_what_is_no_one_number(text: str, values: list[set[Fraction | int]]) -> None:
    assert [n.values for n in numbers(text)] == values


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        pytest.param("12 %", "12 percent", True, id="one unit in two forms"),
        pytest.param("12 %", "12", True, id="an unknown unit may be any"),
        pytest.param("12 %", "12 years", False, id="two units"),
        pytest.param("4.2 million", "4.2 billion", False, id="two scales"),
        pytest.param("4.2 million", "4,200,000", True, id="a scale written out"),
        pytest.param("1.234", "1,234", True, id="marks of two countries"),
        pytest.param("5", "-5", False, id="two signs"),
    ],
)
def test_agreement(one: str, other: str, agree: bool) -> None:
    assert first(one).agrees(first(other)) is first(other).agrees(first(one)) is agree


def test_rounding_goes_by_the_last_digit_written() -> None:
    assert first("4.2 million").rounds(first("4,170,001"))
    assert not first("4.2 million").rounds(first("4,100,000"))


def test_words_that_are_also_something_else_are_marked() -> None:
    assert [n.lone for n in worded("one of a hundred, in the second year")] == [True] * 3
    assert [n.lone for n in worded("two hundred and six")] == [False]


@pytest.mark.parametrize(
    ("text", "lone"),
    [
        pytest.param("Es waren acht.", False, id="a German number"),
        pytest.param("Ils étaient sept.", False, id="a French number"),
        pytest.param("It is the elf.", True, id="an English noun"),
        pytest.param("It cost 50 cents, 50 cent.", True, id="coins"),
        pytest.param("The Mille Miglia", True, id="a part of a name"),
        pytest.param("He led one.", False, id="nothing follows"),
        pytest.param("He led the new one.", True, id="a pronoun"),
        pytest.param("The UN.", True, id="an acronym"),
    ],
)
def test_weak_words_count_where_they_can_be_nothing_else(text: str, lone: bool) -> None:
    assert {n.lone for n in worded(text)} == {lone}


@given(st.integers(0, 10**12), st.sampled_from([",", ".", "'", "\u202f", "\u00a0"]))
def test_grouping_is_undone(value: int, mark: str) -> None:
    assert Fraction(value) in first(f"It has {value:,} there.".replace(",", mark)).values


@given(st.text(max_size=60))
def test_any_text_is_read_and_places_are_exact(text: str) -> None:
    for number in numbers(text):
        assert text[number.start : number.end] == number.text
        assert number.whole[0] <= number.start < number.end
        assert number.values


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("9" * 20_000, id="digits without end"),
        pytest.param("neunhundert" * 2_000, id="a compound without end"),
        pytest.param("zero point " + "one " * 2_000, id="decimals without end"),
        pytest.param("million " * 2_000, id="scales without end"),
    ],
)
def test_what_is_too_long_to_be_a_number_breaks_nothing(text: str) -> None:
    assert all(len(str(value)) < 200 for number in numbers(text) for value in number.values)
