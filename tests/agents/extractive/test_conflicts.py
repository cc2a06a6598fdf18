"""Conflicts over documents written here: what is one, what decides, what is shown."""

import pytest

from quaestor.agents.extractive.conflicts import conflicts_of
from quaestor.agents.roles.shown import Passage
from quaestor.memory.documents import Origin
from quaestor.memory.finding import Conflict

OWN = Origin(kind="local", name="notes", private=True)
SHARED = Origin(kind="local", name="notes")
WEB = Origin(kind="web")
FEE = "How much is the berth fee for tugs?"


def passage(
    name: str, text: str, *, origin: Origin = OWN, modified: str = "", document: str = ""
) -> Passage:
    return Passage(
        evidence=name,
        document=document or name,
        start=0,
        end=len(text),
        text=text,
        title="Harbour fees",
        uri=f"{name}.md",
        origin=origin,
        modified=modified or None,
    )


def fee(name: str, value: str, *, origin: Origin = OWN, modified: str = "") -> Passage:
    text = f"The berth fee for tugs is {value}."
    return passage(name, text, origin=origin, modified=modified)


def found(*passages: Passage, question: str = FEE) -> Conflict:
    [conflict] = conflicts_of([question], passages)
    return conflict


def values(conflict: Conflict) -> list[str]:
    return [value.split()[0] for value in conflict.values]


@pytest.mark.parametrize("own", [OWN, SHARED], ids=["private", "public"])
@pytest.mark.parametrize("turned", [False, True], ids=["own first", "web first"])
def test_own_documents_stand_before_a_newer_page_and_both_are_shown(
    own: Origin, turned: bool
) -> None:
    both = [
        fee("a", "40 euros", origin=own, modified="2021-03-01T10:00:00Z"),
        fee("b", "55 euros", origin=WEB, modified="2024-05-02T10:00:00Z"),
    ]
    conflict = found(*(reversed(both) if turned else both))
    assert conflict.rule == "own documents"
    assert values(conflict) == ["40", "55"]
    assert conflict.evidence == (("a",), ("b",))
    assert conflict.dates == ("2021-03-01", "2024-05-02")
    assert conflict.about == "How much is the berth fee for tugs"


@pytest.mark.parametrize("origin", [OWN, WEB], ids=["own", "web"])
def test_of_two_of_one_kind_the_newer_stands_first(origin: Origin) -> None:
    older = fee("a", "40 euros", origin=origin, modified="2021-03-01T10:00:00Z")
    newer = fee("b", "55 euros", origin=origin, modified="2024-05-02T10:00:00Z")
    for both in ([older, newer], [newer, older]):
        conflict = found(*both)
        assert (conflict.rule, values(conflict)) == ("newer", ["55", "40"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("", "", id="neither is dated"),
        pytest.param("", "2024-05-02T10:00:00Z", id="one is not dated"),
        pytest.param("2024-05-02T10:00:00Z", "2024-05-02T11:00:00Z", id="the same day"),
    ],
)
def test_what_no_rule_tells_apart_stays_undecided(one: str, other: str) -> None:
    conflict = found(fee("a", "40 euros", modified=one), fee("b", "55 euros", modified=other))
    assert conflict.rule == "undecided"
    assert sorted(values(conflict)) == ["40", "55"]
    assert sorted(conflict.dates) == sorted([one[:10], other[:10]])


def test_a_year_is_neither_before_nor_after_a_day_in_it() -> None:
    year = passage("a", "Valid from 2024.\n\nThe berth fee for tugs is 40 euros.")
    day = passage("b", "Valid from 2 May 2024.\n\nThe berth fee for tugs is 55 euros.")
    conflict = found(year, day)
    assert conflict.rule == "undecided"
    assert sorted(conflict.dates) == ["2024", "2024-05-02"]


def test_what_more_sources_say_stands_first_where_nothing_else_tells() -> None:
    conflict = found(fee("a", "40 euros"), fee("b", "55 euros"), fee("c", "55 euros"))
    assert (conflict.rule, values(conflict)) == ("more sources", ["55", "40"])
    assert sorted(map(len, conflict.evidence)) == [1, 2]


def test_within_the_own_documents_the_newer_stands_first() -> None:
    conflict = found(
        fee("web", "60 euros", origin=WEB, modified="2025-01-01T10:00:00Z"),
        fee("old", "40 euros", modified="2021-03-01T10:00:00Z"),
        fee("new", "55 euros", modified="2024-05-02T10:00:00Z"),
    )
    assert (conflict.rule, values(conflict)) == ("own documents", ["55", "40", "60"])


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        pytest.param(FEE, "1,200 euros", "1200 euros", id="grouped digits"),
        pytest.param(FEE, "twelve euros", "12 euros", id="a number in words"),
        pytest.param(FEE, "2 million euros", "2,000,000 euros", id="a scale"),
        pytest.param("When was the berth fee set?", "5 May 1990", "May 5, 1990", id="a date"),
        pytest.param("When was the berth fee set?", "5 May 1990", "May 1990", id="less exact"),
    ],
)
def test_one_value_in_two_forms_is_no_conflict(question: str, one: str, other: str) -> None:
    said = "The berth fee for tugs was set on" if "set" in question else "The berth fee for tugs is"
    both = [passage("a", f"{said} {one}."), passage("b", f"{said} {other}.")]
    assert conflicts_of([question], both) == ()
    against = passage("c", f"{said} 7 June 1951." if "set" in question else f"{said} 3 euros.")
    assert len(found(*both, against, question=question).values) == 2


def test_two_spans_of_one_document_are_no_conflict() -> None:
    text = "The berth fee for tugs is {} euros."
    both = [passage(name, text.format(name), document="d") for name in ("40", "55")]
    assert conflicts_of([FEE], both) == ()


def test_the_same_conflict_is_told_once_whoever_asked() -> None:
    both = [fee("a", "40 euros"), fee("b", "55 euros")]
    again = "How many euros is the berth fee for tugs?"
    assert len(conflicts_of((FEE, FEE, again), both)) == 1
    assert values(found(*both, question=again)) == values(found(*both))


@pytest.mark.parametrize("count", [0, 1])
def test_one_source_or_none_does_not_conflict(count: int) -> None:
    assert conflicts_of([FEE], [fee("a", "40 euros")][:count]) == ()
