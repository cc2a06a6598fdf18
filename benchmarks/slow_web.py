"""Saved pages behind a search engine, each answer late by a fixed time, in a process of its own.

Usage: python -m benchmarks.slow_web DATASET_DIR [--latency-ms 100] [--hosts 16]

Prints its port; it serves at 127.0.0.1 (the engine, in SearXNG's form) and pages at 127.0.0.2 and
the next ones, so that a client that is polite to a host is measured and not its politeness.
`GET /log` gives the intervals of all requests so far and forgets them. robots.txt is answered at
once with 404. Ends with its standard input.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from benchmarks.saved_web import SavedPage, SavedWeb, load_pages


async def serve(folder: Path, *, latency_s: float, hosts: int) -> None:
    """Serve until standard input ends."""
    pages = load_pages(folder)
    log: list[tuple[float, float, str]] = []
    saved: list[SavedWeb] = []

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/log":
            told, log[:] = list(log), []
            return web.json_response(told)
        if request.path == "/robots.txt":
            return web.Response(status=404)
        began = time.time()
        found = await saved[0].answer(request)
        await asyncio.sleep(max(0.0, latency_s - (time.time() - began)))
        log.append((began, time.time(), request.path))
        return found

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = int(runner.addresses[0][1])
    for number in range(hosts):
        await web.TCPSite(runner, f"127.0.0.{number + 2}", port).start()
    saved.append(Spread(pages, port=port, hosts=hosts))
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


class Spread(SavedWeb):
    """Saved pages at several hosts, each page at one of them."""

    def __init__(self, pages: Sequence[SavedPage], *, port: int, hosts: int) -> None:
        super().__init__(pages, f"127.0.0.1:{port}")
        self._port, self._hosts = port, hosts

    def _result(self, path: str) -> dict[str, str]:
        number = int(path.split("/")[1])
        host = f"127.0.0.{number % self._hosts + 2}:{self._port}"
        return {**super()._result(path), "url": f"http://{host}{path}"}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--latency-ms", type=float, default=100.0)
    parser.add_argument("--hosts", type=int, default=16)
    given = parser.parse_args()
    asyncio.run(serve(given.folder, latency_s=given.latency_ms / 1000, hosts=given.hosts))
