"""How the claims of benchmarks/claim_checks.py are made, worked by hand."""

import datetime
from decimal import Decimal

import pytest

pytest.importorskip("babel")
pytest.importorskip("num2words")

from benchmarks.claim_cases import Fact, amounts, days, stands, twins
from benchmarks.claim_checks import ask, holds, table
from benchmarks.claim_forms import Amount, Value, forms


def amount(value: str, unit: str = "") -> Amount:
    return Amount(value=Decimal(value), unit=unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It made 4.2 million tonnes.", [amount("4200000")], id="a scale"),
        pytest.param("It cost $1,234.50.", [amount("1234.50", "USD")], id="a currency"),
        pytest.param("7 square miles", [amount("7", "area-square-mile")], id="a unit of two words"),
        pytest.param("its 21st year", [amount("21", "ordinal")], id="an ordinal"),
        pytest.param("Boeing 747-400, A320, v2.1.3, 3-day", [], id="no numbers"),
        pytest.param("on 2 November 1932 or May 5", [], id="dates"),
    ],
)
def test_numbers_of_a_text(text: str, expected: list[Amount]) -> None:
    assert amounts(text) == expected


def test_days_of_a_text() -> None:
    wanted = datetime.date(1932, 11, 2)
    assert days("on 2 November 1932 or November 2, 1932, or in 1932") == [wanted, wanted]


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        pytest.param(datetime.date(1932, 11, 2), "date short de", "02.11.32", id="a short date"),
        pytest.param(
            datetime.date(1932, 11, 2), "date full fr", "mercredi 2 novembre 1932", id="a full date"
        ),
        pytest.param(amount("1234567"), "number en_IN", "12,34,567", id="Indian groups"),
        pytest.param(amount("1234567"), "number fr", "1\u202f234\u202f567", id="narrow spaces"),
        pytest.param(amount("21"), "words de", "einundzwanzig", id="words"),
        pytest.param(amount("7", "length-kilometer"), "unit long de", "7 Kilometer", id="a unit"),
    ],
)
def test_forms(value: Value, form: str, said: str) -> None:
    assert dict(forms(value))[form] == said


def fact(name: str, value: Value, text: str, rest: str = "") -> Fact:
    return Fact(
        document=name,
        title=name,
        subject=name,
        about="size",
        kind="number",
        value=value,
        span=text,
        rest=rest,
    )


def test_a_twin_never_stands_in_the_span() -> None:
    facts = [
        fact("Ore", amount("7"), "Ore has 7 or 8 parts.", rest="It has 9 doors."),
        fact("Tin", amount("8"), "Tin has 8 parts."),
        fact("Zinc", amount("30"), "Zinc has thirty parts."),
    ]
    pairs = twins(facts, count=3, seed=0)
    assert len(pairs) == 3
    assert all(not stands(pair.false, pair.fact.span) for pair in pairs)
    near = {pair.fact.title: pair.false for pair in pairs if pair.near}
    assert near == {"Ore": amount("9")}


def test_a_table_counts_what_was_caught_and_flagged() -> None:
    facts = [
        fact("Ore", amount("7"), "Ore has 7 parts."),
        fact("Tin", amount("8"), "Tin has many parts."),  # a true claim that no check can confirm
    ]
    asked = list(ask(twins(facts, count=2, seed=0)))
    lines = {line.split(" | ")[0]: line for line in table(asked).splitlines()}
    assert lines["| number de"] == "| number de | 2/2 (100.0%) | – | 1/2 (50.0%) |"
    assert not holds(asked)
    assert holds([one for one in asked if "Ore" in one.claim.text])
