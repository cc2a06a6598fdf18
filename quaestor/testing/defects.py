"""The ways in which a good reply goes wrong, one function each."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from langchain_core.messages import AIMessage
from langchain_core.messages.tool import invalid_tool_call

from quaestor.testing.failing import EndpointError
from quaestor.testing.replying import call_id, call_message, reply_as, tagged
from quaestor.testing.request import Request

Defect = Literal[
    "truncated_json",
    "prose_around_json",
    "wrong_keys",
    "wrong_types",
    "unknown_tool",
    "thinking_tags",
    "empty_reply",
    "refusal",
    "another_language",
    "endless_text",
    "nan_numbers",
    "duplicate_keys",
    "unsupported_json_schema",
    "unsupported_tools",
]

UNKNOWN_TOOL = "open_the_pod_bay_doors"
REFUSAL = "I'm sorry, but I can't help with that."
FOREIGN = "对不起，我只能用中文回答这个问题。"
NOT_A_NUMBER = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A good reply on its way to be damaged."""

    request: Request
    reply: AIMessage
    max_chars: int
    """Where endless text ends."""

    @property
    def value(self) -> dict[str, Any]:
        """What the reply says, out of whichever form it has; a plain text under `text`."""
        if self.reply.tool_calls:
            return dict(self.reply.tool_calls[0]["args"])
        text = str(self.reply.text)
        try:
            value = json.loads(text)
        except ValueError:
            return self._untagged(text)
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {"text": text}

    @property
    def text(self) -> str:
        """The reply as text; a call's arguments as JSON."""
        return json.dumps(self.value, ensure_ascii=False) if self.calls else str(self.reply.text)

    @property
    def calls(self) -> bool:
        """Whether the reply is a tool call."""
        return bool(self.reply.tool_calls)

    def saying(self, value: Mapping[str, Any]) -> AIMessage:
        """Return the same reply with something else in it."""
        if self.calls:
            return call_message(self.reply.tool_calls[0]["name"], value)
        return reply_as(value, self.request.messages, self.request.kwargs)

    def _untagged(self, text: str) -> dict[str, Any]:
        if self.request.form != "tagged_text":
            return {"text": text}
        lines = [line for line in text.splitlines() if line.startswith("<")]
        pairs = [(line[1:].partition(">")[0], line.partition(">")[2]) for line in lines]
        return {name: _unjson(inner.rpartition("</")[0]) for name, inner in pairs}


