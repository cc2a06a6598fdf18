"""How many tokens a prompt and a reply are, by a rule anybody can work out by hand."""

import json
from collections.abc import Mapping

from langchain_core.messages import AIMessage
from langchain_core.messages.ai import UsageMetadata

from quaestor.testing.request import Request

BYTES_A_TOKEN = 4  # of UTF-8; about what English text is in the usual tokenizers


def token_count(text: str) -> int:
    """Return the tokens of a text: one for every four bytes of UTF-8, rounded up.

    Example:
        >>> token_count("nine char")
        3
    """
    return -(-len(text.encode("utf-8", "replace")) // BYTES_A_TOKEN)


def usage_of(request: Request, reply: AIMessage) -> UsageMetadata:
    """Return what a request and its reply count: every text, call and schema in them once."""
    asked = [*map(_said, request.messages), *map(_plain, request.tools.values())]
    if request.form == "json_schema":
        asked.append(_plain(request.schema or {}))
    tokens_in, tokens_out = sum(map(token_count, asked)), token_count(_said(reply))
    return UsageMetadata(
        input_tokens=tokens_in, output_tokens=tokens_out, total_tokens=tokens_in + tokens_out
    )


def _said(message: object) -> str:
    text = str(getattr(message, "text", ""))
    calls = [one["args"] for one in getattr(message, "tool_calls", ())]
    broken = [one["args"] or "" for one in getattr(message, "invalid_tool_calls", ())]
    return "".join([text, *map(_plain, calls), *broken])


def _plain(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
