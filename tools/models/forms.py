"""The four forms a structured reply can be asked for in, the most exact first.

Each says what a request carries besides its messages, and what is added to the last of them.
"""

import json
from collections.abc import Mapping
from typing import Any, Literal, get_args

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableLambda, RunnableSequence

Form = Literal["json_schema", "tool_call", "json_text", "tagged_text"]
FORMS: tuple[Form, ...] = get_args(Form)

_JSON = """Reply with one JSON object and nothing else: no words before or after it, no code fence.
It must fit this schema:
<reply_schema>
{schema}
</reply_schema>"""

_TAGS = """Reply with these tags and nothing else, each once, its content between them. Where \
the content is not plain text write JSON.
<reply_tags>
{tags}
</reply_tags>
It must fit this schema:
<reply_schema>
{schema}
</reply_schema>"""


def said_for(form: Form, schema: Mapping[str, Any]) -> str:
    """Return what the prompt adds so that the reply comes in a form; empty where nothing."""
    match form:
        case "json_text":
            return _JSON.format(schema=_text(schema))
        case "tagged_text":
            return _TAGS.format(schema=_text(schema), tags=tags_of(schema))
        case _:
            return ""


def bound(
    model: BaseChatModel, form: Form, schema: Mapping[str, Any]
) -> Runnable[list[BaseMessage], Any]:
    """Return the model bound to a form, answering with a raw message.

    Raises:
        NotImplementedError | TypeError | ValueError: Its client does not offer the form.
    """
    match form:
        case "json_schema":
            asked: Any = model.with_structured_output(
                dict(schema), method="json_schema", include_raw=True
            )
            # Without its parser: LangChain's takes minutes over a long text that is no JSON,
            # and the loop stands still while it does.
            parts: Any = asked
            unread: Any = parts.first if isinstance(asked, RunnableSequence) else parts
            chain: Runnable[list[BaseMessage], Any] = unread | RunnableLambda(_raw)
            return chain
        case "tool_call":
            return model.bind_tools([tool_of(schema)], tool_choice=str(schema["title"]))
        case _:
            return model


def tool_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema as the one tool a reply must call."""
    return {
        "type": "function",
        "function": {
            "name": str(schema["title"]),
            "description": str(schema.get("description", "")),
            "parameters": dict(schema),
        },
    }


def tags_of(schema: Mapping[str, Any]) -> str:
    """Return a line for each field of a schema: `<name>what belongs in it</name>`."""
    lines = [
        f"<{name}>{field.get('description', 'JSON')}</{name}>"
        for name, field in schema.get("properties", {}).items()
    ]
    return "\n".join(lines)


async def _raw(answered: Any) -> Any:
    return answered["raw"]


def _text(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1)
