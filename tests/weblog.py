"""A small web on loopback: a search engine in SearXNG's form, its pages, and a log of all asked."""

import asyncio
import hashlib
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

from quaestor.tools.text.words import content_terms


@dataclass(slots=True)
class LoggedWeb:
    """A web that writes down method, address, headers and body of every request."""

    pages: Mapping[str, str]
    """Title to text."""
    fail_search: int = 0
    """The search of this number answers 503; 0 for none."""
    fail_query: Callable[[str], bool] = lambda _query: False
    """Searches for these answer 503, however often they are asked and whenever they come."""
    pause: Callable[[], float] = lambda: 0.0
    log: list[str] = field(default_factory=list[str])
    port: int = 0
    searches: int = 0
    failed: int = 0

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """What has to be allowed."""
        return f"127.0.0.1:{self.port}"

    def forget(self) -> None:
        """Begin a new log."""
        self.log.clear()
        self.searches = self.failed = 0

    def canonical(self) -> list[str]:
        """Return the log as a multiset: workers run side by side, each in its own order."""
        return sorted(self.log)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Write a request down, then answer it."""
        body = await request.read()
        headers = sorted((name.lower(), value) for name, value in request.headers.items())
        self.log.append(
            f"{request.method} {request.raw_path} {headers} {hashlib.sha256(body).hexdigest()}"
        )
        await asyncio.sleep(self.pause())
        if request.path == "/search":
            return self._search(request.query["q"])
        if request.path.startswith("/page/"):
            return self._page(int(request.path.rpartition("/")[2]))
        return web.Response(status=404)

    def _search(self, query: str) -> web.Response:
        self.searches += 1
        if self.searches == self.fail_search or self.fail_query(query):
            self.failed += 1
            return web.Response(status=503)
        wanted = set(content_terms(query))
        scored = [
            (-len(wanted & set(content_terms(f"{title} {text}"))), number, title, text)
            for number, (title, text) in enumerate(self.pages.items())
        ]
        results = [
            {"url": f"{self.address}/page/{number}", "title": title, "content": text[:150]}
            for score, number, title, text in sorted(scored)
            if score
        ]
        return web.json_response({"query": query, "results": results})

    def _page(self, number: int) -> web.Response:
        title, text = list(self.pages.items())[number]
        html = (
            f"<html><head><title>{title}</title></head>"
            f"<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
        )
        return web.Response(text=html, content_type="text/html")


@contextmanager
def serving(site: LoggedWeb) -> Generator[LoggedWeb]:
    """Serve a web on loopback from a thread of its own."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    done = asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", site.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", site.port).start()
        site.port = runner.addresses[0][1]
        ready.set()
        await done.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait()
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()
