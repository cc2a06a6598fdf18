"""Views a writer is given, made small, and what the writer makes of them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from quaestor.agents.chat.writer import ChatSynthesizer
from quaestor.agents.duplicates import Merged
from quaestor.agents.extractive.synthesizer import ExtractiveSynthesizer
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import WriteView
from quaestor.agents.synthesis import Draft, write
from quaestor.memory.documents import Document, Origin
from quaestor.memory.finding import Conflict
from quaestor.memory.plan import AnswerType, Brief
from quaestor.testing import Double, Request, ScriptedModel
from tests.agents.chat.desks import office

FERRIES = (
    (
        "Merganser",
        "The Merganser is a ferry. The Merganser was built by Ilse Marrand in 1961. She carries "
        "480 passengers. Her funnel is green.",
    ),
    ("Ilse Marrand", "Ilse Marrand was a Norwegian shipwright. She was born in Nordhaven."),
    ("Pintail", "The Pintail is a ferry that was built by Bo Orr in 1974. She is 52 metres long."),
    ("Eider", "The Eider is a ferry. The Eider was built in 1983. She is 61 metres long."),
)


def passage_of(title: str, text: str, *, modified: str | None = None) -> Passage:
    """Return a passage that is the whole of its document."""
    document = Document.of(
        text,
        uri=f"{title}.md",
        title=title,
        media_type="text/plain",
        origin=Origin(kind="local", name="n", private=True),
        extractor="plain",
    )
    return Passage(
        evidence=document.span(0, len(text)).id,
        document=document.id,
        start=0,
        end=len(text),
        text=text,
        title=title,
        uri=document.uri,
        origin=document.origin,
        modified=modified,
    )


def view(
    question: str = "Who built the Merganser?",
    texts: Sequence[tuple[str, str]] = FERRIES,
    *,
    kind: AnswerType = "name",
    parts: Sequence[str] = (),
    quick: bool = False,
    conflicts: Sequence[Conflict] = (),
) -> WriteView:
    """Return what a writer sees; `e1` is the first text."""
    return WriteView(
        question=question,
        brief=Brief(
            answer_type=kind,
            parts=tuple(parts) or (question,),
            depth="quick" if quick else "deep",
        ),
        findings=(),
        passages=tuple(passage_of(title, text) for title, text in texts),
        conflicts=tuple(conflicts),
    )


def said(text: str, *ids: str, heading: str | None = None) -> dict[str, Any]:
    """Return a sentence of a reply."""
    headed = {} if heading is None else {"heading": heading}
    return {"text": text, "evidence": list(ids), **headed}


def kind_of(request: Request) -> str:
    """Return which reply is wanted: `paragraph`, `report`, `plan` or `section`."""
    fields = set((request.schema or {}).get("properties", {}))
    if "lead" not in fields:
        return "section"
    if "sections" in fields:
        return "plan"
    return "report" if "sentences" in fields else "paragraph"


def by_kind(**replies: Any) -> ScriptedModel:
    """Return a model with one reply for each kind; a function is asked with the request."""

    def rule(request: Request) -> Mapping[str, Any]:
        reply: Any = replies[kind_of(request)]
        answer: Callable[[Request], Mapping[str, Any]] = reply
        return answer(request) if callable(reply) else reply

    return ScriptedModel(rule)


class Desked:
    """What a writer wrote, what it was shown, and how often another answered for it."""

    def __init__(self, draft: Draft, prompts: list[str], fallbacks: dict[str, int]) -> None:
        self.draft = draft
        self.prompts = prompts
        self.fallbacks = fallbacks

    @property
    def texts(self) -> list[str]:
        """Every statement of the draft."""
        return [one.text for one in self.draft.statements()]

    @property
    def why(self) -> list[str]:
        """Why each gap of the draft is one."""
        return [gap.why for gap in self.draft.gaps]


async def written(
    model: Double, seen: WriteView, home: Path, *, room: int = 8_000, run: str = "r1"
) -> Desked:
    """Write a view's report as a run does."""
    async with office(model, home, role="writer", room=room, run=run) as one:
        writer = ChatSynthesizer(desk=one.desk, fallback=ExtractiveSynthesizer())
        draft = await write(writer, seen, Merged(passages=seen.passages, also={}))
        return Desked(draft, one.prompts, await one.fallbacks.counted())


def cut(seen: WriteView, draft: Draft) -> list[list[str]]:
    """Return the text of each statement's spans, statement by statement."""
    held = {one.evidence: one for one in seen.passages}
    return [
        [
            held[spot.evidence].text[
                spot.start - held[spot.evidence].start : spot.end - held[spot.evidence].start
            ]
            for spot in one.spots
        ]
        for one in draft.statements()
    ]
