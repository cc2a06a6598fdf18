"""A headless Chromium that says what a page made it do: requests, and dialogs."""

import asyncio
import contextlib
import itertools
import shutil
import tempfile
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --remote-debugging-port=0 "
    "--disable-dev-shm-usage"
).split()
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""No name of a page is ever looked up; the browser reports the attempt all the same."""
START_S = 60.0
LOAD_S = 20.0
SETTLE_S = 0.05
"""After the load event: time for what a script or a late picture would do."""


def chromium() -> str | None:
    """Return where Chromium is, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page did."""

    requests: tuple[str, ...]
    """Addresses asked for, without the page's own."""
    dialogs: tuple[str, ...]


class Browser:
    """One tab. Made by `browsing`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)

    async def command(self, method: str, **parameters: Any) -> int:
        """Send a command of the DevTools protocol; return its number."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        return number

    async def visit(self, address: str) -> Seen:
        """Load a page and return what it did."""
        requests: list[str] = []
        dialogs: list[str] = []
        await self.command("Page.navigate", url=address)
        limit, loaded = LOAD_S, False
        while True:
            try:
                event = await self._socket.receive_json(timeout=SETTLE_S if loaded else limit)
            except TimeoutError:
                return Seen(requests=tuple(requests), dialogs=tuple(dialogs))
            match event:
                case {"method": "Network.requestWillBeSent", "params": {"request": {"url": url}}}:
                    if url != address and not url.endswith("/favicon.ico"):
                        requests.append(url)
                case {"method": "Page.javascriptDialogOpening", "params": {"message": message}}:
                    dialogs.append(message)
                    await self.command("Page.handleJavaScriptDialog", accept=False)
                case {"method": "Page.loadEventFired"}:
                    loaded = True
                case _:
                    pass


@contextlib.asynccontextmanager
async def browsing(program: str) -> AsyncGenerator[Browser]:
    """Start Chromium with an empty profile, and end it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = [*FLAGS, NOWHERE, f"--user-data-dir={profile}", "about:blank"]
        process = await asyncio.create_subprocess_exec(
            program,
            *arguments,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            port = await _port(Path(profile))
            async with aiohttp.ClientSession() as session:
                async with session.put(f"http://127.0.0.1:{port}/json/new?about:blank") as tab:
                    target = (await tab.json())["webSocketDebuggerUrl"]
                async with session.ws_connect(target, max_msg_size=0) as socket:
                    browser = Browser(socket)
                    await browser.command("Page.enable")
                    await browser.command("Network.enable")
                    yield browser
        finally:
            process.kill()
            await process.wait()


async def _port(profile: Path) -> int:
    async with asyncio.timeout(START_S):
        while True:
            with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
                return int((profile / "DevToolsActivePort").read_text("utf-8").splitlines()[0])
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def serving(pages: Mapping[str, str]) -> AsyncGenerator[str]:
    """Serve pages by name on loopback; give the address before the name."""

    async def answer(request: web.Request) -> web.Response:
        page = pages.get(request.match_info["name"])
        if page is None:
            return web.Response(status=404)
        return web.Response(text=page, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{name:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        await runner.cleanup()
