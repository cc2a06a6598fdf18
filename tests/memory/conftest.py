"""A home of one test's own, and documents to put into it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from quaestor.memory.database import Database
from quaestor.memory.documents import WEB, Document, Origin


@pytest.fixture
async def database(home: Path) -> AsyncGenerator[Database]:
    opened = await Database.open(home)
    yield opened
    await opened.close()


def page(text: str, *, uri: str = "https://example.org/", origin: Origin = WEB) -> Document:
    """Return a document of a text."""
    return Document.of(
        text,
        uri=uri,
        title="A page",
        media_type="text/html",
        origin=origin,
        extractor="html",
    )
