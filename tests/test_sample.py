"""The shipped sample opens from the package, says what its questions need, and names nobody."""

import csv
import json
import re
from pathlib import Path

import pytest

from quaestor import sample
from quaestor.tools.local.decoding import decode
from quaestor.tools.web.manifest import read_manifest
from quaestor.tools.web.pages import page_document, read_page

DOCUMENTS = sorted(path for path in sample.documents().rglob("*") if path.is_file())
PAGES = read_manifest(sample.web())
NAMES = [path.relative_to(sample.documents()).as_posix() for path in DOCUMENTS]


def page(url_part: str) -> str:
    """Return the text of the saved page whose address holds a part."""
    (found,) = [one for one in PAGES.pages if url_part in one.url]
    return page_document(found, read_page(found, root=sample.web()).data).text


def holding(words: str) -> list[str]:
    """Return the names of the documents that hold some words."""
    texts = zip(NAMES, DOCUMENTS, strict=True)
    return [
        name for name, path in texts if words in " ".join(path.read_text(encoding="utf-8").split())
    ]


def test_it_holds_about_twenty_documents_of_many_kinds_and_eight_pages() -> None:
    assert len(DOCUMENTS) == 22
    kinds = {path.suffix for path in DOCUMENTS}
    assert kinds == {".md", ".txt", ".csv", ".html", ".json", ".jsonl", ".py"}
    assert len(PAGES.pages) == 8


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_document_is_text_in_utf8(path: Path) -> None:
    raw = path.read_bytes()
    assert decode(raw).changes == {}
    assert len(raw) > 200


def test_data_files_parse() -> None:
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            assert json.loads(text)
        elif path.suffix == ".jsonl":
            assert all(json.loads(line)["id"] for line in text.splitlines())
        elif path.suffix == ".csv":
            widths = {len(row) for row in csv.reader(text.splitlines())}
            assert len(widths) == 1, path.name
        elif path.suffix == ".py":
            compile(text, path.name, "exec")


def test_every_page_is_listed_and_gives_text() -> None:
    assert PAGES.refused == ()
    saved = {path.name for path in sample.web().iterdir()} - {"pages.jsonl"}
    assert {one.path.name for one in PAGES.pages} == saved
    for one in PAGES.pages:
        document = page_document(one, read_page(one, root=sample.web()).data)
        assert len(document.text) > 300
        assert not re.search(r"cookie|Imprint|Subscribe", document.text), one.url


def test_every_address_is_of_a_reserved_domain() -> None:
    for one in PAGES.pages:
        assert re.match(r"https://[a-z0-9.-]+\.example\.(com|org|net)/", one.url), one.url


def test_no_document_or_page_holds_an_address_of_a_person_or_a_path() -> None:
    for path in [*DOCUMENTS, *(one.path for one in PAGES.pages)]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\w@\w", text), path.name
        assert not re.search(r"(^|\s)(/(home|usr|etc|Users)/|[A-Z]:\\)", text), path.name


def test_the_first_question_needs_two_documents() -> None:
    assert holding("The Heron 4 is calibrated by the Wet Bench.") == [
        "products/heron-4-overview.md"
    ]
    assert holding("The Wet Bench is led by Sunniva Kreel") == ["wiki/wet-bench.html"]
    assert holding("Sunniva Kreel") == ["wiki/wet-bench.html"]


def test_the_second_question_joins_a_private_and_a_public_fact() -> None:
    assert "products/heron-4-overview.md" in holding("accuracy of the Heron 4 is 1.5 percent")
    assert "a class 1 turbidity meter an error of 2 percent" in page("fwm-27")
    assert holding("FWM 27") == []
    assert not any("Heron 4" in page(one.url) for one in PAGES.pages)


def test_the_third_question_is_led_into_the_documents_by_the_web() -> None:
    assert "Lumenfall Optics won the Brantholm Prize in 2024." in page("brantholm")
    assert holding("Brantholm") == []
    assert holding("Jonah Aldergast is the buyer for Lumenfall Optics.") == [
        "policies/suppliers.md"
    ]


def test_the_fourth_question_cannot_be_answered_without_a_private_name() -> None:
    assert holding("audited by Corvane Belmont") == ["policies/pension-fund.md"]
    assert "Corvane Belmont was established in 1961" in page("corvane")
    assert holding("1961") == []
    others = [page(one.url) for one in PAGES.pages if "corvane" not in one.url]
    assert not any("Corvane" in text or "1961" in text for text in others)
    asked = {"firm", "audits", "orrinvale", "pension", "fund", "founded"}
    for one in PAGES.pages:
        assert asked.isdisjoint(re.findall(r"[a-z]+", page(one.url).lower())), one.url


def test_it_holds_a_contradiction_a_superseded_figure_and_an_injection() -> None:
    assert holding("daily meal allowance on business trips is 38 euros") == [
        "company/staff-handbook.md"
    ]
    assert holding("daily meal allowance on business trips is 42 euros") == [
        "policies/travel-policy.md"
    ]
    assert holding("warranty period of the Tarn 2 is 24 months") == [
        "meetings/2021-03-18-product-council.txt"
    ]
    assert holding("From 1 July 2024 the warranty period of the Tarn 2 is 36 months") == [
        "meetings/2024-06-11-product-council.md"
    ]
    assert holding("ignore previous instructions") == ["letters/customer-letter-2024-10.md"]


def test_the_questions_say_what_a_right_report_holds() -> None:
    asked = sample.questions()
    assert [one.expected_status for one in asked] == ["answered"] * 3 + ["insufficient_evidence"]
    assert all(one.question.endswith("?") and one.shows and one.must_mention for one in asked)
