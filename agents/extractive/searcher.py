"""The searcher without a model: its queries, then the names that stand where the answer should.

Every choice is a function of the view. It ends by itself: a call is never made twice, each
bridge is asked for once, and two calls in a row that bring nothing new end the search.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from quaestor.agents.extractive.bridging import strongest
from quaestor.agents.extractive.covering import covered, open_words
from quaestor.agents.extractive.neighbours import beside_best, mentions
from quaestor.agents.extractive.picking import is_carried, pick
from quaestor.agents.extractive.questions import Question, read_question, relation_query
from quaestor.agents.extractive.trail import Trail, follow, sentences
from quaestor.agents.roles.searcher import Done, SearcherView, Step, ToolCall
from quaestor.agents.roles.shown import Passage
from quaestor.memory.finding import Gap
from quaestor.memory.text import canonical
from quaestor.tools.text.words import content_terms
from quaestor.tools.web.typed import is_locator

LIMIT = 10
_WEAKEST_BRIDGE = 0.1
_MOST_BRIDGES = 4
_MOST_PAGES = 3
"""Opened of one search's hits."""
_LEAST_COVER = 0.15
"""Of the question's words, in title and snippet of a page worth opening."""
_MOST_SEGMENTS = 4
"""Of one page: the others found shall have their turn."""
_USEFUL = 0.3
"""Of the question's words, in a passage after which its page is read on."""
_IDLE = 2
"""Calls in a row without anything new that end a search."""

Stopped = Literal["answered", "nothing_new", "steps", "allotment"]


