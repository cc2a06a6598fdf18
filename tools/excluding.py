"""A source without what the person does not want used."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from quaestor.errors import RefusedError
from quaestor.memory.documents import Document, Origin
from quaestor.memory.text import content_id
from quaestor.tools.sources import HasBytes, HasGaps, HasHome, HasReadings, Hit, Progress, Source

_DEFAULT_PORT = re.compile(r":(80|443)?\Z")


class Excluding:
    """A source whose hits at the excluded URLs, and below them, are left out.

    Args:
        source: The source.
        exclude: URLs; one that ends in `/`, or names a host alone, stands for all below it.
    """

    def __init__(self, source: Source, exclude: Sequence[str]) -> None:
        self.source = source
        self.exclude = tuple(exclude)

    @property
    def name(self) -> str:
        """The source's."""
        return self.source.name

    @property
    def origin(self) -> Origin:
        """The source's."""
        return self.source.origin

    @property
    def private(self) -> bool:
        """The source's."""
        return self.source.private

    @property
    def remote(self) -> bool:
        """The source's."""
        return self.source.remote

    @property
    def generation(self) -> str:
        """The source's and what is excluded: other exclusions give other answers."""
        return content_id(self.source.generation, list(self.exclude), length=16)

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        """Return at most `limit` hits that are not excluded, ranked anew."""
        asked = limit
        while True:
            hits = await self.source.search(query, limit=asked)
            kept = [hit for hit in hits if not self._excluded(hit.uri)]
            if len(kept) >= limit or len(hits) < asked:
                break
            asked *= 2  # excluded hits took the places of others
        return [replace(hit, rank=rank) for rank, hit in enumerate(kept[:limit], start=1)]

    async def open(self, hit: Hit) -> Document:
        """Return the document a hit names.

        Raises:
            RefusedError: It is excluded.
        """
        if self._excluded(hit.uri):
            raise RefusedError(hit.uri, "excluded by --exclude-source")
        return await self.source.open(hit)

    async def prepare(
        self, home: Path, *, progress: Callable[[Progress], None] | None = None
    ) -> None:
        """Make the source ready."""
        if isinstance(self.source, HasHome):
            await self.source.prepare(home, progress=progress)

    async def close(self) -> None:
        """Free what the source opened."""
        if isinstance(self.source, HasHome):
            await self.source.close()

    def reading(self, document: str) -> dict[str, str | int]:
        """Return what the source says of its reading of a document."""
        return self.source.reading(document) if isinstance(self.source, HasReadings) else {}

    def take_bytes(self, document: str) -> bytes | None:
        """Hand over what the source read a document from, once."""
        return self.source.take_bytes(document) if isinstance(self.source, HasBytes) else None

    def unread(self) -> Sequence[tuple[str, str]]:
        """Return what the source could not read."""
        return self.source.unread() if isinstance(self.source, HasGaps) else ()

    def _excluded(self, uri: str) -> bool:
        return any(_below(uri, one) for one in self.exclude)


def _below(uri: str, excluded: str) -> bool:
    bare, whole = _bare(uri), _bare(excluded)
    stem = whole.rstrip("/")
    if stem == whole and "/" in whole:
        return bare == whole
    return bare == stem or bare.startswith((f"{stem}/", f"{stem}?"))


def _bare(uri: str) -> str:
    """Return a URL as equal ones are spelt: no scheme, user, default port, escape or fragment."""
    rest = (uri.partition("://")[2] or uri).partition("#")[0]
    end = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    host = _DEFAULT_PORT.sub("", rest[:end].rpartition("@")[2].lower())
    return host.removesuffix(".") + unquote(rest[end:])
