"""Doubles that behave: sources in memory, with latencies and failures as told."""

import asyncio
import random
from collections.abc import Callable, Mapping

from quaestor.memory.documents import Document, Origin, OriginKind
from quaestor.tools.sources import Hit
from quaestor.tools.text.passages import passages
from quaestor.tools.text.words import content_terms


class Shelf:
    """A source of a few texts, ranked by how many words of the query they hold.

    Args:
        name: Of the source.
        texts: Title to text; the title is the uri too.
        kind: Of its origin; a shelf of kind `web` gives hits that have to be opened.
        private: Its content must not leave.
        remote: Asking it would leave this machine.
        pause: Awaited before each answer: a latency, or a failure.
    """

    def __init__(
        self,
        name: str,
        texts: Mapping[str, str],
        *,
        kind: OriginKind = "source",
        private: bool = False,
        remote: bool = False,
        pause: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.name = name
        self.origin = Origin(kind=kind, name="" if kind == "web" else name, private=private)
        self.private = private
        self.remote = remote
        self.generation = ""
        self.asked: list[tuple[str, str]] = []
        self._pause = pause
        self._documents = {
            title: Document.of(
                text,
                uri=title,
                title=title,
                media_type="text/plain",
                origin=self.origin,
                extractor="plain",
            )
            for title, text in texts.items()
        }

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        """Return hits by words shared, ties by title."""
        await self._answer("search", query)
        wanted = set(content_terms(query))
        scored = [
            (len(wanted & set(content_terms(f"{title} {document.text}"))), title)
            for title, document in self._documents.items()
        ]
        ranked = sorted((-score, title) for score, title in scored if score)[:limit]
        return [self._hit(title, rank, -score) for rank, (score, title) in enumerate(ranked, 1)]

    async def open(self, hit: Hit) -> Document:
        """Return the text a hit names."""
        if self.origin.kind == "web":
            await self._answer("open", hit.uri)
        return self._documents[hit.uri]

    def _hit(self, title: str, rank: int, score: float) -> Hit:
        document = self._documents[title]
        hit = Hit(
            source=self.name,
            uri=title,
            title=title,
            snippet=document.text[:200],
            rank=rank,
            score=score,
        )
        if self.origin.kind == "web":
            return hit
        start, end = passages(document.text)[0]
        return Hit(
            source=hit.source,
            uri=hit.uri,
            title=hit.title,
            snippet=hit.snippet,
            rank=rank,
            score=score,
            document=document.id,
            start=start,
            end=end,
        )

    async def _answer(self, what: str, asked: str) -> None:
        self.asked.append((what, asked))
        await asyncio.sleep(self._pause())


def shuffled(seed: int, most_s: float = 0.02) -> Callable[[], float]:
    """Return latencies that differ from call to call and from seed to seed."""
    chance = random.Random(seed)
    return lambda: chance.random() * most_s
