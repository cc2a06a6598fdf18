"""The real client of OpenAI's API talks to a double, gets its faults, and is written down."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.messages.tool import tool_call
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel, SecretStr

from quaestor.testing import (
    BrokenModel,
    EndpointError,
    Fault,
    HashEmbeddings,
    HashModel,
    ModelServer,
    ScriptedModel,
)

KEY = "sk-not-a-key"


class Answer(BaseModel):
    """An answer."""

    text: str
    score: int


@tool
def look_up(name: str) -> str:
    """Look a name up."""
    return name


def structured(server: ModelServer, method: str = "json_schema", **options: Any) -> Any:
    model: Any = client(server)  # its own types leave open what comes back
    return model.with_structured_output(Answer, method=method, **options)


def client(server: ModelServer, **options: Any) -> ChatOpenAI:
    settings: dict[str, Any] = {"max_retries": 0, "timeout": 20, "model": "any"} | options
    return ChatOpenAI(base_url=server.url, api_key=SecretStr(KEY), **settings)


@pytest.fixture
def double() -> ScriptedModel:
    """Return a model that answers a schema with a value and all else with a text."""
    return ScriptedModel(
        lambda request: {"text": "yes", "score": 3} if request.schema else "Hello."
    )


@pytest.fixture
def server(double: ScriptedModel) -> Iterator[ModelServer]:
    """Serve it."""
    with ModelServer(double) as serving:
        yield serving


def test_text_and_its_usage_come_back(server: ModelServer) -> None:
    reply = client(server).invoke("12345678")
    assert reply.text == "Hello."
    counted = reply.usage_metadata
    assert counted is not None
    assert (counted["input_tokens"], counted["output_tokens"]) == (2, 2)
    assert reply.response_metadata["finish_reason"] == "stop"
    assert reply.response_metadata["model_name"] == "any"


async def test_a_stream_says_the_same(server: ModelServer) -> None:
    whole: Any = None
    async for chunk in client(server, stream_usage=True).astream("12345678"):
        whole = chunk if whole is None else whole + chunk
    assert whole.text == "Hello."
    assert whole.usage_metadata["total_tokens"] == 4


@pytest.mark.parametrize("method", ["json_schema", "function_calling"])
def test_structured_output_comes_back(server: ModelServer, method: str) -> None:
    assert structured(server, method).invoke("How good?") == Answer(text="yes", score=3)


def test_a_streamed_call_is_whole(server: ModelServer) -> None:
    asked = client(server, streaming=True).bind_tools([Answer], tool_choice="any")
    assert asked.invoke("How good?").tool_calls[0]["args"] == {"text": "yes", "score": 3}


def test_what_the_client_said_reaches_the_double(
    server: ModelServer, double: ScriptedModel
) -> None:
    call = tool_call(name="look_up", args={"name": "Ada"}, id="c1")
    said = [
        SystemMessage("Rules."),
        HumanMessage("Who?"),
        AIMessage("", tool_calls=[call]),
        ToolMessage("Byron", tool_call_id="c1"),
    ]
    client(server).bind_tools([look_up]).invoke(said)
    asked = double.asked[0]
    assert [message.type for message in asked.messages] == ["system", "human", "ai", "tool"]
    assert asked.prompt == "Rules.\n\nWho?\n\n\n\nByron"
    assert getattr(asked.messages[2], "tool_calls")[0]["args"] == {"name": "Ada"}  # noqa: B009
    assert list(asked.tools) == ["look_up"]


def test_a_damaged_call_arrives_as_one() -> None:
    with ModelServer(BrokenModel("truncated_json")) as server:
        reply = client(server).bind_tools([Answer], tool_choice="Answer").invoke("How good?")
    assert reply.tool_calls == []
    assert reply.invalid_tool_calls[0]["name"] == "Answer"


def test_a_refusal_arrives_in_its_field() -> None:
    with ModelServer(BrokenModel("refusal")) as server:
        asked = structured(server, include_raw=True)
        found: Any = asked.invoke("How good?")
    assert "sorry" in found["raw"].additional_kwargs["refusal"]


def test_an_error_has_the_shape_of_openais() -> None:
    slow_down = EndpointError(
        "Slow down.", status_code=429, code="rate_limit_exceeded", headers={"retry-after": "7"}
    )
    with ModelServer(ScriptedModel([slow_down, ValueError("odd")])) as server:
        with pytest.raises(openai.RateLimitError, match="Slow down") as caught:
            client(server).invoke("?")
        assert caught.value.code == "rate_limit_exceeded"
        assert caught.value.response.headers["retry-after"] == "7"
        with pytest.raises(openai.InternalServerError, match="odd"):
            client(server).invoke("?")


def test_a_form_that_is_not_supported_is_a_bad_request() -> None:
    with ModelServer(BrokenModel("unsupported_json_schema")) as server:
        asked = structured(server)
        with pytest.raises(openai.BadRequestError) as caught:
            asked.invoke("How good?")
        assert caught.value.param == "response_format"
        assert client(server).invoke("?").text


def raw(server: ModelServer) -> openai.OpenAI:
    return openai.OpenAI(base_url=server.url, api_key=KEY, max_retries=0)


def test_a_request_that_says_nothing_is_a_bad_one(server: ModelServer) -> None:
    with raw(server) as asking:
        with pytest.raises(openai.BadRequestError, match="'messages' is a required property"):
            asking.chat.completions.create(model="any", messages=[])
        with pytest.raises(openai.BadRequestError, match="'input' is a required property"):
            asking.embeddings.create(model="any", input=[])
        with pytest.raises(openai.NotFoundError, match="POST /v1/completions: Not Found"):
            asking.completions.create(model="any", prompt="x")
        assert [model.id for model in asking.models.list()] == ["scripted"]


def test_embeddings_come_back_as_floats_and_packed(server: ModelServer) -> None:
    embeddings = OpenAIEmbeddings(
        base_url=server.url, api_key=SecretStr(KEY), model="any", check_embedding_ctx_length=False
    )
    expected = HashEmbeddings().embed_documents(["red fox", "whale"])
    found = embeddings.embed_documents(["red fox", "whale"])
    assert found == [pytest.approx(vector, abs=1e-6) for vector in expected]
    with raw(server) as asking:
        plain = asking.embeddings.create(model="any", input="red fox", encoding_format="float")
        short = asking.embeddings.create(model="any", input=[[1, 2], [3]], dimensions=8)
    assert plain.data[0].embedding == pytest.approx(expected[0])
    assert [len(one.embedding) for one in short.data] == [8, 8]


async def test_the_log_has_intervals_that_hold_the_delay_and_lie_within_the_clients() -> None:
    model = ScriptedModel(lambda request: "x" * 40)  # ten tokens
    with ModelServer(model, latency_ms=100, ms_per_token=10) as server:
        started = time.time()
        async with openai.AsyncOpenAI(base_url=server.url, api_key=KEY) as asking:
            create = asking.chat.completions.create
            told: list[Any] = [{"role": "user", "content": "Hi."}]
            await asyncio.gather(*(create(model="any", messages=told) for _ in range(4)))
        ended = time.time()
    log = server.log
    assert len(log) == 4
    for one in log:
        assert started <= one.received < one.answered <= ended
        assert one.answered - one.received >= 0.199
    first = log[0]
    assert (first.method, first.path, first.status) == ("POST", "/v1/chat/completions", 200)
    assert first.headers["authorization"] == f"Bearer {KEY}"
    assert first.body["messages"][0]["content"] == "Hi."
    assert first.bytes_in == int(first.headers["content-length"])
    assert first.bytes_out > 200
    assert json.loads(json.dumps(first.as_json()))["fault"] is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param(
            {"id": "f", "status": 503, "body": "<p>"}, openai.InternalServerError, id="503"
        ),
        pytest.param(
            {"id": "f", "behaviour": "accept, never answer"}, openai.APITimeoutError, id="silence"
        ),
        pytest.param(
            {"id": "f", "status": 200, "body": '{"id": "x"}', "behaviour": "RST after 5 bytes"},
            openai.APIConnectionError,
            id="a reset within the body",
        ),
    ],
)
def test_a_fault_is_what_the_client_sees_once(
    server: ModelServer, fault: dict[str, Any], error: type[Exception]
) -> None:
    server.replay([fault | {"times": 1}])
    with pytest.raises(error):
        client(server, timeout=1).invoke("?")
    assert client(server).invoke("?").text == "Hello."
    by_fault = {one.fault: one.status for one in server.log}
    assert by_fault[None] == 200
    assert by_fault["f"] == fault.get("status")


def read_to_the_end(asking: socket.socket) -> bytes:
    return b"".join(iter(lambda: asking.recv(4_096), b""))


def test_a_reset_is_no_end_of_file(server: ModelServer) -> None:
    server.replay([Fault(id="reset", body="x" * 50, behaviour="reset", reset_after=20)])
    port = int(server.url.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as asking:
        asking.sendall(b"POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            read_to_the_end(asking)


def test_a_body_of_a_fault_stands_in_for_the_reply(server: ModelServer) -> None:
    cut = {"index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": "{"}}
    server.replay([Fault(id="cut", body=json.dumps({"model": "m", "choices": [cut]}))])
    for _ in range(2):
        reply = client(server).invoke("?")
        assert (reply.text, reply.response_metadata["finish_reason"]) == ("{", "length")
        assert not reply.usage_metadata


def test_a_server_stops_while_a_request_hangs(server: ModelServer) -> None:
    server.replay([Fault(id="hang", behaviour="hang")])

    async def ask_and_stop() -> None:
        asking = asyncio.create_task(client(server).ainvoke("?"))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(server.stop)
        with pytest.raises(openai.APIConnectionError):
            await asking

    asyncio.run(ask_and_stop())
    assert [one.fault for one in server.log] == ["hang"]


def test_an_address_that_is_taken_is_an_error_and_none_before_the_start(
    server: ModelServer,
) -> None:
    port = int(server.url.split(":")[2].split("/")[0])
    with pytest.raises(OSError, match="address already in use"):
        ModelServer(HashModel(), port=port).start()
    with pytest.raises(RuntimeError, match=r"no address before start\(\)"):
        _ = ModelServer(HashModel()).url
