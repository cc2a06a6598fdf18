"""OpenAI's wire format: request bodies into messages, messages into completions."""

import base64
import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, cast

from langchain_core.messages import AIMessage, BaseMessage, convert_to_messages

from quaestor.testing.failing import EndpointError

_ASKED = ("response_format", "tools", "tool_choice")


def asked_of(body: Mapping[str, Any]) -> tuple[list[BaseMessage], dict[str, Any]]:
    """Return messages and bound arguments of a chat completion's request body.

    Raises:
        EndpointError: The body has no messages, or some that cannot be read.
    """
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise EndpointError("'messages' is a required property.", param="messages")
    try:
        said = convert_to_messages(cast("list[dict[str, Any]]", messages))
    except (ValueError, KeyError, TypeError, NotImplementedError) as error:
        raise EndpointError(f"'messages' cannot be read: {error}", param="messages") from error
    return said, {name: body[name] for name in _ASKED if body.get(name) is not None}


def completion(reply: AIMessage, *, model: str, created: int) -> dict[str, Any]:
    """Return a reply as a `chat.completion` object."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": str(reply.text) or None,
        "refusal": reply.additional_kwargs.get("refusal"),
    }
    if calls := _calls(reply):
        message["tool_calls"] = calls
    finish = reply.response_metadata.get("finish_reason", "stop")
    return {
        "id": f"chatcmpl-{sha256(json.dumps(message).encode()).hexdigest()[:24]}",
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": _usage(reply),
    }


def chunks(whole: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a completion as the chunks of a stream: what is said, how it ended, what it cost."""
    choice = whole["choices"][0]
    said = {name: inner for name, inner in choice["message"].items() if inner is not None}
    calls = [{"index": index, **call} for index, call in enumerate(said.pop("tool_calls", ()))]
    delta = said | ({"tool_calls": calls} if calls else {})
    frame = {key: whole[key] for key in ("id", "created", "model")}
    frame["object"] = "chat.completion.chunk"
    yield {**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    ended: dict[str, Any] = {"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}
    yield {**frame, "choices": [ended]}
    yield {**frame, "choices": [], "usage": whole["usage"]}


def texts_of(body: Mapping[str, Any]) -> list[str]:
    """Return the texts of an embedding's request body; lists of token ids are spelt out.

    Raises:
        EndpointError: There is no input.
    """
    given = body.get("input")
    if isinstance(given, str):
        return [given]
    if not isinstance(given, list) or not given:
        raise EndpointError("'input' is a required property.", param="input")
    items: list[Any] = list(cast("list[object]", given))
    if all(isinstance(item, int) for item in items):
        items = [items]
    return [item if isinstance(item, str) else " ".join(map(str, item)) for item in items]


def embedding_list(
    vectors: Sequence[Sequence[float]], *, model: str, tokens: int, packed: bool
) -> dict[str, Any]:
    """Return vectors as OpenAI's list of embeddings, as base64 of 32-bit floats when packed."""
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": _packed(vector) if packed else list(vector),
        }
        for index, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": model, "usage": usage}


def _calls(reply: AIMessage) -> list[dict[str, Any]]:
    good = [(call["id"], call["name"], json.dumps(call["args"])) for call in reply.tool_calls]
    bad = [(call["id"], call["name"], call["args"]) for call in reply.invalid_tool_calls]
    return [
        {"id": made, "type": "function", "function": {"name": name, "arguments": arguments}}
        for made, name, arguments in [*good, *bad]
    ]


def _usage(reply: AIMessage) -> dict[str, int]:
    counted = reply.usage_metadata
    tokens_in = counted["input_tokens"] if counted else 0
    tokens_out = counted["output_tokens"] if counted else 0
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }


def _packed(vector: Sequence[float]) -> str:
    return base64.b64encode(array("f", vector).tobytes()).decode()
