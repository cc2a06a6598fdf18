"""Which models an endpoint says it has, asked by the real client of servers of every kind."""

import asyncio
import json

import pytest
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from quaestor.errors import QuaestorError, RefusedError, SourceDownError
from quaestor.testing import ScriptedModel
from quaestor.tools.models.listing import listed
from tests.tools.web.servers import answer, serving

KEY = "sk-test-SECRET-0123456789"
JSON = "application/json"
MODELS = [{"id": name, "object": "model", "created": 0, "owned_by": "me"} for name in "ab"]


def at(url: str) -> ChatOpenAI:
    return ChatOpenAI(base_url=url, api_key=SecretStr(KEY), model="m")


@pytest.mark.parametrize(
    ("body", "status", "names"),
    [
        pytest.param(json.dumps({"object": "list", "data": MODELS}), 200, ("a", "b"), id="a list"),
        pytest.param(json.dumps({"object": "list", "data": []}), 200, (), id="an empty list"),
        pytest.param("<html>A page</html>", 200, None, id="a page in its place"),
        pytest.param("{}", 200, None, id="an object without one"),
        pytest.param("{}", 404, None, id="nothing at that address"),
        pytest.param("{}", 405, None, id="a method it does not know"),
    ],
)
async def test_names_or_none(body: str, status: int, names: tuple[str, ...] | None) -> None:
    async with serving({"/v1/models": answer(body, status=status, Content_Type=JSON)}) as server:
        assert await listed(at(server.url("/v1")), seconds=5) == names


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        pytest.param(401, RefusedError, id="a key it does not know"),
        pytest.param(403, RefusedError, id="a key that may not"),
        pytest.param(503, SourceDownError, id="not ready"),
    ],
)
async def test_what_it_answers_is_said_without_the_key(
    status: int, kind: type[QuaestorError]
) -> None:
    body = json.dumps({"error": {"message": f"not with {KEY}"}})
    async with serving({"/v1/models": answer(body, status=status, Content_Type=JSON)}) as server:
        with pytest.raises(kind, match=f"it answered {status}") as raised:
            await listed(at(server.url("/v1")), seconds=5)
    assert KEY not in str(raised.value)


async def test_a_server_that_never_answers_is_waited_for_so_long() -> None:
    over, gone = asyncio.Event(), asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()
        await writer.wait_closed()
        gone.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SourceDownError, match=r"no answer within 0\.2 s"):
            await listed(at(f"http://127.0.0.1:{port}/v1"), seconds=0.2)
        over.set()
        await gone.wait()


async def test_another_client_is_not_asked() -> None:
    assert await listed(ScriptedModel([]), seconds=1) is None
