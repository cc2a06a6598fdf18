"""What a branch sought in vain is no gap of a report that says it."""

import pytest

from quaestor.agents.closing import Told, still_open
from quaestor.memory.finding import Gap, GapKind

OPENED = Told("The harbour of Vellmar was opened on 12 May 1987.", "Port of Vellmar")
OPENER = Told("It was opened by Ada Norling.", "Vellmar\nThe harbour was opened by Ada Norling.")
DOCK = Told("The dry dock takes ships of up to 140 metres.", "Port of Vellmar")
WHOLE = "When was the harbour of Vellmar opened, and who was its master?"


def gap(what: str, kind: GapKind = "not_found") -> Gap:
    return Gap(kind=kind, what=what, why="nothing that was found speaks of it", source="web")


@pytest.mark.parametrize(
    ("what", "told", "closed"),
    [
        pytest.param("When was the harbour of Vellmar opened?", OPENED, True, id="the day is told"),
        pytest.param("Opening of the harbour of Vellmar", OPENED, True, id="no question word"),
        pytest.param("Who opened the harbour of Vellmar?", OPENED, False, id="a day is no person"),
        pytest.param("Who opened the harbour of Vellmar?", OPENER, True, id="in its span's words"),
        pytest.param("When was the harbour of Vellmar opened?", OPENER, False, id="nor a day one"),
        pytest.param("When was the dry dock built?", DOCK, False, id="it speaks of another thing"),
        pytest.param("How long a ship does the dry dock take?", DOCK, True, id="a number is told"),
        pytest.param("How many harbours were opened in 1987?", OPENED, False, id="its own number"),
        pytest.param("", OPENED, False, id="nothing is asked"),
    ],
)
def test_a_gap_is_closed_by_a_statement_that_gives_what_it_asks_for(
    what: str, told: Told, *, closed: bool
) -> None:
    assert (still_open([gap(what)], [told]) == ()) is closed


@pytest.mark.parametrize("kind", ["source_down", "unreadable", "budget", "private", "failed"])
def test_only_what_was_not_found_is_closed(kind: GapKind) -> None:
    other = gap("When was the harbour of Vellmar opened?", kind)
    assert still_open([other], [OPENED], answered=[other.what]) == (other,)


def test_what_is_answered_as_a_whole_needs_no_statement_of_its_words() -> None:
    asked = gap("by WHOM was the harbour opened?")
    assert still_open([asked], [], answered=["Whom was the harbour opened by?"]) == ()
    assert still_open([asked], [], answered=[WHOLE]) == (asked,)
