"""Files of every type in one folder: found by what they say, cited with the place it stands at."""

import json
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from quaestor import Researcher
from quaestor.plain import report_json
from quaestor.tools.local.corpus import Corpus
from tests.tools.local.parsing.making import pdf, sheet, slides, word

Prepare = Callable[..., Awaitable[Corpus]]


def letter(document: Any) -> None:
    document.add_paragraph("A letter of no importance.")
    table = document.add_table(rows=3, cols=2)
    for at, text in enumerate(("Ferry", "Passengers", "Morwenna", "212", "Tamsyn", "96")):
        table.cell(at // 2, at % 2).text = text


def talk(presentation: Any) -> None:
    for title, body in (("Dredging", "It begins in May."), ("Lamps", "Pendeen has 34 lamps.")):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, body


NOTEBOOK = {
    "nbformat": 4,
    "cells": [
        {"cell_type": "markdown", "source": "# Tides"},
        {"cell_type": "markdown", "source": "The spring tide at Zennor reaches 6.1 metres."},
    ],
}
FILES = {
    "budget.xlsx": sheet([["Item", "Cost"], ["Rope", 412], ["Tar", 97]], name="Year 2024"),
    "ferries.docx": word(letter),
    "mail.eml": b"Subject: Moorings\n\nThe mooring fee at Lamorna is 18 pounds.",
    "pages.pdf": pdf("First page.", "The crane of Newlyn lifts 45 tonnes."),
    "talk.pptx": slides(talk),
    "tides.ipynb": json.dumps(NOTEBOOK).encode(),
    "guide.rst": b"======\nBerths\n======\n\nMousehole has 52 berths.\n",
    "ships.tsv": b"ship\tlength\nPolperro\t31\nGorran\t28\n",
}
HOSTILE = {
    "liar.pdf": b"<html>no PDF</html>",
    "cut.docx": FILES["ferries.docx"][:500],
    "locked.pdf": pdf("secret", password="x"),
    "store.db": b"SQLite format 3\x00",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "docs"
    made.mkdir()
    for name, data in (FILES | HOSTILE).items():
        (made / name).write_bytes(data)
    return made


WORDS = "crane begins tide fee berths rope".split()
ASKED = [
    ("What does rope cost?", "Item: Rope | Cost: 412", "budget.xlsx#sheet=Year%202024&row=2"),
    ("How many passengers has Morwenna?", "Passengers: 212", "ferries.docx#table=1&row=2"),
    ("What is the mooring fee at Lamorna?", "18 pounds", "mail.eml"),
    ("What does the crane of Newlyn lift?", "45 tonnes", "pages.pdf#page=2"),
    ("How many lamps has Pendeen?", "34 lamps", "talk.pptx#slide=2"),
    ("How high is the spring tide at Zennor?", "6.1 metres", "tides.ipynb#cell=2"),
    ("How many berths has Mousehole?", "52 berths", "guide.rst"),
    ("What is the length of Polperro?", "Polperro\t31", "ships.tsv#row=2"),
]


@pytest.mark.parametrize(("question", "words", "place"), ASKED, ids=[one[2] for one in ASKED])
async def test_a_fact_is_found_and_cited_with_its_place(
    question: str, words: str, place: str, folder: Path, home: Path
) -> None:
    report = await Researcher(sources=[Corpus.open(folder)], home=home).start(question)
    cited = {one["uri"]: one["text"] for one in report_json(report)["evidence"]}
    uri = f"{folder.as_uri()}/{place}"
    assert words in cited[uri]
    document = next(one.document for one in report.cited if one.evidence.text == cited[uri])
    assert cited[uri] in document.text


async def test_the_version_of_what_read_a_file_is_kept(folder: Path, prepare: Prepare) -> None:
    corpus = await prepare(folder)
    versions: dict[str, str | int | None] = {}
    for asked in WORDS:
        for hit in await corpus.search(asked, limit=5):
            versions[hit.uri] = corpus.reading(hit.document or "").get("version")
    assert versions["pages.pdf"] == f"pypdfium2 {version('pypdfium2')}"
    assert versions["guide.rst"] is None


async def test_the_name_of_a_sheet_helps_to_find_its_rows(folder: Path, prepare: Prepare) -> None:
    corpus = await prepare(folder)
    assert [hit.uri for hit in await corpus.search("2024", limit=5)] == ["budget.xlsx"]


async def test_what_cannot_be_read_is_listed_and_the_rest_is_there(
    folder: Path, prepare: Prepare
) -> None:
    corpus = await prepare(folder)
    assert dict(corpus.unread()) == {
        "cut.docx": "damaged or cut off: File is not a zip file",
        "liar.pdf": "not what its name says: no PDF inside",
        "locked.pdf": "encrypted: it needs a password",
        "store.db": "unknown type: .db",
    }
    assert corpus.counts["documents"] == len(FILES)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("pages.pdf", "pages"),
        ("talk.pptx", "Dredging"),
        ("tides.ipynb", "Tides"),
        ("mail.eml", "Moorings"),
        ("guide.rst", "Berths"),
        ("budget.xlsx", "budget"),
    ],
)
async def test_a_document_is_called_what_it_calls_itself(
    name: str, title: str, folder: Path, prepare: Prepare
) -> None:
    corpus = await prepare(folder)
    hits = [hit for asked in WORDS for hit in await corpus.search(asked, limit=50)]
    assert {hit.title for hit in hits if hit.uri == name} == {title}
