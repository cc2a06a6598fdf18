"""HashModel's reply is a function of its entire prompt, GarbageModel's of seed and prompt."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.messages.tool import tool_call

from quaestor.testing import GarbageModel, HashModel
from tests.testing.schemas import Everything, accepted

SCHEMA = Everything.model_json_schema()
NATIVE = {"type": "json_schema", "json_schema": {"name": "Everything", "schema": SCHEMA}}
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)


def said(messages: Sequence[BaseMessage], seed: int = 0, **kwargs: Any) -> tuple[str, object]:
    reply = HashModel(seed).bind(**kwargs).invoke(list(messages))
    return str(reply.text), [(call["name"], call["args"]) for call in reply.tool_calls]


@given(TEXTS, TEXTS)
def test_the_same_prompt_has_the_same_reply_and_another_another(one: str, two: str) -> None:
    first, second = (said([HumanMessage(text)], response_format=NATIVE) for text in (one, two))
    assert (first == second) == (one == two)


@given(TEXTS, st.integers(0, 3))
def test_a_reply_fits_the_schema(text: str, seed: int) -> None:
    reply, _ = said([HumanMessage(text)], seed, response_format=NATIVE)
    assert accepted(SCHEMA, json.loads(reply))


CALL = tool_call(name="f", args={"x": 1}, id="c1")
PROMPT: list[BaseMessage] = [
    SystemMessage("Rules."),
    HumanMessage("Question"),
    AIMessage("", tool_calls=[CALL]),
    ToolMessage("Result", tool_call_id="c1"),
]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({0: SystemMessage("Rules")}, id="a byte of the system message"),
        pytest.param({1: HumanMessage("Question ")}, id="a space after the question"),
        pytest.param({1: SystemMessage("Question")}, id="who says it"),
        pytest.param({2: AIMessage("", tool_calls=[CALL | {"args": {"x": 2}}])}, id="a call"),
        pytest.param({3: ToolMessage("Result!", tool_call_id="c1")}, id="a tool's result"),
    ],
)
def test_every_part_of_a_prompt_counts(change: dict[int, BaseMessage]) -> None:
    changed = [change.get(index, message) for index, message in enumerate(PROMPT)]
    assert said(changed) != said(PROMPT)
    assert said(changed, response_format=NATIVE) != said(PROMPT, response_format=NATIVE)


def test_the_schema_and_the_seed_count_and_ids_drawn_by_chance_do_not() -> None:
    text = [HumanMessage("Hi.")]
    plain = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    wider = plain | {"title": "Wider"}
    formats = [{"json_schema": {"name": "x", "schema": schema}} for schema in (plain, wider)]
    assert said(text, response_format=formats[0]) != said(text, response_format=formats[1])
    assert said(text, 1) != said(text, 2)
    assert said([HumanMessage("Hi.", id="drawn")]) == said(text)


def test_a_string_holds_words_and_the_hash() -> None:
    plain = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
    reply, _ = said([HumanMessage("Hi.")], response_format={"json_schema": {"schema": plain}})
    assert accepted(
        {"type": "string", "pattern": "^([a-z]+ ){3}[0-9a-f]{12}$"}, json.loads(reply)["q"]
    )


def test_every_tool_is_called_by_some_prompt() -> None:
    tools = [
        {"type": "function", "function": {"name": name, "parameters": SCHEMA}}
        for name in ("search", "open", "done")
    ]
    called: set[str] = set()
    for number in range(40):
        reply = HashModel().bind(tools=tools).invoke(f"Prompt {number}")
        called.add(reply.tool_calls[0]["name"])
        assert accepted(SCHEMA, reply.tool_calls[0]["args"])
    assert called == {"search", "open", "done"}


def test_garbage_is_the_same_for_the_same_prompt_and_seed() -> None:
    first, again, other = (
        [GarbageModel(seed).invoke(f"Prompt {n}").content for n in range(20)] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_garbage_comes_in_every_kind_and_seldom_fits() -> None:
    replies = [
        str(GarbageModel().bind(response_format=NATIVE).invoke(f"Prompt {number}").text)
        for number in range(200)
    ]
    parsed = [_parsed(reply) for reply in replies]
    assert sum(accepted(SCHEMA, value) for value in parsed) < 20
    assert any(value is not None for value in parsed)
    assert any(value is None for value in parsed)
    assert any("\x00" in reply for reply in replies)
    assert any(not reply.isascii() for reply in replies)
    assert "" in replies or any(reply in ("[]", "{}", '""') for reply in replies)


def test_garbage_calls_tools_that_are_there_and_some_that_are_not() -> None:
    tools = [{"type": "function", "function": {"name": "search", "parameters": SCHEMA}}]
    calls = [
        call["name"]
        for number in range(100)
        for call in GarbageModel().bind(tools=tools).invoke(f"Prompt {number}").tool_calls
    ]
    assert set(calls) == {"search", "nothing"}


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
