"""What a caller asked of a model: its messages, the reply it wants, and in which form.

A structured reply is asked for in one of four forms: a native JSON schema (`response_format`), a
tool call (`tools`), JSON in the text, or tagged text. The two textual forms put the schema into a
message between lines `<reply_schema>` and `</reply_schema>`; `<reply_tags>` beside it asks for
tags.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from langchain_core.messages import BaseMessage

Schema = Mapping[str, Any]
Form = Literal["json_schema", "tool", "json_text", "tagged_text"]

SCHEMA_BLOCK = re.compile(r"^<reply_schema>[ \t]*\n(.*?)^</reply_schema>", re.DOTALL | re.MULTILINE)
TAGS_MARK = re.compile(r"^<reply_tags>", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it reached a model."""

    messages: Sequence[BaseMessage]
    kwargs: Mapping[str, Any]
    """What was bound beside the messages: `response_format`, `tools`, `tool_choice` and so on."""
    schema: dict[str, Any] | None
    """JSON schema of the wanted reply; None when plain text is wanted."""

    @property
    def prompt(self) -> str:
        """The text of all messages, in order."""
        return "\n\n".join(text_of(message) for message in self.messages)

    @property
    def tools(self) -> dict[str, dict[str, Any]]:
        """The tools that may be called: name to the schema of the arguments."""
        return offered_tools(self.kwargs)

    @property
    def form(self) -> Form | None:
        """The form the reply is wanted in; None for plain text."""
        return wanted_form(self.messages, self.kwargs)

    @property
    def wanted(self) -> str:
        """Name of the wanted schema, in every form; empty for plain text or where it has none."""
        if self.form == "tool":
            return next(iter(self.tools))
        if self.form == "json_schema":
            return native_name(self.kwargs)
        return str((self.schema or {}).get("title", ""))


def request_of(messages: Sequence[BaseMessage], kwargs: Mapping[str, Any]) -> Request:
    """Return messages and bound arguments as one value."""
    return Request(
        messages=tuple(messages), kwargs=dict(kwargs), schema=wanted_schema(messages, kwargs)
    )


def text_of(message: BaseMessage) -> str:
    """Return a message's text, its content being a string or blocks."""
    return str(message.text)


def wanted_schema(
    messages: Sequence[BaseMessage], kwargs: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the JSON schema that a reply is asked to follow.

    Args:
        messages: The prompt.
        kwargs: What was bound: `response_format`, `tools`, `tool_choice`.

    Returns:
        The schema of a forced tool, else of `response_format`, else of the first tool, else the
        one in the last message that holds one. None when plain text is wanted.
    """
    form = wanted_form(messages, kwargs)
    if form == "json_schema":
        return native_schema(kwargs)
    if form == "tool":
        return next(iter(offered_tools(kwargs).values()))
    block = _last_block(messages)
    return block[0] if block else None


def wanted_form(messages: Sequence[BaseMessage], kwargs: Mapping[str, Any]) -> Form | None:
    """Return in which of the four forms a reply is asked for, None for plain text."""
    tools = offered_tools(kwargs)
    if tools and _must_call(kwargs):
        return "tool"
    if native_schema(kwargs) is not None:
        return "json_schema"
    if tools:
        return "tool"
    block = _last_block(messages)
    if block is None:
        return "json_text" if kwargs.get("response_format") is not None else None
    return "tagged_text" if block[1] else "json_text"


def offered_tools(kwargs: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the tools that may be called: a forced one alone, none when calling is off."""
    choice = kwargs.get("tool_choice")
    if choice == "none":
        return {}
    functions = [cast("dict[str, Any]", tool["function"]) for tool in kwargs.get("tools") or ()]
    tools = {str(one["name"]): dict(one.get("parameters") or {}) for one in functions}
    forced = _forced_name(choice)
    return {forced: tools[forced]} if forced in tools else tools


def native_schema(kwargs: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the schema of `response_format`, be it OpenAI's object or a pydantic class."""
    wanted = kwargs.get("response_format")
    if isinstance(wanted, type) and hasattr(wanted, "model_json_schema"):
        return cast("dict[str, Any]", cast("Any", wanted).model_json_schema())
    if isinstance(wanted, dict):
        inner = cast("dict[str, Any]", wanted).get("json_schema")
        return dict(inner["schema"]) if inner else None
    return None


def native_name(kwargs: Mapping[str, Any]) -> str:
    """Return the name of the schema of `response_format`; empty where it has none."""
    wanted = kwargs.get("response_format")
    if isinstance(wanted, type):
        return wanted.__name__
    inner: Any = cast("dict[str, Any]", wanted or {}).get("json_schema") or {}
    return str(inner.get("name", ""))


def _must_call(kwargs: Mapping[str, Any]) -> bool:
    return kwargs.get("tool_choice") not in (None, "auto", "none", False)


def _forced_name(choice: object) -> str | None:
    if isinstance(choice, dict):
        choice = cast("dict[str, Any]", choice).get("function", {}).get("name")
    return choice if isinstance(choice, str) else None


def _last_block(messages: Sequence[BaseMessage]) -> tuple[dict[str, Any], bool] | None:
    """Return the schema nearest to the prompt's end, and whether tags are asked for with it.

    Nearest to the end, because what stands before it may be text that somebody else wrote.
    """
    for message in reversed(messages):
        text = text_of(message)
        for block in reversed(SCHEMA_BLOCK.findall(text)):
            try:
                schema = json.loads(block)
            except ValueError:
                continue
            if isinstance(schema, dict):
                return cast("dict[str, Any]", schema), TAGS_MARK.search(text) is not None
    return None
