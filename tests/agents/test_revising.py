"""The revision round: what failed is written anew once, judged again, and nothing else changes."""

from dataclasses import dataclass, field

import pytest

from quaestor.agents.revising import Verdicts, failing, judge, revise
from quaestor.agents.roles.reviser import Failing
from quaestor.agents.roles.synthesizer import Outline, Section, Spot, Statement
from quaestor.agents.roles.verifier import ClaimView, Judged
from quaestor.agents.synthesis import Draft
from quaestor.errors import LeaseLostError

SPOT = Spot(evidence="e", start=0, end=9)


def said(text: str, *, cited: bool = True) -> Statement:
    return Statement(text=text, spots=(SPOT,) if cited else ())


DRAFT = Draft(
    outline=Outline(answer="", lead=(said("lead"),), sections=()),
    sections=(
        Section(heading="A", statements=(said("a1"), said("a2"))),
        Section(heading="B", statements=(said("b1", cited=False),)),
    ),
    also={},
)
VIEWS = tuple(
    ClaimView(text=one.text, spans=("span",) if one.spots else (), quoted=one.text == "a2")
    for one in DRAFT.statements()
)


def verdicts(*names: str) -> Verdicts:
    return Verdicts(judged=tuple(Judged(verdict=name) for name in names))  # type: ignore[arg-type]


@dataclass
class Writer:
    """A reviser that answers from a list."""

    answers: tuple[str | None, ...] = ()
    error: Exception | None = None
    asked: list[str] = field(default_factory=list[str])

    async def revise(self, failing: tuple[Failing, ...]) -> tuple[str | None, ...]:
        self.asked += [one.statement.text for one in failing]
        if self.error:
            raise self.error
        return self.answers


@dataclass
class Judge:
    """A verifier that finds everything supported, and notes what it was asked."""

    error: Exception | None = None
    asked: list[str] = field(default_factory=list[str])

    async def judge(self, claims: tuple[ClaimView, ...]) -> tuple[Judged, ...]:
        self.asked += [one.text for one in claims]
        if self.error:
            raise self.error
        return tuple(Judged(verdict="supported") for _ in claims)


def test_only_what_failed_and_may_be_changed_is_written_anew() -> None:
    found = failing(DRAFT, VIEWS, verdicts("supported", "contradicted", "partly", "unsupported"))
    # a2 is its span's own words, b1 rests on no span: neither can come nearer to one.
    assert {number: one.statement.text for number, one in found.items()} == {1: "a1"}
    assert found[1].spans == ("span",)


async def test_a_new_sentence_takes_its_place_and_keeps_its_spans() -> None:
    found = failing(DRAFT, VIEWS, verdicts("partly", "unsupported", "supported", "supported"))
    draft = await revise(Writer(answers=("LEAD", "A1")), DRAFT, found)
    assert [one.text for one in draft.statements()] == ["LEAD", "A1", "a2", "b1"]
    assert [one.spots for one in draft.statements()] == [one.spots for one in DRAFT.statements()]
    assert [section.heading for section in draft.sections] == ["A", "B"]
    assert draft.revised == (0, 1)


@pytest.mark.parametrize("answer", [None, "a1"], ids=["no new sentence", "the same sentence"])
async def test_what_is_not_written_anew_is_not_counted(answer: str | None) -> None:
    found = failing(DRAFT, VIEWS, verdicts("supported", "partly", "supported", "supported"))
    draft = await revise(Writer(answers=(answer,)), DRAFT, found)
    assert draft == DRAFT


async def test_a_reviser_that_breaks_changes_nothing() -> None:
    found = failing(DRAFT, VIEWS, verdicts("supported", "partly", "supported", "supported"))
    assert await revise(Writer(error=ValueError("no")), DRAFT, found) == DRAFT


async def test_an_error_about_the_run_itself_is_not_swallowed() -> None:
    found = failing(DRAFT, VIEWS, verdicts("supported", "partly", "supported", "supported"))
    with pytest.raises(LeaseLostError):
        await revise(Writer(error=LeaseLostError("r")), DRAFT, found)


async def test_the_second_time_only_new_sentences_are_judged() -> None:
    first = verdicts("supported", "contradicted", "partly", "unsupported")
    draft = await revise(Writer(answers=("A1",)), DRAFT, failing(DRAFT, VIEWS, first))
    views = tuple(
        ClaimView(text=one.text, spans=view.spans, quoted=view.quoted)
        for one, view in zip(draft.statements(), VIEWS, strict=True)
    )
    asked = Judge()
    again = await judge(asked, views, draft, first)
    assert asked.asked == ["A1"]
    assert [one.verdict for one in again.judged] == [
        "supported",
        "supported",
        "partly",
        "unsupported",
    ]


async def test_a_verifier_that_breaks_labels_the_report_and_loses_nothing() -> None:
    broken = await judge(Judge(error=ValueError("no")), VIEWS, DRAFT, None)
    assert [one.verdict for one in broken.judged] == ["partly"] * 4
    assert all("not verified" in one.reason for one in broken.judged)
