"""What a person may say for the web, and what they get for it."""

import json
from pathlib import Path

import pytest

from quaestor.errors import RefusedError, SettingsError
from quaestor.tools.sources import HasBytes, HasGaps, HasHome, HasReadings, Hit, Source
from quaestor.tools.web import Web, web_of
from tests.tools.web.servers import answer, serving


@pytest.mark.parametrize("spec", ["auto", "ddg", "searxng:https://search.example.org"])
def test_a_search_engine_is_a_live_public_source_that_keeps_its_name(spec: str) -> None:
    web = web_of(spec)
    assert web is not None
    for protocol in (Source, HasHome, HasReadings, HasGaps, HasBytes):
        assert isinstance(web, protocol)
    assert (web.spec, web.live, web.folder) == (spec, True, None)
    assert (web.name, web.private, web.remote, web.generation) == ("web", False, True, "")
    assert web.origin.label == "web"
    assert web.unread() == []


def test_the_web_without_a_word_is_auto() -> None:
    assert Web().spec == "auto"


def test_saved_pages_are_not_live(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text("")
    web = Web(f"snapshot:{tmp_path}", allow_hosts=["localhost:80"])
    assert not web.live
    assert web.folder == tmp_path.resolve()
    assert web.take_bytes("x") is None


def test_what_is_allowed_besides_the_public_web_can_be_recorded() -> None:
    web = Web("searxng:http://LocalHost:8888", allow_hosts=["LocalHost:8888", "[::1]:99"])
    assert web.allow_hosts == ("[::1]:99", "localhost:8888")
    assert Web(web.spec, allow_hosts=web.allow_hosts).allow_hosts == web.allow_hosts


@pytest.mark.parametrize(
    ("spec", "hosts", "reason"),
    [
        ("searxng:http://localhost:8888", [], "--allow-host HOST:PORT"),
        ("searxng:http://localhost:8888", ["localhost:9999"], "--allow-host HOST:PORT"),
        ("searxng:", [], "searxng:https://search.example.org"),
        ("ddg:", [], "this version takes"),
        ("auto", ["localhost"], "HOST:PORT"),
    ],
)
def test_what_cannot_be_is_said_with_its_remedy(spec: str, hosts: list[str], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        Web(spec, allow_hosts=hosts)


async def test_an_allowed_engine_and_the_pages_it_finds_are_reached(tmp_path: Path) -> None:
    async with serving({"/page": answer("<p>The tide turns twice a day.</p>")}) as server:
        urls = [server.url("/page"), "http://169.254.169.254/latest/", "file:///etc/passwd"]
        found = {"results": [{"url": url, "title": "t", "content": "c"} for url in urls]}
        server.pages["/search"] = answer(json.dumps(found), Content_Type="application/json")
        web = Web(f"searxng:{server.url('')}", allow_hosts=[server.host])
        await web.prepare(tmp_path)
        hits = await web.search("tide", limit=9)
        assert [one.uri for one in hits] == urls
        page = await web.open(hits[0])
        assert "turns twice" in page.text
        assert web.take_bytes(page.id) == b"<p>The tide turns twice a day.</p>"
        assert web.reading(page.id)["final_url"] == urls[0]
        for one in hits[1:]:
            with pytest.raises(RefusedError):
                await web.open(one)
        await web.close()
    assert [one.path for one in server.requests] == ["/search", "/robots.txt", "/page"]


async def test_an_allowed_host_opens_no_other_port_of_it() -> None:
    async with serving({}) as server:
        web = Web(f"searxng:{server.url('')}", allow_hosts=[server.host])
        hit = Hit(source="web", uri="http://127.0.0.1/", title="", snippet="", rank=1, score=1.0)
        with pytest.raises(RefusedError, match="this machine"):
            await web.open(hit)
