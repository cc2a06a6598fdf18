"""A folder of saved pages answers as the web would, and the same for ever."""

import asyncio
import gzip
import hashlib
import json
import tracemalloc
from pathlib import Path

import pytest

from quaestor.errors import RefusedError, SettingsError, UnreadableError
from quaestor.memory.documents import WEB
from quaestor.tools.sources import HasAdjacent, HasGaps, HasHome, HasReadings, Hit, Progress, Source
from quaestor.tools.web import Web, web_of
from quaestor.tools.web.manifest import SavedPage
from quaestor.tools.web.pages import page_document

TRAM = "<title>Tram</title><meta name=date content=2024-05-03><p>The tram leaves the harbour.</p>"
PAGES = {
    "tram.html": TRAM.encode(),
    "ferry.html.gz": gzip.compress(b"<title>Ferry</title><p>The ferry crosses the harbour.</p>"),
    "note.md": b"# Night bus\n\nThe night bus stops at the harbour.\n",
    "empty.html": b"<p></p>",
    "binary.txt": bytes(range(256)) * 10,
    "torn.html.gz": gzip.compress(b"<p>cut short</p>" * 99)[:-20],
}


def save(folder: Path, pages: dict[str, bytes]) -> Path:
    """Write pages and their pages.jsonl into a folder."""
    folder.mkdir(exist_ok=True)
    lines: list[str] = []
    for name, raw in pages.items():
        (folder / name).write_bytes(raw)
        entry = {
            "url": f"https://example.org/{name.split('.')[0]}",
            "file": name,
            "fetched": "2024-11-04T08:12:40Z",
        }
        lines.append(json.dumps(entry))
    (folder / "pages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


async def opened(folder: Path, home: Path) -> Web:
    """Return a prepared snapshot."""
    web = Web(f"snapshot:{folder}")
    await web.prepare(home)
    return web


def hit(url: str) -> Hit:
    return Hit(source="web", uri=url, title="", snippet="", rank=1, score=1.0)


async def test_it_is_a_public_remote_source_that_has_to_be_opened(tmp_path: Path) -> None:
    web = await opened(save(tmp_path / "s", PAGES), tmp_path / "home")
    assert isinstance(web, Source)
    assert isinstance(web, HasHome)
    assert isinstance(web, HasGaps)
    assert isinstance(web, HasReadings)
    assert not isinstance(web, HasAdjacent)
    assert (web.name, web.origin, web.private, web.remote) == ("web", WEB, False, True)
    await web.close()


async def test_pages_are_found_once_and_named_not_held(tmp_path: Path) -> None:
    web = await opened(save(tmp_path / "s", PAGES), tmp_path / "home")
    hits = await web.search("Which ferry crosses the harbour?", limit=10)
    assert hits[0].uri == "https://example.org/ferry"
    assert sorted(one.uri for one in hits) == [
        "https://example.org/ferry",
        "https://example.org/note",
        "https://example.org/tram",
    ]
    assert {(one.document, one.start, one.end) for one in hits} == {(None, None, None)}
    assert [one.rank for one in hits] == [1, 2, 3]
    assert hits[0].title == "Ferry"
    assert "crosses the harbour" in hits[0].snippet
    await web.close()


async def test_a_long_page_is_one_hit_and_leaves_room_for_others(tmp_path: Path) -> None:
    long = "".join(f"<p>Harbour harbour harbour notice {n}. {'word ' * 150}</p>" for n in range(60))
    short = f"<p>The tram leaves the harbour. {'word ' * 160}</p>"
    pages = {"long.html": long.encode(), "tram.html": short.encode()}
    web = await opened(save(tmp_path / "s", pages), tmp_path / "home")
    both = ["https://example.org/long", "https://example.org/tram"]
    assert [one.uri for one in await web.search("harbour", limit=2)] == both
    assert [one.uri for one in await web.search("harbour", limit=9)] == both
    assert len(await web.search("harbour", limit=1)) == 1
    assert await web.search("harbour", limit=0) == []
    assert await web.search("zebra", limit=5) == []
    await web.close()


async def test_an_opened_page_is_a_document_of_the_web(tmp_path: Path) -> None:
    folder = save(tmp_path / "s", PAGES)
    web = await opened(folder, tmp_path / "home")
    page = await web.open(hit("https://example.org/tram"))
    assert page.text == "The tram leaves the harbour."
    assert (page.origin, page.media_type, page.extractor) == (WEB, "text/html", "html")
    assert (page.uri, page.title) == ("https://example.org/tram", "Tram")
    assert page.modified == "2024-05-03"
    reading = web.reading(page.id)
    assert reading["bytes_sha256"] == hashlib.sha256(PAGES["tram.html"]).hexdigest()
    assert reading["fetched"] == "2024-11-04T08:12:40Z"
    assert str(reading["extractor_version"]).startswith("trafilatura ")
    zipped = await web.open(hit("https://example.org/ferry"))
    assert zipped.text == "The ferry crosses the harbour."
    note = await web.open(hit("https://example.org/note"))
    assert (note.text, note.extractor) == (PAGES["note.md"].decode(), "plain")
    assert (note.media_type, note.modified) == ("text/markdown", None)
    await web.close()


async def test_what_cannot_be_opened_says_so(tmp_path: Path) -> None:
    folder = save(tmp_path / "s", PAGES)
    web = await opened(folder, tmp_path / "home")
    with pytest.raises(RefusedError, match="not in the snapshot"):
        await web.open(hit("https://example.org/elsewhere"))
    with pytest.raises(UnreadableError, match="no text"):
        await web.open(hit("https://example.org/empty"))
    (folder / "tram.html").write_bytes(TRAM.replace("tram", "bus").encode())
    with pytest.raises(UnreadableError, match="has changed"):
        await web.open(hit("https://example.org/tram"))
    (folder / "tram.html").unlink()
    with pytest.raises(UnreadableError, match=r"tram\.html"):
        await web.open(hit("https://example.org/tram"))
    await web.close()


async def test_pages_without_text_and_refused_lines_are_listed(tmp_path: Path) -> None:
    folder = save(tmp_path / "s", PAGES)
    with (folder / "pages.jsonl").open("a", encoding="utf-8") as file:
        file.write(
            '\n{"url": "https://example.org/x", "file": "../x.html", "fetched": "2024-01-01"}'
        )
    web = await opened(folder, tmp_path / "home")
    unread = dict(web.unread())
    assert list(unread) == [
        "https://example.org/binary",
        "https://example.org/empty",
        "https://example.org/torn",
        "pages.jsonl line 7: ../x.html",
    ]
    assert "not text" in unread["https://example.org/binary"]
    assert "gzip" in unread["https://example.org/torn"]
    await web.close()


async def test_a_compressed_page_is_unpacked_to_the_limit_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quaestor.tools.web.pages.MAX_BYTES", 1000)
    bomb = gzip.compress(b"<p>" + b"a " * 100_000)
    web = await opened(save(tmp_path / "s", {"bomb.html.gz": bomb}), tmp_path / "home")
    assert web.unread() == [
        ("https://example.org/bomb", "unpacked it is larger than 1,000 bytes"),
    ]
    await web.close()


def test_unpacking_stops_at_the_limit_in_memory_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quaestor.tools.web.pages.MAX_BYTES", 1000)
    bomb = gzip.compress(bytes(50_000_000), compresslevel=1)
    page = SavedPage(url="https://example.org/b", path=tmp_path / "b.html.gz", fetched="2024-01-01")
    tracemalloc.start()
    with pytest.raises(UnreadableError, match="larger than"):
        page_document(page, bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


async def test_generation_follows_addresses_and_bytes_alone(tmp_path: Path) -> None:
    first = await opened(save(tmp_path / "a", PAGES), tmp_path / "home")
    second = await opened(save(tmp_path / "b", PAGES), tmp_path / "elsewhere")
    assert first.generation == second.generation != ""
    changed = {**PAGES, "tram.html": TRAM.replace("leaves", "enters").encode()}
    third = await opened(save(tmp_path / "b", changed), tmp_path / "elsewhere")
    assert third.generation != first.generation
    noted = {**PAGES, "tram.html": TRAM.encode() + b"<!-- saved twice -->"}
    unseen = await opened(save(tmp_path / "b", noted), tmp_path / "elsewhere")
    assert unseen.generation not in (first.generation, third.generation)
    renamed = {f"x{name}": raw for name, raw in PAGES.items()}
    fourth = await opened(save(tmp_path / "c", renamed), tmp_path / "home")
    assert fourth.generation not in (first.generation, third.generation)
    for web in (first, second, third, fourth, unseen):
        await web.close()


async def test_pages_that_change_places_are_found_where_they_are(tmp_path: Path) -> None:
    pages = {"one.html": b"<p>Alpha beach.</p>", "two.html": b"<p>Gamma beach.</p>"}
    folder = save(tmp_path / "s", pages)
    web = await opened(folder, tmp_path / "home")
    assert [one.uri for one in await web.search("alpha", limit=3)] == ["https://example.org/one"]
    text = (folder / "pages.jsonl").read_text(encoding="utf-8")
    swapped = text.replace("one.html", "?").replace("two.html", "one.html").replace("?", "two.html")
    (folder / "pages.jsonl").write_text(swapped, encoding="utf-8")
    await web.prepare(tmp_path / "home")
    assert [one.uri for one in await web.search("alpha", limit=3)] == ["https://example.org/two"]
    await web.close()


async def test_a_new_title_in_the_list_is_shown_and_found(tmp_path: Path) -> None:
    folder = save(tmp_path / "s", {"one.html": b"<title>Old</title><p>Alpha beach.</p>"})
    web = await opened(folder, tmp_path / "home")
    before = web.generation
    text = (folder / "pages.jsonl").read_text(encoding="utf-8")
    (folder / "pages.jsonl").write_text(text.replace("{", '{"title": "Lido", ', 1), "utf-8")
    await web.prepare(tmp_path / "home")
    (found,) = await web.search("lido", limit=3)
    assert found.title == (await web.open(found)).title == "Lido"
    assert web.generation != before
    await web.close()


async def test_the_second_preparation_extracts_and_indexes_nothing(tmp_path: Path) -> None:
    folder, home = save(tmp_path / "s", PAGES), tmp_path / "home"
    web = await opened(folder, home)
    found = await web.search("harbour", limit=5)
    await web.close()
    notes: list[Progress] = []
    again = Web(f"snapshot:{folder}")
    await again.prepare(home, progress=notes.append)
    assert await again.search("harbour", limit=5) == found
    assert "writing the index" not in {one.note for one in notes}
    await again.close()
    await again.close()
    with pytest.raises(SettingsError, match="not prepared"):
        await again.search("harbour", limit=5)


async def test_a_search_under_way_outlives_the_closing(tmp_path: Path) -> None:
    web = await opened(save(tmp_path / "s", PAGES), tmp_path / "home")
    searches = [asyncio.create_task(web.search("harbour", limit=3)) for _ in range(8)]
    await asyncio.sleep(0)
    await web.close()
    assert [len(await one) for one in searches] == [3] * 8


async def test_nothing_is_written_beside_the_pages(tmp_path: Path) -> None:
    folder = save(tmp_path / "s", PAGES)
    before = sorted(path.name for path in folder.iterdir())
    web = await opened(folder, tmp_path / "home")
    await web.close()
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize("spec", ["", "bing", "searxng", "snapshot:", "snapshot: ", "/some/folder"])
def test_any_other_web_is_refused_with_what_is_allowed(spec: str) -> None:
    with pytest.raises(SettingsError, match="`off` or `snapshot:DIR`"):
        web_of(spec)


def test_its_spec_opens_it_again_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save(tmp_path / "s", PAGES)
    monkeypatch.chdir(tmp_path)
    spec = Web("snapshot:s").spec
    monkeypatch.chdir("/")
    assert Web(spec).folder == folder


def test_off_is_no_source_and_a_snapshot_needs_its_folder(tmp_path: Path) -> None:
    assert web_of("off") is None
    with pytest.raises(SettingsError, match="no such folder"):
        web_of(f"snapshot:{tmp_path / 'none'}")
    with pytest.raises(SettingsError, match="`off` or"):
        Web("off")
