"""A collection prepared in one line, and closed again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from quaestor.tools.local.corpus import Corpus

Prepare = Callable[..., Awaitable[Corpus]]


@pytest.fixture
async def prepare(tmp_path: Path) -> AsyncIterator[Prepare]:
    """Open and prepare a collection; its home lies beside it."""
    opened: list[Corpus] = []

    async def make(
        folder: Path, *, home: Path | None = None, exclude: tuple[str, ...] = ()
    ) -> Corpus:
        corpus = Corpus.open(folder, name="docs", exclude=exclude)
        opened.append(corpus)
        await corpus.prepare(home or tmp_path / "home")
        return corpus

    yield make
    for corpus in opened:
        await corpus.close()
