"""The ways a citation check failed in a rival's pipeline, tried on ours from draft to report.

Source:
    The writing notes, 1.2: eight failure modes reproduced on NVIDIA AI-Q's
    `common/citation_verification.py` at commit 021464a.
"""

import re

import pytest

from quaestor.agents.claims import split_claims
from quaestor.agents.lint import lint
from quaestor.agents.references import REFERENCES
from quaestor.agents.report import UNCONFIRMED, Composed, Material, compose
from quaestor.agents.roles import (
    ClaimView,
    Judged,
    Outline,
    Passage,
    Section,
    Spot,
    Statement,
)
from quaestor.agents.verifier import judge
from quaestor.memory.documents import WEB, Document
from quaestor.memory.plan import Brief


def page(text: str, *, uri: str = "https://acme.example/ostrava", title: str = "Acme") -> Document:
    return Document.of(
        text, uri=uri, title=title, media_type="text/html", origin=WEB, extractor="plain"
    )


IRON = page("The Ostrava plant made 200 tonnes of iron in 1932.")


class Run:
    """One run: its documents are e1, e2, ...; what is drafted goes the whole way."""

    def __init__(self, *documents: Document) -> None:
        self.documents = {f"e{n}": one for n, one in enumerate(documents, start=1)}
        self.spots = {
            name: Spot(evidence=one.span(0, len(one.text)).id, start=0, end=len(one.text))
            for name, one in self.documents.items()
        }

    def statements(self, draft: str) -> tuple[Statement, ...]:
        return tuple(
            Statement(text=one.text, spots=tuple(self.spots[name] for name in one.ids))
            for one in split_claims(draft, self.documents)
        )

    def judged(self, statement: Statement) -> Judged:
        names = [name for name, spot in self.spots.items() if spot in statement.spots]
        own = [self.documents[name] for name in names]
        spans = tuple(one.text for one in own)
        titles = tuple(one.title for one in own)
        return judge(ClaimView(text=statement.text, spans=spans, titles=titles))

    def report(self, draft: str, *, heading: str = "What was found") -> Composed:
        return self.compose(self.statements(draft), heading=heading)

    def compose(self, statements: tuple[Statement, ...], *, heading: str = "Found") -> Composed:
        documents = {one.id: one for one in self.documents.values()}
        spans = {self.spots[n]: one.span(0, len(one.text)) for n, one in self.documents.items()}
        passages = {
            span.id: Passage(
                evidence=span.id,
                document=span.document,
                start=span.start,
                end=span.end,
                text=span.text,
                title=documents[span.document].title,
                uri=documents[span.document].uri,
                origin=WEB,
            )
            for span in spans.values()
        }
        return compose(
            Material(
                question="What did the plant make?",
                brief=Brief(answer_type="text", parts=("iron",), as_of="2026-11-20"),
                status="answered",
                outline=Outline(answer="", lead=(), sections=()),
                sections=[Section(heading=heading, statements=statements)],
                judged=[self.judged(one) for one in statements],
                spans=spans,
                passages=passages,
                documents=documents,
            )
        )


def parts(composed: Composed) -> dict[str, str]:
    """Return the text below each heading."""
    found = re.split(r"^#{1,2} (.*)$", composed.markdown, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def facts_of(composed: Composed) -> str:
    """Return what stands as fact: all but what could not be confirmed, and the references."""
    return "".join(
        text for name, text in parts(composed).items() if name not in (UNCONFIRMED, REFERENCES)
    )


GOOD = "The Ostrava plant made 200 tonnes of iron [e1]."


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("Iron output fell by 40 % in 2024 [e7].", id="an id that does not exist"),
        pytest.param("Iron output fell by 40 % in 2024.", id="no id at all"),
        pytest.param("Iron output fell by 40 % in 2024 [e1].", id="an id that says otherwise"),
        pytest.param("Beta Steel bought the plant in Ostrava [e7].", id="no number, but a name"),
    ],
)
def test_1_a_stripped_citation_takes_its_sentence_with_it(bad: str) -> None:
    composed = Run(IRON).report(f"{GOOD} {bad}")
    words = bad.partition(" [")[0].rstrip(".")
    assert words not in facts_of(composed)
    assert words in parts(composed)[UNCONFIRMED]
    assert "200 tonnes of iron [1]." in facts_of(composed)
    assert lint(composed.markdown) == []


