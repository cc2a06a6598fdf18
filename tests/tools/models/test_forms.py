"""Each form of a structured reply, as the real client sends it over the wire."""

import json
import time
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, Field, SecretStr

from quaestor.testing import ModelServer, ScriptedModel
from quaestor.tools.models.forms import FORMS, Form, bound, said_for, tags_of
from quaestor.tools.models.messages import Said
from quaestor.tools.models.opening import for_this_loop
from quaestor.tools.models.replies import value_of


class City(BaseModel):
    """A city."""

    name: str = Field(description="as its people write it")
    people: int


SCHEMA = {**City.model_json_schema(), "title": "City"}
VALUE = {"name": "København", "people": 660_842}


async def exchanged(form: Form, reply: Any = VALUE) -> tuple[dict[str, Any], AIMessage]:
    """Return what the client sent, and the message it made of the answer."""
    with ModelServer(ScriptedModel([reply])) as server:
        model = ChatOpenAI(model="m-1", base_url=server.url, api_key=SecretStr("sk-x"))
        async with for_this_loop(model) as (own, _):
            chain = bound(own, form, SCHEMA)
            prompt = f"Which city?\n{said_for(form, SCHEMA)}"
            message = await chain.ainvoke([HumanMessage(prompt)])
        [exchange] = server.log
    assert isinstance(message, AIMessage)
    return exchange.body, message


async def test_a_json_schema_is_sent_as_such() -> None:
    body, message = await exchanged("json_schema")
    sent = body["response_format"]["json_schema"]
    assert body["response_format"]["type"] == "json_schema"
    assert (sent["name"], set(sent["schema"]["properties"])) == ("City", {"name", "people"})
    assert "tools" not in body
    assert json.loads(str(message.text)) == VALUE


async def test_a_tool_must_be_called() -> None:
    body, message = await exchanged("tool_call")
    [tool] = body["tools"]
    assert tool["function"]["name"] == "City"
    assert tool["function"]["description"] == "A city."
    assert body["tool_choice"] == {"type": "function", "function": {"name": "City"}}
    assert "response_format" not in body
    assert message.tool_calls[0]["args"] == VALUE


@pytest.mark.parametrize("form", ["json_text", "tagged_text"])
async def test_a_textual_form_stands_in_the_prompt_alone(form: Form) -> None:
    body, message = await exchanged(form)
    assert not {"tools", "tool_choice", "response_format"} & set(body)
    assert "as its people write it" in body["messages"][-1]["content"]
    assert value_of(Said(text=str(message.text)), City) == City(**VALUE)  # type: ignore[arg-type]


def test_the_native_forms_add_nothing_to_the_prompt() -> None:
    assert [bool(said_for(form, SCHEMA)) for form in FORMS] == [False, False, True, True]


def test_a_tag_for_each_field_says_what_belongs_in_it() -> None:
    assert tags_of(SCHEMA) == "<name>as its people write it</name>\n<people>JSON</people>"


async def test_a_long_reply_that_is_no_json_does_not_stop_the_loop() -> None:
    """LangChain's own parser takes minutes over it."""
    began = time.monotonic()
    _, message = await exchanged("json_schema", '{"name": ' + "the same " * 20_000)
    assert len(str(message.text)) > 100_000
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("form", ["json_schema", "tool_call"])
def test_a_client_without_a_form_says_so(form: Form) -> None:
    with pytest.raises(NotImplementedError):
        bound(FakeListChatModel(responses=["x"]), form, SCHEMA)
