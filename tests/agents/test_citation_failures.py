"""The ways a citation check failed in a rival's pipeline, tried on whole runs of ours.

What is drafted here is what a scripted model replies as the writer: in sentences with the ids of
evidence in a field of their own, or written into the text as weak models do.

Source:
    The writing notes, 1.2: eight failure modes reproduced on NVIDIA AI-Q's
    `common/citation_verification.py` at commit 021464a.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from quaestor.agents.chat.writing.stating import UNCITED, UNKNOWN
from quaestor.agents.lint import lint
from quaestor.agents.references import REFERENCES
from quaestor.agents.wording import UNCONFIRMED
from quaestor.report import Report
from quaestor.researcher import Researcher
from quaestor.testing import Request, ScriptedModel
from tests.fakes import Shelf

QUESTION = "What did the plant in Ostrava make?"
PAGE = "https://acme.example/ostrava"
IRON = {PAGE: "The Ostrava plant made 200 tonnes of iron in 1932."}
GOOD = ("The Ostrava plant made 200 tonnes of iron.", "e1")
Said = tuple[str, ...]
"""A sentence, and the ids that a reply names for it beside its text."""


class Scribe(ScriptedModel):
    """A writer that says what it is told, and writes nothing anew."""

    def __init__(self, lead: Sequence[Said], body: Sequence[Said], heading: str) -> None:
        reply = {
            "answerable": True,
            "lead": [{"text": text, "evidence": ids} for text, *ids in lead],
            "sentences": [
                {"text": text, "evidence": ids, "heading": heading} for text, *ids in body
            ],
        }

        def say(request: Request) -> Mapping[str, Any]:
            fields = set((request.schema or {}).get("properties", {}))
            if fields == {"ready"}:
                return {"ready": True}
            return {"revisions": []} if "revisions" in fields else reply

        super().__init__(say)


async def run(
    home: Path,
    texts: Mapping[str, str],
    *body: Said,
    lead: Sequence[Said] = (GOOD,),
    heading: str = "What was found",
    question: str = QUESTION,
) -> Report:
    """Return the report of a run over some texts: the first one kept is `e1`."""
    writer = Scribe(lead, body, heading)
    web = Shelf("pages", texts, kind="web", remote=True)
    return await Researcher([web], home=home, model={"writer": writer}).start(question)


def parts(report: Report) -> dict[str, str]:
    """Return the text below each heading."""
    found = re.split(r"^#{1,2} (.*)$", report.markdown, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def facts_of(report: Report) -> str:
    """Return what stands as fact: all but what could not be confirmed, and the references."""
    return "".join(
        text for name, text in parts(report).items() if name not in (UNCONFIRMED, REFERENCES)
    )


def read(markdown: str) -> str:
    """Return text as a reader sees it."""
    return re.sub(r"\\(.)", r"\1", markdown)


FELL = "Iron output fell by 40 % in 2024"


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        pytest.param((f"{FELL}.", "e7"), UNKNOWN, id="an id that does not exist"),
        pytest.param((f"{FELL} [e7].",), UNKNOWN, id="an id in the text that does not exist"),
        pytest.param((f"{FELL}.",), "no source is given for it", id="no id at all"),
        pytest.param((f"{FELL} [e1].",), "not in its spans", id="an id that says otherwise"),
        pytest.param(("Beta Steel bought the plant.",), "no source is given for it", id="a name"),
    ],
)
@pytest.mark.parametrize("place", ["lead", "section"])
async def test_1_a_stripped_citation_takes_its_sentence_with_it(
    home: Path, bad: Said, why: str, place: str
) -> None:
    led = place == "lead"
    report = await run(home, IRON, *([] if led else [bad]), lead=[GOOD, *([bad] if led else [])])
    words = bad[0].partition(" [")[0].rstrip(".")
    assert words not in facts_of(report)
    shown = parts(report)[UNCONFIRMED]
    assert words in shown
    assert (UNCITED if led and why.startswith("no source") else why) in shown
    assert "200 tonnes of iron [1]." in facts_of(report)
    assert lint(report.markdown) == []


@pytest.mark.parametrize(
    "said",
    [
        "x[0] and a[12]",
        "the rule of [2024]",
        "`x[e1] = a[e1]`",
        "an additive (E330)",
        "[sic]",
    ],
)
async def test_2_brackets_in_prose_and_code_are_no_citations(home: Path, said: str) -> None:
    text = f"The manual of the plant in Ostrava speaks of {said} in 1932."
    report = await run(home, {PAGE: text}, lead=[(text.replace(" in 1932.", " in 1932 [e1]."),)])
    [claim] = report.claims
    assert claim.text == text
    assert claim.verdict == "supported"
    assert read(facts_of(report)).count(said) == 1
    assert re.findall(r"(?<!\\)\[(\d+)\]", facts_of(report)) == ["1"]
    assert lint(report.markdown) == []


@pytest.mark.parametrize("tag", ["<function name=search>", "</invoke>", "<parameter x>"])
async def test_3_a_tag_of_a_tool_call_ends_nothing(home: Path, tag: str) -> None:
    text = f"The log of the plant in Ostrava holds {tag} on page 7. It made 200 tonnes of iron."
    log, made = text.split(". ")
    report = await run(home, {PAGE: text}, (made, "e1"), lead=[(f"{log}.", "e1")])
    assert [claim.verdict for claim in report.claims] == ["supported"] * 2
    assert f"holds {tag} on page 7 [1]." in read(facts_of(report))
    assert "200 tonnes of iron [1]." in facts_of(report)
    assert parts(report)[REFERENCES].count("acme.example") == 2
    assert lint(report.markdown) == []


@pytest.mark.parametrize("heading", ["Bibliography", "Quellen", "参考文献", "Sources", REFERENCES])
async def test_4_no_section_of_a_draft_passes_for_the_references(home: Path, heading: str) -> None:
    year = ("In 1932 the Ostrava plant made 200 tonnes.", "e1")
    report = await run(home, IRON, year, ("It burnt in 1955.", "e9"), heading=heading)
    names = list(parts(report))
    assert names.count(REFERENCES) == 1
    assert heading == REFERENCES or heading not in names
    assert "1955" not in facts_of(report)
    assert report.claims[1].text == year[0]
    assert lint(report.markdown) == []


@pytest.mark.parametrize(
    "cited",
    [
        pytest.param("[https://acme.example/ostrava/invented]", id="a page below a read one"),
        pytest.param("[https://acme.example]", id="the host alone"),
        pytest.param("(https://acme.example/ostrava?year=1955)", id="another query"),
    ],
)
async def test_5_an_address_that_was_not_read_is_no_source(home: Path, cited: str) -> None:
    report = await run(home, IRON, (f"The plant burnt in 1955 {cited}.",))
    assert "1955" not in facts_of(report)
    assert re.findall(r"<(https:[^>]*)>", parts(report)[REFERENCES]) == [PAGE]


MAPS = {"Map 12.pdf": "Sheet twelve shows Ostrava.", "Map 99.pdf": "Sheet ninety-nine shows Brno."}
SHEETS = "Which sheet shows Ostrava and which shows Brno?"


async def test_6_files_with_nearly_the_same_name_are_apart(tmp_path: Path) -> None:
    right = [("Sheet twelve shows Ostrava.", "e1"), ("Sheet ninety-nine shows Brno.", "e2")]
    both = await run(tmp_path / "a", MAPS, lead=right, question=SHEETS)
    assert [claim.verdict for claim in both.claims] == ["supported"] * 2
    assert re.findall(r"- \[(\d)\] \*\*(.*?)\*\*", parts(both)[REFERENCES]) == [
        ("1", "Map 12.pdf"),
        ("2", "Map 99.pdf"),
    ]
    swapped = ("It shows Ostrava.", "e2")
    named = ("It shows Olomouc [Map 99.pdf, p.3].",)
    wrong = await run(tmp_path / "b", MAPS, swapped, named, lead=right[1:], question=SHEETS)
    assert "shows O" not in facts_of(wrong)
    assert "Map 12.pdf" not in parts(wrong)[REFERENCES]


async def test_7_one_good_citation_of_fifty_vouches_for_itself_alone(home: Path) -> None:
    bad = [(f"In 1955 the plant made {n} tonnes of iron.", "e1") for n in range(301, 350)]
    report = await run(home, IRON, *bad)
    verdicts = [claim.verdict for claim in report.claims]
    assert verdicts[0] == "supported"
    assert len(verdicts) == 50
    assert not set(verdicts[1:]) & {"supported", "partly"}
    assert facts_of(report).count("tonnes") == 1
    assert parts(report)[UNCONFIRMED].count("\n- ") == 49


async def test_8_what_one_run_read_is_no_source_of_another(home: Path) -> None:
    first = await run(home, IRON)
    assert "200 tonnes of iron [1]." in facts_of(first)
    coal = {"https://brno.example": "The mine in Brno gave 90 tonnes of coal."}
    mine = "What did the mine in Brno give?"
    lead = [("The mine in Brno gave 90 tonnes of coal.", "e1")]
    second = await run(home, coal, GOOD, (GOOD[0], "e2"), lead=lead, question=mine)
    assert "iron" not in facts_of(second)
    assert "90 tonnes of coal [1]." in facts_of(second)
    assert PAGE not in second.markdown
    assert (await run(home, IRON)).markdown == first.markdown
