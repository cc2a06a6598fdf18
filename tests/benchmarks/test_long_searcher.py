"""A step of a long search costs what a step of a short one does, under each bounded policy."""

from pathlib import Path

import pytest

from benchmarks.long_searcher import BOUNDED, a_step, measure
from quaestor.agents.chat.context.named import Context


@pytest.mark.parametrize("policy", BOUNDED)
async def test_the_sixtieth_step_writes_what_the_twentieth_did(home: Path, policy: Context) -> None:
    # Summaries come every few steps; blocks of folds are full after a dozen.
    span = 6 if policy == "fold" else 12
    marks = (20 - span, 20, 60 - span, 60)
    one = await measure(policy, steps=61, marks=marks, home=home, context=8_000)
    early, late = a_step(one, 20, span), a_step(one, 60, span)
    for name in ("checkpoints", "ledger", "handed on"):
        assert late[name] == pytest.approx(early[name], rel=0.2), name
    assert late["state"] == pytest.approx(early["state"], rel=0.05)
    assert one.finding.stopped == "answered"
    assert sorted(one.recalled) == sorted({1, 2, 3, *(mark - 1 for mark in marks)})
    assert all(one.recalled.values())
