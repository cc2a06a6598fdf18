"""Blocks of folded steps: sorted, without gap or overlap, from the first step on."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quaestor.tools.models.tokens import clip, estimate

HEADER = 12
"""Tokens of a block's heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Steps `start` to `end`, and the text in their place."""

    start: int
    end: int
    text: str

    @property
    def tokens(self) -> int:
        """About how many tokens it takes in a prompt."""
        return estimate(self.text) + HEADER

    def shown(self) -> str:
        """Return it as it stands in a prompt."""
        steps = (
            f"Step {self.start}" if self.start == self.end else f"Steps {self.start} to {self.end}"
        )
        return f"{steps}: {self.text}"


def fault(blocks: Sequence[Block], first: int, last: int) -> str:
    """Return why steps `first` to `last` cannot be folded; empty where they can.

    Args:
        blocks: A partition of the steps before `last`.
        first: Of the steps to fold.
        last: The latest completed step, with which every fold ends.
    """
    starts = [*(block.start for block in blocks), last]
    if first in starts:
        return ""
    known = ", ".join(map(str, starts[-12:]))
    if not 0 < first <= last:
        return f"fold_from must be a step from 1 to {last}: one of {known}"
    return f"fold_from {first} would cut a block in two: begin at one of {known}"


def folded(blocks: Sequence[Block], first: int, last: int, text: str) -> tuple[Block, ...]:
    """Return a partition of steps 1 to `last`: those from `first` on are one block.

    Raises:
        ValueError: `fault` says why not.
    """
    why = fault(blocks, first, last)
    if why:
        raise ValueError(why)
    kept = [block for block in blocks if block.end < first]
    return (*kept, Block(start=first, end=last, text=text))


def whole(blocks: Sequence[Block], last: int, text_of: Callable[[int], str]) -> tuple[Block, ...]:
    """Return blocks with one added for each step up to `last` that nobody folded."""
    reached = blocks[-1].end if blocks else 0
    added = [Block(start=n, end=n, text=text_of(n)) for n in range(reached + 1, last + 1)]
    return (*blocks, *added)


def bounded(blocks: Sequence[Block], room: int) -> tuple[Block, ...]:
    """Return blocks that take at most so many tokens: the oldest are merged and cut.

    What is merged keeps its beginning and as much of its end as fits a quarter of the room: the
    partition stays whole, so that a step always has a block that says how to see it again.
    """
    held = [_cut(block, max(room // 4, HEADER)) for block in blocks]
    while len(held) > 1 and sum(block.tokens for block in held) > room:
        one, two = held[:2]
        joined = Block(start=one.start, end=two.end, text=f"{one.text} {two.text}")
        held[:2] = [_cut(joined, max(room // 4, HEADER))]
    return tuple(held)


def dumped(blocks: Sequence[Block]) -> str:
    """Return blocks as text."""
    plain = [[block.start, block.end, block.text] for block in blocks]
    return json.dumps(plain, ensure_ascii=False)


def loaded(text: str) -> tuple[Block, ...]:
    """Undo `dumped`; no text is no blocks."""
    plain: list[tuple[int, int, str]] = json.loads(text) if text else []
    return tuple(Block(start=start, end=end, text=said) for start, end, said in plain)


def _cut(block: Block, room: int) -> Block:
    if block.tokens <= room:
        return block
    half = max((room - HEADER - 2) // 2, 0)
    start = clip(block.text, half)
    end = clip(block.text[::-1], half)[::-1]
    text = f"{start}…{end}" if len(start) + len(end) < len(block.text) else block.text
    return Block(start=block.start, end=block.end, text=text)
