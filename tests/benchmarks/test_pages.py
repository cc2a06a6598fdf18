"""Extractors are compared by words counted by hand; questions are asked of a small served web."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks import pages as measured
from benchmarks.extractors import EXTRACTORS, overlap, quaestor_text, readability_text
from benchmarks.pages import main
from benchmarks.saved_web import SavedPage, SavedWeb, indexed

QUAY = "The quay of Norvik is 120 m long. It was built in 1971 by the harbour board of the town."
MILL = "The mill of Arden grinds rye and oats. Its wheel was replaced in 1988 by a local smith."


def page(title: str, text: str) -> bytes:
    return f"<title>{title}</title><article><h1>{title}</h1><p>{text}</p></article>".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows: list[str] = []
    for name, text in {"Quay": QUAY, "Mill": MILL}.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(page(name, text)))
        url = f"https://example.org/{name}?a=b%20c"
        rows.append(json.dumps({"id": name, "file": f"{name}.gz", "url": url, "text": text}))
    (tmp_path / "expected.jsonl").write_text("\n".join(rows), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("extracted", "expected"),
    [
        pytest.param("a B c", (1.0, 0.75, 6 / 7), id="case is no matter, a repetition counts"),
        pytest.param("c, b! a: a x", (0.8, 1.0, 8 / 9), id="order and marks are no matter"),
        pytest.param("x", (0.0, 0.0, 0.0), id="nothing shared"),
        pytest.param("", (0.0, 0.0, 0.0), id="no text"),
    ],
)
def test_overlap_with_four_words_of_which_one_stands_twice(
    extracted: str, expected: tuple[float, float, float]
) -> None:
    assert overlap(extracted, "A b c a") == pytest.approx(expected)


def test_a_page_without_text_is_an_empty_text() -> None:
    assert quaestor_text(b"<html><body></body></html>") == ""


def test_blocks_of_readability_are_parted_and_marks_within_a_word_are_not() -> None:
    pytest.importorskip("readability")
    text = readability_text(page("Quay", f"{QUAY}</p><p>sec<b>ond</b> {QUAY * 3}"))
    assert "town.second" not in text
    assert "second The quay" in text


def test_the_search_engine_counts_different_words_of_title_and_text_without_scripts() -> None:
    saved = SavedWeb(
        [
            SavedPage(id="a", url="https://a.org/x y/?q=1", raw=page("Quay", QUAY), wanted=""),
            SavedPage(id="b", url="https://b.org", raw=page("Mill", "A quay, a quay."), wanted=""),
            SavedPage(
                id="c", url="https://c.org", raw=page("C", "<script>quay</script>"), wanted=""
            ),
        ],
        "127.0.0.1:1",
    )
    assert saved.rank("Norvik quay") == ["/0/aorg/xy", "/1/borg"]
    found = saved.page_at("http://127.0.0.1:1/1/borg")
    assert found is not None
    assert found.id == "b"


def test_a_snippet_is_the_description_a_page_states_else_its_beginning() -> None:
    stated = b"<meta name='description' content='About.'><p>Text"
    assert indexed(stated).snippet == "About."
    assert indexed(b"<p>Text  here").snippet == "Text here"


def test_the_benchmark_asks_the_served_pages_and_matches_every_span(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    held = {name: extract for name, extract in EXTRACTORS.items() if "readability" not in name}
    monkeypatch.setattr(measured, "EXTRACTORS", held)
    file = tmp_path / "questions.jsonl"
    asked = {"question": "How long is the quay of Norvik?", "answer": "120 m", "id": "Quay"}
    file.write_text(json.dumps(asked), "utf-8")
    assert main([str(folder), "--questions", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "| yes | yes | yes | 1 |" in printed
    assert "not their document's text: 0" in printed


def test_a_span_that_does_not_match_fails_the_benchmark(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(measured, "EXTRACTORS", {"Quaestor": quaestor_text})
    monkeypatch.setattr(measured, "quaestor_text", lambda raw: "x" + quaestor_text(raw))  # pyright: ignore
    file = tmp_path / "questions.jsonl"
    asked = {"question": "How long is the quay of Norvik?", "answer": "9 km", "id": "Mill"}
    file.write_text(json.dumps(asked), "utf-8")
    assert main([str(folder), "--questions", str(file)]) == 1
    assert "| no | no | no |" in capsys.readouterr().out
