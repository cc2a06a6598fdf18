"""One call to a model: through the ledger, counted, priced, with nothing of a key in it."""

import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from quaestor.memory import attempts, lease
from quaestor.memory.calls import Ask
from quaestor.memory.database import Database
from quaestor.memory.journal import load_calls
from quaestor.memory.ledger import Ledger
from quaestor.memory.outcomes import Outcome
from quaestor.testing import HashModel, ModelServer, ScriptedModel
from quaestor.tools.models.calling import LONGEST_REPLY, CallLimits, ChatCalls, said_of
from quaestor.tools.models.forms import Form
from quaestor.tools.models.messages import Prompt
from quaestor.tools.models.tokens import estimate

KEY = "sk-test-SECRET-0123456789"
ASK = Ask(branch="public", task="t", round=0, step=1)
SCHEMA = {
    "title": "Note",
    "type": "object",
    "properties": {"note": {"type": "string"}},
    "required": ["note"],
}
Say = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "BACKOFF_S", 0.0)


@pytest.fixture
async def ledger(home: Any) -> AsyncGenerator[Ledger]:
    database = await Database.open(home)
    held = await lease.take(database, "r1")
    yield Ledger(database, "r1", token=held.token)
    await database.close()


def completion(content: str | None, *, usage: object = None, **message: Any) -> str:
    said = {"role": "assistant", "content": content, **message}
    choice = {"index": 0, "finish_reason": "stop", "message": said}
    more = {} if usage is None else {"usage": usage}
    return json.dumps({"id": "x", "object": "chat.completion", "choices": [choice], **more})


async def ask(
    ledger: Ledger, *faults: dict[str, Any], form: Form = "json_text", seconds: float = 20.0
) -> tuple[Outcome, ModelServer]:
    """Ask a server that answers with these faults, through the real client."""
    script = [{"id": str(number), **fault} for number, fault in enumerate(faults)]
    with ModelServer(ScriptedModel(lambda _: {"note": "fine"}), faults=script) as server:
        model = ChatOpenAI(model="m-1", base_url=server.url, api_key=SecretStr(KEY))
        calls = ChatCalls(model, ledger, limits=CallLimits(seconds=seconds))
        async with calls.open():
            prompt = Prompt.of("Take notes.", "What do you note?")
            outcome = await calls.say(prompt, form, SCHEMA, role="writer", ask=ASK)
    return outcome, server


async def test_a_good_reply_is_kept_with_what_it_counts(ledger: Ledger, home: Any) -> None:
    outcome, server = await ask(ledger)
    assert json.loads(said_of(outcome).text) == {"note": "fine"}
    usage = outcome.body["usage"]
    assert usage["estimated"] == 0
    assert usage["input"] + usage["output"] == outcome.charge["tokens"]
    assert (outcome.charge["usd"], outcome.body["priced"]) == (0.0, True)
    assert len(server.log) == 1


async def test_the_same_call_is_made_once(ledger: Ledger) -> None:
    model = ScriptedModel([{"note": "once"}])
    calls = ChatCalls(model, ledger, limits=CallLimits())
    async with calls.open():
        for _ in range(3):
            prompt = Prompt.of("Take notes.", "What do you note?")
            await calls.say(prompt, "json_schema", SCHEMA, role="writer", ask=ASK)
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "usage",
    [
        pytest.param(None, id="none"),
        pytest.param({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, id="zeros"),
        pytest.param(
            {"prompt_tokens": -4, "completion_tokens": 1, "total_tokens": 1}, id="less than none"
        ),
        pytest.param(
            {"prompt_tokens": 10**15, "completion_tokens": 1, "total_tokens": 1}, id="too many"
        ),
    ],
)
async def test_tokens_that_were_not_said_are_estimated_and_marked(
    ledger: Ledger, usage: object
) -> None:
    text = '{"note": "twenty-two long"}'
    outcome, _ = await ask(ledger, {"body": completion(text, usage=usage)})
    counted = outcome.body["usage"]
    assert counted["estimated"] == 1
    assert counted["output"] == estimate(text) == 8
    assert counted["input"] > estimate("Take notes.") + estimate("What do you note?")
    [row] = await load_calls(ledger._database, "r1")  # pyright: ignore[reportPrivateUsage]
    assert (row.estimated, row.tokens_out) == (True, 8)


@pytest.mark.parametrize("form", ["json_schema", "json_text"])
async def test_a_reply_that_was_cut_off_says_so_and_what_it_cost(
    ledger: Ledger, form: Form
) -> None:
    body = completion('{"note": "a', usage={"prompt_tokens": 9, "completion_tokens": 5,
                                            "total_tokens": 14})  # fmt: skip
    outcome, _ = await ask(ledger, {"body": body.replace('"stop"', '"length"')}, form=form)
    assert said_of(outcome).finish == "length"
    assert outcome.body["usage"] == {"input": 9, "output": 5, "estimated": 0}


