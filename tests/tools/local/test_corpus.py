"""A folder as a source: what it finds, what it says of itself, what it leaves alone."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from quaestor.errors import SettingsError, UnreadableError
from quaestor.tools.local.corpus import Corpus
from quaestor.tools.sources import Hit, Progress

Prepare = Callable[..., Awaitable[Corpus]]


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write(
        tmp_path / "docs",
        {
            "harbour/ships.md": "# Ships\n\nThe Ada was built in Bergen in 1911.\n",
            "harbour/quay.txt": "Quay\n\nThe quay is 120 metres long and of granite.\n",
            "prices.csv": "good,price\ncoal,12\nherring,7\n",
            "rows.jsonl": '{"title": "Bergen", "text": "Bergen lies in Norway."}\n{"n": 2}\n',
            "photo.png": "no image",
            "empty.md": "",
            ".secret/key.md": "hidden",
        },
    )


@pytest.mark.parametrize(
    ("query", "uri"),
    [
        pytest.param("Where was the Ada built?", "harbour/ships.md", id="a sentence of Markdown"),
        pytest.param("length of the quay in metres", "harbour/quay.txt", id="plain text"),
        pytest.param("price of herring", "prices.csv", id="a row of a table"),
        pytest.param("What country is Bergen in, Norway?", "rows.jsonl#row=1", id="a JSON row"),
    ],
)
async def test_a_question_finds_its_document(
    docs: Path, prepare: Prepare, query: str, uri: str
) -> None:
    corpus = await prepare(docs)
    best, *_ = await corpus.search(query, limit=3)
    assert (best.uri, best.rank, best.source) == (uri, 1, "docs")
    document = await corpus.open(best)
    assert best.document == document.id
    assert best.start is not None
    assert best.end is not None
    assert document.span(best.start, best.end).text


async def test_what_a_corpus_says_of_itself(docs: Path, prepare: Prepare) -> None:
    corpus = await prepare(docs)
    assert corpus.root == docs.resolve()
    assert (corpus.name, corpus.origin.label, corpus.private) == ("docs", "local:docs", True)
    assert corpus.remote is False
    assert corpus.counts == {
        "files": 4,
        "documents": 5,
        "passages": 5,
        "unread": 2,
        "hidden folder": 1,
    }
    assert corpus.unread() == [("empty.md", "empty"), ("photo.png", "unknown type: .png")]
    profile = corpus.profile()
    assert profile.documents == 5
    assert profile.titles == ("Bergen", "Quay", "Ships", "prices.csv", "rows.jsonl, row 2")
    assert profile.oldest <= profile.newest
    read = ("harbour/quay.txt", "harbour/ships.md", "prices.csv", "rows.jsonl")
    assert profile.size == sum((docs / name).stat().st_size for name in read)
    assert profile.entities == ()


async def test_a_document_is_the_one_that_was_indexed_not_what_the_file_says_now(
    docs: Path, prepare: Prepare
) -> None:
    corpus = await prepare(docs)
    (hit,) = await corpus.search("granite", limit=1)
    before = await corpus.open(hit)
    (docs / "harbour/quay.txt").unlink()
    assert await corpus.open(hit) == before


async def test_a_reading_names_the_bytes_of_the_file(docs: Path, prepare: Prepare) -> None:
    corpus = await prepare(docs)
    (hit,) = await corpus.search("granite", limit=1)
    document = await corpus.open(hit)
    reading = corpus.reading(document.id)
    assert reading["size"] == (docs / "harbour/quay.txt").stat().st_size
    # `printf 'Quay\n\nThe quay is 120 metres long and of granite.\n' | sha256sum`
    expected = "45b0551b"
    assert str(reading["bytes_sha256"]).startswith(expected)
    assert corpus.reading("no such document") == {}


async def test_a_hit_without_a_document_is_opened_by_its_path(docs: Path, prepare: Prepare) -> None:
    corpus = await prepare(docs)
    hit = Hit(source="docs", uri="prices.csv", title="", snippet="", rank=1, score=0.0)
    assert (await corpus.open(hit)).text.startswith("good,price")
    gone = Hit(source="docs", uri="gone.md", title="", snippet="", rank=1, score=0.0)
    with pytest.raises(UnreadableError, match=r"gone\.md"):
        await corpus.open(gone)


async def test_neighbours_come_in_text_order_nearest_first_chosen(
    tmp_path: Path, prepare: Prepare
) -> None:
    parts = [f"## Part {n}\n\n" + f"word{n} " * 150 for n in range(6)]
    corpus = await prepare(write(tmp_path / "docs", {"long.md": "\n\n".join(parts)}))
    (hit,) = await corpus.search("word3", limit=1)
    document = await corpus.open(hit)
    beside = await corpus.adjacent_passages(
        document=hit.document, start=hit.start, entity=None, limit=3
    )
    assert [one.snippet[:9] for one in beside] == ["## Part 1", "## Part 2", "## Part 4"]
    assert [one.rank for one in beside] == [1, 2, 3]
    assert all(one.start is not None and one.end is not None for one in beside)
    texts = [document.text[one.start : one.end] for one in beside]
    assert [text.split()[3] for text in texts] == ["word1", "word2", "word4"]


@pytest.mark.parametrize(
    ("entity", "found"),
    [
        pytest.param("ada lovelace", ["a.md"], id="case does not matter"),
        pytest.param("Ada", ["a.md", "b.md"], id="one word"),
        pytest.param("Lovelaces", [], id="another form is another name"),
        pytest.param("Gabor", ["c.md"], id="accents do not matter"),
        pytest.param("The Ada", [], id="every word counts, function words too"),
        pytest.param("北京", ["d.md"], id="Chinese"),
        pytest.param("...", [], id="no word at all"),
    ],
)
async def test_passages_that_mention_a_name_hold_its_very_words(
    tmp_path: Path, prepare: Prepare, entity: str, found: list[str]
) -> None:
    files = {
        "a.md": "Ada Lovelace wrote notes.",
        "b.md": "Ada met Lovelace, and much more was said by others on that day.",
        "c.md": "Pál Gábor directed.",
        "d.md": "她住在北京。",
    }
    corpus = await prepare(write(tmp_path / "docs", files))
    hits = await corpus.adjacent_passages(document=None, start=None, entity=entity, limit=5)
    assert [hit.uri for hit in hits] == found


async def test_a_name_is_found_among_many_passages_with_its_stem(
    tmp_path: Path, prepare: Prepare
) -> None:
    files = {f"{n:03}.txt": "gate gate gate" for n in range(200)}
    files["long.txt"] = "words " * 100 + "Gates"
    corpus = await prepare(write(tmp_path / "docs", files))
    hits = await corpus.adjacent_passages(document=None, start=None, entity="Gates", limit=2)
    assert [hit.uri for hit in hits] == ["long.txt"]


async def test_a_title_stands_for_every_passage_of_its_document(
    tmp_path: Path, prepare: Prepare
) -> None:
    parts = "\n\n".join(f"## Part {n}\n\n" + f"word{n} " * 150 for n in range(3))
    files = {"z.md": f"# Zanzibar\n\n{parts}", "a.md": f"# Another\n\n{parts}"}
    corpus = await prepare(write(tmp_path / "docs", files))
    best, following, *_ = await corpus.search("word2 in Zanzibar", limit=6)
    assert (best.uri, following.uri) == ("z.md", "a.md")
    assert "Zanzibar" not in (await corpus.open(best)).text[best.start : best.end]
    assert len(await corpus.search("Zanzibar", limit=6)) == 3


async def test_adjacent_passages_of_nothing_is_the_callers_mistake(
    docs: Path, prepare: Prepare
) -> None:
    corpus = await prepare(docs)
    with pytest.raises(SettingsError, match="entity"):
        await corpus.adjacent_passages(document=None, start=None, entity=None, limit=5)


# Each pair shares a word only in its own script; the rest of the collection speaks of other things.
@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("港务局每天记录进港的船只数量。", "谁记录船只？"),
        ("港湾局は毎日入港する船を数えます。", "入港する船"),
        ("항만청은 매일 들어오는 배를 셉니다.", "들어오는 배"),
        ("Die Hafenbehörde zählt täglich die Schiffe.", "HAFENBEHORDE Schiffe"),
        ("Управление порта ежедневно считает суда.", "суда порта"),
        ("बंदरगाह कार्यालय जहाज़ों को गिनता है।", "जहाज़ों"),
        ("สำนักงานท่าเรือนับเรือทุกวัน", "ท่าเรือ"),
        ("مكتب الميناء يحصي السفن كل يوم", "السفن"),
        ("Το λιμεναρχείο μετρά τα πλοία.", "πλοια"),
    ],
    ids=["Chinese", "Japanese", "Korean", "German", "Russian", "Hindi", "Thai", "Arabic", "Greek"],
)
async def test_a_query_finds_its_document_in_any_script(
    tmp_path: Path, prepare: Prepare, text: str, query: str
) -> None:
    others = {
        "e.txt": "Nothing of that kind is said here.",
        "f.txt": "天气很好。 天気がいい。 날씨가 좋다. Погода хорошая. मौसम अच्छा है।",
    }
    corpus = await prepare(write(tmp_path / "docs", {"hit.txt": text, **others}))
    hits = await corpus.search(query, limit=5)
    assert hits[0].uri == "hit.txt"


async def test_search_without_a_word_finds_nothing(docs: Path, prepare: Prepare) -> None:
    corpus = await prepare(docs)
    assert await corpus.search("?! ...", limit=5) == []
    assert await corpus.search("quay", limit=0) == []


async def test_an_empty_folder_is_a_collection_without_answers(
    tmp_path: Path, prepare: Prepare
) -> None:
    corpus = await prepare(write(tmp_path, {"docs/empty.md": ""}) / "docs")
    assert await corpus.search("anything", limit=5) == []
    assert corpus.profile().documents == 0
    assert corpus.generation


async def test_ten_thousand_rows_of_one_file(tmp_path: Path, prepare: Prepare) -> None:
    rows = [{"title": f"Ship {n}", "text": f"Ship {n} carries cargo{n}."} for n in range(10_000)]
    lines = "\n".join(json.dumps(row) for row in rows)
    corpus = await prepare(write(tmp_path, {"rows.jsonl": lines}) / "rows.jsonl")
    assert corpus.counts["documents"] == 10_000
    (hit,) = await corpus.search("cargo8765", limit=1)
    assert hit.uri == "rows.jsonl#row=8766"
    assert len(corpus.profile().titles) == 100


def test_a_missing_path_is_named() -> None:
    with pytest.raises(SettingsError, match="no/such/folder"):
        Corpus.open("no/such/folder")


def test_a_device_is_no_collection() -> None:
    with pytest.raises(SettingsError, match="/dev/null"):
        Corpus.open("/dev/null")


@pytest.mark.parametrize(
    ("folder", "name", "expected"),
    [
        ("My Docs (2024)", None, "My-Docs-2024"),
        ("Größe", None, "Größe"),
        ("...", "a:b/c", "a-b-c"),
        ("docs.v2", None, "docs.v2"),
    ],
)
def test_a_collection_is_named_after_its_folder(
    tmp_path: Path, folder: str, name: str | None, expected: str
) -> None:
    (tmp_path / folder).mkdir()
    assert Corpus.open(tmp_path / folder, name=name).name == expected


def test_a_name_without_letters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="name"):
        Corpus.open(tmp_path, name="//")


async def test_a_folder_that_has_gone_is_named(tmp_path: Path) -> None:
    corpus = Corpus.open(write(tmp_path, {"docs/a.md": "Words."}) / "docs")
    (tmp_path / "docs/a.md").unlink()
    (tmp_path / "docs").rmdir()
    with pytest.raises(SettingsError, match="docs"):
        await corpus.prepare(tmp_path / "home")


async def test_asking_before_preparing_says_what_to_do(docs: Path) -> None:
    corpus = Corpus.open(docs)
    with pytest.raises(SettingsError, match="prepare"):
        await corpus.search("quay", limit=1)


async def test_excluded_paths_and_patterns_are_left_out(docs: Path, prepare: Prepare) -> None:
    corpus = await prepare(docs, exclude=("*.csv", str(docs / "harbour")))
    assert corpus.counts["files"] == 1
    assert corpus.counts["excluded"] == 2


async def test_nothing_is_written_into_the_folder(docs: Path, prepare: Prepare) -> None:
    before = sorted(docs.rglob("*"))
    await prepare(docs)
    assert sorted(docs.rglob("*")) == before


async def test_a_home_inside_the_folder_is_not_read(docs: Path, prepare: Prepare) -> None:
    home = docs / "run"
    write(home, {"note.md": "granite granite"})
    corpus = await prepare(docs, home=home)
    assert [hit.uri for hit in await corpus.search("granite", limit=5)] == ["harbour/quay.txt"]
    assert corpus.counts["home"] == 1


async def test_the_home_is_the_owners_alone(tmp_path: Path, docs: Path, prepare: Prepare) -> None:
    await prepare(docs)
    folders = [
        tmp_path / "home",
        *(tmp_path / "home").glob("indexes"),
        *(tmp_path / "home").glob("indexes/*"),
    ]
    assert len(folders) == 3
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in folders)


async def test_progress_is_told_in_the_event_loop(tmp_path: Path, docs: Path) -> None:
    told: list[tuple[Progress, int]] = []
    corpus = Corpus.open(docs)
    here = threading.get_ident()
    await corpus.prepare(
        tmp_path / "home", progress=lambda at: told.append((at, threading.get_ident()))
    )
    await corpus.close()
    notes = [(at.done, at.total, at.note) for at, _ in told]
    assert notes == [
        (0, 4, "harbour/quay.txt"),
        (1, 4, "harbour/ships.md"),
        (2, 4, "prices.csv"),
        (3, 4, "rows.jsonl"),
        (0, 0, "writing the index"),
    ]
    assert {thread for _, thread in told} == {here}


def test_a_corpus_serves_one_event_loop_after_another(tmp_path: Path, docs: Path) -> None:
    corpus = Corpus.open(docs)

    async def ask() -> list[str]:
        await corpus.prepare(tmp_path / "home")
        return [hit.uri for hit in await corpus.search("granite", limit=1)]

    async def close() -> None:
        await corpus.close()
        await corpus.close()

    answers: list[list[str]] = [asyncio.run(ask()), asyncio.run(ask())]
    thread = threading.Thread(target=lambda: answers.append(asyncio.run(ask())))
    thread.start()
    thread.join()
    asyncio.run(close())
    assert answers == [["harbour/quay.txt"]] * 3
    assert corpus.generation


async def test_many_questions_at_once_get_the_answers_of_one_by_one(
    docs: Path, prepare: Prepare
) -> None:
    corpus = await prepare(docs)
    queries = ["granite", "Bergen", "herring", "Ada"] * 10
    together = await asyncio.gather(*(corpus.search(query, limit=3) for query in queries))
    assert together == [await corpus.search(query, limit=3) for query in queries]
