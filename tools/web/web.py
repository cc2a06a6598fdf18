"""What a person may say for the web: a search engine by its name, or saved pages."""

from collections.abc import Callable, Collection
from pathlib import Path

from quaestor.errors import SettingsError
from quaestor.memory.documents import Document, Origin
from quaestor.tools.sources import Hit, Progress
from quaestor.tools.web.ddg import INTERVAL_S as DDG_INTERVAL_S
from quaestor.tools.web.ddg import DuckDuckGo
from quaestor.tools.web.extracting import Parse
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.live import INTERVAL_S, LiveWeb
from quaestor.tools.web.searxng import SearXNG
from quaestor.tools.web.snapshot import Snapshot

ALLOWED = (
    "`off` or `snapshot:DIR`, a folder of saved pages with a pages.jsonl, or a search engine: "
    "`auto`, `ddg`, `searxng:URL`"
)


class Web:
    """The web as a source named `web`.

    Args:
        spec: `auto` and `ddg` ask DuckDuckGo, and no other where that does not answer;
            `searxng:URL` asks an instance of SearXNG; `snapshot:DIR` reads saved pages.
        allow_hosts: `HOST:PORT` of servers that are not of the public web and may be asked all
            the same, for instance a search engine on this machine.
        parse: Reads HTML and PDF pages of the live web; in children with limits if not given.

    Raises:
        SettingsError: The spec names no web that there is, or the folder is not one.
    """

    def __init__(
        self, spec: str = "auto", *, allow_hosts: Collection[str] = (), parse: Parse | None = None
    ) -> None:
        guard = Guard(allow_hosts)
        self.allow_hosts = guard.allow
        """What the guard lets through besides the public web: recorded with a run."""
        self.spec = spec
        """The same web from any working directory: what a run keeps to be resumed."""
        self._source = _source(spec, guard, parse)
        if isinstance(self._source, Snapshot):
            self.spec = f"snapshot:{self._source.folder}"

    @property
    def live(self) -> bool:
        """Whether a question to it leaves this machine."""
        return isinstance(self._source, LiveWeb)

    @property
    def folder(self) -> Path | None:
        """The folder of the saved pages, where it is one."""
        return self._source.folder if isinstance(self._source, Snapshot) else None

    @property
    def name(self) -> str:
        """`web`."""
        return self._source.name

    @property
    def origin(self) -> Origin:
        """The web's, which is public."""
        return self._source.origin

    @property
    def private(self) -> bool:
        """No: pages of the web."""
        return self._source.private

    @property
    def remote(self) -> bool:
        """Yes, saved pages too: a question that may not leave may not be asked there either."""
        return self._source.remote

    @property
    def generation(self) -> str:
        """Of saved pages a digest; empty for the live web."""
        return self._source.generation

    async def prepare(
        self, home: Path, *, progress: Callable[[Progress], None] | None = None
    ) -> None:
        """Bring the index of saved pages in `home` up to date; raises as `Snapshot.prepare`."""
        await self._source.prepare(home, progress=progress)

    async def close(self) -> None:
        """Free what `prepare` opened; safe to call twice."""
        await self._source.close()

    async def search(self, query: str, *, limit: int) -> list[Hit]:
        """Return pages for a query; raises as the source does that it stands for."""
        return await self._source.search(query, limit=limit)

    async def open(self, hit: Hit) -> Document:
        """Return the page a hit names; raises as the source does that it stands for."""
        return await self._source.open(hit)

    def reading(self, document: str) -> dict[str, str | int]:
        """Return what differs from reading to reading of a page."""
        return self._source.reading(document)

    def take_bytes(self, document: str) -> bytes | None:
        """Hand over the bytes of a page fetched just now, once; None for saved pages."""
        return self._source.take_bytes(document) if isinstance(self._source, LiveWeb) else None

    def unread(self) -> list[tuple[str, str]]:
        """Return what of saved pages could not be read."""
        return self._source.unread() if isinstance(self._source, Snapshot) else []


def web_of(spec: str, *, allow_hosts: Collection[str] = ()) -> Web | None:
    """Return the web a setting names, None for `off`.

    Raises:
        SettingsError: It is neither `off` nor a web that there is.
    """
    return None if spec == "off" else Web(spec, allow_hosts=allow_hosts)


def _source(spec: str, guard: Guard, parse: Parse | None) -> Snapshot | LiveWeb:
    kind, colon, rest = spec.partition(":")
    if kind == "snapshot" and rest.strip():
        return Snapshot(rest)
    fetcher = Fetcher(guard)
    if spec in ("auto", "ddg"):
        return LiveWeb(DuckDuckGo(), fetcher=fetcher, parse=parse, interval_s=DDG_INTERVAL_S)
    if kind == "searxng" and colon:
        engine = SearXNG(rest, guard=guard)
        # An engine that the person allowed by name is theirs: it is asked as fast as it answers.
        interval_s = 0.0 if engine.authority in guard.allow else INTERVAL_S
        return LiveWeb(engine, fetcher=fetcher, parse=parse, interval_s=interval_s)
    raise SettingsError(f"web {spec!r}: this version takes {ALLOWED}")
