"""Where a report keeps what failed: apart in a list, or marked in its place; never nowhere."""

from dataclasses import replace
from typing import Literal

import pytest

from quaestor.agents.report import compose
from quaestor.agents.roles.synthesizer import Section, Statement
from quaestor.agents.roles.verifier import Judged
from quaestor.agents.wording import NOT_CONFIRMED, UNCONFIRMED
from tests.agents.test_report import SUPPORTED, body, desk

INVENTED = "The leave of Marguerite Oberon is 41 days."


@pytest.mark.parametrize("where", ["list", "mark"])
@pytest.mark.parametrize("cites", [True, False], ids=["it cites a span", "it cites nothing"])
def test_a_statement_that_fails_is_shown_once_and_labelled(
    where: Literal["list", "mark"], *, cites: bool
) -> None:
    at = desk()
    wrong = at.says("It had", INVENTED) if cites else Statement(text=INVENTED, spots=())
    sections = [Section(heading="Ostrava", statements=(wrong, at.says("It is")))]
    judged = [SUPPORTED, Judged(verdict="unsupported", reason="not there"), SUPPORTED]
    material = at.material(
        answer="28 days", lead=[at.says("Leave")], sections=sections, judged=judged
    )
    composed = compose(replace(material, unverified=where))
    text = body(composed)
    assert text.count("Marguerite Oberon is 41 days") == 1
    line = next(one for one in text.splitlines() if "41 days" in one)
    assert NOT_CONFIRMED in line
    assert (f"## {UNCONFIRMED}" in text) is (where == "list")
    if where == "mark":
        assert text.index("41 days") < text.index(material.sections[0].statements[1].text[:5])
    assert composed.dropped == 1
    assert composed.answer == "28 days"


@pytest.mark.parametrize("where", ["list", "mark"])
def test_a_lead_keeps_its_answer_beside_a_sentence_whose_source_is_unknown(
    where: Literal["list", "mark"],
) -> None:
    at = desk()
    unread = Statement(text=INVENTED, spots=(), fault="what it names was not read")
    material = at.material(
        answer="28 days",
        lead=[at.says("Leave"), unread],
        sections=[],
        judged=[SUPPORTED, Judged(verdict="unsupported", reason="it cites no span")],
    )
    composed = compose(replace(material, unverified=where))
    assert (composed.answer, composed.status, composed.dropped) == ("28 days", "answered", 1)
    line = next(one for one in composed.markdown.splitlines() if "41 days" in one)
    assert f"{NOT_CONFIRMED} what it names was not read." in line


@pytest.mark.parametrize("where", ["list", "mark"])
def test_a_short_answer_that_is_lost_is_told(where: Literal["list", "mark"]) -> None:
    at = desk()
    material = at.material(
        answer="41 days",
        lead=[at.says("Leave"), at.says("It had", INVENTED)],
        judged=[SUPPORTED, Judged(verdict="unsupported", reason="not there")],
    )
    composed = compose(replace(material, unverified=where))
    assert (composed.answer, composed.dropped) == ("", 1)
    told = composed.markdown.split(f"## {UNCONFIRMED}")[1]
    assert "- The short answer: 41 days. *Not confirmed:" in told


def test_a_heading_is_no_claim() -> None:
    at = desk()
    heading = replace(at.says("It had"), text="## Notes")
    section = Section(heading="Ostrava", statements=(heading, at.says("It is")))
    composed = compose(
        at.material(
            answer="28 days", lead=[at.says("Leave")], sections=[section], judged=[SUPPORTED] * 3
        )
    )
    assert "## Notes" not in [claim.text for claim in composed.claims]
    assert "Notes" not in composed.markdown
    assert len(composed.claims) == 2


@pytest.mark.parametrize("where", ["list", "mark"])
def test_a_report_whose_only_sentence_failed_does_not_answer_wherever_that_stands(
    where: Literal["list", "mark"],
) -> None:
    at = desk()
    judged = [Judged(verdict="unsupported", reason="not there")]
    material = at.material(lead=[at.says("Leave", INVENTED)], judged=judged)
    composed = compose(replace(material, unverified=where))
    assert (composed.answer, composed.status) == ("", "insufficient_evidence")
