"""A home of one test's own, and documents to put into it."""

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from quaestor.memory.checkpoints import close_saver, open_saver
from quaestor.memory.database import Database
from quaestor.memory.documents import WEB, Document, Origin
from quaestor.memory.lease import Lease


@pytest.fixture
async def database(home: Path) -> AsyncGenerator[Database]:
    opened = await Database.open(home)
    yield opened
    await opened.close()


OpenSaver = Callable[[Lease | None], Awaitable[AsyncSqliteSaver]]


@pytest.fixture
async def saver_of(database: Database) -> AsyncGenerator[OpenSaver]:
    """Return what opens savers on the database; they are closed at the end, however it comes."""
    async with contextlib.AsyncExitStack() as stack:

        async def opened(lease: Lease | None) -> AsyncSqliteSaver:
            saver = await open_saver(database.path, lease)
            stack.push_async_callback(close_saver, saver)
            return saver

        yield opened


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
