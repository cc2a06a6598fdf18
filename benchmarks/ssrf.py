"""Can the fetcher be turned inside? Every URL of a set is fetched, and every dial is watched.

    python -m benchmarks.ssrf FOLDER [--rebinds 10000]

FOLDER holds `ssrf_urls.jsonl` ({id, url, verdict: block|allow|either, final_host?, env?}),
`redirects.json` ({path: {status, location, headers, body}} of the public hosts in it), `dns.json`
and `fake_resolver.py`, which answers in the place of the system's look-up. A server on loopback
stands in for the whole public web: what the guard lets be dialled is led there, after its address
was noted. An audit hook on `socket.connect` ends the run if anything is dialled in another way.
"""

import argparse
import asyncio
import importlib.util
import ipaddress
import json
import os
import random
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from yarl import URL

from quaestor.errors import OutsideError
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.limits import Limits

PAGE = b"<!doctype html><title>Stand-in</title><p>A page of the public web.</p>"
LookUp = Callable[..., list[Any]]


class StandIn:
    """The public web on loopback, and a note of what was dialled to get there.

    Args:
        answers: By path: `status`, and what goes with it; a page everywhere else.
    """

    def __init__(self, answers: dict[str, dict[str, Any]]) -> None:
        self._answers = answers
        self._servers: list[asyncio.Server] = []
        self.places: dict[int, tuple[str, int]] = {}
        """Where it listens, by address family."""
        self.dialled: list[tuple[str, int]] = []
        """What the guard let be dialled."""
        self.strays: list[Any] = []
        """What was dialled in any other way."""

    async def open(self) -> None:
        """Listen, and stand between the loop and its dials."""
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            try:
                server = await asyncio.start_server(self._serve, host, 0)
            except OSError:
                continue  # a machine without IPv6
            self._servers.append(server)
            self.places[family] = server.sockets[0].getsockname()[:2]
        loop = asyncio.get_running_loop()
        connect = loop.sock_connect

        async def led(sock: socket.socket, address: Any) -> None:
            self.dialled.append((address[0], address[1]))
            place = self.places.get(sock.family)
            if place is None:
                raise OSError("no IPv6 here")
            await connect(sock, place)

        loop.sock_connect = led  # type: ignore[method-assign]
        sys.addaudithook(self._watch)

    async def close(self) -> None:
        """Stop listening, and watching."""
        self.places.clear()
        for server in self._servers:
            server.close()

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and self.places:
            address = arguments[1]
            if address[:2] not in self.places.values():
                self.strays.append(address)
                raise OSError(f"a stray dial to {address}")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readexactly(1)
            if head == b"\x16":
                return  # TLS, which is not spoken here
            head += await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("latin-1")
            writer.write(self._answer(path))
            await writer.drain()
        except (OSError, EOFError, asyncio.LimitOverrunError, IndexError):
            pass
        finally:
            writer.close()

    def _answer(self, path: str) -> bytes:
        said: dict[str, Any] = (
            {"status": 404} if path == "/robots.txt" else self._answers.get(path, {})
        )
        body = str(said.get("body", "")).encode() or PAGE
        headers: dict[str, str] = {"Content-Type": "text/html", "Content-Length": str(len(body))}
        headers |= said.get("headers", {})
        if "location" in said:
            headers["Location"] = said["location"]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        status = said.get("status", 200)
        return f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + body


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How one case ended."""

    id: str
    url: str
    verdict: str
    got: str
    why: str
    dialled: tuple[tuple[str, int], ...]


async def run_case(fetcher: Fetcher, web: StandIn, row: dict[str, Any]) -> Ended:
    """Fetch a case's URL as a page that a search had found."""
    web.dialled.clear()
    with mock.patch.dict(os.environ, row.get("env", {})):
        try:
            page = await fetcher.fetch(row["url"])
            host = URL(page.final_url).raw_host
            right = row.get("final_host") in (None, host)
            got, why = ("allow", page.final_url) if right else ("elsewhere", page.final_url)
        except OutsideError as error:
            got, why = "block", error.reason
            # The stand-in speaks no TLS: a connection that was made and failed there was allowed.
            if web.dialled and web.dialled[-1][1] in (443, 8443):
                got = "allow"
    return Ended(
        id=row["id"],
        url=row["url"],
        verdict=row["verdict"],
        got=got,
        why=why,
        dialled=tuple(web.dialled),
    )


