"""A model called through the ledger: paid once, its failures typed, its tokens and price known."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import Runnable

from quaestor.memory.attempts import Patience
from quaestor.memory.calls import Ask
from quaestor.memory.ledger import Ledger
from quaestor.memory.outcomes import Cost, Outcome, Reply
from quaestor.memory.recent import Recent
from quaestor.memory.text import normalise
from quaestor.tools.models.endpoint import Endpoint, endpoint_of
from quaestor.tools.models.failures import BadReplyError, failure_of
from quaestor.tools.models.forms import Form, bound, said_for
from quaestor.tools.models.messages import Prompt, Said, ToolSaid, Turn
from quaestor.tools.models.opening import for_this_loop
from quaestor.tools.models.prices import price
from quaestor.tools.models.secrets import hide, secrets_of
from quaestor.tools.models.tokens import estimate, estimate_all

LONGEST_REPLY = 200_000
"""Code points kept of one reply: a model that goes on and on is cut here."""
_CHAINS = 32
"""Bound models kept: one for each kind of reply and form."""
_MOST_TOOLS = 16
"""Tool calls kept of one reply; one is asked for."""

_SAYS_WHY = ("length", "content_filter")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """Of one model's calls."""

    seconds: float = 180.0
    """Of one logical call, its attempts and pauses together."""
    concurrency: int | None = None
    """Calls at once to one endpoint in a run; None for as many as there are workers."""


class ChatCalls:
    """One chat model's calls in one run.

    Args:
        model: Any chat model of LangChain's.
        ledger: The run's.
        limits: How long and how many at once.
    """

    def __init__(self, model: BaseChatModel, ledger: Ledger, *, limits: CallLimits) -> None:
        self.endpoint: Endpoint = endpoint_of(model)
        self._model = model
        self._ledger = ledger
        self._limits = limits
        self._chains = Recent[str, Runnable[list[BaseMessage], Any]](_CHAINS)
        self._secrets = secrets_of(model)
        self._patience = Patience(seconds=limits.seconds)
        self._gate = asyncio.Semaphore(limits.concurrency) if limits.concurrency else None

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Have a client of the running loop while the run is open."""
        async with for_this_loop(self._model) as (model, attempts):
            self._model = model
            self._chains = Recent[str, Runnable[list[BaseMessage], Any]](_CHAINS)
            self._patience = Patience(seconds=self._limits.seconds, attempts=attempts)
            yield

    async def say(
        self,
        prompt: Prompt,
        form: Form,
        schema: Mapping[str, Any],
        *,
        role: str,
        ask: Ask,
        sample: int = 0,
    ) -> Outcome:
        """Ask for a reply in a form; the outcome's body is a `Said`, or a failure.

        Args:
            prompt: What is asked.
            form: How the reply shall come.
            schema: JSON schema of the reply, with a `title`.
            role: Who asks, for people.
            ask: Who asks, for the ledger.
            sample: Tells wanted repetitions of one request apart.
        """
        added = said_for(form, schema)
        whole = prompt.and_then(Turn(speaker="user", text=added)) if added else prompt
        request = {
            **self.endpoint.plain(),
            "form": form,
            "schema": dict(schema),
            "fields": sorted(schema["properties"]),
            "messages": whole.plain(),
        }

        async def do() -> Reply:
            async with self._gate or contextlib.nullcontext():
                return await self._do(whole, form, schema)

        return await self._ledger.call(
            "chat",
            request,
            do,
            ask=ask,
            sample=sample,
            origin=f"{ask.branch} {role} {self.endpoint.name}",
            patience=self._patience,
        )

    async def _do(self, prompt: Prompt, form: Form, schema: Mapping[str, Any]) -> Reply:
        try:
            message = await self._ask(prompt, form, schema)
            said = said_in(message)
        except Exception as error:
            cut = _ended_early(error)
            if cut is None:
                raise self._failure(error, form) from None
            said = cut
        said = _kept(said, self._secrets)
        counted = _counted(said, prompt, schema)
        cost = self._cost(counted)
        if not (said.text.strip() or said.tools or said.refusal or said.finish in _SAYS_WHY):
            raise BadReplyError(self.endpoint.name, "its reply was empty", cost=cost)
        return Reply(
            body={**asdict(said), "usage": counted, "priced": cost.priced},
            tokens_in=cost.tokens_in,
            tokens_out=cost.tokens_out,
            usd=cost.usd,
        )

    def _cost(self, counted: Mapping[str, int]) -> Cost:
        tokens_in, tokens_out = counted["input"], counted["output"]
        usd = price(self.endpoint, tokens_in=tokens_in, tokens_out=tokens_out)
        return Cost(
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            usd=usd or 0.0,
            priced=usd is not None,
            estimated=bool(counted["estimated"]),
        )

    async def _ask(self, prompt: Prompt, form: Form, schema: Mapping[str, Any]) -> AIMessage:
        import langsmith  # noqa: PLC0415 - heavy, and needed in a run only

        # Either alone let a prompt out to a tracer when embedded; both did not (tried).
        with langsmith.tracing_context(enabled=False):
            chain = self._chain(form, schema)
            answer = await chain.ainvoke(prompt.messages(), config={"callbacks": []})
        if not isinstance(answer, AIMessage):
            raise BadReplyError(self.endpoint.name, "its reply is no message")
        return answer

    def _chain(self, form: Form, schema: Mapping[str, Any]) -> Runnable[list[BaseMessage], Any]:
        """Return the model bound to a form, once for all calls that want the same."""
        wanted = f"{form} {json.dumps(schema, sort_keys=True)}"
        chain = self._chains.get(wanted)
        if chain is None:
            chain = bound(self._model, form, schema)
            self._chains.put(wanted, chain)
        return chain

    def _failure(self, error: Exception, form: Form) -> Exception:
        found = failure_of(error, name=self.endpoint.name, form=form, secrets=self._secrets)
        return found or error


def said_in(message: AIMessage) -> Said:
    """Return what is read of a message of LangChain's."""
    made = [
        ToolSaid(name=str(one["name"]), arguments=_json(one["args"])) for one in message.tool_calls
    ]
    broken = [
        ToolSaid(name=str(one.get("name") or ""), arguments=str(one.get("args") or ""))
        for one in message.invalid_tool_calls
    ]
    told = message.response_metadata
    finish = told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason") or ""
    usage = message.usage_metadata
    return Said(
        text=str(message.text),
        tools=(*made, *broken),
        finish="length" if finish in ("length", "max_tokens", "MAX_TOKENS") else str(finish),
        refusal=str(message.additional_kwargs.get("refusal") or ""),
        usage=_whole({"input": usage["input_tokens"], "output": usage["output_tokens"]})
        if usage
        else {},
    )


