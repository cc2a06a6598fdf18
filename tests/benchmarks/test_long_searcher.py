"""A step of a long search costs what a step of a short one does, under each bounded policy."""

from pathlib import Path

import pytest

from benchmarks.long_searcher import BOUNDED, a_step, measure
from quaestor.agents.chat.context.named import Context


@pytest.mark.parametrize("policy", BOUNDED)
async def test_the_sixtieth_step_writes_what_the_twentieth_did(home: Path, policy: Context) -> None:
    # Summaries come every few steps; blocks of folds are full after a dozen.
    span = 6 if policy == "fold" else 12
    early, late = range(20 - span, 20), range(60 - span, 60)
    one = await measure(policy, steps=61, windows=(early, late), home=home, context=8_000)
    before, after = a_step(one, early), a_step(one, late)
    for name in ("checkpoints", "ledger", "handed on"):
        assert after[name] == pytest.approx(before[name], rel=0.2), name
    assert after["state"] == pytest.approx(before["state"], rel=0.05)
    assert one.finding.stopped == "answered"
    assert sorted(one.recalled) == [1, 2, 3, 19, 59]
    assert all(one.recalled.values())
