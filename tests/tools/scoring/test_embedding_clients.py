"""Embeddings through the real client: its connections are the run's, its attempts are ours."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from langchain_openai import OpenAIEmbeddings
from pydantic import SecretStr

from quaestor.errors import SourceDownError
from quaestor.memory import attempts, lease
from quaestor.memory.calls import Ask
from quaestor.memory.database import Database
from quaestor.memory.journal import load_calls
from quaestor.memory.ledger import Ledger
from quaestor.memory.outcomes import Do, Outcome
from quaestor.memory.requests import Kind
from quaestor.testing import HashEmbeddings, HashModel, ModelServer
from quaestor.tools.scoring.embedding import EmbeddingScorer

KEY = "sk-test-SECRET-0123456789"
ASK = Ask(branch="public", task="", round=0, step=0)


async def scored(home: Path, scorer: EmbeddingScorer, run: str) -> list[float]:
    database = await Database.open(home)
    try:
        held = await lease.take(database, run)
        ledger = Ledger(database, run, token=held.token, fresh=True)

        async def call(kind: Kind, request: dict[str, Any], do: Do, *, origin: str = "") -> Outcome:
            return await ledger.call(kind, request, do, ask=ASK, origin=origin)

        known = await scorer.measure({"iron": ["iron", "copper"]}, call=call)
        rows = await load_calls(database, run)
        assert all((row.estimated, row.priced) == (True, True) for row in rows)
        return known.scores("iron", ["iron", "copper"])
    finally:
        await database.close()


def made(url: str) -> EmbeddingScorer:
    client = OpenAIEmbeddings(
        model="e-1", base_url=url, api_key=SecretStr(KEY), check_embedding_ctx_length=False
    )
    return EmbeddingScorer(client)


def test_one_object_serves_two_loops(home: Path) -> None:
    with ModelServer(HashModel(), embeddings=HashEmbeddings(16)) as server:
        scorer = made(server.url)
        first, second = (asyncio.run(scored(home, scorer, run)) for run in ("r1", "r2"))
    assert first == second
    assert first[0] == pytest.approx(1.0, abs=1e-5)


def test_a_server_that_is_down_is_asked_three_times_and_no_more(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "BACKOFF_S", 0.0)
    fault = {"id": "down", "status": 500, "body": f"Bearer {KEY} is wrong"}
    with ModelServer(HashModel(), faults=[fault]) as server:
        with pytest.raises(SourceDownError) as caught:
            asyncio.run(scored(home, made(server.url), "r1"))
        sent = Counter(str(one.body) for one in server.log)
    assert set(sent.values()) == {3}
    assert KEY not in str(caught.value)
    assert not any(KEY.encode() in path.read_bytes() for path in home.iterdir())
