"""A fetched page as a document: HTML and PDF are parsed in a child, plain text here."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Protocol

from quaestor.errors import OutsideError, UnreadableError
from quaestor.memory.documents import WEB, Document, Location
from quaestor.memory.text import normalise
from quaestor.tools.charset import decode_page, known_encoding
from quaestor.tools.web.fetcher import Page
from quaestor.tools.web.unusable import unusable

LONGEST_S = 10.0
"""Of reading a page that has come."""
LEAST_S = 1.0
"""Of that for a page that took all its time to come."""


class ParsedText(Protocol):
    """What a parser read out of bytes: that of tools/local/parsing and others like it."""

    @property
    def text(self) -> str:
        """Normalised (memory/text.py)."""
        ...

    @property
    def title(self) -> str:
        """As the bytes state it; empty where they state none."""
        ...

    @property
    def extractor(self) -> str:
        """`pdf`, `html`, `plain`."""
        ...

    @property
    def version(self) -> str:
        """Of what read it: a reading depends on it besides the bytes."""
        ...

    @property
    def modified(self) -> str | None:
        """ISO date that the text itself states, if it does."""
        ...

    @property
    def locations(self) -> tuple[Location, ...]:
        """Its pages."""
        ...

    @property
    def changes(self) -> Mapping[str, int]:
        """What was left out or changed, by kind."""
        ...


class Parse(Protocol):
    """Reads formats that need a parser of their own, away from this process."""

    async def __call__(
        self, data: bytes, media_type: str, /, *, url: str, timeout_s: float
    ) -> ParsedText:
        """Return what the bytes say.

        Args:
            data: HTML or PDF.
            media_type: Which of them.
            url: Where they came from.
            timeout_s: After which it is given up.

        Raises:
            UnreadableError: They give no text, are refused, or take too long.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A fetched page as a document, and what its reading depends on."""

    document: Document
    version: str
    """Of what read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    text: str
    title: str
    extractor: str
    version: str
    modified: str | None = None
    locations: tuple[Location, ...] = ()
    changes: Mapping[str, int] = field(default_factory=dict[str, int])


async def read_page(page: Page, *, title: str, parse: Parse) -> ReadPage:
    """Return a fetched page as a document of the web, under the address it was asked for at.

    Args:
        page: As fetched.
        title: Of the search result, for a page that states none.
        parse: Reads HTML and PDF.

    Raises:
        UnreadableError: The page gives no text.
    """
    try:
        parsed = await _parsed(page, parse)
    except OutsideError as error:
        raise UnreadableError(page.url, error.reason) from error
    reason = unusable(parsed.title, parsed.text)
    if reason is not None:
        raise UnreadableError(page.url, reason)
    document = Document.of(
        parsed.text,
        uri=page.url,
        title=parsed.title or title or page.url,
        media_type=page.media_type,
        origin=WEB,
        extractor=parsed.extractor,
        modified=parsed.modified or _last_modified(page),
        locations=parsed.locations,
        changes=parsed.changes,
    )
    return ReadPage(document=document, version=parsed.version)


async def _parsed(page: Page, parse: Parse) -> ParsedText:
    if page.media_type == "application/pdf":
        data = page.data
    elif page.media_type == "text/html":
        data = _as_utf8(page)
    else:
        # CPU work: another thread does it while this one serves other pages.
        return await asyncio.to_thread(_plain, page)
    seconds = min(LONGEST_S, max(LEAST_S, page.left_s))
    return await parse(data, page.media_type, url=page.final_url, timeout_s=seconds)


def _plain(page: Page) -> _Text:
    plain = normalise(decode_page(_as_utf8(page))[0])
    if not plain.text.strip():
        raise UnreadableError(page.url, "it is empty")
    return _Text(
        text=plain.text, title="", extractor="plain", version="plain", changes=plain.changes
    )


def _as_utf8(page: Page) -> bytes:
    """Return the bytes with the encoding the headers name already read, if they name one."""
    encoding = known_encoding(page.charset)
    if not encoding:
        return page.data
    try:
        page.data.decode("utf-8")
    except UnicodeDecodeError:
        return page.data.decode(encoding, errors="replace").encode()
    return page.data


def _last_modified(page: Page) -> str | None:
    try:
        return parsedate_to_datetime(page.headers["Last-Modified"]).isoformat()
    except (KeyError, ValueError, TypeError):
        return None
