"""Uris of a corpus name the documents of its dataset."""

import pytest

from quaestor.evaluation.dataset import Dataset, Entry
from quaestor.evaluation.locate import locator

DATASET = Dataset(
    name="capitals",
    entries=(
        Entry(id="a", title="Oslo", text="", line=1),
        Entry(id="b.2", title="Bern", text="", line=3),
    ),
    questions=(),
)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        pytest.param("corpus.jsonl#row=1", "a", id="a row by its line"),
        pytest.param("corpus.jsonl#row=3", "b.2", id="blank lines count"),
        pytest.param("corpus.jsonl#row=2", None, id="a line without a document"),
        pytest.param("corpus.jsonl#row=x", None, id="no number"),
        pytest.param("sub/a.txt", "a", id="a file by its name without the ending"),
        pytest.param("b.2.md", "b.2", id="an id with a dot in it"),
        pytest.param("b.2", "b.2", id="a file without an ending"),
        pytest.param("c.txt", None, id="a file that is no document of the dataset"),
        pytest.param("https://example.org/", None, id="a page"),
    ],
)
def test_locate(uri: str, expected: str | None) -> None:
    assert locator(DATASET)(uri) == expected
