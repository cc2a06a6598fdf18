"""Views a searcher is given, made small."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from quaestor.agents.chat.searching.page import Page
from quaestor.agents.roles.searcher import SearcherView, Step, ToolCall
from quaestor.agents.roles.shown import Passage, SourceCard
from quaestor.memory.documents import Origin
from quaestor.memory.plan import Brief, Task
from quaestor.tools.models.desk import Desk
from quaestor.tools.models.lessons import Lesson
from quaestor.tools.reading import Stretch
from tests.agents.chat.desks import MARK

WEB = SourceCard(name="web", private=False, remote=True, tools=("search", "open", "read_on"))
NOTES = SourceCard(
    name="notes", private=True, remote=False, tools=("chunk_search", "adjacent_passages")
)
TASK = Task.of("What is the range of the Pintail?", branch="public", source="web")


def passage(text: str, *, document: str = "d", start: int = 0, title: str = "Page") -> Passage:
    return Passage(
        evidence=f"{document}-{start}",
        document=document,
        start=start,
        end=start + len(text),
        text=text,
        title=title,
        uri=f"https://example.org/{document}",
        origin=Origin(kind="web", name="", private=False),
    )


def hit(number: int, title: str = "", snippet: str = "") -> dict[str, Any]:
    uri = f"https://example.org/{number}"
    return {"uri": uri, "title": title or f"Page {number}", "snippet": snippet, "rank": number}


def searched(number: int, *hits: dict[str, Any], query: str = "", said: str = "") -> Step:
    asked = query or f"query {number}"
    call = ToolCall(tool="search", arguments={"query": asked}, thought="", said=said)
    return Step(call=call, passages=(), hits=hits, number=number)


def opened(number: int, *texts: str, said: str = "", end: int = 0, length: int = 0) -> Step:
    document = f"doc{number}"
    call = ToolCall(tool="open", arguments={"hit": {"uri": f"u{number}"}}, thought="", said=said)
    passages = [
        passage(text, document=document, start=10 * place) for place, text in enumerate(texts)
    ]
    read = Stretch(document=document, start=0, end=end or 10, length=length or 10)
    return Step(call=call, passages=tuple(passages), read=read, number=number)


def view(steps: Sequence[Step] = (), **more: Any) -> SearcherView:
    """Return a view of a web task after some steps."""
    made = SearcherView(
        question="What is the range of the Pintail?",
        brief=Brief(answer_type="number", parts=("range",), as_of="2026-01-01"),
        task=TASK,
        source=WEB,
        steps=tuple(steps),
        max_steps=more.pop("max_steps", 5_000),
        calls_left=more.pop("calls_left", 5_000),
        taken=more.pop("taken", steps[-1].number if steps else 0),
    )
    return replace(made, **more)


def page(view: SearcherView, *, room: int = 8_000) -> Page:
    """Return the page of a view; its desk has room and marks, and nobody at it."""
    nobody = cast("Any", None)
    return Page(
        view=view,
        desk=Desk(
            role="searcher", calls=nobody, fallbacks=nobody, mark=MARK, room=room, lesson=Lesson
        ),
    )
