"""ScriptedModel says what was written down, and remembers."""

import asyncio
import time
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.messages.ai import UsageMetadata

from quaestor.errors import SettingsError
from quaestor.testing import EndpointError, Reply, Request, ScriptedModel, ScriptSpentError
from quaestor.testing.usage import token_count


async def test_a_list_is_said_in_order_and_its_end_is_an_error() -> None:
    model = ScriptedModel(["one", {"n": 2}, AIMessage("three")])
    said = [str((await model.ainvoke("?")).text) for _ in range(3)]
    assert said == ["one", '{"n": 2}', "three"]
    with pytest.raises(ScriptSpentError, match="the script has 3 replies and was asked once more"):
        await model.ainvoke("?")
    assert issubclass(ScriptSpentError, SettingsError)


def test_a_rule_sees_the_request() -> None:
    def rule(request: Request) -> Reply:
        return f"You said {request.prompt!r}."

    assert ScriptedModel(rule).invoke("Hi.").content == "You said 'Hi.'."


@pytest.mark.parametrize("as_rule", [False, True], ids=["from the list", "from the rule"])
def test_an_exception_is_raised(as_rule: bool) -> None:
    error = EndpointError("Too fast.", status_code=429, headers={"retry-after": "2"})
    model = ScriptedModel(lambda request: error) if as_rule else ScriptedModel([error])
    with pytest.raises(EndpointError, match="Error code: 429") as caught:
        model.invoke("?")
    assert caught.value.response.headers == {"retry-after": "2"}
    assert caught.value.body["message"] == "Too fast."


def test_what_was_asked_is_kept() -> None:
    model = ScriptedModel(["a", "b"])
    model.invoke("first")
    model.bind(response_format={"type": "json_object"}).invoke([HumanMessage("second")])
    assert [request.prompt for request in model.asked] == ["first", "second"]
    assert model.asked[1].kwargs == {"response_format": {"type": "json_object"}}


def test_usage_counts_four_bytes_a_token() -> None:
    reply = ScriptedModel(["12345678"]).invoke("123456789")
    assert reply.usage_metadata == {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}
    assert reply.response_metadata == {"model_name": "scripted", "finish_reason": "stop"}
    assert token_count("漢字") == 2  # six bytes
    assert token_count("") == 0


def test_usage_counts_the_schema_of_a_request_too() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    native: dict[str, Any] = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    reply = ScriptedModel(["1234"]).bind(response_format=native).invoke("1234")
    counted = reply.usage_metadata
    assert counted is not None
    assert counted["input_tokens"] == 1 + 9  # the schema has 36 bytes as JSON


def test_usage_that_a_message_brings_is_kept() -> None:
    own = UsageMetadata(input_tokens=7, output_tokens=1, total_tokens=8)
    assert ScriptedModel([AIMessage("x", usage_metadata=own)]).invoke("?").usage_metadata == own


def test_an_answer_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(time, "sleep", slept.append)
    model = ScriptedModel(["a", "b"], latency_s=0.25)
    model.invoke("?")
    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "sleep", sleep)
        asyncio.run(model.ainvoke("?"))
    assert slept == [0.25, 0.25]
