"""A source and a model behind HTTP, whose server writes down each request that reached it."""

import aiohttp
from pydantic import Field

from quaestor.errors import SourceDownError
from quaestor.memory.documents import Document, Origin
from quaestor.memory.text import normalise
from quaestor.testing import Reply, Request
from quaestor.testing.hashing import prompt_digest
from quaestor.tools.sources import Hit
from tests.telling import TellingModel


class LoopbackSource:
    """A source behind HTTP: its hits have to be opened."""

    generation = ""
    remote = False  # the endpoint is on loopback

    def __init__(self, side: str, base: str) -> None:
        self.name = side
        self.private = side == "private"
        self.origin = Origin(kind="source", name=side, private=self.private)
        self._base = base

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        """Return what the server ranks."""
        found = await self._get("search", {"q": query, "n": str(limit)})
        return [
            Hit(source=self.name, rank=rank, score=1 / rank, **hit)
            for rank, hit in enumerate(found, start=1)
        ]

    async def open(self, hit: Hit) -> Document:
        """Return a page of the server's."""
        page = await self._get("open", {"uri": hit.uri})
        return Document.of(
            normalise(page["text"]).text,
            uri=hit.uri,
            title=page["title"],
            media_type="text/plain",
            origin=self.origin,
            extractor="plain",
        )

    async def _get(self, what: str, query: dict[str, str]) -> list[dict[str, str]]:
        try:
            async with aiohttp.ClientSession() as session:
                url = f"{self._base}/{self.name}/{what}"
                async with session.get(url, params=query) as reply:
                    return await reply.json()
        except aiohttp.ClientError as error:
            raise SourceDownError(self.name, str(error)) from error


class LoopbackModel(TellingModel):
    """A model that a server hears of before each of its replies.

    Args:
        seed: Another seed gives other replies.
        base: Address of the server, which answers at `/model/chat`.
    """

    base: str = Field(exclude=True)

    async def answer_async(self, request: Request, number: int) -> Reply:
        """Return the reply after a request to the server that names the prompt."""
        asked = {"q": prompt_digest(request, self.seed)}
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.base}/model/chat", params=asked) as reply,
        ):
            await reply.read()
        return self.answer(request, number)
