"""What a tool call brought a searcher: a result of the ledger, read as evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quaestor.errors import MistakenCallError, NotBroughtError, WithheldError
from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence
from quaestor.memory.finding import GapKind
from quaestor.memory.outcomes import Outcome
from quaestor.memory.store import Store
from quaestor.tools.reading import Stretch, spans_of
from quaestor.tools.sources import Hit

_GAPS: Mapping[str, GapKind | None] = {
    WithheldError.__name__: "private",
    NotBroughtError.__name__: "refused",
    MistakenCallError.__name__: None,
}
"""Of failures that are not the source's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one tool call brought."""

    key: str
    """Of the ledger's call."""
    taken_at: str
    spans: tuple[Evidence, ...] = ()
    """Best first."""
    documents: Mapping[str, Document]
    """Of the spans, by id."""
    hits: tuple[Hit, ...] = ()
    """Still to be opened."""
    error: str = ""
    """Why it brought nothing, where the source failed."""
    gap: GapKind | None = "source_down"
    """What kind of gap that leaves; None for a mistaken call, which its chooser can mend."""
    read: Stretch | None = None
    """Of the document that was opened, or read on."""
    charge: Mapping[str, float]


async def brought_by(outcome: Outcome, store: Store) -> Brought:
    """Turn a committed result into spans: the same after a resume as the first time."""
    body = outcome.body
    if outcome.failed:
        return Brought(
            key=outcome.key,
            taken_at=outcome.taken_at,
            charge=outcome.charge,
            documents={},
            error=f"{body['source']}: {body['reason']}",
            gap=_GAPS.get(body["error"], "source_down"),
        )
    documents = await store.documents(body["documents"])
    hits = [Hit(**hit) for hit in body["hits"]]
    read = Stretch(**body["read"]) if body.get("read") else None
    spans = spans_of(documents[read.document], read) if read else _spans(hits, documents)
    await store.add_evidence(spans)
    return Brought(
        key=outcome.key,
        taken_at=outcome.taken_at,
        charge=outcome.charge,
        documents=documents,
        spans=tuple(spans),
        hits=tuple(hit for hit in hits if hit.document is None),
        error="; ".join(body.get("unread", [])),
        read=read,
    )


def _spans(hits: Sequence[Hit], documents: Mapping[str, Document]) -> list[Evidence]:
    spans: dict[str, Evidence] = {}
    for hit in hits:
        if hit.document is not None and hit.start is not None and hit.end is not None:
            span = documents[hit.document].span(hit.start, hit.end)
            spans.setdefault(span.id, span)
    return list(spans.values())
