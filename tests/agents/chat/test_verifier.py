"""The entailment question: the worse of what code and a model say, in batches."""

from pathlib import Path
from typing import Any

import pytest

from quaestor.agents.chat.verifier import MOST_CLAIMS, ChatVerifier
from quaestor.agents.roles.verifier import ClaimView, Judged
from quaestor.memory.report import Verdict
from quaestor.testing import Request, ScriptedModel
from tests.agents.chat.desks import office


class Code:
    """Finds what it is told to."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict: Verdict = verdict

    async def judge(self, claims: tuple[ClaimView, ...]) -> tuple[Judged, ...]:
        return tuple(Judged(verdict=self.verdict, reason="by code") for _ in claims)


def claim(text: str = "The lamp is green.", **more: Any) -> ClaimView:
    return ClaimView(text=text, spans=("The lamp is red.",), **more)


def verdict(name: str, number: int = 1) -> dict[str, Any]:
    return {"verdicts": [{"claim": number, "verdict": name, "reason": "seen so"}]}


@pytest.mark.parametrize(
    ("code", "model", "expected"),
    [
        pytest.param("supported", "supported", "supported", id="both agree"),
        pytest.param("supported", "contradicted", "contradicted", id="the model finds more wrong"),
        pytest.param("unsupported", "supported", "unsupported", id="no model overrules code"),
        pytest.param("partly", "unsupported", "unsupported", id="the worse of the two"),
    ],
)
async def test_the_worse_verdict_stands_and_both_are_kept(
    home: Path, code: Verdict, model: str, expected: Verdict
) -> None:
    async with office(ScriptedModel([verdict(model)]), home, role="verifier") as desk:
        verifier = ChatVerifier(desk=desk.desk, fallback=Code(code))
        [judged] = await verifier.judge((claim(),))
    assert (judged.verdict, judged.entailment) == (expected, model)
    assert judged.reason == ("by code" if expected == code else "a model judged: seen so")


async def test_a_quotation_and_a_claim_without_spans_cost_no_question(home: Path) -> None:
    async with office(ScriptedModel([]), home, role="verifier") as desk:
        verifier = ChatVerifier(desk=desk.desk, fallback=Code("supported"))
        judged = await verifier.judge((claim(quoted=True), ClaimView(text="x", spans=())))
        assert desk.prompts == []
    assert [one.entailment for one in judged] == [None, None]


LEASE = ("Lease agreement, 12 March 2021",)


@pytest.mark.parametrize(
    ("text", "span", "asked"),
    [
        pytest.param(f"{LEASE[0]}: It was signed.", "It was signed.", 0, id="its title before it"),
        pytest.param(
            f"{LEASE[0]}: It was\tsigned.", f"{LEASE[0]}\n\nIt was\nsigned.", 0, id="both its own"
        ),
        pytest.param("It was signed.", "It was\nsigned.", 0, id="its words on two lines"),
        pytest.param("Deed: It was signed.", "It was signed.", 1, id="another title before it"),
        pytest.param(f"{LEASE[0]}: It was not signed.", "It was signed.", 1, id="one word more"),
    ],
)
async def test_a_copied_sentence_is_not_asked_about(
    home: Path, text: str, span: str, asked: int
) -> None:
    view = ClaimView(text=text, spans=(span,), titles=LEASE)
    async with office(ScriptedModel([verdict("unsupported")]), home, role="verifier") as desk:
        await ChatVerifier(desk=desk.desk, fallback=Code("supported")).judge((view,))
        assert len(desk.prompts) == asked


async def test_a_model_without_a_usable_reply_leaves_what_code_said(home: Path) -> None:
    async with office(ScriptedModel(["?", "?"]), home, role="verifier") as desk:
        verifier = ChatVerifier(desk=desk.desk, fallback=Code("partly"))
        [judged] = await verifier.judge((claim(),))
        assert await desk.fallbacks.counted() == {"verifier:no_json": 1}
    assert judged == Judged(verdict="partly", reason="by code")


async def test_many_claims_go_in_batches_and_each_verdict_finds_its_claim(home: Path) -> None:
    bad = "The lamp is number 17."

    def rule(request: Request) -> dict[str, Any]:
        blocks = str(request.messages[-1].text).split("Claim ")[1:]
        return {
            "verdicts": [
                {
                    "claim": number,
                    "verdict": "unsupported" if bad in block else "supported",
                }
                for number, block in enumerate(blocks, 1)
            ]
        }

    texts = [f"The lamp is number {number}." for number in range(2 * MOST_CLAIMS + 1)]
    async with office(ScriptedModel(rule), home, role="verifier") as desk:
        verifier = ChatVerifier(desk=desk.desk, fallback=Code("supported"))
        judged = await verifier.judge(tuple(claim(text) for text in texts))
        assert len(desk.prompts) == 3
    assert [
        text for text, one in zip(texts, judged, strict=True) if one.verdict != "supported"
    ] == [bad]
