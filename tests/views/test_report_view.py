"""A report in a terminal and in a notebook."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quaestor.memory.documents import WEB, Location, Origin
from quaestor.memory.finding import Conflict, Gap
from quaestor.memory.provenance import provenance
from quaestor.memory.report import Cited, Claim, Line, Part, Report, Status
from quaestor.views.report_text import report_text
from quaestor.views.report_view import report_html, report_mimebundle
from quaestor.views.sanitize import web_address
from tests.views.markup import HOSTILE, assert_harmless, checked_html, checked_svg
from tests.views.records import big_run, document, small_run, span


def small_report() -> Report:
    report = small_run().report
    assert report is not None
    return report


def hostile_report(text: str) -> Report:
    """Return a report with the same text wherever text from outside can stand."""
    source = document(text, text, f"x{text}", Origin(kind="local", name=text, private=True))
    page = document("https://a.example/" + text, text, f"y{text}", WEB)
    quotes = tuple(
        Cited(
            evidence=each.span(0, len(each.text)),
            document=replace(each, modified=text),
            retained_by="instant",
            taken_at=text,
            also=(text,),
        )
        for each in (source, page)
    )
    ids = tuple(each.evidence.id for each in quotes)
    lines = (Line(text=text, claim=text), Line(text=text), Line(text=text, doubt=text))
    return Report(
        question=text,
        status="answered",
        answer=text,
        markdown=text,
        claims=(Claim(id=text, text=text, evidence=ids, verdict="partly", reason=text),),
        parts=(Part(heading=text, lines=lines, table=((text, text), (text,))), Part(lines=lines)),
        unconfirmed=lines,
        cited=quotes,
        conflicts=(Conflict(about=text, values=(text,), evidence=(ids,), rule=text),),
        gaps=(Gap(kind="refused", what=text, why=text, tried=(text,), source=text),),
        fallbacks={text: 1},
        as_of=text,
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_stays_text_everywhere_in_a_report(text: str) -> None:
    report = hostile_report(text.replace("\ud800", ""))  # stored text has no lone surrogate
    checked_html(report_html(report))
    assert_harmless(report_text(report))


@settings(max_examples=30)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_no_text_at_all_breaks_a_report(text: str) -> None:
    checked_html(report_html(hostile_report(text)))


def test_a_report_shows_all_its_parts_in_reading_order() -> None:
    words = checked_html(report_html(small_report())).words
    order = [
        "When was the leader",
        "1971 [2]",
        "answered",
        "as of 2026-11-20",
        "Ada Brandt leads the pump line. [1]",
        "She was born in 1971. [2]",
        "(confirmed in part: She)",
        "Where sources disagree",
        "birth of Ada Brandt: 1971 [2] against 1970; decided by: own documents.",
        "What could not be found",
        "the intranet: it did not answer. Tried: “Brandt”.",
        "writer once (invalid reply)",
        "References",
        "[1] Team · team.md",
        "private",
        "line 2, column 1",
        "The pump line is led by Ada Brandt.",
        "[2] Biographies",
    ]
    places = [words.find(each) for each in order]
    assert -1 not in places
    assert places == sorted(places)


def test_the_terminal_shows_the_report_as_written_by_hand() -> None:
    assert report_text(replace(small_report(), fallbacks={}, conflicts=())) == (
        "When was the leader of the pump line born?\n"
        "  1971 [2]\n"
        "  (answered, as of 2026-11-20)\n"
        "\n"
        "  Ada Brandt leads the pump line. [1]\n"
        "  She was born in 1971. [2] (confirmed in part: She)\n"
        "\n"
        "What could not be found\n"
        "  - the intranet: it did not answer. Tried: “Brandt”.\n"
        "\n"
        "References\n"
        "  [1] Team: team.md\n"
        "      local:handbook, private, read 2026-11-20 07:59 UTC\n"
        "      - line 2, column 1: “The pump line is led by Ada Brandt.”\n"
        "  [2] Biographies: bios.md\n"
        "      local:handbook, private, read 2026-11-20 07:59 UTC\n"
        "      - line 1, column 1: “Ada Brandt was born in 1971.”\n"
    )


def test_a_report_without_an_answer_says_so() -> None:
    empty = Report(question="Q?", status="insufficient_evidence", answer="", markdown="")
    for shown in (report_text(empty), checked_html(report_html(empty)).words):
        assert "No short answer." in shown
        assert "the evidence does not carry an answer" in shown
        assert "References" not in shown


def test_marks_lead_to_their_quotes_and_two_reports_of_a_page_do_not_mix() -> None:
    one = small_report()
    other = replace(one, question="Another?")
    page = checked_html(report_html(one) + report_html(other))
    assert len([link for link in page.links if link.startswith("#")]) == 8
    own = checked_html(report_html(replace(one, conflicts=())))
    key = own.ids[0]
    assert own.links == [f"#{key}-e2", f"#{key}-e1", f"#{key}-e2"]


@pytest.mark.parametrize(
    ("uri", "linked"),
    [
        pytest.param("https://a.example/b?c=d&e#f", True, id="a page"),
        pytest.param("http://a.example", True, id="an unencrypted page"),
        pytest.param("https://例え.example/ページ", True, id="a page named in Japanese"),
        pytest.param("javascript:alert(1)", False, id="a script"),
        pytest.param("JaVaScRiPt:alert(1)", False, id="a script in mixed case"),
        pytest.param("javascript://a.example/%0Aalert(1)", False, id="a script with a host"),
        pytest.param("data:text/html,<b>", False, id="data"),
        pytest.param("file:///etc/passwd", False, id="a file"),
        pytest.param("notes/a.md", False, id="a path in a collection"),
        pytest.param("//a.example/b", False, id="no scheme"),
        pytest.param("https://", False, id="no host"),
        pytest.param("https://user:word@a.example/", False, id="credentials that hide the host"),
        pytest.param("https://a.example/ b", False, id="a space"),
        pytest.param("https://a.example/\u202eb", False, id="a direction override"),
        pytest.param(" javascript:alert(1)", False, id="a space before a script"),
        pytest.param("java\nscript:alert(1)", False, id="a line end inside a scheme"),
        pytest.param("http://[::1", False, id="half an address"),
    ],
)
def test_only_ordinary_web_addresses_become_links(uri: str, linked: bool) -> None:
    assert web_address(uri) == (uri if linked else None)
    page = document(uri, "T", "Some words.", WEB)
    quote = Cited(
        evidence=span(page, "Some words."), document=page, retained_by="instant", taken_at=""
    )
    shown = checked_html(report_html(replace(small_report(), claims=(), cited=(quote,))))
    assert shown.links == ([uri] if linked else [])
    assert linked is (
        "noopener noreferrer nofollow" in report_html(replace(small_report(), cited=(quote,)))
    )


def test_a_quote_stands_verbatim_with_its_row() -> None:
    text = "id,note\n7,first line  \n  and <second>"
    page = document("t.csv", "T", text)
    located = replace(page, locations=(Location(kind="row", number=2, start=8, end=len(text)),))
    quote = Cited(
        evidence=span(page, "7,first line  \n  and <second>"),
        document=located,
        retained_by="instant",
        taken_at="",
    )
    words = checked_html(report_html(replace(small_report(), claims=(), cited=(quote,)))).words
    assert "7,first line  \n  and <second>" in words
    assert "row 2, line 2, column 1" in words


def test_the_beginning_of_a_quote_is_not_read_twice() -> None:
    report = small_report()
    whole = report.cited[0]
    start, end = whole.evidence.start, whole.evidence.end - 2
    part = replace(whole, evidence=whole.document.span(start, end))
    assert report_text(replace(report, cited=(part, *report.cited))) == report_text(report)


def test_what_is_not_confirmed_stands_apart_with_its_reason() -> None:
    one, other = small_report().claims
    doubted = replace(other, verdict="contradicted", reason="1971: its spans say 1970 there")
    report = replace(small_report(), claims=(one, doubted))
    for shown in (report_text(report), checked_html(report_html(report)).words):
        before, after = shown.split("What could not be confirmed")
        assert "She was born in 1971." not in before
        assert "She was born in 1971. [2] (contradicted by its sources: 1971: its spans" in after


def test_many_unreadable_files_do_not_bury_a_report() -> None:
    gaps = tuple(
        Gap(kind="unreadable", what=f"scan-{n:02}.pdf", why="no text", source="archive")
        for n in range(1, 41)
    )
    report = replace(small_report(), gaps=gaps)
    for shown in (report_text(report), checked_html(report_html(report)).words):
        assert "40 could not be read in archive:" in shown
        assert shown.count("scan-") == 10
        assert "scan-10.pdf: no text." in shown
        assert "and 30 more." in shown


def test_a_notebook_gets_every_form_and_the_picture_inside_the_html() -> None:
    record = big_run()
    assert record.report is not None
    plain = report_mimebundle(record.report)
    assert set(plain) == {"text/plain", "text/html", "text/markdown"}
    bundle = report_mimebundle(record.report, graph=provenance(record))
    assert set(bundle) == {*plain, "image/svg+xml", "text/vnd.mermaid"}
    checked_svg(bundle["image/svg+xml"])
    assert bundle["image/svg+xml"] in bundle["text/html"]
    checked_html(bundle["text/html"].replace(bundle["image/svg+xml"], ""))
    assert bundle["text/vnd.mermaid"].startswith("flowchart LR\n")
    assert "kind_document" in bundle["text/vnd.mermaid"]
    assert "kind_call" not in bundle["text/vnd.mermaid"]


def test_the_text_stands_by_its_headings_with_tables_and_what_cites_nothing() -> None:
    report = small_report()
    first, second = report.claims[0], report.claims[1]
    shown = replace(
        report,
        parts=(
            Part(lines=(Line(text=first.text, claim=first.id), Line(text="So it is settled."))),
            Part(
                heading="Her life",
                lines=(Line(text=second.text, claim=second.id),),
                table=(("Year", "Event"), ("1971", "born in Harrowby")),
            ),
        ),
        unconfirmed=(Line(text="She was 1.80 m tall.", doubt="no source is given for it"),),
    )
    text = report_text(shown)
    assert "  So it is settled. (inference)\n" in text
    table = "\nHer life\n  Year  Event\n  1971  born in Harrowby\n  - "
    assert text.index(table) > text.index("So it is settled.")
    failed = text.partition("\nWhat could not be confirmed\n")[2].partition("\n\n")[0]
    assert failed == "  - She was 1.80 m tall. (not confirmed: no source is given for it)"
    page = report_html(shown)
    checked_html(page)
    assert "<h4><bdi>Her life</bdi></h4>" in page
    assert "<td><bdi>born in Harrowby</bdi></td>" in page
    assert "(<bdi>inference</bdi>)" in page
    assert "(<bdi>not confirmed: no source is given for it</bdi>)" in page


@pytest.mark.parametrize(
    ("status", "said"),
    [
        pytest.param("answered", False, id="a report on a matter has none to give"),
        pytest.param("insufficient_evidence", True, id="nothing carried one"),
    ],
)
def test_that_there_is_no_short_answer_is_said_where_one_was_wanted(
    status: Status, said: bool
) -> None:
    report = replace(small_report(), status=status, answer="", answer_evidence=())
    assert ("No short answer." in report_text(report)) is said
    assert ("No short answer." in report_html(report)) is said


def test_a_wide_table_has_a_row_after_the_other() -> None:
    wide = Part(heading="All", table=(("a" * 60, "b" * 60), ("c", "d")))
    text = report_text(replace(small_report(), parts=(wide,)))
    rows = text.partition("\nAll\n")[2].splitlines()[:3]
    assert [row.strip() for row in rows] == [f"{'a' * 60} |", "b" * 60, "c | d"]
