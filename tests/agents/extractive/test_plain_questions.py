"""Plain questions over a folder of everyday documents, asked end to end; answers by hand."""

from pathlib import Path

import pytest

from quaestor import Corpus, Researcher
from quaestor.memory.report import Report

FOLDER = {
    "lease.txt": (
        "Lease of the Harbour Office\n\nMira Sandoval signed the lease of the harbour office on "
        "3 May 2024. The lease ends on 2 May 2029. The rent is 1,200 euros a month. The deposit "
        "is three months' rent and was paid by Jonas Feld.\n"
    ),
    "minutes.md": (
        "# Minutes of the garden committee\n\nThe garden committee met on 14 March 2025 in the "
        "Linden Room. Petra Haas chaired the meeting and Owen Birch took the minutes. The "
        "committee approved the pond and set aside 640 euros for it. Lotte Marek will order the "
        "liner. The next meeting is on 11 April 2025 in the boathouse.\n"
    ),
    "prices.csv": (
        "item,price,unit\nOak plank,18.40 euros,metre\nBrass hinge,2.75 euros,piece\n"
        "Linseed oil,9.90 euros,litre\n"
    ),
    "recipe.txt": (
        "Plum cake\n\nHeat the oven to 180 degrees. Beat 200 grams of butter with 150 grams of "
        "sugar, then add four eggs. Fold in 250 grams of flour. Lay 800 grams of plums on the "
        "dough. Bake the cake for 45 minutes. It serves twelve people.\n"
    ),
    "delivery.txt": (
        "From: Ines Okafor\nTo: Tom Reuter\nSubject: Delivery of the printer\n\nHello Tom,\n\nThe "
        "printer was ordered from Kestrel Supplies on 6 January 2025. It arrives on 20 January "
        "2025. Please let Hanna Voss sign for it, the parcel weighs 31 kg. The invoice number is "
        "KS-4471.\n\nBest regards\nInes\n"
    ),
    "meter.md": (
        "# Manual of the Tarn flow meter\n\nThe Tarn flow meter measures the flow of water in "
        "pipes. Its battery lasts eight years. The accuracy is 0.5 percent. The maximum "
        "pressure is 16 bar. The meter was designed by Runa Lindqvist in Malmberg.\n"
    ),
    "travel.md": (
        "# Travel policy\n\nTravel must be approved by the head of the department. The daily "
        "allowance is 38 euros. A hotel may cost at most 140 euros a night. Receipts are handed "
        "in within 14 days. Questions are answered by Noor Bakker in the travel office.\n"
    ),
    "staff.csv": (
        "name,role,phone\nMina Castell,treasurer,555-0134\nArvo Lind,electrician,555-0178\n"
        "Dora Quill,receptionist,555-0192\n"
    ),
}  # fmt: skip

BOATS = "# Boats\n\n- The Gannet: 6 metres, oak, 900 euros\n- The Tern: 4 metres, ash, 650 euros\n"


@pytest.fixture(scope="module")
def researcher(tmp_path_factory: pytest.TempPathFactory) -> Researcher:
    folder, home = tmp_path_factory.mktemp("papers"), tmp_path_factory.mktemp("home")
    for name, text in FOLDER.items():
        Path(folder, name).write_text(text, "utf-8")
    return Researcher(sources=[Corpus.open(folder)], home=home)


def lead(report: Report) -> str:
    """Return the first sentence that the report cites."""
    cited = {one.evidence.id: one.evidence.text for one in report.cited}
    return cited[report.claims[0].evidence[0]]


PAIRS = [
    ("What is the rent?", "1,200 euros a month"),
    ("When does the lease of the harbour office end?", "2 May 2029"),
    ("When does the lease end?", "2 May 2029"),
    ("Who signed the lease of the harbour office?", "Mira Sandoval"),
    ("Who paid the deposit?", "Jonas Feld"),
    ("Who chaired the meeting of the garden committee?", "Petra Haas"),
    ("Who took the minutes?", "Owen Birch"),
    ("When is the next meeting?", "11 April 2025"),
    ("Where is the next meeting?", "boathouse"),
    ("Who will order the liner?", "Lotte Marek"),
    ("How much was set aside for the pond?", "640 euros"),
    ("What is the price of the brass hinge?", "2.75 euros"),
    ("How much does linseed oil cost?", "9.90 euros"),
    ("What is the unit of the oak plank?", "metre"),
    ("How much butter is in the plum cake?", "200 grams"),
    ("How many eggs are in the plum cake?", "four"),
    ("How long does the cake bake?", "45 minutes"),
    ("How many people does the cake serve?", "twelve"),
    ("When does the printer arrive?", "20 January 2025"),
    ("When was the printer ordered?", "6 January 2025"),
    ("How heavy is the parcel?", "31 kg"),
    ("What is the invoice number?", "KS-4471"),
    ("What is the accuracy of the Tarn flow meter?", "0.5 percent"),
    ("What is the maximum pressure of the Tarn flow meter?", "16 bar"),
    ("Who designed the Tarn flow meter?", "Runa Lindqvist"),
    ("How long does the battery of the Tarn flow meter last?", "eight years"),
    ("What is the daily allowance?", "38 euros"),
    ("Who answers questions about travel?", "Noor Bakker"),
    ("What is the role of Mina Castell?", "treasurer"),
    ("What is the phone number of Arvo Lind?", "555-0178"),
    ("Who is the receptionist?", "Dora Quill"),
    ("How much may a hotel cost?", "140 euros a night"),
]


@pytest.mark.parametrize(
    ("question", "answer"), [pytest.param(*pair, id=pair[0]) for pair in PAIRS]
)
def test_a_plain_question_gets_its_answer(
    researcher: Researcher, question: str, answer: str
) -> None:
    report = researcher.ask(question)
    assert report.answer == answer
    assert answer in lead(report)


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        pytest.param(
            "Mira signed the lease on 3 May 2024. It ends on 2 May 2029.\n",
            "When does the lease end?",
            "2 May 2029",
            id="a sentence that begins with 'it' speaks of what the one before names",
        ),
        pytest.param(
            "Mira signed the lease on 3 May 2024. It ends on 2 May 2029.\n",
            "Who signed the lease?",
            "Mira",
            id="a first name at the start of a sentence",
        ),
        pytest.param(
            "Invoice 118\n\nFrom: Atelier Brisa\nDate: 4 February 2025\nTotal: 1,480 euros\n"
            "Due date: 6 March 2025\nReference: RF-88213\n",
            "When is the invoice due?",
            "6 March 2025",
            id="a line of a form is no heading",
        ),
        pytest.param(
            "In 2021 the mill ground 310 sacks; in 2022 it ground 450.\n",
            "How many sacks were ground in 2022?",
            "450",
            id="a figure beside the year that is asked for",
        ),
        pytest.param(
            "In 2021 the mill ground 310 sacks; in 2022 it ground 450.\n",
            "How many sacks were ground in 2021?",
            "310",
            id="and beside the other one",
        ),
        pytest.param(
            BOATS,
            "How much is the Tern?",
            "650 euros",
            id="a price, of the item that is named",
        ),
        pytest.param(
            BOATS,
            "How many metres is the Tern?",
            "4",
            id="a measure, of the item that is named",
        ),
    ],
)
def test_a_question_to_one_document(tmp_path: Path, text: str, question: str, answer: str) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    Path(papers, "lease.txt").write_text(text, "utf-8")
    report = Researcher(sources=[Corpus.open(papers)], home=tmp_path / "home").ask(question)
    assert report.answer == answer
    assert answer in lead(report)
