"""Dates in the forms people write; readings worked by hand."""

import pytest

from quaestor.tools.text.dates import Reading, dates, named_weekdays, weekdays

FULL = Reading(1932, 11, 2)
SWAPPED = Reading(1932, 2, 11)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            pytest.param(text, {FULL}, id=text)
            for text in (
                "1932-11-02",
                "1932-11-02T10:15",
                "1932/11/02",
                "2 November 1932",
                "2nd of November, 1932",
                "November 2, 1932",
                "Nov. 2nd, 1932",
                "Nov 2, 1932",
                "Wednesday, November 2, 1932",
                "2. November 1932",
                "02.11.1932",
                "2.11.1932",
                "mercredi 2 novembre 1932",
                "2 nov. 1932",
                "2 de noviembre de 1932",
                "02-Nov-1932",
                "1932年11月2日",
                "2 ноября 1932 года",
            )
        ),
        pytest.param("02/11/1932", {FULL, SWAPPED}, id="slashes leave the order open"),
        pytest.param("11/26/1932", {Reading(1932, 11, 26)}, id="a month has no number 26"),
        pytest.param("2.11.32", {Reading(32, 11, 2, short=True)}, id="a year of two digits"),
        pytest.param("November 1932", {Reading(1932, 11, None)}, id="month and year"),
        pytest.param("11/1932", {Reading(1932, 11, None)}, id="month and year in digits"),
        pytest.param("November 2", {Reading(None, 11, 2)}, id="month and day"),
        pytest.param("11月2日", {Reading(None, 11, 2)}, id="month and day in Chinese"),
        pytest.param("2-5 November 1932", {FULL, Reading(1932, 11, 5)}, id="a range of days"),
        pytest.param("31.11.1932", None, id="a day that does not exist"),
        pytest.param("1.2.3", None, id="a version"),
        pytest.param("192.168.1.10", None, id="an address"),
        pytest.param("you may 12 times", None, id="the verb may"),
    ],
)
def test_readings(text: str, expected: set[Reading] | None) -> None:
    found = dates(f"It was {text} there.")
    assert [set(date.readings) for date in found] == ([expected] if expected else [])


def test_a_lost_dash_leaves_two_dates() -> None:
    found = dates("Eva ( 26 November 19357 October 2012)")
    assert [set(d.readings) for d in found] == [{Reading(1935, 11, 26)}, {Reading(2012, 10, 7)}]


def test_places_are_exact() -> None:
    text = "From 2 May 1932 to 1933-01-04."
    assert [text[d.start : d.end] for d in dates(text)] == ["2 May 1932", "1933-01-04"]


@pytest.mark.parametrize(
    ("one", "other", "within", "agrees"),
    [
        pytest.param(FULL, FULL, True, True, id="the same"),
        pytest.param(Reading(1932, 11, None), FULL, True, True, id="less exact lies within"),
        pytest.param(FULL, Reading(1932, 11, None), False, True, id="more exact only agrees"),
        pytest.param(FULL, Reading(32, 11, 2, short=True), True, True, id="two digits of a year"),
        pytest.param(FULL, SWAPPED, False, False, id="another day"),
        pytest.param(Reading(None, 5, None), Reading(1932, None, None), False, False, id="apart"),
    ],
)
def test_agreement(one: Reading, other: Reading, within: bool, agrees: bool) -> None:
    assert one.within(other) is within
    assert one.agrees(other) is agrees


def test_days_of_the_week_are_named_or_fallen_on() -> None:
    # 2 November 1932 was a Wednesday
    assert weekdays("On 2 November 1932 and next Freitag") == {2, 4}
    assert named_weekdays("On 2 November 1932 and next Freitag") == {4}
    assert weekdays("2.11.32") == frozenset()
