"""What all doubles are: LangChain chat models that answer here and remember being asked."""

import asyncio
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel, PrivateAttr

from quaestor.testing.replying import reply_as
from quaestor.testing.request import Request, request_of
from quaestor.testing.structured import json_reply
from quaestor.testing.usage import usage_of

Reply = str | Mapping[str, Any] | AIMessage | Exception
"""What a double may answer: a text, a value to put into the wanted form, a message, or an error."""


class Double(BaseChatModel):
    """A chat model without a network; what it answers is up to the class made from it.

    Args:
        latency_s: How long an answer takes, in seconds.
        model_name: The name it goes by.
    """

    latency_s: float = 0.0
    model_name: str = "double"
    in_process: ClassVar[bool] = True
    """Nothing it is told leaves this process; said for classes made from this one elsewhere."""
    _asked: list[Request] = PrivateAttr(default_factory=list[Request])
    _counting: Any = PrivateAttr(default_factory=threading.Lock)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    @property
    def asked(self) -> list[Request]:
        """Every request so far, in the order of arrival."""
        return list(self._asked)

    @property
    def _llm_type(self) -> str:
        return "quaestor-testing"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"model_name": self.model_name}

    @abstractmethod
    def answer(self, request: Request, number: int) -> Reply:
        """Return the answer to a request.

        Args:
            request: What is asked.
            number: Which request to this model it is, from 1.
        """

    async def answer_async(self, request: Request, number: int) -> Reply:
        """Return the same as `answer`, for doubles that ask another model."""
        return self.answer(request, number)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        request, number = self._arrived(messages, kwargs)
        time.sleep(self.latency_s)
        return self._result(request, self.answer(request, number))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        request, number = self._arrived(messages, kwargs)
        await asyncio.sleep(self.latency_s)
        return self._result(request, await self.answer_async(request, number))

    def _arrived(
        self, messages: list[BaseMessage], kwargs: Mapping[str, Any]
    ) -> tuple[Request, int]:
        request = request_of(messages, kwargs)
        with self._counting:
            self._asked.append(request)
            return request, len(self._asked)

    def _result(self, request: Request, reply: Reply) -> ChatResult:
        if isinstance(reply, Exception):
            raise reply
        if not isinstance(reply, AIMessage):
            reply = reply_as(reply, request.messages, request.kwargs)
        said = {"model_name": self.model_name, "finish_reason": _finish(reply)}
        message = reply.model_copy(
            update={
                "usage_metadata": reply.usage_metadata or usage_of(request, reply),
                "response_metadata": said | reply.response_metadata,
            }
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | dict[str, Any] | bool | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Bind tools in OpenAI's shape, as OpenAI's own client does.

        Raises:
            ValueError: The choice names a tool that is not among them.
        """
        offered = [convert_to_openai_tool(tool) for tool in tools]
        choice = _choice(tool_choice, [tool["function"]["name"] for tool in offered])
        if choice is not None:
            kwargs["tool_choice"] = choice
        return self.bind(tools=offered, **kwargs)

    def with_structured_output(
        self,
        schema: dict[str, Any] | type,
        *,
        include_raw: bool = False,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """Return what gives parsed replies; `method` as OpenAI's client has it.

        Raises:
            ValueError: The method is none of `function_calling`, `json_schema`, `json_mode`.
        """
        method = kwargs.pop("method", "function_calling")
        if method == "function_calling":
            return super().with_structured_output(schema, include_raw=include_raw, **kwargs)
        return json_reply(self, schema, method=method, include_raw=include_raw)


def _finish(reply: AIMessage) -> str:
    return "tool_calls" if reply.tool_calls or reply.invalid_tool_calls else "stop"


def _choice(choice: str | dict[str, Any] | bool | None, names: Sequence[str]) -> object:
    """Return a choice of tool as an OpenAI endpoint takes it, None for the endpoint's own."""
    if choice in ("any", "required", True):
        return "required"
    if choice in ("auto", "none"):
        return choice
    if not choice:
        return None
    named = cast("Any", choice)["function"]["name"] if isinstance(choice, dict) else choice
    if named not in names:
        raise ValueError(f"tool_choice {named!r} is not among the tools {list(names)}")
    return {"type": "function", "function": {"name": named}}
