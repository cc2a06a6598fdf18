"""What is stated outright, in sentences and in rows of a table; expected values by hand."""

import pytest

from quaestor.agents.extractive.columns import cells, header_of
from quaestor.agents.extractive.questions import read_question
from quaestor.agents.extractive.reading import read
from quaestor.agents.extractive.stating import cell_asked, stated

PLANTS = "plant,water,height in cm\nFern,twice a week,40\nCactus,once a month,15\n"


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        pytest.param(
            "What is the rent?",
            "The rent is 900 euros a month and was raised.",
            ["900 euros a month"],
            id="a figure with its unit and what it is paid by",
        ),
        pytest.param(
            "What is the rent?", "The deposit is twice the rent.", [], id="rent is not the subject"
        ),
        pytest.param(
            "What's the maximum dose of the syrup?",
            "The maximum dose is at most six spoons.",
            ["six spoons"],
            id="a number in words with its unit, the hedge left out",
        ),
        pytest.param(
            "What are the side effects?",
            "The side effects are headache and dry mouth but rarely.",
            ["headache and dry mouth"],
            id="a list of things is whole",
        ),
        pytest.param(
            "What is the password of the album?", "Password: bluefinch", ["bluefinch"], id="a colon"
        ),
        pytest.param(
            "What is the report?", "The report was written by Ann Lee.", [], id="a passive"
        ),
        pytest.param("Who is the cook?", "The cook is Ann Lee.", [], id="another form of question"),
    ],
)
def test_what_is_stated(question: str, sentence: str, expected: list[str]) -> None:
    unit = read(sentence, "").units[0]
    found = [sentence[start:end] for start, end in stated(read_question(question), unit)]
    assert found == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param("How high is the fern?", ["40"], id="a word that means the column"),
        pytest.param("What is the height of the cactus?", ["15"], id="the column's own name"),
        pytest.param("What is the water of the cactus?", ["once a month"], id="another column"),
        pytest.param("What is the height of the oak?", [], id="a row that is not there"),
        pytest.param("What is the colour of the fern?", [], id="a column that is not there"),
    ],
)
def test_the_cell_asked_for(question: str, expected: list[str]) -> None:
    reading, asked = read(PLANTS, "plants.csv"), read_question(question)
    found = [
        unit.text[start:end]
        for unit in reading.units
        for start, end in cell_asked(asked, unit, reading)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a,b\n1,2\n", (("a", "b"), ","), id="a table"),
        pytest.param("| a | b |\n|---|---|\n| 1 | 2 |", (("a", "b"), "|"), id="Markdown"),
        pytest.param("a;b\n1;2\n3;4\n5", (("a", "b"), ";"), id="a last row cut short"),
        pytest.param("Ann came,\nBo went, too, late", ((), ""), id="prose with commas"),
        pytest.param("2023,2024\n1,2\n", ((), ""), id="figures name no columns"),
        pytest.param("a,b", ((), ""), id="no row below"),
    ],
)
def test_a_header(text: str, expected: tuple[tuple[str, ...], str]) -> None:
    assert header_of(text) == expected


def test_cells_keep_a_quoted_delimiter() -> None:
    row = '"Lee, Ann" , cook,'
    assert [row[start:end] for start, end in cells(row, ",")] == ["Lee, Ann", "cook", ""]
