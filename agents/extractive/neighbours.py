"""When a searcher of a person's own folder walks on from a passage instead of asking again.

The neighbours of the best passage are read when its best sentence is cut off at the passage's edge
or leans on what stands before it; passages that mention a name when a search for it, ranked by all
the words of its query, brought none that does.
"""

import re
from collections.abc import Sequence

from quaestor.agents.extractive.bridging import Bridge
from quaestor.agents.extractive.questions import Question
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.trail import Trail, sentences
from quaestor.agents.roles.searcher import Step, ToolCall
from quaestor.agents.roles.shown import Passage

_BESIDE = 2
"""Passages read around the best: the one before and the one after."""
_MENTIONING = 5
_LEANS = re.compile(
    r"(?:he|she|it|they|his|her|its|their|this|these|that|those|the\s+(?:team|group|firm|company|"
    r"project|product|device|person|author|owner|building|town|village|committee|department))\b",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?。！？…][\"'”’»)\]]*\s*$")


def beside_best(question: Question, trail: Trail) -> ToolCall | None:
    """Return the call for the neighbours of the best sentence's passage, where it lacks them."""
    best = next(iter(sentences(question, trail)), None)
    if best is None:
        return None
    passage = trail.passages[best.passage]
    last = best.index == len(trail.readings[best.passage].units) - 1
    if not (_leans_outside(passage, best) or _is_cut(passage, best, last=last)):
        return None
    return ToolCall(
        tool="adjacent_passages",
        arguments={"document": passage.document, "start": passage.start, "limit": _BESIDE},
        thought=f"{passage.title} {question.text}",
    )


def _leans_outside(passage: Passage, best: Sentence) -> bool:
    """Tell whether the sentence begins a passage, not its document, and begins with a pronoun."""
    return passage.start > 0 and best.index == 0 and bool(_LEANS.match(best.unit.text))


def _is_cut(passage: Passage, best: Sentence, *, last: bool) -> bool:
    """Tell whether the passage's edge cuts the sentence: it starts small or has no end."""
    opened = passage.start > 0 and best.index == 0 and best.unit.text[:1].islower()
    return opened or (last and not _ENDED.search(passage.text))


def mentions(
    bridge: Bridge, trail: Trail, query: str, steps: Sequence[Step], thought: str
) -> ToolCall | None:
    """Return the call for passages that mention a bridge, where the search for it brought none.

    A name that stands in one passage only, of all that were read, is a rare one.
    """
    searched = any(step.call.arguments.get("query") == query for step in steps)
    elsewhere = (
        f" {bridge.key} " in f"{reading.flat}{reading.title_flat}"
        for i, reading in enumerate(trail.readings)
        if i != bridge.passage
    )
    if not searched or any(elsewhere):
        return None
    return ToolCall(
        tool="adjacent_passages",
        arguments={"entity": bridge.text, "limit": _MENTIONING},
        thought=thought,
    )
