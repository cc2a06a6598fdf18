"""An OpenAI-compatible server on loopback, in a thread of its own."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self

from aiohttp import web
from langchain_core.embeddings import Embeddings
from langchain_core.language_models.chat_models import BaseChatModel

from quaestor.testing.endpoint import Endpoint
from quaestor.testing.exchange import Exchange
from quaestor.testing.faults import Fault, FaultScript

HOST = "127.0.0.1"
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 0.1  # what still hangs then is cut off


@asynccontextmanager
async def served(endpoint: Endpoint, *, port: int = 0) -> AsyncGenerator[str]:
    """Serve an endpoint in the running loop; the value is its base URL."""
    runner = web.AppRunner(
        endpoint.app(),
        handler_cancellation=True,
        shutdown_timeout=STOP_TIMEOUT_S,
        access_log=None,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


class ModelServer:
    """A double behind OpenAI's API, so that the real client library is what is tested.

    It serves POST /v1/chat/completions (streams too), POST /v1/embeddings and GET /v1/models.

    Args:
        model: What answers; any chat model.
        embeddings: What answers for embeddings; `HashEmbeddings()` unless given.
        latency_ms: How long an answer takes at least.
        ms_per_token: How much longer for each token of a reply.
        faults: What is answered in place of the model: `Fault`s or their JSON objects, in this
            order, each as often as its `times` says, one without for good.
        port: Where to listen; a free port unless given.

    Example:
        >>> from quaestor.testing import ModelServer, ScriptedModel
        >>> with ModelServer(ScriptedModel(["Hello."])) as server:
        ...     server.url.startswith("http://127.0.0.1:")
        True
    """

    def __init__(
        self,
        model: BaseChatModel,
        *,
        embeddings: Embeddings | None = None,
        latency_ms: float = 0.0,
        ms_per_token: float = 0.0,
        faults: Iterable[Fault | Mapping[str, Any]] = (),
        port: int = 0,
    ) -> None:
        self._endpoint = Endpoint(
            model,
            embeddings=embeddings,
            latency_ms=latency_ms,
            ms_per_token=ms_per_token,
            faults=faults,
        )
        self._port = port
        self._url = ""
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], object] | None = None
        self._failed: BaseException | None = None

    @property
    def url(self) -> str:
        """The base URL, as clients of OpenAI's take it.

        Raises:
            RuntimeError: The server has not been started.
        """
        if not self._url:
            raise RuntimeError("the server has no address before start(); use it in a with block")
        return self._url

    @property
    def log(self) -> list[Exchange]:
        """Every request so far, in the order in which they were answered."""
        return list(self._endpoint.log)

    def replay(self, faults: Iterable[Fault | Mapping[str, Any]]) -> None:
        """Answer the next requests by these faults; what was left of others is forgotten."""
        self._endpoint.faults = FaultScript(faults)

    def start(self) -> Self:
        """Begin to serve.

        Raises:
            OSError: The port is taken.
        """
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready)),
            name="quaestor-model-server",
            daemon=True,
        )
        self._thread.start()
        ready.wait(START_TIMEOUT_S)
        if self._failed is not None:
            self._thread.join()
            raise self._failed
        return self

    def stop(self) -> None:
        """Cut off what hangs, and end; the log stays."""
        if self._stop is not None and self._thread is not None:
            self._stop()
            self._thread.join()
        self._stop = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    async def _serve(self, ready: threading.Event) -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        self._stop = lambda: loop.call_soon_threadsafe(over.set)
        try:
            async with served(self._endpoint, port=self._port) as url:
                self._url = url
                ready.set()
                await over.wait()
        except OSError as error:
            self._failed = error
            self._stop = None
        finally:
            ready.set()
