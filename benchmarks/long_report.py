"""A report far larger than the model's context: forty sections from three hundred passages.

    python -m benchmarks.long_report [--sections 40] [--passages 300] [--room 8000] [--planned 40]

The evidence is planted: each passage gives one figure of one harbour, and each harbour is a part of
the question. The model is scripted and does what it is told from what its prompt shows, and
nothing else; `--planned N` has it plan the first N parts only. What is measured is the writer:

* the largest prompt, in estimated tokens, against the room;
* that every part has its section, and every section cites its own harbour's passages alone;
* that every passage is cited in its section, or named as left out.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quaestor.agents.chat.writer import ChatSynthesizer
from quaestor.agents.duplicates import Merged
from quaestor.agents.extractive.synthesizer import ExtractiveSynthesizer
from quaestor.agents.lint import lint
from quaestor.agents.material import Composed, Material
from quaestor.agents.report import compose
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import WriteView
from quaestor.agents.synthesis import Draft, claim_views, write
from quaestor.agents.verifier import judge
from quaestor.memory import lease
from quaestor.memory.database import Database
from quaestor.memory.documents import Document, Origin
from quaestor.memory.evidence import Evidence
from quaestor.memory.fallbacks import Fallbacks
from quaestor.memory.ledger import Ledger
from quaestor.memory.plan import Brief
from quaestor.testing import Request, ScriptedModel
from quaestor.tools.models.calling import CallLimits, ChatCalls
from quaestor.tools.models.desk import Desk
from quaestor.tools.models.lessons import Lesson
from quaestor.tools.models.tokens import estimate_all

FIRST = ("Ald", "Bran", "Cor", "Dun", "Esk", "Fen", "Gar", "Holm", "Ing", "Kel")
SECOND = ("haven", "mouth", "wick", "stead", "ford", "ness", "by", "thorpe")
FILLER = (
    "The quay was dredged twice and its lamps were renewed by the town.",
    "Pilots board arriving vessels beyond the outer breakwater whenever the weather allows it.",
    "Timber, salted fish and slate were the goods most often entered in the books.",
    "A committee of merchants keeps the dues low and publishes its accounts every spring.",
    "Two cranes stand on the northern pier, and a third was sold for scrap.",
    "Storms closed the entrance for some days, as the harbour master noted in his diary.",
    "The railway siding behind the sheds is used by the brewery alone.",
    "Visitors find a small museum of nets and anchors in the former custom house.",
)
_ITEM = re.compile(r"^\[(e\d+)\] from [^\n]*\n<untrusted \w+>\n(.*?)\n</untrusted", re.S | re.M)
_LINE = re.compile(r"^\[(e\d+)\] (.*)$", re.M)
_PART = re.compile(r"^(\d+)\. Cargo of (\w+)$", re.M)
_FIGURE = re.compile(r"The harbour of (\w+) handled [\d,]+ tonnes in \d{4}\.")


def harbours(count: int) -> list[str]:
    """Return so many names."""
    return [f"{one}{two}" for two in SECOND for one in FIRST][:count]


def passage(number: int, harbour: str) -> Passage:
    """Return a passage of about 170 tokens that gives one figure of a harbour."""
    tonnes = 1_000 * (number + 7) + number % 10
    around = [FILLER[(number + at) % len(FILLER)] for at in range(7)]
    figure = f"The harbour of {harbour} handled {tonnes:,} tonnes in {1700 + number}."
    text = " ".join([*around[:4], figure, *around[4:]])
    document = Document.of(
        text,
        uri=f"books/{number}.md",
        title=f"Book {number}",
        media_type="text/plain",
        origin=Origin(kind="local", name="books", private=True),
        extractor="plain",
    )
    return Passage(
        evidence=document.span(0, len(text)).id,
        document=document.id,
        start=0,
        end=len(text),
        text=text,
        title=document.title,
        uri=document.uri,
        origin=document.origin,
    )


def planted(sections: int, passages: int) -> WriteView:
    """Return a question with so many parts, and evidence for them in turn."""
    names = harbours(sections)
    return WriteView(
        question="How much cargo did each of these harbours handle?",
        brief=Brief(answer_type="report", parts=tuple(f"Cargo of {name}" for name in names)),
        findings=(),
        passages=tuple(passage(n, names[n % sections]) for n in range(passages)),
    )


def harbour_of(one: Passage) -> str:
    """Return which harbour a planted passage speaks of."""
    found = _FIGURE.search(one.text)
    return found[1] if found else ""


def reader(planned: int) -> Any:
    """Return a model's rule: it reads what its prompt shows, and plans so many parts."""

    def rule(request: Request) -> Mapping[str, Any]:
        plans = "sections" in (request.schema or {}).get("properties", {})
        return plan(request.prompt, planned) if plans else section(request.prompt)

    return rule


def shown(prompt: str) -> dict[str, str]:
    """Return the evidence of a prompt by its ids."""
    return dict(_ITEM.findall(prompt)) or dict(_LINE.findall(prompt))


def plan(prompt: str, planned: int) -> dict[str, Any]:
    """Plan a section for each part from the evidence that names its harbour."""
    texts = shown(prompt)
    sections = [
        {
            "part": int(number),
            "heading": f"Cargo of {name}",
            "evidence": [key for key, text in texts.items() if f" {name} " in text],
        }
        for number, name in _PART.findall(prompt)[:planned]
    ]
    lead = [
        {"text": match[0], "evidence": [key]}
        for key, text in list(texts.items())[:1]
        for match in [_FIGURE.search(text)]
        if match
    ]
    return {"lead": lead, "sections": [one for one in sections if one["evidence"]]}


