"""Fetches the pages of servers that misbehave and compares how each ended with how it must.

    python -m benchmarks.faulty_web [--deadline S] [NAME...]

serves every behaviour of benchmarks/faulty_servers.py on loopback, fetches its page with
quaestor's fetcher, all at the same time, and prints how each ended, after how many seconds, and
the peak memory of this process. It fails where a page did not end as it must, or more than a
second after its deadline.
"""

import argparse
import asyncio
import contextlib
import json
import resource
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass

from benchmarks.faulty_servers import BEHAVIOURS
from benchmarks.misbehaving import End
from quaestor.errors import OutsideError, SourceDownError
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.limits import Limits


class Sites:
    """Misbehaving servers in a process of their own.

    Args:
        ports: By the name of the behaviour.
    """

    def __init__(self, ports: dict[str, int]) -> None:
        self.ports = ports
        self.requests: Counter[str] = Counter()
        """Received, by name; those for robots.txt left out."""

    def url(self, name: str) -> str:
        """Return the address of a behaviour's page."""
        return f"http://127.0.0.1:{self.ports[name]}/page"

    def allow(self) -> list[str]:
        """Return what a guard must be told to let them be fetched."""
        return [f"127.0.0.1:{port}" for port in self.ports.values()]


@contextlib.contextmanager
def serving(*names: str) -> Generator[Sites, None, None]:
    """Serve behaviours while the block runs."""
    command = [sys.executable, "-m", "benchmarks.faulty_servers", *names]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = process.stdout
        sites = Sites(json.loads(lines.readline()))

        def count() -> None:
            for line in lines:
                sites.requests[json.loads(line)[0]] += 1

        counting = threading.Thread(target=count)
        counting.start()
        try:
            yield sites
        finally:
            process.terminate()
            counting.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How one fetch ended."""

    name: str
    end: End
    says: str
    """The reason, or the page."""
    seconds: float


async def visit(fetcher: Fetcher, name: str, url: str) -> Ended:
    """Fetch a page."""
    began = time.monotonic()
    try:
        page = await fetcher.fetch(url)
        end: End = "page"
        says = page.data.decode("utf-8", "replace")
    except OutsideError as error:
        end = "down" if isinstance(error, SourceDownError) else "refused"
        says = error.reason
    return Ended(name=name, end=end, says=says, seconds=time.monotonic() - began)


async def visit_all(sites: Sites, *, deadline_s: float) -> list[Ended]:
    """Fetch the page of every site, all at the same time."""
    fetcher = Fetcher(Guard(sites.allow()), limits=Limits(deadline_s=deadline_s))
    return await asyncio.gather(*(visit(fetcher, name, sites.url(name)) for name in sites.ports))


def complaint(ended: Ended, requests: int, *, deadline_s: float) -> str:
    """Return what was not as it must be; empty where all was."""
    must = BEHAVIOURS[ended.name]
    found: list[str] = []
    if ended.end != must.ends:
        found.append(f"ended as {ended.end}, not as {must.ends}")
    if must.says not in ended.says:
        found.append(f"does not say {must.says!r}")
    if must.requests not in (None, requests):
        found.append(f"asked {requests} times, not {must.requests}")
    if ended.seconds > deadline_s + 1:
        found.append("came too late")
    return "; ".join(found)


def main() -> None:
    """Visit behaviours and print how each ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deadline", type=float, default=5.0, help="seconds a page")
    parser.add_argument("names", nargs="*", help="of behaviours; all of them by default")
    given = parser.parse_args()
    with serving(*given.names) as sites:
        ended = asyncio.run(visit_all(sites, deadline_s=given.deadline))
    bad: list[str] = []
    for one in ended:
        wrong = complaint(one, sites.requests[one.name], deadline_s=given.deadline)
        if wrong:
            bad.append(one.name)
        says = " ".join(one.says.split())[:90]
        print(f"{one.name:32}{one.end:9}{one.seconds:6.2f} s  {says}{wrong and f' <-- {wrong}'}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    slowest = max(one.seconds for one in ended)
    figures = {"behaviours": len(ended), "bad": bad, "peak_mib": round(peak)}
    print(json.dumps(figures | {"slowest_s": round(slowest, 2)}))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
