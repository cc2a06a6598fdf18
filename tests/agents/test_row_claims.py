"""Claims about the rows of delimited files: each cell is read for itself."""

import pytest

from quaestor.agents.facts import ground
from quaestor.agents.hypotheses import Carriers
from quaestor.agents.roles.synthesizer import Outline, Spot, Statement
from quaestor.agents.roles.verifier import ClaimView, Judged
from quaestor.agents.synthesis import Draft, claim_views
from quaestor.agents.verifier import judge, unfounded
from quaestor.agents.workplace import passage_of
from quaestor.memory.documents import Document, Origin
from quaestor.tools.local.rows import csv_rows

STAFF = "name,role,age,start,pay\nMarta Lindqvist,Kettle designer,41,2020-05-04,49000\n"
PRICES = "kettle,price,sold\nHeron,5,200\nEgret,41,490\nTern,2020,49000\n"
QUOTED = 'kettle,"sold in all",price\n"Heron, small","49,000",5\n'
GERMAN = "Kessel;Preis;Stück\nHeron;5,2;200\nTern;1.250,50;41\n"


def view(claim: str, text: str, *, media_type: str = "text/csv") -> ClaimView:
    """Return a claim that cites the last row of a file, as a run has it judged."""
    document = Document.of(
        text, uri="f.csv", title="f", media_type=media_type, extractor="csv",
        origin=Origin(kind="local", name="files"), locations=csv_rows(text),
    )  # fmt: skip
    passage = passage_of(document.span(0, len(text)), document)
    names = document.locations[0].end + 1
    spot = Spot(evidence=passage.evidence, start=names, end=len(text))
    said = Statement(text=claim, spots=(spot,))
    draft = Draft(outline=Outline(answer="", lead=(said,), sections=()), sections=(), also={})
    [one] = claim_views(draft, {spot: document.span(names, len(text))}, [passage])
    return one


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param("Marta Lindqvist earns 49,000 pounds.", STAFF, id="a number by a date"),
        pytest.param("Marta Lindqvist, 41, began on 4 May 2020.", STAFF, id="a number and a date"),
        pytest.param("The Heron costs 5 pounds; 200 were sold.", PRICES, id="two short cells"),
        pytest.param("The Egret costs 41 pounds; 490 were sold.", PRICES, id="two longer cells"),
        pytest.param("The Tern costs 2,020 pounds; 49.000 were sold.", PRICES, id="thousands"),
        pytest.param("49,000 of the Heron were sold at 5 pounds.", QUOTED, id="a quoted cell"),
        pytest.param("The Heron costs 5.20 euros; 200 were sold.", GERMAN, id="a decimal comma"),
        pytest.param("The Tern costs 1,250.50 euros.", GERMAN, id="thousands in German"),
        pytest.param('The row says "Kettle designer,41".', STAFF, id="a quotation over two cells"),
    ],
)
def test_true_claims_are_supported(claim: str, text: str) -> None:
    assert judge(view(claim, text)) == Judged(verdict="supported")


@pytest.mark.parametrize(
    ("claim", "text", "lost"),
    [
        pytest.param("The Heron sold 5,200 units.", PRICES, "5,200", id="thousands of two cells"),
        pytest.param("The Heron costs 5.2 pounds.", PRICES, "5.2 pounds", id="a decimal of two"),
        pytest.param("The Egret sold 41,490.", PRICES, "41,490", id="five digits of two cells"),
        pytest.param("The Egret costs 41.49.", PRICES, "41.49", id="cents of two cells"),
        pytest.param("Marta Lindqvist has 4.49.", STAFF, "4.49", id="a day and a sum"),
        pytest.param("The Heron sold 49,200.", QUOTED, "49,200", id="another than the quoted cell"),
        pytest.param("The Heron costs 52 euros.", GERMAN, "52 euros", id="a decimal comma lost"),
        pytest.param("The Heron costs 2,200.", GERMAN, "2,200", id="over a semicolon"),
    ],
)
def test_false_claims_are_not(claim: str, text: str, lost: str) -> None:
    judged = judge(view(claim, text))
    assert judged.verdict in ("unsupported", "contradicted")
    assert lost in judged.reason


def test_what_the_row_says_instead_is_its_own_cell() -> None:
    judged = judge(view("Kettle designer Marta Lindqvist: 42.", STAFF))
    assert judged.reason == "42: its spans say 41 there"


def test_a_file_of_no_rows_is_read_as_prose() -> None:
    one = view("It has 5,200.", PRICES, media_type="text/plain")
    assert one.parted == one.spans
    assert judge(one).verdict == "supported"


def test_a_conclusion_is_weighed_by_the_same_cells() -> None:
    document = Document.of(
        PRICES, uri="f.csv", title="f", media_type="text/csv", extractor="csv",
        origin=Origin(kind="local", name="files"), locations=csv_rows(PRICES),
    )  # fmt: skip
    carriers = Carriers([passage_of(document.span(0, len(PRICES)), document)])
    assert carriers.weigh("Heron: price 5, sold 200.")
    assert not carriers.weigh("Heron: price sold 5,200.")


def test_a_conclusion_without_a_source_is_held_against_the_same_cells() -> None:
    row = view("", PRICES)
    base = ground(row.spans, row.titles, row.parted)
    assert unfounded("The Heron sold 200.", base, ()) == ""
    assert unfounded("The Heron sold 5,200.", base, ()) == "5,200"
