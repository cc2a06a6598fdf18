"""An OpenAI-compatible endpoint as an aiohttp application, with faults and a log."""

import asyncio
import json
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, cast

from aiohttp import web
from langchain_core.embeddings import Embeddings
from langchain_core.language_models.chat_models import BaseChatModel

from quaestor.testing.embeddings import HashEmbeddings
from quaestor.testing.exchange import Exchange, parsed
from quaestor.testing.failing import EndpointError, error_body
from quaestor.testing.faults import Fault, FaultScript
from quaestor.testing.usage import token_count
from quaestor.testing.wire import asked_of, chunks, completion, embedding_list, texts_of

MAX_BODY_BYTES = 256 * 1024**2
FAULT = web.RequestKey("fault", str)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Endpoint:
    """What is served: the model, the delays, the faults to come and the log.

    Args:
        model: Any chat model; the doubles answer at once.
        embeddings: What answers /v1/embeddings; `HashEmbeddings()` unless given.
        latency_ms: How long an answer takes at least.
        ms_per_token: How much longer for each token of a reply.
        faults: What is answered in place of the model, in this order.
    """

    def __init__(
        self,
        model: BaseChatModel,
        *,
        embeddings: Embeddings | None = None,
        latency_ms: float = 0.0,
        ms_per_token: float = 0.0,
        faults: Iterable[Fault | Mapping[str, Any]] = (),
    ) -> None:
        self.model = model
        self.embeddings = embeddings
        self.latency_ms = latency_ms
        self.ms_per_token = ms_per_token
        self.faults = FaultScript(faults)
        self.log: list[Exchange] = []

    def app(self) -> web.Application:
        """Return the application."""
        app = web.Application(middlewares=[self._logged], client_max_size=MAX_BODY_BYTES)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/embeddings", self._embed)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/log", self._log)
        app.router.add_post("/faults", self._replay)
        return app

    @web.middleware
    async def _logged(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Write a request down and answer it, by a fault when one is due."""
        if not request.path.startswith("/v1/"):
            return await handler(request)
        received, body = time.time(), await request.read()
        response: web.StreamResponse | None = None
        try:
            response = await self._answered(request, handler)
            return response
        finally:
            sent = response.body if isinstance(response, web.Response) else None
            self.log.append(
                Exchange(
                    received=received,
                    answered=time.time(),
                    method=request.method,
                    path=request.path,
                    headers={name.lower(): value for name, value in request.headers.items()},
                    body=parsed(body),
                    bytes_in=len(body),
                    bytes_out=len(sent) if isinstance(sent, bytes) else 0,
                    status=response.status if response is not None else None,
                    fault=request.get(FAULT),
                )
            )

    async def _answered(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = self.faults.next() if request.method == "POST" else None
        try:
            if fault is not None:
                request[FAULT] = fault.id
                return await self._fail(request, fault)
            return await handler(request)
        except EndpointError as error:
            return web.json_response(
                {"error": error.body}, status=error.status_code, headers=error.response.headers
            )
        except web.HTTPException as error:
            said = error_body(f"{request.method} {request.path}: {error.reason}", kind="not_found")
            return web.json_response(said, status=error.status)
        except Exception as error:  # whatever a double raises is the endpoint's failure
            status = getattr(error, "status_code", 500)
            return web.json_response(error_body(str(error), kind="server_error"), status=status)

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        started, body = time.monotonic(), await _object(request)
        messages, kwargs = asked_of(body)
        reply = await self.model.ainvoke(messages, config={"callbacks": []}, **kwargs)
        name = str(body.get("model") or "double")
        whole = completion(reply, model=name, created=int(time.time()))
        tokens = whole["usage"]["completion_tokens"]
        await _until(started, self.latency_ms + self.ms_per_token * tokens)
        if body.get("stream"):
            return await _stream(request, whole)
        return web.json_response(whole)

    async def _embed(self, request: web.Request) -> web.Response:
        started, body = time.monotonic(), await _object(request)
        texts = texts_of(body)
        size = body.get("dimensions")
        model = self.embeddings or (HashEmbeddings(size) if size else HashEmbeddings())
        vectors = await model.aembed_documents(texts)
        await _until(started, self.latency_ms)
        return web.json_response(
            embedding_list(
                vectors,
                model=str(body.get("model") or "double"),
                tokens=sum(map(token_count, texts)),
                packed=body.get("encoding_format") == "base64",
            )
        )

    async def _models(self, request: web.Request) -> web.Response:
        name = getattr(self.model, "model_name", "double")
        data = [{"id": name, "object": "model", "created": 0, "owned_by": "quaestor.testing"}]
        return web.json_response({"object": "list", "data": data})

    async def _log(self, request: web.Request) -> web.Response:
        return web.json_response([exchange.as_json() for exchange in self.log])

    async def _replay(self, request: web.Request) -> web.Response:
        self.faults = FaultScript(await request.json())
        return web.Response(status=204)

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        """Answer as a fault has it."""
        if fault.behaviour == "hang":
            await asyncio.Event().wait()  # until the client goes or the server stops
        await asyncio.sleep(self.latency_ms / 1000)
        body = fault.body.encode()
        headers = {**fault.headers, "Content-Type": fault.content_type}
        if fault.behaviour == "answer":
            return web.Response(status=fault.status, headers=headers, body=body)
        response = web.StreamResponse(status=fault.status, headers=headers)
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[: fault.reset_after])
        _reset(request)
        return response


def _reset(request: web.Request) -> None:
    """Break a connection so that the other end sees a reset, not an end."""
    transport = request.transport
    if transport is None:
        return
    linger = struct.pack("ii", 1, 0)  # closing with nothing to wait for sends RST
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()


async def _object(request: web.Request) -> dict[str, Any]:
    body = parsed(await request.read())
    if not isinstance(body, dict):
        raise EndpointError("We could not parse the JSON body of your request.")
    return cast("dict[str, Any]", body)


async def _until(started: float, wait_ms: float) -> None:
    """Wait until so many milliseconds have passed since the start; the work in between counts."""
    await asyncio.sleep(max(0.0, started + wait_ms / 1000 - time.monotonic()))


async def _stream(request: web.Request, whole: Mapping[str, Any]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for chunk in chunks(whole):
        await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
    await response.write(b"data: [DONE]\n\n")
    return response
