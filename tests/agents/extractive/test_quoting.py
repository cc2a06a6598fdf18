"""How a span reads in a report: the words of a sentence, a row with the names of its columns."""

import pytest

from quaestor.agents.extractive.quoting import quoted
from quaestor.agents.extractive.reading import read
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import Spot
from quaestor.memory.documents import Origin


def passage(text: str, title: str = "Notes") -> Passage:
    return Passage(
        evidence="e" * 12,
        document="d",
        start=100,
        end=100 + len(text),
        text=text,
        title=title,
        uri="notes.md",
        origin=Origin(kind="local", name="n", private=True),
    )


def told(held: Passage) -> list[tuple[str, list[str]]]:
    """Return each unit of a passage as it is said, with the text of what it cites."""
    found: list[tuple[str, list[str]]] = []
    for unit in read(held.text, held.title).units:
        spot = Spot(evidence=held.evidence, start=100 + unit.start, end=100 + unit.end)
        said = quoted(held, spot)
        found.append((said.text, [held.text[s.start - 100 : s.end - 100] for s in said.spots]))
    return found


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("- The dam was built in 1961.", "The dam was built in 1961.", id="a dash"),
        pytest.param("* It is 40 m high.", "Notes: It is 40 m high.", id="a star, and a title"),
        pytest.param("• The dam leaks.", "The dam leaks.", id="a bullet"),
        pytest.param("> The dam leaks.", "The dam leaks.", id="a quotation"),
        pytest.param("- [x] The dam was mended.", "The dam was mended.", id="a ticked box"),
        pytest.param("1. Close the sluice.", "Close the sluice.", id="a number"),
        pytest.param("-5 degrees were measured.", "-5 degrees were measured.", id="no bullet"),
        pytest.param("**Bold** words stay.", "**Bold** words stay.", id="nor are these"),
        pytest.param("| Sluice | 1974 |", "Sluice | 1974", id="a row without a header"),
    ],
)
def test_a_line_is_said_and_cited_without_the_mark_before_it(line: str, said: str) -> None:
    [(text, spans)] = told(passage(line))
    assert text == said
    assert [text.removeprefix("Notes: ")] == spans


@pytest.mark.parametrize(
    "table",
    [
        pytest.param('item,price,maker\n"Rope, thin",7 euros,Orr\n', id="CSV"),
        pytest.param(
            "| Item | Price | Maker |\n| --- | --- | --- |\n| Rope, thin | 7 euros | Orr |\n",
            id="Markdown",
        ),
    ],
)
def test_a_row_is_said_with_its_columns_and_cites_their_names(table: str) -> None:
    (head, _), (text, (row, names)) = told(passage(table))
    assert head == names
    assert text == "Rope, thin: price 7 euros; maker Orr."
    assert "Rope, thin" in row
    assert names.casefold() in ("item,price,maker", "item | price | maker")


def test_a_row_with_other_cells_than_columns_is_said_as_it_stands() -> None:
    said = [text for text, _ in told(passage("item,price\nRope,7 euros\nNet,9 euros,new\n"))]
    assert said[1:] == ["Rope: price 7 euros.", "Net,9 euros,new"]
