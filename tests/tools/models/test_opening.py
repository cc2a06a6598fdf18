"""Clients for one run: of the running loop, trying once, following nobody; made from a name."""

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_openai import AzureChatOpenAI, ChatOpenAI, OpenAIEmbeddings
from pydantic import SecretStr

from quaestor.errors import SettingsError
from quaestor.testing import HashEmbeddings, HashModel, ModelServer, ScriptedModel
from quaestor.tools.models import opening
from quaestor.tools.models.opening import (
    embeddings_for_this_loop,
    for_this_loop,
    make_chat,
    make_embeddings,
)

KEY = "sk-test-SECRET-0123456789"


async def said(model: BaseChatModel) -> str:
    async with for_this_loop(model) as (own, _):
        return str((await own.ainvoke("Hello")).text)


def test_one_object_serves_several_loops() -> None:
    with ModelServer(ScriptedModel(lambda _: "yes")) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr(KEY))
        assert [asyncio.run(said(model)) for _ in range(3)] == ["yes"] * 3
        assert {one.headers["authorization"] for one in server.log} == {f"Bearer {KEY}"}


async def test_the_client_tries_once_and_the_object_given_is_left_alone() -> None:
    with ModelServer(HashModel(), faults=[{"id": "down", "status": 500}]) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr(KEY), max_retries=5)
        async with for_this_loop(model) as (own, attempts):
            with pytest.raises(Exception, match="500"):
                await own.ainvoke("Hello")
        assert (len(server.log), attempts) == (1, 3)
        assert model.root_async_client.max_retries == 5


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    with ModelServer(HashModel()) as other, ModelServer(HashModel()) as server:
        target = f"{other.url}/chat/completions"
        server.replay([{"id": "r", "status": status, "headers": {"Location": target}}])
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr(KEY))
        with pytest.raises(Exception, match=str(status)):
            await said(model)
        assert (len(server.log), other.log) == (1, [])


async def test_azure_takes_a_client_of_the_run_too() -> None:
    reply = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"}}]}
    fault = {"id": "azure", "status": 200, "body": json.dumps(reply)}
    with ModelServer(HashModel(), faults=[fault]) as server:
        model = AzureChatOpenAI(
            azure_deployment="d",
            api_version="2024-10-21",
            azure_endpoint=server.url,
            api_key=SecretStr(KEY),
        )
        assert await said(model) == "yes"
        [one] = server.log
    assert one.path == "/v1/openai/deployments/d/chat/completions"
    assert one.headers["api-key"] == KEY


async def test_a_client_that_was_given_connections_keeps_them() -> None:
    asked: list[str] = []

    def answer(request: Any) -> Any:
        asked.append(str(request.url))
        return httpx.Response(500)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as mine:
        model = ChatOpenAI(
            model="m", base_url="http://127.0.0.1:9/v1", api_key=SecretStr(KEY),
            http_async_client=mine,
        )  # fmt: skip
        with pytest.raises(Exception, match="500"):
            await said(model)
    assert asked == ["http://127.0.0.1:9/v1/chat/completions"]


async def test_another_client_is_used_as_it_is() -> None:
    model = HashModel()
    async with for_this_loop(model) as (own, attempts):
        assert own is model
        assert attempts == 1


@pytest.mark.parametrize(
    ("retries", "attempts"),
    [pytest.param(0, 3, id="none"), pytest.param(2, 1, id="two"), pytest.param(9, 1, id="nine")],
)
async def test_its_own_retries_count(retries: int, attempts: int) -> None:
    class Retrying(HashModel):
        max_retries: int = retries

    async with for_this_loop(Retrying()) as (_, found):
        assert found == attempts


def test_embeddings_serve_several_loops_too() -> None:
    async def embed(model: OpenAIEmbeddings) -> list[float]:
        async with embeddings_for_this_loop(model) as own:
            return await own.aembed_query("Hello")

    with ModelServer(HashModel(), embeddings=HashEmbeddings(8)) as server:
        model = OpenAIEmbeddings(
            model="e", base_url=server.url, api_key=SecretStr(KEY), check_embedding_ctx_length=False
        )
        first, second = (asyncio.run(embed(model)) for _ in range(2))
    assert first == second == pytest.approx(HashEmbeddings(8).embed_query("Hello"), abs=1e-6)


def test_embeddings_by_name_send_texts_and_fetch_nothing_to_count_tokens_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ModelServer(HashModel(), embeddings=HashEmbeddings(8)) as server:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert len(make_embeddings("openai:e").embed_query("a red fox")) == 8
        assert [one.body["input"] for one in server.log] == [["a red fox"]]


async def test_other_embeddings_are_used_as_they_are() -> None:
    model = HashEmbeddings(8)
    async with embeddings_for_this_loop(model) as own:
        assert own is model


async def test_the_loop_runs_on_while_certificates_are_read() -> None:
    """Reading them takes tens of milliseconds, which a thread spends."""
    opening._certificates.cache_clear()  # pyright: ignore[reportPrivateUsage]
    beats: list[float] = []

    async def beat() -> None:
        while True:
            beats.append(time.monotonic())
            await asyncio.sleep(0.001)

    task = asyncio.create_task(beat())
    model = ChatOpenAI(model="m", base_url="http://127.0.0.1:9/v1", api_key=SecretStr(KEY))
    before = len(beats)
    async with for_this_loop(model):
        during = len(beats) - before
    task.cancel()
    assert during > 1


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        pytest.param("gpt-5", "'gpt-5' is not PROVIDER:NAME", id="no provider"),
        pytest.param("openai:", "is not PROVIDER:NAME", id="no name"),
        pytest.param(":x", "is not PROVIDER:NAME", id="nothing before the colon"),
        pytest.param("nobody:x", "nobody:x cannot be used", id="no such provider"),
        pytest.param("groq:x", "langchain-groq", id="a package that is missing"),
    ],
)
def test_a_name_that_gives_no_model_says_what_to_do(spec: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        make_chat(spec)


def test_a_key_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        make_chat("openai:m")
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        make_embeddings("openai:m")


def test_a_name_gives_the_providers_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with ModelServer(ScriptedModel(["yes"])) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert asyncio.run(said(make_chat("openai:gpt-5-mini"))) == "yes"
        assert server.log[0].body["model"] == "gpt-5-mini"
    assert isinstance(make_embeddings("openai:e"), OpenAIEmbeddings)