class ExtractiveNextStep:
    """Searches for what was asked, then for what its best passages lead to."""

    async def next(self, view: SearcherView) -> ToolCall | Done:
        """Return what to do now."""
        question = read_question(view.task.question)
        trail = follow(question, _passages(view.steps))
        asked = _Asked(view=view, question=question, trail=trail)
        if view.calls_left <= 0:
            return _done(view, question, trail, "allotment")
        if len(view.steps) >= view.max_steps:
            return _done(view, question, trail, "steps")
        made = {_key(step.call) for step in view.steps}
        for call, leads_on in _calls(asked):
            if _key(call) in made:
                continue
            if leads_on and _is_idle(question, view.steps):
                break
            return call
        return _done(view, question, trail, "nothing_new")


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What a choice is made from."""

    view: SearcherView
    question: Question
    trail: Trail

    @cached_property
    def answered(self) -> bool:
        """Whether what was read carries an answer already."""
        answers = pick(self.question, self.trail, sentences(self.question, self.trail))
        return any(is_carried(self.question, self.trail, answer) for answer in answers)


def _passages(steps: Sequence[Step]) -> list[Passage]:
    return [passage for step in steps for passage in step.passages]


def _key(call: ToolCall) -> str:
    return canonical([call.tool, call.arguments])


def _calls(asked: _Asked) -> Iterator[tuple[ToolCall, bool]]:
    """Yield the calls worth making, in order, each with whether a bridge leads to it."""
    view, question, trail = asked.view, asked.question, asked.trail
    wanted = relation_query(question)
    for uri in view.typed[:_MOST_PAGES]:
        for reading in _reading(asked, uri, view.task.question, best=True):
            yield reading, False
    for query in view.task.queries or (view.task.question,):
        yield from _asking(asked, query, f"{query} {wanted}", leads_on=False)
    walks = "adjacent_passages" in view.source.tools
    if walks and (call := beside_best(question, trail)):
        yield call, True
    held = {
        reading.title_key
        for passage, reading in zip(trail.passages, trail.readings, strict=True)
        if passage.kept
    }
    # A page that names an address does not have it asked of a search engine.
    strong = [b for b in trail.bridges if b.weight >= _WEAKEST_BRIDGE and not is_locator(b.text)]
    led = strongest(strong)
    overlooked: list[ToolCall] = []
    for bridge in [b for b in led.values() if b.key not in held][:_MOST_BRIDGES]:
        still = open_words(question, trail.readings[bridge.passage])
        query = " ".join([bridge.text, *still[:2]])
        thought = " ".join([bridge.text, bridge.text, *still])
        yield from _asking(asked, query, thought, leads_on=True)
        if walks and (call := mentions(bridge, trail, query, view.steps, thought)):
            overlooked.append(call)
    # Last: it may not take a step from a bridge that was not searched for yet.
    yield from ((call, True) for call in overlooked[:1])


def _asking(
    asked: _Asked, query: str, thought: str, *, leads_on: bool
) -> Iterator[tuple[ToolCall, bool]]:
    """Yield a search, and after it the pages of its hits where the source has to be opened."""
    view = asked.view
    local = "chunk_search" in view.source.tools
    call = ToolCall(
        tool="chunk_search" if local else "search",
        arguments={"query": query, "limit": LIMIT},
        thought=thought,
    )
    yield call, leads_on
    if "open" not in view.source.tools:
        return
    for step in view.steps:
        if _key(step.call) == _key(call):
            hits = [hit for hit in step.hits if hit["uri"] not in view.typed]
            worth = _worth_opening(asked.question, query, hits, failed=_failed(view.steps))
            for place, hit in enumerate(worth):
                for reading in _reading(asked, hit["uri"], thought, best=place == 0):
                    yield reading, leads_on


def _reading(asked: _Asked, uri: str, thought: str, *, best: bool) -> Iterator[ToolCall]:
    """Yield the opening of a page, and after it its segments while they are worth a step."""
    call = ToolCall(tool="open", arguments={"hit": {"uri": uri}}, thought=thought)
    for _ in range(_MOST_SEGMENTS):
        yield call
        step = next((step for step in asked.view.steps if _key(step.call) == _key(call)), None)
        if step is None or step.read is None or not step.read.more:
            return
        if asked.answered or not (best or _is_useful(asked.question, step)):
            return
        if "read_on" not in asked.view.source.tools:
            return
        further = {"document": step.read.document, "start": step.read.end}
        call = ToolCall(tool="read_on", arguments=further, thought=thought)


def _is_useful(question: Question, step: Step) -> bool:
    """Tell whether a passage that was kept of a step speaks of what is asked."""
    kept = [passage for passage in step.passages if passage.kept]
    return any(_cover(question, passage) >= _USEFUL for passage in kept)


def _failed(steps: Sequence[Step]) -> frozenset[str]:
    """Return the addresses that were opened and gave nothing."""
    opened = [step for step in steps if step.call.tool == "open" and not step.passages]
    return frozenset(str(step.call.arguments["hit"]["uri"]) for step in opened)


def _worth_opening(
    question: Question,
    query: str,
    hits: Sequence[dict[str, Any]],
    *,
    failed: Collection[str],
) -> list[dict[str, Any]]:
    """Return the hits whose title and snippet cover most of what is asked, best first.

    One that failed takes no place from the next: behind bad pages stand good ones.
    """
    wanted = frozenset(content_terms(query))

    def worth(hit: Mapping[str, Any]) -> float:
        terms = frozenset(content_terms(f"{hit['title']} {hit['snippet']}"))
        return covered(question, terms) + len(wanted & terms) / (len(wanted) or 1)

    ranked = sorted(hits, key=lambda hit: (-worth(hit), hit["rank"], hit["uri"]))
    chosen: list[dict[str, Any]] = []
    for hit in ranked:
        if worth(hit) >= _LEAST_COVER and sum(one["uri"] not in failed for one in chosen) < (
            _MOST_PAGES
        ):
            chosen.append(hit)
    return chosen


def _is_idle(question: Question, steps: Sequence[Step]) -> bool:
    """Tell whether the last calls brought no new passage that covers anything asked."""
    if len(steps) <= _IDLE:
        return False
    before = {passage.evidence for step in steps[:-_IDLE] for passage in step.passages}
    return not any(
        step.hits or any(_speaks(question, p) for p in step.passages if p.evidence not in before)
        for step in steps[-_IDLE:]
    )


def _speaks(question: Question, passage: Passage) -> bool:
    return _cover(question, passage) > 0


def _cover(question: Question, passage: Passage) -> float:
    return covered(question, frozenset(content_terms(f"{passage.title} {passage.text}")))


def _done(view: SearcherView, question: Question, trail: Trail, stopped: Stopped) -> Done:
    ranked = sentences(question, trail)
    answers = pick(question, trail, ranked)
    carried = [answer for answer in answers if is_carried(question, trail, answer)]
    said = [*(answer.sentences[0] for answer in carried[:1]), *ranked[:2]]
    parts = [f"{trail.passages[one.passage].title}: {one.unit.text}" for one in said[:2]]
    return Done(
        conclusion=" ".join(dict.fromkeys(parts)),
        hypotheses=tuple(answer.text for answer in carried[:3]),
        stopped="answered" if carried and stopped == "nothing_new" else stopped,
        gaps=() if carried or ranked else (_gap(view),),
    )


def _gap(view: SearcherView) -> Gap:
    queries = [str(s.call.arguments["query"]) for s in view.steps if "query" in s.call.arguments]
    return Gap(
        kind="not_found",
        what=view.task.question,
        why="nothing that was found speaks of it",
        tried=tuple(dict.fromkeys(queries)),
        source=view.source.name,
    )
