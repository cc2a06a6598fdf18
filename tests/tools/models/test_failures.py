"""What a client's exception means: by the real client's own classes, and by doubles of others."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from quaestor.errors import OutsideError, SettingsError, SourceDownError
from quaestor.memory.attempts import TooLateError
from quaestor.memory.fallbacks import REASONS
from quaestor.testing import ModelServer, ScriptedModel
from quaestor.tools.models.failures import (
    BadReplyError,
    ClientError,
    ModelBusyError,
    ModelDownError,
    ModelRefusedError,
    PromptTooLongError,
    UnsupportedFormError,
    failure_of,
    word_of,
)
from quaestor.tools.models.opening import for_this_loop

KEY = "sk-test-SECRET-0123456789"


def told(message: str, **more: Any) -> str:
    return json.dumps({"error": {"message": message, **more}})


async def raised(fault: Mapping[str, Any]) -> Exception:
    """Return what the real client raises when an endpoint answers so."""
    with ModelServer(ScriptedModel(["x"]), faults=[{"id": "f", **fault}]) as server:
        model = ChatOpenAI(model="m-1", base_url=server.url, api_key=SecretStr(KEY))
        async with for_this_loop(model) as (own, _):
            with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is
                await own.ainvoke("Hello")
        assert len(server.log) == 1
    return caught.value


def meaning(error: Exception, form: str = "json_schema") -> OutsideError | None:
    return failure_of(error, name="openai:m-1", form=form, secrets={KEY})


@pytest.mark.parametrize(
    ("fault", "form", "kind"),
    [
        pytest.param({"status": 500, "body": "oops"}, "json_text", ModelDownError, id="500"),
        pytest.param(
            {"status": 503, "body": "<p>x"}, "json_text", ModelDownError, id="503, a page"
        ),
        pytest.param({"status": 529, "body": "{}"}, "json_text", ModelDownError, id="529"),
        pytest.param({"status": 408}, "json_text", ModelDownError, id="408"),
        pytest.param({"status": 429, "body": told("slow")}, "json_text", ModelBusyError, id="429"),
        pytest.param(
            {"status": 429, "body": told("You exceeded", code="insufficient_quota")},
            "json_text",
            ModelRefusedError,
            id="429 for want of money",
        ),
        pytest.param({"status": 401, "body": "{}"}, "json_schema", ModelRefusedError, id="401"),
        pytest.param({"status": 403}, "tool_call", ModelRefusedError, id="403"),
        pytest.param(
            {"status": 404, "body": told("no", code="model_not_found")},
            "json_schema",
            ModelRefusedError,
            id="no such model",
        ),
        pytest.param({"status": 413}, "json_text", PromptTooLongError, id="413"),
        pytest.param(
            {"status": 400, "body": told("This model's maximum context length is 8192 tokens")},
            "json_schema",
            PromptTooLongError,
            id="400 for a long prompt",
        ),
        pytest.param(
            {"status": 400, "body": told("no", code="context_length_exceeded")},
            "json_text",
            PromptTooLongError,
            id="400 for a long prompt, by its code",
        ),
        pytest.param(
            {"status": 400, "body": told("'response_format' is not supported")},
            "json_schema",
            UnsupportedFormError,
            id="400 for a form",
        ),
        pytest.param(
            {"status": 422, "body": told("tools: extra field")},
            "tool_call",
            UnsupportedFormError,
            id="422 for a form",
        ),
        pytest.param({"status": 400}, "tool_call", UnsupportedFormError, id="400 without a word"),
        pytest.param({"status": 400}, "json_text", ModelRefusedError, id="400 for plain text"),
        pytest.param(
            {"status": 307, "headers": {"Location": "http://127.0.0.1:9/v1"}},
            "json_text",
            ModelRefusedError,
            id="a redirect",
        ),
        pytest.param({"status": 200, "body": "<html>"}, "json_text", ClientError, id="a page"),
        pytest.param(
            {"status": 200, "body": '{"choices": []}'}, "json_text", ClientError, id="no choice"
        ),
        pytest.param(
            {"status": 200, "body": "{}" * 50, "behaviour": "RST after 10 bytes"},
            "json_text",
            ModelDownError,
            id="a broken connection",
        ),
    ],
)
async def test_by_what_the_endpoint_answered(
    fault: dict[str, Any], form: str, kind: type[OutsideError]
) -> None:
    found = meaning(await raised(fault), form)
    assert found is not None
    assert type(found) is kind
    assert found.retryable == issubclass(kind, SourceDownError)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        pytest.param("7", 7.0, id="seconds"),
        pytest.param("86400", 86_400.0, id="a day"),
        pytest.param("-5", None, id="a negative number"),
        pytest.param("soon", None, id="a word"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", 0.0, id="a date that is past"),
    ],
)
async def test_the_pause_it_asks_for(header: str, wait: float | None) -> None:
    found = meaning(await raised({"status": 429, "headers": {"Retry-After": header}}))
    assert found is not None
    assert found.wait == wait


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(told(f"Incorrect API key provided: {KEY}"), id="in the message"),
        pytest.param(told("no", code=KEY), id="in the code"),
        pytest.param(f"Bearer {KEY} is wrong", id="in a text"),
        pytest.param("x " * 95 + KEY, id="where the message is cut"),
    ],
)
async def test_the_key_does_not_stand_in_what_is_said(body: str) -> None:
    found = meaning(await raised({"status": 401, "body": body}))
    assert "SECRET" not in str(found)
    assert len(str(found)) < 300


async def test_nobody_answers() -> None:
    model = ChatOpenAI(model="m", base_url="http://127.0.0.1:9/v1", api_key=SecretStr(KEY))
    async with for_this_loop(model) as (own, _):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is
            await own.ainvoke("Hello")
    found = meaning(caught.value)
    assert type(found) is ModelDownError
    assert str(found) == "openai:m-1: no connection (Connection refused)"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        pytest.param(NotImplementedError(), UnsupportedFormError, id="a form not offered"),
        pytest.param(TypeError("unexpected keyword argument 'strict'"), UnsupportedFormError, id="a"
                     " form not known"),
        pytest.param(ConnectionResetError(), ModelDownError, id="the network"),
        pytest.param(TimeoutError(), ModelDownError, id="a timeout"),
        pytest.param(ValueError("tokens exceed context window of 512"), PromptTooLongError,
                     id="llama.cpp in this process"),
        pytest.param(KeyError("choices"), ClientError, id="a client that stumbles"),
    ],
)  # fmt: skip
def test_clients_without_a_status(error: Exception, kind: type[OutsideError]) -> None:
    assert type(meaning(error)) is kind


def test_ours_stay_ours() -> None:
    down = SourceDownError("x", "y")
    assert meaning(down) is down
    assert meaning(SettingsError("a defect")) is None


@pytest.mark.parametrize(
    "kind",
    [
        ModelDownError,
        ModelRefusedError,
        PromptTooLongError,
        UnsupportedFormError,
        BadReplyError,
        ClientError,
        TooLateError,
    ],
)
def test_every_failure_is_told_in_a_report(kind: type[OutsideError]) -> None:
    assert word_of(kind.__name__) in REASONS
