"""The live web: hits of a search engine, opened as documents; nothing else is fetched."""

import gzip
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from quaestor.errors import RefusedError, SourceDownError, UnreadableError
from quaestor.memory import lease
from quaestor.memory.calls import Ask
from quaestor.memory.database import Database
from quaestor.memory.documents import WEB, Document, Location
from quaestor.memory.ledger import Ledger
from quaestor.memory.store import Store, load_blob
from quaestor.tools.sources import Hit, Progress
from quaestor.tools.toolbox import Toolbox
from quaestor.tools.web.extracting import Parse, ParsedText
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.live import LiveWeb
from quaestor.tools.web.providers import SearchResult, ThrottledError
from tests.tools.web.servers import Server, answer, serving

ARTICLE = "<title>Tides</title><p>The tide turns twice a day in the harbour.</p>"


class Found:
    """A search engine that finds what it is told."""

    name = "engine"

    def __init__(self, *urls: str) -> None:
        self.urls = urls
        self.failures: list[Exception] = []

    async def search(self, query: str, *, limit: int) -> list[SearchResult]:
        if self.failures:
            raise self.failures.pop(0)
        return [SearchResult(url=url, title=f"About {query}", snippet="s") for url in self.urls][
            :limit
        ]


def live(server: Server, *urls: str, parse: Parse | None = None) -> LiveWeb:
    return LiveWeb(
        Found(*urls),
        fetcher=Fetcher(Guard([server.host])),
        parse=parse,
        interval_s=0,
    )


def hit(uri: str, source: str = "web") -> Hit:
    return Hit(source=source, uri=uri, title="From the search", snippet="", rank=1, score=1.0)


async def opened(path: str, page: bytes, parse: Parse | None = None) -> Document:
    async with serving({path: page}) as server:
        document = await live(server, parse=parse).open(hit(server.url(path)))
        assert document.uri == server.url(path)
        return document


async def test_a_result_is_a_hit_each_address_once() -> None:
    async with serving({}) as server:
        hits = await live(
            server, "https://a.example/", "https://b.example/", "https://a.example/"
        ).search("tide", limit=5)
    assert [(one.uri, one.rank, one.title) for one in hits] == [
        ("https://a.example/", 1, "About tide"),
        ("https://b.example/", 2, "About tide"),
    ]
    assert all(one.document is None for one in hits)


@pytest.mark.parametrize(
    ("path", "page", "expected"),
    [
        pytest.param(
            "/a",
            answer(ARTICLE),
            ("text/html", "html", "Tides", "The tide turns twice a day in the harbour."),
            id="a page of HTML",
        ),
        pytest.param(
            "/a",
            answer("<p>Low water at nine, high water at three.</p>"),
            ("text/html", "html", "From the search", "Low water at nine, high water at three."),
            id="one without a title",
        ),
        pytest.param(
            "/a.md",
            answer("# Tide\r\n\r\nHigh.\r\n", Content_Type="text/plain"),
            ("text/markdown", "plain", "From the search", "# Tide\r\n\r\nHigh.\r\n"),
            id="Markdown, whole, with its line ends",
        ),
        pytest.param(
            "/a",
            answer(
                "\u041f\u0440\u0438\u043b\u0438\u0432".encode("koi8-r"),
                Content_Type="text/plain; charset=KOI8-R",
            ),
            ("text/plain", "plain", "From the search", "\u041f\u0440\u0438\u043b\u0438\u0432"),
            id="text in the encoding its headers name",
        ),
        pytest.param(
            "/a",
            answer(
                "<p>\u6e2f\u306e\u6f6e</p>".encode("cp932"),
                Content_Type="text/html; charset=Shift_JIS",
            ),
            ("text/html", "html", "From the search", "\u6e2f\u306e\u6f6e"),
            id="HTML likewise",
        ),
        pytest.param(
            "/a",
            answer("H\u00f6he", Content_Type="text/plain; charset=iso-8859-1"),
            ("text/plain", "plain", "From the search", "H\u00f6he"),
            id="bytes that are UTF-8 whatever the headers say",
        ),
        pytest.param(
            "/a",
            answer("H\u00f6he", Content_Type="text/plain; charset=foo"),
            ("text/plain", "plain", "From the search", "H\u00f6he"),
            id="an encoding nobody knows",
        ),
        pytest.param(
            "/a",
            answer(gzip.compress(b"Tide."), Content_Type="text/plain", Content_Encoding="gzip"),
            ("text/plain", "plain", "From the search", "Tide."),
            id="compressed text",
        ),
    ],
)
async def test_a_page_is_read(path: str, page: bytes, expected: tuple[str, ...]) -> None:
    read = await opened(path, page)
    assert read.origin == WEB
    assert (read.media_type, read.extractor, read.title, read.text) == expected


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param(answer("<title>Just a moment...</title><p>Verify you are human."), "challenge",
                     id="a challenge for robots"),
        pytest.param(answer("<title>Page not found</title><p>Sorry."), "not found", id="gone"),
        pytest.param(answer("<p></p>"), "no text", id="no text"),
        pytest.param(answer(" \n", Content_Type="text/plain"), "empty", id="blanks"),
        pytest.param(answer(b"%PDF-1.4", Content_Type="application/pdf"), "damaged",
                     id="a PDF that is none"),
    ],
)  # fmt: skip
async def test_a_page_that_says_nothing_is_unreadable_under_its_address(
    page: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableError, match=reason) as caught:
        await opened("/a", page)
    assert caught.value.source.startswith("http://127.0.0.1:")


