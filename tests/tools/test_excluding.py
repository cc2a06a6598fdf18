"""What the person does not want used is neither found nor opened, however it is spelt."""

from dataclasses import replace
from pathlib import Path

import pytest

from quaestor.errors import RefusedError
from quaestor.tools.excluding import Excluding
from quaestor.tools.sources import HasGaps, HasHome, HasReadings, Hit, Progress, Source
from tests.fakes import Shelf

HIT = Hit(source="web", uri="", title="", snippet="", rank=1, score=1.0)


def shelf(count: int) -> Shelf:
    """Return a web of so many pages on ferries, page 00 the first."""
    pages = {f"https://a.example/{number:02}": "A ferry sails." for number in range(count)}
    return Shelf("web", pages, kind="web", remote=True)


@pytest.mark.parametrize(
    ("excluded", "uri", "out"),
    [
        pytest.param("https://a.example/x", "https://a.example/x", True, id="itself"),
        pytest.param("https://a.example/x", "http://A.example/x#part", True, id="spelt otherwise"),
        pytest.param("https://a.example/x", "https://a.example:443/x", True, id="with its port"),
        pytest.param("https://a.example/x", "https://me@a.example./x", True, id="with a user"),
        pytest.param("https://a.example/~x", "https://a.example/%7Ex", True, id="escaped"),
        pytest.param("https://a.example/x", "https://a.example/X", False, id="a path has cases"),
        pytest.param("https://a.example/x", "https://a.example/x/y", False, id="not what is below"),
        pytest.param("https://a.example/x", "https://a.example/xy", False, id="not what begins so"),
        pytest.param("https://a.example/x", "https://a.example/x?y", False, id="another query"),
        pytest.param("https://a.example/x", "https://a.example:8080/x", False, id="another port"),
        pytest.param("https://a.example/x/", "https://a.example/x/y/z", True, id="all below"),
        pytest.param("https://a.example/x/", "https://a.example/x", True, id="the folder itself"),
        pytest.param("https://a.example/x/", "https://a.example/xy", False, id="not beside it"),
        pytest.param("a.example", "https://a.example/x", True, id="a host alone"),
        pytest.param("https://a.example", "http://a.example?q=1", True, id="and its first page"),
        pytest.param("a.example", "https://a.example.org/x", False, id="no longer host"),
        pytest.param("a.example", "https://b.a.example/x", False, id="no host below it"),
        pytest.param("a.example", "https://b.example/a.example", False, id="not in a path"),
    ],
)
async def test_what_is_excluded(excluded: str, uri: str, out: bool) -> None:
    source = Excluding(
        Shelf("web", {uri: "A ferry."}, kind="web"), ["https://z.example/", excluded]
    )
    assert [hit.uri for hit in await source.search("ferry", limit=5)] == ([] if out else [uri])
    if out:
        with pytest.raises(RefusedError, match="excluded by --exclude-source"):
            await source.open(replace(HIT, uri=uri))
    else:
        assert (await source.open(replace(HIT, uri=uri))).uri == uri


async def test_excluded_hits_take_no_places() -> None:
    inner = shelf(20)
    source = Excluding(inner, [f"https://a.example/{number:02}" for number in range(6)])
    hits = await source.search("ferry", limit=3)
    assert [(hit.rank, hit.uri[-2:]) for hit in hits] == [(1, "06"), (2, "07"), (3, "08")]
    assert len(inner.asked) == 3  # for 3, 6 and 12


async def test_when_nothing_is_left_it_stops_asking() -> None:
    inner = shelf(5)
    assert await Excluding(inner, ["a.example"]).search("ferry", limit=3) == []
    assert len(inner.asked) == 2  # 3 of 5, then all 5 of at most 6


def test_it_stands_for_its_source_and_other_exclusions_give_other_answers() -> None:
    inner = Shelf("papers", {}, kind="local", private=True)
    one, two = Excluding(inner, ["a"]), Excluding(inner, ["a", "b"])
    assert isinstance(one, Source)
    assert (one.name, one.origin, one.private, one.remote) == (
        "papers",
        inner.origin,
        True,
        False,
    )
    assert Excluding(shelf(1), []).remote
    before = one.generation
    assert before == Excluding(inner, ("a",)).generation != two.generation
    inner.generation = "2"
    assert one.generation != before


class Kept(Shelf):
    """A source with all that a source may have."""

    def __init__(self) -> None:
        super().__init__("kept", {})
        self.told: list[str] = []

    async def prepare(self, home: Path, *, progress: object = None) -> None:
        self.told.append(f"prepare {home.name}")
        if callable(progress):
            progress(Progress(source="kept", done=1, total=1))

    async def close(self) -> None:
        self.told.append("close")

    def reading(self, document: str) -> dict[str, str | int]:
        return {"of": document}

    def unread(self) -> list[tuple[str, str]]:
        return [("x.pdf", "broken")]


async def test_what_its_source_has_is_passed_on() -> None:
    inner, shown = Kept(), list[Progress]()
    source: object = Excluding(inner, ["a"])
    assert isinstance(source, HasHome)
    assert isinstance(source, HasReadings)
    assert isinstance(source, HasGaps)
    await source.prepare(Path("home"), progress=shown.append)
    await source.close()
    assert inner.told == ["prepare home", "close"]
    assert shown == [Progress(source="kept", done=1, total=1)]
    assert (source.reading("d"), source.unread()) == ({"of": "d"}, [("x.pdf", "broken")])


async def test_a_source_that_has_nothing_more_is_no_trouble() -> None:
    source = Excluding(shelf(1), ["a"])
    await source.prepare(Path("home"))
    await source.close()
    assert (source.reading("d"), list(source.unread())) == ({}, [])
