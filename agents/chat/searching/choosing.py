"""From a model's reply to a call that may be made: code looks up every id and fills the rest."""

from dataclasses import dataclass
from typing import Any

from quaestor.agents.chat.searching.ids import address_of, number_of, passage_at, rest_of
from quaestor.agents.chat.searching.replies import SearchReply
from quaestor.agents.orders import RECALL
from quaestor.agents.roles.searcher import Done, SearcherView, ToolCall
from quaestor.memory.finding import Gap
from quaestor.memory.labels import one_line

LIMIT = 10
"""Hits or passages asked for by one call."""
LONGEST_QUERY = 300
_LONGEST_ENTITY = 120
_LONGEST_CONCLUSION = 1_000
_LONGEST_ANSWER = 200
_MOST_ANSWERS = 5
_SEARCHES = ("search", "chunk_search")


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """A reply that is no call, and why, in words a model can mend it by."""

    why: str


def actions_of(view: SearcherView) -> tuple[str, ...]:
    """Return the actions a model may choose now."""
    if view.ending:
        return ("finish",)
    earlier = (RECALL,) if view.taken > 0 else ()
    return (*view.source.tools, *earlier, "finish")


def chosen(view: SearcherView, reply: SearchReply) -> ToolCall | Done | Misread:
    """Return what a reply comes to."""
    action: str = reply.action
    if action in _SEARCHES:
        # A source has one of the two; which of the names it goes by is no reason to ask again.
        action = next((tool for tool in _SEARCHES if tool in view.source.tools), action)
    known = actions_of(view)
    if action not in known:
        return Misread(why=f"there is no action {action} now; choose from: {', '.join(known)}")
    if action == "finish":
        return _finished(view, reply)
    arguments = _arguments(view, action, reply)
    if isinstance(arguments, Misread):
        return arguments
    thought = one_line(reply.thought, _LONGEST_CONCLUSION) or view.task.question
    return ToolCall(tool=action, arguments=arguments, thought=thought)


def _arguments(view: SearcherView, action: str, reply: SearchReply) -> dict[str, Any] | Misread:
    match action:
        case "open":
            uri = address_of(view, reply.target)
            return {"hit": {"uri": uri}} if uri else _unknown("hit", reply.target, "h1.2")
        case "read_on":
            rest = rest_of(view, reply.target)
            none = "no document that was opened has more to read under that id"
            return {"document": rest[0], "start": rest[1]} if rest else Misread(why=none)
        case "adjacent_passages":
            return _beside(view, reply)
        case "recall":
            number = number_of(reply.step or reply.target)
            named = 0 < number <= view.taken
            wanted = f"step must be a number from 1 to {view.taken}"
            return {"step": number} if named else Misread(why=wanted)
        case _:
            query = one_line(reply.query, LONGEST_QUERY)
            return {"query": query, "limit": LIMIT} if query else Misread(why="it needs a query")


def _beside(view: SearcherView, reply: SearchReply) -> dict[str, Any] | Misread:
    entity = one_line(reply.entity, _LONGEST_ENTITY)
    if entity:
        return {"entity": entity, "limit": LIMIT}
    passage = passage_at(view, reply.target)
    if passage is None:
        return _unknown("passage", reply.target, "p1.2")
    return {"document": passage.document, "start": passage.start, "limit": LIMIT}


def _unknown(what: str, said: str, example: str) -> Misread:
    named = f"no {what} {one_line(said, 40)!r}" if said.strip() else f"target names no {what}"
    return Misread(why=f"{named}: give an id that is shown, like {example}")


def _finished(view: SearcherView, reply: SearchReply) -> Done | Misread:
    answers = [one_line(said, _LONGEST_ANSWER) for said in reply.answers[:_MOST_ANSWERS]]
    hypotheses = tuple(dict.fromkeys(one for one in answers if one)) if reply.found else ()
    conclusion = one_line(reply.conclusion, _LONGEST_CONCLUSION)
    found = reply.found and bool(hypotheses or conclusion)
    if reply.found and not found:
        return Misread(why="finish needs a conclusion and answers, or found false")
    if found and not view.ending and not _has_read(view):
        return Misread(
            why="nothing was read yet, and a snippet is no evidence: read first, or finish with "
            "found false"
        )
    if found:
        return Done(conclusion=conclusion, hypotheses=hypotheses, stopped="answered")
    return Done(
        conclusion=conclusion,
        hypotheses=(),
        stopped=view.ending or "nothing_new",
        gaps=(_gap(view),),
    )


def _has_read(view: SearcherView) -> bool:
    """Say whether a step brought a passage; steps that are no longer shown count as having."""
    return view.taken > len(view.steps) or any(step.passages for step in view.steps)


def _gap(view: SearcherView) -> Gap:
    queries = (step.call.arguments.get("query") for step in view.steps)
    tried = dict.fromkeys(query for query in queries if isinstance(query, str))
    return Gap(
        kind="not_found",
        what=view.task.question,
        why="nothing that was found speaks of it",
        tried=tuple(tried),
        source=view.source.name,
    )