def section(prompt: str) -> dict[str, Any]:
    """Write the figure of every passage of the section's harbour."""
    name = re.findall(r"Cargo of (\w+)", prompt)[-1]
    said = [
        {"text": match[0], "evidence": [key]}
        for key, text in shown(prompt).items()
        for match in [_FIGURE.search(text)]
        if match and match[1] == name
    ]
    return {"sentences": said}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A report and what went over the desk for it."""

    view: WriteView
    draft: Draft
    composed: Composed
    prompts: tuple[int, ...]
    """Estimated tokens of each."""
    fallbacks: dict[str, int]
    seconds: float

    def wrong(self) -> list[str]:
        """Return the passages that a section cites and that speak of another harbour."""
        homes = {one.evidence: one for one in self.view.passages}
        return [
            f"{section.heading}: {homes[spot.evidence].title}"
            for section in self.draft.sections
            for one in section.statements
            for spot in one.spots
            if harbour_of(homes[spot.evidence]) not in section.heading
        ]

    def cited(self) -> set[str]:
        """Return the evidence ids that some section cites."""
        sections = self.draft.sections
        return {spot.evidence for s in sections for one in s.statements for spot in one.spots}

    def left(self) -> int:
        """Return how many passages gaps name as left out."""
        counts = [re.match(r"(\d+) of \d+ passages", gap.why) for gap in self.draft.gaps]
        return sum(int(count[1]) for count in counts if count)


async def written(view: WriteView, *, room: int, planned: int, home: Path) -> Written:
    """Write a planted report with a model that takes so much at once."""
    model = ScriptedModel(reader(planned))
    database = await Database.open(home)
    try:
        held = await lease.take(database, "long")
        calls = ChatCalls(model, Ledger(database, "long", token=held.token), limits=CallLimits())
        fallbacks = Fallbacks(database, run_id="long", token=held.token)
        desk = Desk(
            role="writer", calls=calls, fallbacks=fallbacks, mark="m" * 24, room=room, lesson=Lesson
        )
        writer = ChatSynthesizer(desk=desk, fallback=ExtractiveSynthesizer())
        begun = time.perf_counter()
        draft = await write(writer, view, Merged(passages=view.passages, also={}))
        seconds = time.perf_counter() - begun
        counted = await fallbacks.counted()
    finally:
        await database.close()
    return Written(
        view=view,
        draft=draft,
        composed=composed(view, draft),
        prompts=tuple(tokens(request) for request in model.asked),
        fallbacks=counted,
        seconds=seconds,
    )


def tokens(request: Request) -> int:
    """Return the estimated tokens of a prompt as it reached the model, its schema included."""
    return estimate_all([*(str(one.text) for one in request.messages), str(request.schema or "")])


def composed(view: WriteView, draft: Draft) -> Composed:
    """Return the report of a draft, judged and with its references."""
    documents = {one.document: document(one) for one in view.passages}
    homes = {one.evidence: one for one in view.passages}
    spans: dict[Any, Evidence] = {
        spot: documents[homes[spot.evidence].document].span(spot.start, spot.end)
        for one in draft.statements()
        for spot in one.spots
    }
    return compose(
        Material(
            question=view.question,
            brief=view.brief,
            status="answered",
            outline=draft.outline,
            sections=draft.sections,
            judged=[judge(one) for one in claim_views(draft, spans, view.passages)],
            spans=spans,
            passages=homes,
            documents=documents,
            gaps=draft.gaps,
        )
    )


def document(one: Passage) -> Document:
    """Return the document a planted passage is the whole of."""
    return Document.of(
        one.text,
        uri=one.uri,
        title=one.title,
        media_type="text/plain",
        origin=one.origin,
        extractor="plain",
    )


def figures(made: Written, *, room: int) -> dict[str, Any]:
    """Return what is measured."""
    cited = made.cited()
    return {
        "room": room,
        "prompts": len(made.prompts),
        "largest prompt": max(made.prompts, default=0),
        "prompt tokens": sum(made.prompts),
        "sections": len(made.draft.sections),
        "of parts": len(made.view.brief.parts),
        "passages": len(made.view.passages),
        "cited": len(cited),
        "named as left out": made.left(),
        "cited in a wrong section": len(made.wrong()),
        "claims": len(made.composed.claims),
        "lint": len(lint(made.composed.markdown)),
        "fallbacks": made.fallbacks,
        "seconds": round(made.seconds, 2),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; exit 1 where a prompt is too long, or a section or passage is lost without a word."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sections", type=int, default=40)
    parser.add_argument("--passages", type=int, default=300)
    parser.add_argument("--room", type=int, default=8_000)
    parser.add_argument("--planned", type=int, default=None)
    options = parser.parse_args(arguments)
    view = planted(options.sections, options.passages)
    planned_parts = options.sections if options.planned is None else options.planned
    with tempfile.TemporaryDirectory() as home:
        made = asyncio.run(written(view, room=options.room, planned=planned_parts, home=Path(home)))
    found = figures(made, room=options.room)
    for name, value in found.items():
        print(f"{name}: {value}")
    whole = found["sections"] == found["of parts"] and not made.wrong()
    kept = found["cited"] + found["named as left out"] >= found["passages"]
    return 0 if whole and kept and found["largest prompt"] <= options.room else 1


if __name__ == "__main__":
    sys.exit(main())
