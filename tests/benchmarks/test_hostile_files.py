"""Damaged copies of good files: text or a reason, never a crash, each the same every time."""

import re
from pathlib import Path

import pytest

from benchmarks.hostile_files import (
    MOST_CHANGED,
    flipped,
    good_files,
    main,
    parsed_or_refused,
    workbook,
)
from quaestor.tools.local.kinds import Kind
from quaestor.tools.local.parsing.pool import ParserPool
from tests.tools.local.parsing.making import pdf, word

PAGE = pdf("The quay is 120 m long.\nIt was built in 1971.", "Second page.")
LETTER = word(lambda document: document.add_paragraph("The quay is 120 m long."))
REASON = re.compile(
    r"(damaged|bomb-like|encrypted|unsafe|not what its name says|no text to see|too |its parser)"
)


def test_a_copy_differs_in_one_to_eight_bytes_and_is_the_same_again() -> None:
    differing = set[int]()
    for seed in range(200):
        copy = flipped(PAGE, seed)
        assert copy == flipped(PAGE, seed)
        differing.add(sum(one != other for one, other in zip(copy, PAGE, strict=True)))
    assert differing <= set(range(MOST_CHANGED + 1))
    assert {1, MOST_CHANGED} <= differing


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        pytest.param("pdf", PAGE, id="a PDF"),
        pytest.param("docx", LETTER, id="a Word document"),
        pytest.param("xlsx", workbook(), id="a workbook"),
    ],
)
def test_a_hundred_damaged_copies_give_text_or_a_reason(kind: Kind, data: bytes) -> None:
    with ParserPool(children=1) as pool:
        assert parsed_or_refused(pool, data, kind).said == "text"
        said = [parsed_or_refused(pool, flipped(data, seed), kind).said for seed in range(100)]
        assert parsed_or_refused(pool, data, kind).said == "text"
    odd = [reason for reason in said if reason != "text" and not REASON.match(reason)]
    assert odd == []
    assert said.count("text") < 100


def test_the_benchmark_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "good.pdf").write_bytes(PAGE)
    (folder / "liar.pdf").write_bytes(b"no PDF at all")
    assert set(good_files(folder)) == {"good.pdf", "made.xlsx"}
    main([str(folder), "--copies", "4"])
    printed = capsys.readouterr().out
    assert "| good.pdf |  | text | 59 |" in printed
    assert "| liar.pdf |  | not what its name says: no PDF inside | 0 |" in printed
    assert "asked: answered" in printed
    assert "'quay.md'" in printed
