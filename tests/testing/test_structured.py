"""The doubles take part in structured output and tool calls as a provider's model does."""

import asyncio
from typing import Any

import pytest
from langchain_core.tools import tool
from pydantic import BaseModel, Field

from quaestor.testing import BrokenModel, Double, HashModel, ObedientModel, ScriptedModel


class Answer(BaseModel):
    """An answer."""

    text: str
    score: int = Field(ge=0, le=10)


@tool
def look_up(name: str) -> str:
    """Look a name up."""
    return name


DOUBLES: list[Double] = [
    ScriptedModel(lambda request: {"text": "yes", "score": 3}),
    HashModel(1),
    ObedientModel(),
    BrokenModel("empty_reply", every=1_000),
]


@pytest.mark.parametrize("method", ["function_calling", "json_schema"])
@pytest.mark.parametrize("model", DOUBLES, ids=lambda model: type(model).__name__)
def test_a_pydantic_class_comes_back(model: Double, method: str) -> None:
    asked = model.with_structured_output(Answer, method=method)
    assert isinstance(asked.invoke("How good?"), Answer)
    assert isinstance(asyncio.run(asked.ainvoke("How good?")), Answer)


@pytest.mark.parametrize("method", ["function_calling", "json_schema", "json_mode"])
def test_a_json_schema_gives_a_mapping(method: str) -> None:
    model = ScriptedModel(lambda request: {"text": "yes", "score": 3})
    asked = model.with_structured_output(Answer.model_json_schema(), method=method)
    assert asked.invoke("How good?") == {"text": "yes", "score": 3}


@pytest.mark.parametrize("method", ["function_calling", "json_schema", "json_mode"])
def test_a_bad_reply_is_kept_beside_its_error(method: str) -> None:
    model = ScriptedModel(lambda request: {"text": "yes", "score": 11})
    asked = model.with_structured_output(Answer, method=method, include_raw=True)
    found: Any = asked.invoke("How good?")
    assert found["parsed"] is None
    assert "less than or equal to 10" in str(found["parsing_error"])
    assert "11" in str(found["raw"].tool_calls or found["raw"].content)


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(ValueError, match="method 'telepathy' is not known"):
        HashModel().with_structured_output(Answer, method="telepathy")


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        pytest.param("look_up", {"type": "function", "function": {"name": "look_up"}}, id="a name"),
        pytest.param("any", "required", id="any"),
        pytest.param(True, "required", id="yes"),
        pytest.param("auto", "auto", id="auto"),
        pytest.param("none", "none", id="none"),
        pytest.param(None, None, id="no word of it"),
    ],
)
def test_a_choice_of_tool_is_sent_as_an_endpoint_takes_it(choice: Any, sent: object) -> None:
    model = ScriptedModel(["."])
    model.bind_tools([look_up], tool_choice=choice).invoke("Ada?")
    assert model.asked[0].kwargs.get("tool_choice") == sent
    assert (list(model.asked[0].tools) == []) == (choice == "none")


def test_a_choice_that_is_not_offered_is_named() -> None:
    with pytest.raises(ValueError, match=r"tool_choice 'fly' is not among the tools \['look_up'\]"):
        HashModel().bind_tools([look_up], tool_choice="fly")
