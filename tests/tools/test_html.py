"""A page's text is what a reader sees of it, the same every time, whatever the bytes."""

import gzip
import inspect
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quaestor.errors import UnreadableError
from quaestor.tools.html import page_text

PAGE = """<!doctype html><html lang="de-AT"><head><title>Fahrplan</title>
<meta property="article:modified_time" content="2024-05-03T10:00:00+02:00">
<script type="application/ld+json">{"@type":"Article","articleBody":"%s"}</script>
<style>.a{color:red}</style></head><body>
<nav><a href="/">Start</a> <a href="/impressum">Impressum</a></nav>
<main><h1>Line 7</h1>
<p>Line 7 has run since <time datetime="1999-05-03">3 May 1999</time> between Hafen and Nord,
and it carries eleven thousand people on a working day.</p>
<table><caption>Headways</caption><thead><tr><th>Stop</th><th>Interval</th></tr></thead>
<tbody><tr><td>Hafen</td><td>6 min</td></tr><tr><td>Nord</td><td>12 min</td></tr></tbody></table>
<table><tr><th>Opened</th><td>1999</td></tr><tr><th>Length</th><td>14.2 km</td></tr></table>
<ul><li>Low floor throughout</li><li>Night service <b>on Fridays</b></li></ul>
<dl><dt>Operator</dt><dd>Stadtverkehr Nord</dd></dl>
<p>Tickets are sold on board<br>and at every stop.</p>
<p hidden>SECRET-ATTRIBUTE</p><p style="display: none">SECRET-STYLE</p>
<p style="font-size:0">SECRET-SIZE</p><!-- SECRET-COMMENT --><template>SECRET-TEMPLATE</template>
<img src="x.png" alt="SECRET-ALT"><span aria-label="SECRET-ARIA"></span>
</main></body></html>""" % ("SECRET-JSON " * 50)


def test_an_article_reads_in_blocks_and_its_rows_name_their_columns() -> None:
    page = page_text(PAGE.encode())
    assert page.text.split("\n\n") == [
        "# Line 7",
        "Line 7 has run since 3 May 1999 between Hafen and Nord, and it carries eleven thousand"
        " people on a working day.",
        "Headways",
        "Stop | Interval",
        "Stop: Hafen | Interval: 6 min",
        "Stop: Nord | Interval: 12 min",
        "Opened: 1999",
        "Length: 14.2 km",
        "- Low floor throughout\n- Night service on Fridays",
        "Operator: Stadtverkehr Nord",
        "Tickets are sold on board\nand at every stop.",
    ]


def test_what_the_page_declares_is_told() -> None:
    page = page_text(PAGE.encode())
    assert (page.title, page.language, page.date, page.charset) == (
        "Line 7",
        "de",
        "2024-05-03",
        "utf-8",
    )


def test_a_page_without_an_article_gives_all_its_visible_text() -> None:
    page = page_text(
        b"<title>Odd</title><nav><ul><li><a href='/a'>Alpha &amp; Beta</a><li>Gamma</ul></nav>"
        b"<div hidden>no</div><script>var x = 1</script>"
    )
    assert page.text == "- Alpha & Beta\n- Gamma"


def test_a_page_that_writes_no_body_is_read_whole() -> None:
    page = page_text(b"<title>T</title><main><p>Open at nine.</p></main><p>Closed on Sunday.</p>")
    assert page.text == "Open at nine.\n\nClosed on Sunday."


def test_a_term_leads_each_of_its_definitions_and_stands_alone_without() -> None:
    page = page_text(
        b"<h1>Terms</h1><dl><dt>Bank:</dt><dd>of a river</dd><dd>of a person</dd><dt>Bend</dt></dl>"
        b"<dl><dd>orphan</dd></dl><p>After.</p>"
    )
    assert page.text.split("\n\n") == [
        "# Terms",
        "Bank: of a river",
        "Bank: of a person",
        "Bend",
        "- orphan",
        "After.",
    ]


def test_a_deep_page_reads_the_same_from_a_deep_stack() -> None:
    deep = b"<nav>Home</nav><p>" + b"The tram runs daily. " * 30 + b"</p>" + b"<ul><li>Stop " * 60

    def from_below(frames: int) -> str:
        return page_text(deep).text if frames == 0 else from_below(frames - 1)

    flat = from_below(0)
    room = sys.getrecursionlimit() - len(inspect.stack())
    assert from_below(room - 100) == flat


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param(
            "<h1>Prices</h1><table><tr><th>Item<th>Price<tr><td>Lid<td>3 €</table>",
            "# Prices\n\nItem | Price\n\nItem: Lid | Price: 3 €",
            id="a heading and a table",
        ),
        pytest.param(
            "<nav>Home</nav><article><h2>提示</h2><p>第一段。</p><ul><li>甲<li>乙</ul></article>",
            "## 提示\n\n第一段。\n\n- 甲\n- 乙",
            id="an article of a few words",
        ),
        pytest.param(
            "<div>Loose text<br>more <b>bold</b></div><div>Second</div><footer>Imprint</footer>",
            "Loose text\nmore bold\n\nSecond",
            id="text in no paragraph",
        ),
    ],
)
def test_a_short_page_keeps_its_blocks(markup: str, text: str) -> None:
    assert page_text(markup.encode()).text == text


def test_nested_tables_are_layout_and_the_inner_ones_are_read_as_data() -> None:
    inner = "<table><tr><th>Part</th><th>Mass</th></tr><tr><td>Lid</td><td>-3 g</td></tr></table>"
    page = page_text(f"<body><table><tr><td>Left</td><td>{inner}</td></tr></table></body>".encode())
    assert "Part: Lid | Mass: -3 g" in page.text.split("\n\n")
    assert "Left" in page.text


