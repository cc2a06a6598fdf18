"""Blocks of folded steps always partition the steps before the last."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.chat.context.fold import MOST_BLOCKS, Fold
from quaestor.agents.chat.context.folding import (
    Block,
    bounded,
    dumped,
    fault,
    folded,
    loaded,
    whole,
)
from quaestor.agents.chat.searching.replies import FoldReply
from quaestor.agents.roles.searcher import SearcherView
from quaestor.tools.models.tokens import estimate_all
from tests.agents.chat.search_views import hit, page, searched, view

WORDS = st.text(alphabet='ab 東"\\\n', max_size=600)


def partitions(blocks: Sequence[Block], last: int) -> bool:
    steps = [number for block in blocks for number in range(block.start, block.end + 1)]
    return steps == list(range(1, last + 1)) and all(one.start <= one.end for one in blocks)


@given(
    st.lists(st.tuples(st.integers(-2, 60), WORDS, st.booleans()), max_size=50),
    st.integers(150, 2_000),
)
def test_whatever_is_folded_the_blocks_partition_the_steps(
    said: list[tuple[int, str, bool]], room: int
) -> None:
    blocks: tuple[Block, ...] = ()
    for last, (first, text, replied) in enumerate(said, 1):
        before = whole(blocks, last - 1, str)
        assert partitions(before, last - 1)
        if replied and not fault(before, first, last):
            blocks = bounded(folded(before, first, last, text), room)
            assert blocks[-1].end == last
        else:
            blocks = bounded(whole(before, last, str), room)
        assert partitions(blocks, last)
        assert sum(block.tokens for block in blocks) <= room
        assert loaded(dumped(blocks)) == blocks


THREE = (
    Block(start=1, end=2, text="a"),
    Block(start=3, end=3, text="b"),
    Block(start=4, end=6, text="c"),
)


@pytest.mark.parametrize(
    ("first", "made"),
    [
        pytest.param(7, [(1, 2), (3, 3), (4, 6), (7, 7)], id="the last step alone"),
        pytest.param(4, [(1, 2), (3, 3), (4, 7)], id="with the block before it"),
        pytest.param(1, [(1, 7)], id="everything"),
    ],
)
def test_a_fold_ends_with_the_last_step(first: int, made: list[tuple[int, int]]) -> None:
    blocks = folded(THREE, first, 7, "f")
    assert [(block.start, block.end) for block in blocks] == made
    assert blocks[-1].text == "f"


@pytest.mark.parametrize(
    ("first", "why"),
    [
        pytest.param(2, "would cut a block", id="inside the first block"),
        pytest.param(5, "would cut a block", id="inside the last"),
        pytest.param(0, "from 1 to 7", id="no step"),
        pytest.param(8, "from 1 to 7", id="a step that is to come"),
    ],
)
def test_a_fold_that_cuts_a_block_is_refused(first: int, why: str) -> None:
    assert why in fault(THREE, first, 7)
    with pytest.raises(ValueError, match="fold_from"):
        folded(THREE, first, 7, "f")


def after(steps: int, memory: str = "") -> SearcherView:
    return view(
        [searched(number, hit(1, snippet="s" * 500)) for number in range(1, steps + 1)],
        memory=memory,
    )


def said(text: str = "nothing there", begin: str = "") -> FoldReply:
    return FoldReply.model_validate(
        {"action": "search", "query": "q", "fold_text": text, "fold_from": begin}
    )


def test_the_prompt_holds_blocks_and_the_last_result_only() -> None:
    memory = dumped([Block(start=1, end=2, text="two harbours were named")])
    shown = Fold().shown(page(after(3, memory))).prompt
    text = "\n".join(turn.text for turn in shown.turns)
    assert "Steps 1 to 2: two harbours were named" in text
    assert "[h3.1]" in text
    assert "[h1.1]" not in text
    assert "[h2.1]" not in text


def test_steps_that_nobody_folded_have_a_block_that_says_their_call() -> None:
    memory = dumped([Block(start=1, end=1, text="one")])
    shown = Fold().shown(page(after(4, memory))).prompt
    assert "Step 2: search query 2\nStep 3: search query 3" in shown.turns[0].text
    carried = loaded(Fold().carried(page(after(4, memory)), None))
    assert [block.text for block in carried] == [
        "one",
        "search query 2",
        "search query 3",
        "search query 4",
    ]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        pytest.param(said(), "", id="the last step, unsaid"),
        pytest.param(said(begin="step 3"), "", id="the last step, in words"),
        pytest.param(said(begin="1"), "", id="from a block's beginning"),
        pytest.param(said(begin="2"), "cut a block", id="from inside a block"),
        pytest.param(said("  "), "empty", id="no text"),
    ],
)
def test_what_is_wrong_with_a_fold_is_said(reply: FoldReply, why: str) -> None:
    memory = dumped([Block(start=1, end=2, text="both")])
    found = Fold().fault(page(after(3, memory)), reply)
    assert (why in found) if why else found == ""


def test_two_thousand_folds_take_no_more_room_than_two_hundred() -> None:
    memory = ""
    sizes: dict[int, int] = {}
    for number in range(1, 2_001):
        seen = view([searched(number, hit(1, snippet="s" * 500))], memory=memory, taken=number)
        now = page(seen, room=28_000)
        prompt = Fold().shown(now).prompt
        sizes[number] = estimate_all([turn.text for turn in prompt.turns])
        memory = Fold().carried(now, said(f"step {number} named {'barges ' * 30}"))
        assert partitions(loaded(memory), number)
    assert max(sizes.values()) < MOST_BLOCKS * 1.5
    assert max(list(sizes.values())[1_000:]) <= max(list(sizes.values())[:200]) * 1.05
