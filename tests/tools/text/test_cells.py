"""Rows of delimited files with bars between their cells."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.text.cells import with_bars


@pytest.mark.parametrize(
    ("text", "delimiter", "expected"),
    [
        pytest.param("Heron,5,200", ",", "Heron|5|200", id="a comma parts two cells"),
        pytest.param('a,"5,200",7', ",", 'a|"5,200"|7', id="one inside quotes does not"),
        pytest.param('a, "5,200" ,7', ",", 'a| "5,200" |7', id="nor between spaces and quotes"),
        pytest.param('"a,1"\n"b,2",3', ",", '"a,1"\n"b,2"|3', id="quotes may open a line"),
        pytest.param('"a ""b"", c",3', ",", '"a ""b"", c"|3', id="doubled quotes close nothing"),
        pytest.param('Pipe 5",41,490', ",", 'Pipe 5"|41|490', id="inches are no quotes"),
        pytest.param('"open,1\n2,3', ",", '"open|1\n2|3', id="quotes that never close are none"),
        pytest.param(",,", ",", "||", id="cells may be empty"),
        pytest.param("a;5,2;7", ";", "a|5,2|7", id="a decimal comma stays"),
        pytest.param("a\t5,2\t7", "\t", "a|5,2|7", id="a tab parts two cells"),
        pytest.param("a|5,2", "|", "a|5,2", id="bars are there already"),
        pytest.param("a, b", "", "a, b", id="prose has no cells"),
    ],
)
def test_bars_between_cells(text: str, delimiter: str, expected: str) -> None:
    assert with_bars(text, delimiter) == expected


CELLS = st.lists(st.text(alphabet='a1,; "\n', max_size=6), min_size=2, max_size=4)


@given(st.lists(CELLS, min_size=1, max_size=3), st.sampled_from(",;"))
def test_the_cells_are_those_that_python_reads(rows: list[list[str]], delimiter: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows(rows)
    barred = with_bars(written.getvalue(), delimiter)
    assert len(barred) == len(written.getvalue())
    assert list(csv.reader(io.StringIO(barred), delimiter="|")) == rows
