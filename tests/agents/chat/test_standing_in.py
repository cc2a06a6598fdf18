"""A lead that failed makes room for another's, and nothing of either draft is lost or mixed up."""

from dataclasses import replace

import pytest

from quaestor.agents.chat.standing_in import UNCARRIED, is_led, led_by, may_lead
from quaestor.agents.revising import Verdicts
from quaestor.agents.roles.synthesizer import Outline, Section, Spot, Statement
from quaestor.agents.roles.verifier import Judged
from quaestor.agents.synthesis import Draft
from quaestor.memory.finding import Conflict
from quaestor.memory.report import Verdict

SPOT = Spot(evidence="e", start=0, end=9)
FINE = Judged(verdict="supported")
WRONG = Judged(verdict="unsupported", reason="not in its spans: Bob")
RENT = Conflict(about="rent", values=("1", "2"), evidence=(("e",), ("f",)), rule="newer")


def said(text: str, fault: str = "") -> Statement:
    return Statement(text=text, spots=() if fault else (SPOT,), fault=fault)


def draft(*lead: Statement, answer: str = "", section: str = "", about: str = "rent") -> Draft:
    sections = (Section(heading="S", statements=(said(section),)),) if section else ()
    conflicts = (replace(RENT, about=about),)
    outline = Outline(answer=answer, lead=lead, sections=(), conflicts=conflicts)
    return Draft(outline=outline, sections=sections, also={})


def verdicts(*judged: Judged) -> Verdicts:
    return Verdicts(judged=judged)


@pytest.mark.parametrize(
    ("verdict", "fault", "led"),
    [
        pytest.param("supported", "", True, id="supported"),
        pytest.param("partly", "", True, id="confirmed in part"),
        pytest.param("unsupported", "", False, id="unsupported"),
        pytest.param("contradicted", "", False, id="contradicted"),
        pytest.param("supported", "it names no source", False, id="with a fault"),
    ],
)
def test_what_a_report_can_be_led_by(verdict: Verdict, fault: str, *, led: bool) -> None:
    judged = verdicts(Judged(verdict=verdict), FINE)
    assert is_led(draft(said("lead", fault), section="body"), judged) is led


@pytest.mark.parametrize(
    ("answer", "led"),
    [
        pytest.param("", True, id="a lead without an answer stands as far as it does"),
        pytest.param("Ida", False, id="an answer may rest on what failed"),
    ],
)
def test_a_lead_that_failed_in_part(answer: str, *, led: bool) -> None:
    assert is_led(draft(said("m1"), said("m2"), answer=answer), verdicts(FINE, WRONG)) is led


@pytest.mark.parametrize(
    ("answer", "first", "plain", "may"),
    [
        pytest.param("Bob", WRONG, FINE, True, id="nothing of the model's stands"),
        pytest.param("Bob", WRONG, WRONG, False, id="nor does anything of the other"),
        pytest.param("Bob", FINE, FINE, False, id="some stands and they disagree"),
        pytest.param("Ida", FINE, FINE, True, id="some stands and they agree"),
        pytest.param("Ida Thornbury", FINE, FINE, True, id="one is part of the other"),
        pytest.param("yes", FINE, FINE, False, id="a word that names nothing"),
    ],
)
def test_whose_lead_may_stand_before_one_that_failed(
    answer: str, first: Judged, plain: Judged, *, may: bool
) -> None:
    failed = draft(said("m1"), said("m2"), answer=answer)
    other = draft(said("p1"), answer="Ida")
    assert may_lead(other, verdicts(plain), failed, verdicts(first, WRONG)) is may


@pytest.mark.parametrize(("answer", "told"), [("Ida", False), ("Ida and Bob", True)])
def test_an_answer_is_told_as_lost_where_it_says_more(answer: str, *, told: bool) -> None:
    plain = draft(said("p1"), answer="Ida; 1961")
    made, _ = led_by(plain, verdicts(FINE), draft(said("m1"), answer=answer), verdicts(WRONG))
    assert (made.outline.lead[-1].fault == UNCARRIED) is told


def test_a_sentence_that_stands_keeps_its_place_behind_the_other_lead() -> None:
    made, _ = led_by(
        draft(said("p1"), answer="Ida"),
        verdicts(FINE),
        draft(said("m1"), said("m2"), answer="Ida"),
        verdicts(FINE, WRONG),
    )
    assert [(one.text, one.fault) for one in made.outline.lead] == [
        ("p1", ""),
        ("m1", ""),
        ("m2", WRONG.reason),
    ]


def test_the_others_lead_stands_first_and_what_failed_keeps_its_reason() -> None:
    plain = draft(said("p1"), said("p2"), answer="Ida", section="plain body")
    failed = replace(draft(said("m1"), said("m2"), answer="Bob", section="body"), revised=(1, 2))
    partly = Judged(verdict="partly")
    made, judged = led_by(
        plain, verdicts(FINE, partly, FINE), failed, verdicts(WRONG, WRONG, partly)
    )
    assert made.outline.answer == "Ida"
    assert [(one.text, one.fault) for one in made.statements()] == [
        ("p1", ""),
        ("p2", ""),
        ("m1", WRONG.reason),
        ("m2", WRONG.reason),
        ("The model's short answer: Bob", UNCARRIED),
        ("body", ""),
    ]
    assert [one.verdict for one in judged.judged] == [
        "supported",
        "partly",
        "unsupported",
        "unsupported",
        "unsupported",
        "partly",
    ]
    assert [made.statements()[place].text for place in made.revised] == ["m2", "body"]


def test_a_draft_without_sections_takes_the_others_with_their_verdicts() -> None:
    plain = draft(said("p1"), answer="Ida", section="plain body")
    its = verdicts(FINE, Judged(verdict="partly"))
    made, judged = led_by(plain, its, draft(said("m1")), verdicts(WRONG))
    assert [one.text for one in made.statements()] == ["p1", "m1", "plain body"]
    assert [one.verdict for one in judged.judged] == ["supported", "unsupported", "partly"]


def test_a_conflict_in_other_words_is_not_told_twice() -> None:
    plain = draft(said("p1"), about="the rent of it")
    made, _ = led_by(plain, verdicts(FINE), draft(said("m1")), verdicts(WRONG))
    assert [one.about for one in made.outline.conflicts] == ["rent"]