@pytest.mark.parametrize(
    ("usage", "tokens_in", "tokens_out"),
    [
        pytest.param({"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}, 18, 10,
                     id="as its replies say"),
        pytest.param(None, 0, 0, id="estimated where they do not"),
    ],
)  # fmt: skip
async def test_empty_replies_are_counted_for_they_are_paid(
    ledger: Ledger, usage: object, tokens_in: int, tokens_out: int
) -> None:
    outcome, server = await ask(ledger, {"body": completion("", usage=usage)})
    assert (outcome.failed, len(server.log)) == (True, 2)
    [row] = await load_calls(ledger._database, "r1")  # pyright: ignore[reportPrivateUsage]
    assert (row.estimated, row.tokens_out) == (usage is None, tokens_out)
    assert row.tokens_in == tokens_in or (usage is None and row.tokens_in > 10)


@pytest.mark.parametrize(
    ("faults", "requests", "error"),
    [
        pytest.param([{"status": 500}], 3, "ModelDownError", id="down: three times"),
        pytest.param([{"status": 500, "times": 2}], 3, "", id="down twice"),
        pytest.param([{"body": "<html>"}], 2, "ClientError", id="no JSON: twice"),
        pytest.param([{"body": completion("")}], 2, "BadReplyError", id="empty: twice"),
        pytest.param([{"body": completion(""), "times": 1}], 2, "", id="empty once"),
        pytest.param([{"status": 401}], 1, "ModelRefusedError", id="a wrong key: once"),
        pytest.param(
            [{"status": 429, "headers": {"Retry-After": "3600"}}], 1, "ModelBusyError", id="an hour"
        ),
        pytest.param(
            [{"behaviour": "accept, never answer"}], 1, "TooLateError", id="no answer at all"
        ),
    ],
)
async def test_how_often_a_server_is_asked(
    ledger: Ledger, faults: list[dict[str, Any]], requests: int, error: str
) -> None:
    outcome, server = await ask(ledger, *faults, seconds=1.0 if "behaviour" in faults[0] else 20.0)
    assert outcome.body.get("error", "") == error
    assert len(server.log) == requests


async def test_a_pause_the_server_asks_for_is_made(ledger: Ledger) -> None:
    fault = {"status": 429, "headers": {"Retry-After": "1"}, "times": 1}
    outcome, server = await ask(ledger, fault)
    first, second = server.log
    assert not outcome.failed
    assert second.received - first.answered >= 1.0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(completion(f'{{"note": "{KEY}"}}'), id="in the text"),
        pytest.param(completion(None, refusal=f"no: {KEY}"), id="in a refusal"),
        pytest.param(completion("x").replace("stop", KEY), id="in why it ended"),
        pytest.param(completion("x" * (LONGEST_REPLY - 10) + KEY), id="where a reply is cut"),
        pytest.param(
            completion(
                None,
                tool_calls=[
                    {
                        "id": KEY,
                        "type": "function",
                        "function": {"name": KEY, "arguments": json.dumps({KEY: [KEY]})},
                    }
                ],
            ),
            id="in a tool call",
        ),
        pytest.param(json.dumps({"error": {"message": f"Bearer {KEY}"}}), id="in no reply at all"),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_a_key_that_the_server_repeats_is_written_nowhere(
    ledger: Ledger, home: Any, body: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        _, server = await ask(ledger, {"body": body, "status": status})
    assert server.log[0].headers["authorization"] == f"Bearer {KEY}"
    for path in home.iterdir():
        assert b"sk-test-S" not in path.read_bytes()
    assert "sk-test-S" not in caplog.text


async def test_what_is_no_model_of_a_price_list_is_unpriced(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = HashModel()
    monkeypatch.setattr(type(model), "in_process", False)
    monkeypatch.setattr("quaestor.tools.models.endpoint._IN_PROCESS", ("nowhere",))
    calls = ChatCalls(model, ledger, limits=CallLimits())
    async with calls.open():
        prompt = Prompt.of("Take notes.", "What do you note?")
        outcome = await calls.say(prompt, "json_schema", SCHEMA, role="writer", ask=ASK)
    assert (outcome.body["priced"], outcome.charge["usd"]) == (False, 0.0)
    [row] = await load_calls(ledger._database, "r1")  # pyright: ignore[reportPrivateUsage]
    assert not row.priced
