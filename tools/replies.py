"""What a source gave, as the reply that the ledger keeps."""

from collections.abc import Sequence
from dataclasses import asdict

from quaestor.errors import OutsideError
from quaestor.memory.documents import Document
from quaestor.memory.outcomes import Reply
from quaestor.tools.reading import segment
from quaestor.tools.sources import HasBytes, HasReadings, Hit, Source


async def reply_of(source: Source, hits: Sequence[Hit]) -> Reply:
    """Return hits as a reply, the documents the source holds itself read along."""
    documents: dict[str, Document] = {}
    unread: list[str] = []
    for hit in hits:
        if hit.document is not None and hit.document not in documents:
            try:
                documents[hit.document] = await source.open(hit)
            except OutsideError as error:
                unread.append(str(error))
    held = [hit for hit in hits if hit.document is None or hit.document in documents]
    return Reply(
        body={
            "hits": [asdict(hit) for hit in held],
            "documents": sorted(documents),
            "readings": _readings(source, sorted(documents)),
            "unread": sorted(set(unread)),
        },
        documents=tuple(documents[one] for one in sorted(documents)),
    )


def opened(source: Source, document: Document) -> Reply:
    """Return a document that was opened: all of it is kept, its first segment is read."""
    taken = source.take_bytes(document.id) if isinstance(source, HasBytes) else None
    return Reply(
        body={
            "hits": [],
            "read": asdict(segment(document)),
            "documents": [document.id],
            "readings": _readings(source, [document.id]),
        },
        documents=(document,),
        blobs=() if taken is None else (taken,),
    )


def read_further(document: Document, start: int) -> Reply:
    """Return the next segment of a document that is kept already."""
    body = {"hits": [], "read": asdict(segment(document, start)), "documents": [document.id]}
    return Reply(body=body)


def _readings(source: Source, documents: Sequence[str]) -> dict[str, dict[str, str | int]]:
    if not isinstance(source, HasReadings):
        return {}
    return {document: source.reading(document) for document in documents}