class ParsedPdf:
    text, title, extractor, version = "High water at three.", "Tide table", "pdf", "pypdf 7"
    modified = None
    locations = (Location(kind="page", number=1, start=0, end=20),)
    changes = {"hidden": 3}  # noqa: RUF012 - a value


async def test_a_pdf_goes_to_the_parser_and_keeps_its_pages() -> None:
    given: list[tuple[bytes, str]] = []

    async def parse(data: bytes, media_type: str, /, *, url: str, timeout_s: float) -> ParsedText:
        assert url.startswith("http://127.0.0.1:")
        assert 1 <= timeout_s <= 10
        given.append((data, media_type))
        return ParsedPdf()

    page = answer(
        b"%PDF-1.4 x",
        Content_Type="application/pdf",
        Last_Modified="Fri, 15 Jan 2027 08:00:00 GMT",
    )
    document = await opened("/a.pdf", page, parse)
    assert given == [(b"%PDF-1.4 x", "application/pdf")]
    assert document.text == "High water at three."
    assert (document.title, document.extractor) == ("Tide table", "pdf")
    assert document.locations == ParsedPdf.locations
    assert document.changes == {"hidden": 3}
    assert document.modified == "2027-01-15T08:00:00+00:00"


async def test_a_refusal_of_the_parser_names_the_page() -> None:
    async def parse(_data: bytes, _media_type: str, /, *, url: str, timeout_s: float) -> ParsedText:
        raise UnreadableError("file", "encrypted")

    with pytest.raises(UnreadableError, match=r"^http://127.*: encrypted$"):
        await opened("/a", answer(b"%PDF-1.4", Content_Type="application/pdf"), parse)


async def test_links_in_a_page_and_hits_of_others_are_not_followed() -> None:
    linking = "<p>The tide. <a href=/b>More of it</a></p><meta http-equiv=refresh content='0;/b'>"
    async with serving({"/a": answer(linking), "/b": answer(ARTICLE)}) as server:
        web = live(server)
        await web.open(hit(server.url("/a")))
        assert server.paths() == ["/a"]
        with pytest.raises(RefusedError, match="only the web's"):
            await web.open(hit(server.url("/b"), source="notes"))
    assert server.paths() == ["/a"]


async def test_what_a_person_typed_is_opened_whatever_robots_are_told() -> None:
    robots = answer("User-agent: *\nDisallow: /", Content_Type="text/plain")
    async with serving({"/robots.txt": robots, "/a": answer(ARTICLE)}) as server:
        with pytest.raises(RefusedError, match=r"robots\.txt"):
            await live(server).open(hit(server.url("/a")))
        document = await live(server).open(replace(hit(server.url("/a")), typed=True))
    assert "turns twice" in document.text


async def test_a_reading_says_what_the_bytes_were_and_the_bytes_are_handed_over_once() -> None:
    moved = answer("", status=302, Location="/b")
    async with serving({"/a": moved, "/b": answer(ARTICLE)}) as server:
        web = live(server)
        document = await web.open(hit(server.url("/a")))
        reading = web.reading(document.id)
    raw = ARTICLE.encode()
    assert reading["bytes_sha256"] == hashlib.sha256(raw).hexdigest()
    assert reading["size"] == len(raw)
    assert reading["final_url"] == server.url("/b")
    assert str(reading["fetched"]).startswith("20")
    assert "trafilatura" in str(reading["extractor_version"])
    assert web.take_bytes(document.id) == raw
    assert web.take_bytes(document.id) is None
    assert web.reading("another") == {}


async def test_whoever_watches_is_told_of_a_pause(tmp_path: Path) -> None:
    engine = Found()
    engine.failures = [
        ThrottledError("engine", "it throttles", retry_after_s=0.01),
        SourceDownError("engine", "it is down"),
    ]
    web, told = LiveWeb(engine, interval_s=0), list[Progress]()
    await web.prepare(tmp_path, progress=told.append)
    with pytest.raises(SourceDownError):
        await web.search("tide", limit=3)
    await web.close()
    engine.failures = [SourceDownError("engine", "it is down")]
    with pytest.raises(SourceDownError):
        await web.search("tide", limit=3)
    assert [(one.source, one.note) for one in told] == [
        ("web", "waiting 0.01 s, then asking once more: engine: it throttles"),
        ("web", "engine: it is down"),
    ]
    assert list(tmp_path.iterdir()) == []


async def test_a_page_opened_in_a_run_keeps_its_bytes_beside_its_text(home: Path) -> None:
    async with serving({"/a": answer(ARTICLE)}) as server:
        web = live(server, server.url("/a"))
        database = await Database.open(home)
        held = await lease.take(database, "r1")
        ledger = Ledger(database, "r1", token=held.token)
        box = Toolbox([web], generations={}, ledger=ledger, store=Store(database))
        found = await box.use("search", "web", {"query": "tide", "limit": 3}, ASK)
        [one] = found.hits
        arguments = {"hit": {name: getattr(one, name) for name in Hit.__slots__}}
        brought = await box.use("open", "web", arguments, replace(ASK, step=2))
    [document] = brought.documents.values()
    assert "turns twice" in document.text
    async with database.reading() as connection:
        digest = hashlib.sha256(ARTICLE.encode()).hexdigest()
        assert await load_blob(connection, digest) == ARTICLE.encode()
    await database.close()


ASK = Ask(branch="public", task="t", round=0, step=1)
