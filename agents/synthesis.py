"""From what was found to a draft: which passages the writer sees, and what its spots rest on."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from quaestor.agents.duplicates import Merged, merge_duplicates
from quaestor.agents.faults import broke, stops_the_run
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import (
    Outline,
    Section,
    Spot,
    Statement,
    Synthesizer,
    WriteView,
)
from quaestor.agents.roles.verifier import ClaimView
from quaestor.agents.workplace import read_passages
from quaestor.errors import IntegrityError
from quaestor.memory.evidence import Evidence
from quaestor.memory.finding import Gap
from quaestor.memory.store import Store

NO_OUTLINE = Outline(answer="", lead=(), sections=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the synthesizer wrote."""

    outline: Outline
    sections: tuple[Section, ...]
    also: dict[str, tuple[str, ...]]
    """Passage id to `label uri` of the passages that were merged into it."""
    gaps: tuple[Gap, ...] = ()
    """Of the writing itself."""
    revised: tuple[int, ...] = ()
    """Places of the statements that were written anew after the first verdicts."""

    def statements(self) -> tuple[Statement, ...]:
        """Return every statement in the order of the text."""
        written = [one for section in self.sections for one in section.statements]
        return (*self.outline.lead, *written)


async def readable(store: Store, kept: Mapping[str, str], scores: Mapping[str, float]) -> Merged:
    """Return the kept passages, near-duplicates merged, best first.

    Args:
        store: Reads everything the run may.
        kept: Evidence id to the reason it is kept.
        scores: Evidence id to the best score it was sighted with.
    """
    passages = await read_passages(store, kept)
    scored = [replace(passage, score=scores.get(name, 0.0)) for name, passage in passages.items()]
    return merge_duplicates(scored)


async def write(synthesizer: Synthesizer, view: WriteView, merged: Merged) -> Draft:
    """Plan the report, then write its sections side by side.

    A synthesizer that breaks loses its own part, never the report.
    """
    gaps: list[Gap] = []
    outline = NO_OUTLINE
    try:
        outline = await synthesizer.outline(view)
    except Exception as error:
        if stops_the_run(error):
            raise
        gaps.append(broke("synthesizer", view.question, error))
    gaps += outline.gaps
    written = await asyncio.gather(
        *(synthesizer.section(view, plan) for plan in outline.sections), return_exceptions=True
    )
    sections: list[Section] = []
    for plan, section in zip(outline.sections, written, strict=True):
        if isinstance(section, Section):
            sections.append(section)
            gaps += section.gaps
        elif not isinstance(section, Exception) or stops_the_run(section):
            raise section
        else:
            gaps.append(broke("synthesizer", plan.heading, section))
    return Draft(
        outline=outline,
        sections=tuple(section for section in sections if section.statements or section.table),
        also={
            name: tuple(f"{one.origin.label} {one.uri}" for one in others)
            for name, others in sorted(merged.also.items())
        },
        gaps=tuple(dict.fromkeys(gaps)),
    )


async def resolve(store: Store, passages: Sequence[Passage], draft: Draft) -> dict[Spot, Evidence]:
    """Copy every spot of a draft out of its document, and store it as evidence.

    Raises:
        IntegrityError: A spot is not inside the passage it names.
    """
    held = {passage.evidence: passage for passage in passages}
    spots = _spots(draft.statements())
    documents = await store.documents(sorted({_home(held, spot).document for spot in spots}))
    spans = {
        spot: documents[_home(held, spot).document].span(spot.start, spot.end) for spot in spots
    }
    await store.add_evidence(spans.values())
    return spans


def claim_views(
    draft: Draft, spans: Mapping[Spot, Evidence], passages: Iterable[Passage]
) -> tuple[ClaimView, ...]:
    """Return every statement with the text of its spans, as the verifier sees it."""
    home = {passage.evidence: passage for passage in passages}
    return tuple(
        ClaimView(
            text=one.text,
            spans=tuple(spans[spot].text for spot in one.spots),
            quoted=[one.text] == [spans[spot].text for spot in one.spots],
            titles=tuple(dict.fromkeys(home[spot.evidence].title for spot in one.spots)),
            parted=tuple(home[spot.evidence].parted(spot.start, spot.end) for spot in one.spots),
        )
        for one in draft.statements()
    )


def _spots(statements: Iterable[Statement]) -> list[Spot]:
    return list(dict.fromkeys(spot for one in statements for spot in one.spots))


def _home(held: Mapping[str, Passage], spot: Spot) -> Passage:
    passage = held.get(spot.evidence)
    if passage is None or not passage.start <= spot.start < spot.end <= passage.end:
        raise IntegrityError(f"a statement cites {spot}, which is in no passage it was given")
    return passage
