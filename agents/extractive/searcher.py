"""The searcher without a model: its queries, then the bridges its passages offer."""

from collections.abc import Iterator

from quaestor.agents.extractive.covering import open_words
from quaestor.agents.extractive.questions import read_question, relation_query
from quaestor.agents.extractive.trail import Trail, follow, sentences
from quaestor.agents.roles import Done, Passage, SearcherView, ToolCall
from quaestor.memory.text import canonical

LIMIT = 10
_MIN_BRIDGE = 0.1
_MAX_BRIDGES = 4


class ExtractiveNextStep:
    """Searches for what was asked, then for the names that stand where the answer should."""

    async def next(self, view: SearcherView) -> ToolCall | Done:
        """Return what to do now."""
        trail = follow(read_question(view.task.question), _read(view))
        if len(view.steps) >= view.max_steps:
            return _done(view, trail, "steps")
        if view.calls_left <= 0:
            return _done(view, trail, "allotment")
        made = {_key(step.call) for step in view.steps}
        for call in _calls(view, trail):
            if _key(call) not in made:
                return call
        return _done(view, trail, "answered" if trail.passages else "nothing_new")


def _read(view: SearcherView) -> list[Passage]:
    return [passage for step in view.steps for passage in step.passages]


def _key(call: ToolCall) -> str:
    return canonical([call.tool, call.arguments])


def _calls(view: SearcherView, trail: Trail) -> Iterator[ToolCall]:
    form = read_question(view.task.question)
    for query in view.task.queries or (view.task.question,):
        yield _search(query, thought=f"{query} {relation_query(form)}")
    asked = 0
    held = {
        reading.title_key
        for passage, reading in zip(trail.passages, trail.readings, strict=True)
        if passage.kept
    }
    for bridge in trail.bridges:
        if bridge.weight < _MIN_BRIDGE or asked >= _MAX_BRIDGES:
            break
        if bridge.key in held:
            continue
        asked += 1
        still = open_words(form, trail.readings[bridge.passage])
        yield _search(
            f"{bridge.text} {' '.join(still[:2])}".strip(),
            thought=f"{bridge.text} {bridge.text} {' '.join(still)}",
        )


def _search(query: str, *, thought: str) -> ToolCall:
    return ToolCall(
        tool="chunk_search", arguments={"query": query, "limit": LIMIT}, thought=thought
    )


def _done(view: SearcherView, trail: Trail, stopped: str) -> Done:
    best = sentences(read_question(view.task.question), trail)[:3]
    conclusion = " ".join(
        f"{trail.passages[one.passage].title}: {one.unit.text}" for one in best[:2]
    )
    return Done(conclusion=conclusion, hypotheses=(), stopped=stopped)  # type: ignore[arg-type]