@pytest.mark.parametrize(
    ("raw", "text", "charset"),
    [
        pytest.param("<p>Grüße</p>".encode(), "Grüße", "utf-8", id="UTF-8 is tried first"),
        pytest.param(
            b"\xef\xbb\xbf<p>Gr\xc3\xbc\xc3\x9fe</p>", "Grüße", "utf-8", id="a BOM is not text"
        ),
        pytest.param(
            '<meta charset="windows-1251"><p>Мир</p>'.encode("cp1251"),
            "Мир",
            "cp1251",
            id="a declared charset is believed where UTF-8 fails",
        ),
        pytest.param(
            "<meta charset=iso-8859-1><p>“quoted” €5</p>".encode("cp1252"),
            "“quoted” €5",
            "cp1252",
            id="Latin-1 is read as browsers read it",
        ),
        pytest.param(
            "<p>A “naïve” person in a café of the old town</p>".encode("cp1252"),
            "A “naïve” person in a café of the old town",
            "cp1252",
            id="a few undeclared bytes are Western",
        ),
        pytest.param(
            ("<p>" + "東京都の天気予報です。" * 20 + "</p>").encode("shift_jis"),
            "東京都の天気予報です。" * 20,
            "cp932",
            id="many undeclared bytes are guessed",
        ),
        pytest.param(
            "<p>wide</p>".encode("utf-16-le"), "wide", "utf-16-le", id="UTF-16 without a BOM"
        ),
        pytest.param(
            '<?xml version="1.0" encoding="utf-8"?><html><body><p>é</p></body></html>'.encode(),
            "é",
            "utf-8",
            id="XHTML with a declaration",
        ),
        pytest.param(
            b'<meta charset="rot13"><p>caf\x80</p>', "caf€", "cp1252", id="no Python codec is run"
        ),
    ],
)
def test_encodings(raw: bytes, text: str, charset: str) -> None:
    page = page_text(raw)
    assert (page.text, page.charset) == (text, charset)


def test_text_is_composed_and_free_of_invisible_characters() -> None:
    page = page_text("<p>Cafe\u0301 zero\u200bwidth so\u00adft \U000e0041tag</p>".encode())
    assert page.text == "Caf\u00e9 zerowidth soft tag"
    assert page.changes == {"nfc": 1}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"", "empty", id="nothing at all"),
        pytest.param(b"Only plain words, no markup.", "no HTML", id="plain text"),
        pytest.param(b"<html><body><script>1</script></body></html>", "no text", id="only script"),
        pytest.param("<p>\u200b\u200b &nbsp;</p>".encode(), "no text", id="only invisible text"),
        pytest.param(b"<!-- only -->", "Document is empty", id="only a comment"),
        pytest.param(bytes(range(256)) * 40, "not text", id="bytes of no encoding"),
        pytest.param(gzip.compress(b"<p>a</p>" * 50, mtime=0), "not text", id="compressed bytes"),
    ],
)
def test_what_gives_no_text_is_refused_with_its_name(raw: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as caught:
        page_text(raw, url="https://example.org/x")
    assert caught.value.source == "https://example.org/x"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"<div>" * 50_000 + b"x", id="nested fifty thousand deep"),
        pytest.param(b"<div>" * 150 + b"<p>deep</p>", id="deeper than trafilatura may recurse"),
        pytest.param(b"<p>a</p><!-- " + b"x" * 500_000, id="a comment that never ends"),
        pytest.param(b"<p>" + b"&amp;" * 100_000, id="entities without end"),
        pytest.param(b"<table><tr><td>" * 5_000 + b"x", id="tables in tables"),
        pytest.param(b"<p title='" + b"<" * 100_000, id="an attribute that never ends"),
        pytest.param(b"<p>a\x00b</p>", id="a NUL in a word"),
        pytest.param(b"<a href='http://[::1'>broken link</a>", id="a link no parser takes"),
    ],
)
def test_hostile_markup_ends_in_text_or_a_refusal(raw: bytes) -> None:
    try:
        page = page_text(raw)
    except UnreadableError:
        return
    assert page.text.strip()
    assert "\x00" not in page.text


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_markup_gives_normalised_text_or_a_refusal(markup: str) -> None:
    raw = f"<p>{markup}</p>".encode("utf-8", "surrogatepass")
    try:
        text = page_text(raw).text
    except UnreadableError:
        return
    assert text == text.strip()
    text.encode("utf-8")


def _text(raw: bytes) -> str:
    return page_text(raw).text


def test_a_page_reads_the_same_in_any_order_and_thread() -> None:
    pages = [PAGE.encode(), PAGE.replace("Line 7", "Line 8").encode(), PAGE.encode()] * 8
    alone = {raw: page_text(raw).text for raw in set(pages)}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(_text, pages))
    assert together == [alone[raw] for raw in pages]


def test_a_page_reads_the_same_in_every_process() -> None:
    code = "import sys; from quaestor.tools.html import page_text; sys.stdout.reconfigure("
    code += "encoding='utf-8'); print(page_text(sys.stdin.buffer.read()).text)"
    said = {_in_process(code, seed) for seed in ("1", "2")}
    assert said == {(page_text(PAGE.encode()).text + "\n").encode()}


def _in_process(code: str, seed: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=PAGE.encode(),
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    return done.stdout