def truncated_json(draft: Draft) -> AIMessage:
    """Cut a reply short while the endpoint says that it was whole."""
    cut = draft.text[: max(1, len(draft.text) * 3 // 5)]
    if not draft.calls:
        return AIMessage(content=cut)
    name = draft.reply.tool_calls[0]["name"]
    return AIMessage(
        content="",
        invalid_tool_calls=[
            invalid_tool_call(name=name, args=cut, id=call_id(name, cut), error="not JSON")
        ],
    )


def prose_around_json(draft: Draft) -> AIMessage:
    """Say the reply in a friendly text and a code fence, and call no tool."""
    fenced = f"```json\n{draft.text}\n```"
    return AIMessage(content=f"Sure! Here you are:\n\n{fenced}\n\nHope this {{helps}}!")


def wrong_keys(draft: Draft) -> AIMessage:
    """Give every field a name of the model's own."""
    return draft.saying({f"the_{name}": inner for name, inner in draft.value.items()})


def wrong_types(draft: Draft) -> AIMessage:
    """Give every field a value of another type."""
    return draft.saying({name: _otherwise(inner) for name, inner in draft.value.items()})


def unknown_tool(draft: Draft) -> AIMessage:
    """Call a tool that nobody offered."""
    return call_message(UNKNOWN_TOOL, draft.value)


def thinking_tags(draft: Draft) -> AIMessage:
    """Think aloud before the reply, with a draft of it that is not meant."""
    thought = '<think>\nThe user wants JSON. Maybe {"draft": true}? No, rather this:\n</think>\n\n'
    return draft.reply.model_copy(update={"content": thought + str(draft.reply.text)})


def empty_reply(draft: Draft) -> AIMessage:
    """Say nothing."""
    return AIMessage(content="")


def refusal(draft: Draft) -> AIMessage:
    """Refuse: in the field OpenAI has for it where a schema was sent, else in words."""
    if draft.request.form == "json_schema":
        return AIMessage(content="", additional_kwargs={"refusal": REFUSAL})
    return AIMessage(content=REFUSAL)


def another_language(draft: Draft) -> AIMessage:
    """Write every text of more than a word in Chinese."""
    if draft.request.form is None:
        return AIMessage(content=FOREIGN)
    return draft.saying(cast("dict[str, Any]", _foreign(draft.value)))


def endless_text(draft: Draft) -> AIMessage:
    """Repeat the beginning of the reply until the endpoint's limit."""
    start = draft.text[:40] or "and "
    text = (start * (draft.max_chars // len(start) + 1))[: draft.max_chars]
    return AIMessage(content=text, response_metadata={"finish_reason": "length"})


def nan_numbers(draft: Draft) -> AIMessage:
    """Put NaN where numbers stand, and into the first field when there is no number."""
    value = cast("dict[str, Any]", _nan(draft.value))
    if value == draft.value:
        value = value | dict.fromkeys(list(value)[:1], NOT_A_NUMBER)
    return draft.saying(value)


def duplicate_keys(draft: Draft) -> AIMessage:
    """Give every field twice, the second time with null; a call keeps the last, as parsers do."""
    if draft.calls:
        return draft.saying(dict.fromkeys(draft.value))
    if draft.request.form == "tagged_text":
        return AIMessage(content=f"{draft.text}\n{tagged(dict.fromkeys(draft.value))}")
    fields = [f"{json.dumps(name)}: {json.dumps(inner)}" for name, inner in draft.value.items()]
    again = [f"{json.dumps(name)}: null" for name in draft.value]
    return AIMessage(content="{" + ", ".join([*fields, *again]) + "}")


def unsupported_json_schema(draft: Draft) -> AIMessage:
    """Refuse `response_format` as an endpoint does that does not know it."""
    if draft.request.kwargs.get("response_format") is None:
        return draft.reply
    raise EndpointError(
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported here.",
        param="response_format",
    )


def unsupported_tools(draft: Draft) -> AIMessage:
    """Refuse `tools` as an endpoint does that does not know them."""
    if not draft.request.kwargs.get("tools"):
        return draft.reply
    raise EndpointError("'tools' is not supported with this model.", param="tools")


DEFECTS: Mapping[Defect, Callable[[Draft], AIMessage]] = {
    "truncated_json": truncated_json,
    "prose_around_json": prose_around_json,
    "wrong_keys": wrong_keys,
    "wrong_types": wrong_types,
    "unknown_tool": unknown_tool,
    "thinking_tags": thinking_tags,
    "empty_reply": empty_reply,
    "refusal": refusal,
    "another_language": another_language,
    "endless_text": endless_text,
    "nan_numbers": nan_numbers,
    "duplicate_keys": duplicate_keys,
    "unsupported_json_schema": unsupported_json_schema,
    "unsupported_tools": unsupported_tools,
}


def _otherwise(value: object) -> object:
    match value:
        case str():
            return [{"value": value}]
        case bool() | None:
            return "perhaps"
        case int() | float():
            return f"about {value}"
        case _:
            return json.dumps(value, default=str)


def _foreign(value: object) -> object:
    match value:
        case str():
            return FOREIGN if " " in value else value
        case dict():
            return {name: _foreign(one) for name, one in cast("dict[str, Any]", value).items()}
        case list():
            return [_foreign(one) for one in cast("list[object]", value)]
        case _:
            return value


def _nan(value: object) -> object:
    match value:
        case bool():
            return value
        case int() | float():
            return NOT_A_NUMBER
        case dict():
            return {name: _nan(one) for name, one in cast("dict[str, Any]", value).items()}
        case list():
            return [_nan(one) for one in cast("list[object]", value)]
        case _:
            return value


def _unjson(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