def public_addresses(rows: Sequence[dict[str, Any]], look_up: LookUp) -> set[str]:
    """Return what may be dialled, by the set's own word: where its `allow` cases lead."""
    found: set[str] = set()
    for row in rows:
        host = row.get("final_host")
        if row["verdict"] == "allow" and host:
            found |= {info[4][0] for info in look_up(host, 80)}
    return found


def changing_answers(forbidden: Sequence[str], public: str, seed: int) -> LookUp:
    """Return a look-up whose every answer differs from the one before."""
    rng = random.Random(seed)

    def look_up(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        bad = rng.choice(forbidden)
        answers = rng.choice([[public], [bad], [public, bad], [bad, public]])
        return [
            (
                socket.AF_INET6 if ":" in one else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (one, port, 0, 0) if ":" in one else (one, port),
            )
            for one in answers
        ]

    return look_up


FORBIDDEN = (
    "127.0.0.1 10.0.0.1 169.254.169.254 192.168.1.1 172.16.0.1 100.64.0.1 0.0.0.0 224.0.0.1 ::1 "
    "fe80::1 fd00::1 ::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1::1 168.63.129.16"
).split()


async def rebind(web: StandIn, tries: int, *, seed: int = 1) -> tuple[int, int]:
    """Return how many tries ended with a page, and how many dials went to a forbidden address."""
    fetcher = Fetcher(limits=Limits(deadline_s=10))
    bad = {str(ipaddress.ip_address(one)) for one in FORBIDDEN}
    pages = dials = 0
    with mock.patch("socket.getaddrinfo", changing_answers(FORBIDDEN, "93.184.216.34", seed)):
        for number in range(tries):
            web.dialled.clear()
            try:
                await fetcher.fetch(f"http://changing.example/{number}", found=False)
                pages += 1
            except OutsideError:
                pass
            dials += sum(address in bad for address, _ in web.dialled)
    return pages, dials


def _resolver(folder: Path) -> LookUp:
    spec = importlib.util.spec_from_file_location("fake_resolver", folder / "fake_resolver.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: LookUp = module.getaddrinfo
    return found


async def run(folder: Path, rebinds: int) -> dict[str, Any]:
    """Run every case of a folder, then the changing answers; return the figures."""
    rows = [json.loads(line) for line in (folder / "ssrf_urls.jsonl").read_text().splitlines()]
    web = StandIn(json.loads((folder / "redirects.json").read_text()))
    look_up = _resolver(folder)
    public = public_addresses(rows, look_up)
    await web.open()
    with mock.patch("socket.getaddrinfo", look_up):
        fetcher = Fetcher(Guard(), limits=Limits(deadline_s=10))
        ended = [await run_case(fetcher, web, row) for row in rows]
    wrong = [one for one in ended if one.verdict not in ("either", one.got)]
    outside = [one for one in ended if any(host not in public for host, _ in one.dialled)]
    for one in (*wrong, *outside):
        print(f"{one.id} {one.verdict}, got {one.got}: {one.url!r} {one.why} {one.dialled}")
    began = time.monotonic()
    pages, dials = await rebind(web, rebinds)
    await web.close()
    return {
        "cases": len(ended),
        "wrong_verdicts": len(wrong),
        "dials": sum(len(one.dialled) for one in ended),
        "dials_outside": len(outside),
        "stray_connects": len(web.strays),
        "rebinds": rebinds,
        "rebinds_fetched": pages,
        "rebinds_dialled_inside": dials,
        "rebinds_seconds": round(time.monotonic() - began, 1),
    }


def main() -> None:
    """Run a folder and print the figures; fail where one is not zero that must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rebinds", type=int, default=10_000)
    given = parser.parse_args()
    figures = asyncio.run(run(given.folder, given.rebinds))
    print(json.dumps(figures))
    must_be_zero = ("wrong_verdicts", "dials_outside", "stray_connects", "rebinds_dialled_inside")
    sys.exit(any(figures[name] for name in must_be_zero))


if __name__ == "__main__":
    main()
