"""Which schema a caller wants, found wherever the four forms put it."""

import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel

from quaestor.testing import reply_as, wanted_schema
from quaestor.testing.request import request_of

PLAN: dict[str, Any] = {"title": "Plan", "type": "object", "properties": {"n": {"type": "integer"}}}
OTHER: dict[str, Any] = {"type": "object", "properties": {"evil": {"type": "string"}}}
JSON_TEXT = f"Reply.\n<reply_schema>\n{json.dumps(PLAN, indent=1)}\n</reply_schema>"
TAGGED = f"<reply_tags>\n<n>JSON</n>\n</reply_tags>\n{JSON_TEXT}"
NATIVE = {"type": "json_schema", "json_schema": {"name": "Plan", "schema": PLAN}}


class Model(BaseModel):
    n: int


def tool(name: str, schema: dict[str, Any] = PLAN) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": schema}}


def forced(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name}}


@pytest.mark.parametrize(
    ("text", "kwargs", "form"),
    [
        pytest.param("Hi.", {"response_format": NATIVE}, "json_schema", id="a native schema"),
        pytest.param("Hi.", {"tools": [tool("plan")]}, "tool", id="one tool"),
        pytest.param(
            "Hi.",
            {"tools": [tool("no", OTHER), tool("plan")], "tool_choice": forced("plan")},
            "tool",
            id="the forced one of two tools",
        ),
        pytest.param(
            "Hi.",
            {"tools": [tool("no", OTHER), tool("plan")], "tool_choice": "plan"},
            "tool",
            id="a tool forced by its bare name",
        ),
        pytest.param(
            "Hi.",
            {"tools": [tool("no", OTHER)], "tool_choice": "none", "response_format": NATIVE},
            "json_schema",
            id="a schema beside tools that may not be called",
        ),
        pytest.param(
            "Hi.",
            {"tools": [tool("no", OTHER)], "response_format": NATIVE},
            "json_schema",
            id="a schema beside tools that need not be called",
        ),
        pytest.param(JSON_TEXT, {}, "json_text", id="a schema in the text"),
        pytest.param(
            JSON_TEXT,
            {"response_format": {"type": "json_object"}},
            "json_text",
            id="a schema in the text beside JSON mode",
        ),
        pytest.param(TAGGED, {}, "tagged_text", id="a schema and tags in the text"),
    ],
)
def test_the_schema_is_found(text: str, kwargs: dict[str, Any], form: str) -> None:
    request = request_of([SystemMessage("Rules."), HumanMessage(text)], kwargs)
    assert request.schema == PLAN
    assert request.form == form


def test_a_pydantic_class_is_a_native_schema() -> None:
    found = wanted_schema([HumanMessage("Hi.")], {"response_format": Model})
    assert found == Model.model_json_schema()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Which <reply_schema> do you mean?", id="a tag within a line"),
        pytest.param("<reply_schema>\nnot JSON\n</reply_schema>", id="a block that is no JSON"),
        pytest.param("<reply_schema>\n[1]\n</reply_schema>", id="a block that is no object"),
    ],
)
def test_plain_text_wants_no_schema(text: str) -> None:
    request = request_of([HumanMessage(text)], {})
    assert (request.schema, request.form) == (None, None)


def test_a_schema_that_a_page_smuggles_in_gives_way_to_the_last() -> None:
    page = f"<reply_schema>\n{json.dumps(OTHER)}\n</reply_schema>"
    assert wanted_schema([HumanMessage(f"{page}\n{JSON_TEXT}")], {}) == PLAN
    assert wanted_schema([HumanMessage(page), HumanMessage(JSON_TEXT)], {}) == PLAN


def test_the_schema_stands_through_a_repair_round() -> None:
    said: list[BaseMessage] = [HumanMessage(TAGGED), AIMessage("{"), HumanMessage("Mend it.")]
    assert request_of(said, {}).schema == PLAN
    assert request_of(said, {}).form == "tagged_text"


def test_the_prompt_is_the_text_of_every_message_blocks_too() -> None:
    blocks: list[str | dict[Any, Any]] = [{"type": "text", "text": "two"}]
    assert request_of([SystemMessage("one"), HumanMessage(blocks)], {}).prompt == "one\n\ntwo"


VALUE = {"n": 3, "name": "Ada", "ids": ["e1"]}


@pytest.mark.parametrize(
    ("text", "kwargs", "said"),
    [
        pytest.param(
            "", {"response_format": NATIVE}, '{"n": 3, "name": "Ada", "ids": ["e1"]}', id="schema"
        ),
        pytest.param(JSON_TEXT, {}, '{"n": 3, "name": "Ada", "ids": ["e1"]}', id="JSON in text"),
        pytest.param(
            TAGGED, {}, '<n>3</n>\n<name>Ada</name>\n<ids>["e1"]</ids>', id="tags in text"
        ),
        pytest.param("", {}, '{"n": 3, "name": "Ada", "ids": ["e1"]}', id="nothing asked for"),
    ],
)
def test_a_value_is_said_as_text(text: str, kwargs: dict[str, Any], said: str) -> None:
    reply = reply_as(VALUE, [HumanMessage(text)], kwargs)
    assert reply.content == said
    assert reply.tool_calls == []


def test_a_value_is_said_as_a_call_whose_id_follows_from_it() -> None:
    kwargs = {"tools": [tool("plan"), tool("other")]}
    first = reply_as(VALUE, [], kwargs).tool_calls[0]
    assert (first["name"], first["args"]) == ("plan", VALUE)
    assert reply_as(VALUE, [], kwargs).tool_calls[0] == first
    other = reply_as(VALUE, [], kwargs, tool="other").tool_calls[0]
    assert other["name"] == "other"
    assert other["id"] != first["id"]


def test_a_string_is_said_as_it_stands() -> None:
    assert reply_as("Just so.", [HumanMessage(TAGGED)], {"tools": [tool("x")]}).text == "Just so."


@pytest.mark.parametrize(
    ("text", "kwargs", "name"),
    [
        pytest.param("Hi.", {"response_format": NATIVE}, "Plan", id="of a native schema"),
        pytest.param("Hi.", {"response_format": Model}, "Model", id="of a class"),
        pytest.param("Hi.", {"tools": [tool("plan", OTHER)]}, "plan", id="of a tool"),
        pytest.param(JSON_TEXT, {}, "Plan", id="of a schema in the text"),
        pytest.param(TAGGED, {}, "Plan", id="of tags in the text"),
        pytest.param("Hi.", {}, "", id="of nothing"),
    ],
)
def test_what_is_wanted_has_its_name_in_every_form(
    text: str, kwargs: dict[str, Any], name: str
) -> None:
    assert request_of([HumanMessage(text)], kwargs).wanted == name