def said_of(outcome: Outcome) -> Said:
    """Return the reply that a finished call holds."""
    body = outcome.body
    return Said(
        text=body["text"],
        tools=tuple(ToolSaid(**one) for one in body["tools"]),
        finish=body["finish"],
        refusal=body["refusal"],
        usage=body["usage"],
    )


def _ended_early(error: Exception) -> Said | None:
    """Return the reply that a client reports as an exception: cut off, or filtered."""
    match type(error).__name__:
        case "LengthFinishReasonError":
            finish = "length"
        case "ContentFilterFinishReasonError":
            finish = "content_filter"
        case _:
            return None
    told: Any = getattr(getattr(error, "completion", None), "usage", None)
    counts = {
        "input": getattr(told, "prompt_tokens", None),
        "output": getattr(told, "completion_tokens", None),
    }
    return Said(text="", finish=finish, usage=_whole(counts))


def _kept(said: Said, secrets: frozenset[str]) -> Said:
    def clean(text: str) -> str:
        # Half a key at the cut would not be known for one.
        return normalise(hide(text, secrets)[:LONGEST_REPLY]).text

    return Said(
        text=clean(said.text),
        tools=tuple(
            ToolSaid(name=clean(one.name), arguments=clean(one.arguments))
            for one in said.tools[:_MOST_TOOLS]
        ),
        finish="length" if len(said.text) > LONGEST_REPLY else clean(said.finish),
        refusal=clean(said.refusal),
        usage=said.usage,
    )


def _counted(said: Said, prompt: Prompt, schema: Mapping[str, Any]) -> dict[str, int]:
    """Return the tokens of a call: as the reply says, else estimated and marked so."""
    told_in, told_out = said.usage.get("input", 0), said.usage.get("output", 0)
    if 0 < told_in < 2**31 and 0 <= told_out < 2**31:
        return {"input": told_in, "output": told_out, "estimated": 0}
    texts = [str(one["content"]) for one in prompt.plain()]
    written = [said.text, *(one.arguments for one in said.tools)]
    return {
        "input": estimate_all([*texts, _json(dict(schema))]),
        "output": sum(estimate(text) for text in written),
        "estimated": 1,
    }


def _whole(counts: Mapping[str, object]) -> dict[str, int]:
    """Return the counts that are ones, of all that a server may say in their place."""
    return {name: one for name, one in counts.items() if type(one) is int}


def _json(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return str(type(value).__name__)
