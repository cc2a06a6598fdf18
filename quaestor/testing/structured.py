"""Structured output by JSON in the reply, for `with_structured_output` of the doubles."""

from operator import itemgetter
from typing import Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.output_parsers import JsonOutputParser, PydanticOutputParser
from langchain_core.runnables import Runnable, RunnableMap, RunnablePassthrough
from langchain_core.utils.function_calling import convert_to_openai_function
from pydantic import BaseModel


def json_reply(
    model: BaseChatModel, schema: dict[str, Any] | type, *, method: str, include_raw: bool
) -> Runnable[LanguageModelInput, Any]:
    """Return a model that is asked for JSON and whose reply is parsed.

    Args:
        model: The model to ask.
        schema: A pydantic class or a JSON schema with a title.
        method: `json_schema`, which sends the schema, or `json_mode`, which does not.
        include_raw: Give `raw`, `parsed` and `parsing_error` and never raise for a bad reply.

    Raises:
        ValueError: The method is neither.
    """
    asked = model.bind(response_format=_format(schema, method))
    parser = _parser(schema)
    if not include_raw:
        return asked | parser
    kept: Runnable[Any, Any] = RunnablePassthrough.assign(
        parsed=itemgetter("raw") | parser, parsing_error=lambda _: None
    )
    lost: Runnable[Any, Any] = RunnablePassthrough.assign(parsed=lambda _: None)
    return RunnableMap(raw=asked) | kept.with_fallbacks([lost], exception_key="parsing_error")


def _format(schema: dict[str, Any] | type, method: str) -> dict[str, Any]:
    if method == "json_mode":
        return {"type": "json_object"}
    if method != "json_schema":
        raise ValueError(
            f"method {method!r} is not known; take function_calling, json_schema or json_mode"
        )
    function = convert_to_openai_function(schema)
    inner = {"name": function["name"], "schema": function["parameters"]}
    return {"type": "json_schema", "json_schema": inner}


def _parser(schema: dict[str, Any] | type) -> Runnable[Any, Any]:
    if isinstance(schema, type) and issubclass(schema, BaseModel):
        return PydanticOutputParser(pydantic_object=schema)
    return JsonOutputParser()
