"""Put a value into the form of reply that a caller asked for."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.tool import tool_call

from quaestor.testing.request import offered_tools, wanted_form


def reply_as(
    value: str | Mapping[str, Any] | Sequence[Any],
    messages: Sequence[BaseMessage],
    kwargs: Mapping[str, Any],
    *,
    tool: str | None = None,
) -> AIMessage:
    """Return a model's message that says `value` as it was asked for.

    Args:
        value: What to say. A string is said as it stands, in any form.
        messages: The prompt; a textual form is asked for in it.
        kwargs: What was bound: `response_format`, `tools`, `tool_choice`.
        tool: The tool to call where several are offered; the first unless given.

    Returns:
        A tool call, JSON as text, or tagged text.
    """
    if isinstance(value, str):
        return AIMessage(content=value)
    form = wanted_form(messages, kwargs)
    if isinstance(value, Mapping) and form == "tool":
        return call_message(tool or next(iter(offered_tools(kwargs))), value)
    if isinstance(value, Mapping) and form == "tagged_text":
        return AIMessage(content=tagged(value))
    return AIMessage(content=json.dumps(value, ensure_ascii=False))


def call_message(tool: str, arguments: Mapping[str, Any]) -> AIMessage:
    """Return a message that calls one tool; the call's id follows from what is called."""
    return AIMessage(
        content="",
        tool_calls=[tool_call(name=tool, args=dict(arguments), id=call_id(tool, arguments))],
    )


def call_id(tool: str, arguments: object) -> str:
    """Return the id of a call, the same for the same call."""
    said = json.dumps([tool, arguments], sort_keys=True, default=str)
    return f"call_{sha256(said.encode()).hexdigest()[:12]}"


def tagged(value: Mapping[str, Any]) -> str:
    """Return one `<field>value</field>` a line, JSON inside where a value is no string."""
    said = {
        name: inner if isinstance(inner, str) else json.dumps(inner, ensure_ascii=False)
        for name, inner in value.items()
    }
    return "\n".join(f"<{name}>{inner}</{name}>" for name, inner in said.items())