@pytest.mark.parametrize(
    "said",
    [
        "x[0] and a[12]",
        "the rule of [2024]",
        "`x[e1] = a[e1]`",
        "[sic]",
    ],
)
def test_2_brackets_in_prose_and_code_are_no_citations(said: str) -> None:
    source = page(f"The manual of Ostrava speaks of {said} in 1932.")
    draft = f"The manual of Ostrava speaks of {said} in 1932 [e1]."
    composed = Run(source).report(draft)
    [claim] = composed.claims
    assert claim.text == source.text
    assert claim.verdict == "supported"
    shown = facts_of(composed)
    assert re.sub(r"\\(.)", r"\1", shown).count(said) == 1
    assert re.findall(r"(?<!\\)\[(\d+)\]", shown) == ["1"]
    assert lint(composed.markdown) == []


@pytest.mark.parametrize("tag", ["<function name=search>", "</invoke>", "<parameter x>"])
def test_3_a_tag_of_a_tool_call_ends_nothing(tag: str) -> None:
    source = page(f"The log of 1932 holds {tag} on page 7.", uri="https://acme.example/log")
    composed = Run(source, IRON).report(
        f"The log of 1932 holds {tag} on page 7 [e1]. The plant made 200 tonnes of iron [e2]."
    )
    assert [claim.verdict for claim in composed.claims] == ["supported"] * 2
    assert "200 tonnes of iron [2]." in facts_of(composed)
    assert parts(composed)[REFERENCES].count("acme.example") == 2
    assert lint(composed.markdown) == []


@pytest.mark.parametrize("heading", ["Bibliography", "Quellen", "参考文献", "Sources", REFERENCES])
def test_4_no_section_of_a_draft_passes_for_the_references(heading: str) -> None:
    composed = Run(IRON).report(f"{GOOD} It burnt in 1955 [e9].", heading=heading)
    assert list(parts(composed)).count(REFERENCES) == 1
    assert f"About: {heading}" in parts(composed)
    assert "1955" not in facts_of(composed)
    assert lint(composed.markdown) == []


@pytest.mark.parametrize(
    "cited",
    [
        pytest.param("[https://acme.example/ostrava/invented]", id="a page below a read one"),
        pytest.param("[https://acme.example]", id="the host alone"),
        pytest.param("(https://acme.example/ostrava?year=1955)", id="another query"),
    ],
)
def test_5_an_address_that_was_not_read_is_no_source(cited: str) -> None:
    composed = Run(IRON).report(f"{GOOD} The plant burnt in 1955 {cited}.")
    assert "1955" not in facts_of(composed)
    assert re.findall(r"<(https:[^>]*)>", parts(composed)[REFERENCES]) == [IRON.uri]


def test_6_files_with_nearly_the_same_name_are_apart() -> None:
    twelve = page("Sheet twelve shows Ostrava.", uri="Map 12.pdf", title="Map 12.pdf")
    other = page("Sheet ninety-nine shows Brno.", uri="Map 99.pdf", title="Map 99.pdf")
    both = Run(twelve, other).report("It shows Ostrava [e1]. It shows Brno [e2].")
    assert [claim.verdict for claim in both.claims] == ["supported"] * 2
    assert re.findall(r"- \[(\d)\] \*\*(.*?)\*\*", parts(both)[REFERENCES]) == [
        ("1", "Map 12.pdf"),
        ("2", "Map 99.pdf"),
    ]
    swapped = Run(twelve, other).report("It shows Ostrava [e2].")
    assert "Ostrava" not in facts_of(swapped)
    named = Run(twelve).report("It shows Brno [Map 99.pdf, p.3].")
    assert "Brno" not in facts_of(named)
    assert REFERENCES not in parts(named)


def test_7_one_good_citation_of_fifty_vouches_for_itself_alone() -> None:
    bad = [f"In 1955 the plant made {n} tonnes of iron [e1]." for n in range(301, 350)]
    composed = Run(IRON).report(" ".join([GOOD, *bad]))
    verdicts = [claim.verdict for claim in composed.claims]
    assert verdicts[0] == "supported"
    assert len(verdicts) == 50
    assert not set(verdicts[1:]) & {"supported", "partly"}
    assert facts_of(composed).count("tonnes") == 1
    assert parts(composed)[UNCONFIRMED].count("\n- ") == 49


def test_8_what_one_run_read_is_no_source_of_another() -> None:
    coal = page("The Brno mine gave 90 tonnes of coal.", uri="https://brno.example", title="Brno")
    first, second = Run(IRON), Run(coal)
    assert "[1]" in facts_of(first.report(GOOD))
    foreign = first.statements(GOOD)
    composed = second.compose((*foreign, *second.statements("The mine gave 90 tonnes [e1].")))
    assert "iron" not in facts_of(composed)
    assert "90 tonnes [1]." in facts_of(composed)
    assert IRON.uri not in composed.markdown
    assert first.report(GOOD) == first.report(GOOD)
