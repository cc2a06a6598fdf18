"""What is cited beside an answer, over documents written here."""

import asyncio
from collections.abc import Sequence

import pytest

from quaestor.agents.extractive.planner import ExtractivePlanner
from quaestor.agents.extractive.reading import read
from quaestor.agents.extractive.supporting import is_label
from quaestor.agents.extractive.synthesizer import ExtractiveSynthesizer
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import WriteView
from quaestor.memory.documents import Origin

YARD = (
    "North Yard",
    "The North Yard is the team that repairs wooden ferries. Its gate is green. North Yard is "
    "led by Ilse Marrand. It opens at six.\n\nStock of the yard\n\nGoods | Amount | Shelf\n\n"
    "Goods: Pitch | Amount: 40 barrels | Shelf: north\n\n"
    "Goods: Oakum | Amount: 12 bales | Shelf: south",
)
FERRY = ("Merganser", "The Merganser is a ferry. The Merganser is repaired by the North Yard.")


def passage(text: str, title: str = "", *, number: int = 0) -> Passage:
    return Passage(
        evidence=f"e{number}",
        document=f"d{number}",
        start=0,
        end=len(text),
        text=text,
        title=title,
        uri=f"{number}.md",
        origin=Origin(kind="local", name="n", private=True),
    )


def written(question: str, texts: Sequence[tuple[str, str]]) -> tuple[str, list[str]]:
    passages = tuple(passage(text, title, number=i) for i, (title, text) in enumerate(texts))
    brief = asyncio.run(ExtractivePlanner().brief(question, as_of="2026-01-01"))
    view = WriteView(question=question, brief=brief, findings=(), passages=passages)
    writer = ExtractiveSynthesizer()
    outline = asyncio.run(writer.outline(view))
    sections = [asyncio.run(writer.section(view, plan)) for plan in outline.sections]
    more = [one.text for section in sections for one in section.statements]
    return outline.answer, [*(one.text for one in outline.lead), *more]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        pytest.param("Berths and fees\n\nA berth costs 40 euros.", ["Berths and fees"],
                     id="a heading before a sentence"),
        pytest.param("Tug | Fee\n\nTug: Vik | Fee: 40\n", ["Tug | Fee"],
                     id="column names that every row repeats"),
        pytest.param("| Tug | Fee |\n|---|---:|\n| Vik | 40 |\n", ["Tug | Fee"],
                     id="the head of a Markdown table"),
        pytest.param("tug,fee\nVik,40\nPintail,52\n", ["tug,fee"], id="the first line of a CSV"),
        pytest.param("Tugs go first.\n\nThe fee is 40 euros.", [], id="sentences"),
        pytest.param("- pitch\n- oakum\n- tar", [], id="items of a list"),
        pytest.param("The yard was closed for the winter", [], id="a text of one line"),
    ],
)  # fmt: skip
def test_labels_are_told_from_what_states_something(text: str, labels: list[str]) -> None:
    held = passage(text)
    assert [u.text for u in read(text, "").units if is_label(held, u)] == labels


def test_an_answered_question_gets_what_speaks_of_it_and_no_more() -> None:
    answer, said = written("Who leads the team that repairs the Merganser?", (YARD, FERRY))
    assert answer == "Ilse Marrand"
    assert set(said[:2]) == {
        "North Yard is led by Ilse Marrand.",
        "The Merganser is repaired by the North Yard.",
    }
    assert set(said[2:]) <= {
        "The North Yard is the team that repairs wooden ferries.",
        "Merganser: The Merganser is a ferry.",
    }


def test_an_unanswered_question_keeps_more_but_nothing_off_its_topic() -> None:
    texts = (YARD, ("Winds", "Gales come in March. Nobody sails in them."))
    answer, said = written("When was the North Yard founded?", texts)
    assert answer == ""
    assert "North Yard is led by Ilse Marrand." in said
    assert len(said) > 3
    assert not any("Gales" in one or one in ("Stock of the yard", texts[0][1]) for one in said)


def test_what_an_answer_follows_from_is_in_the_lead_where_no_title_says_it() -> None:
    texts = (
        ("Prizes", "Oster Lines won the Tollan Cup in 1974."),
        ("Pilots", "Bo Orr is the pilot for Vik Towage. Jon Malver is the pilot for Oster Lines."),
    )
    answer, said = written("Who is the pilot for the company that won the Tollan Cup?", texts)
    assert answer == "Jon Malver"
    assert set(said[:2]) == {
        "Jon Malver is the pilot for Oster Lines.",
        "Oster Lines won the Tollan Cup in 1974.",
    }
