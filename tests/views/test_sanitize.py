"""Only what is allowed comes out, and it comes out as it was."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from quaestor.views import report_view
from quaestor.views.report_view import report_html
from quaestor.views.sanitize import ALLOWED, clean
from tests.views.markup import checked_html
from tests.views.test_report_view import small_report

PIECES = st.sampled_from(
    """< > </ /> <! <!-- --> <? ]]> <![CDATA[ & &lt; &lt &#60; &#x0; &notin; &quot; " ' = / \\ <p
    <p> </p> <div> </div> <li> <ul> </ul> <td> <table> <a href= javascript: https://a.example/
    #q-e1 <script> </script> <style> </style> <svg> <math> <title> </title> <textarea> <noscript>
    <img src=x onerror=f() style="color:red" style="color:url(x)" id="a" id=" </section <bdi>
    <blockquote <template> <iframe srcdoc= <sup/> word \x00 \u2028 é""".split(" ")
)
MARKUP = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60)

CASES = {
    "an event handler": ('<p onclick="f()">a</p>', "<p>a</p>"),
    "an element that is not allowed": ("<form>a<input autofocus></form>", "a"),
    "a script with its text": ("a<script>f()</script>b", "ab"),
    "a style with its text": ("a<style>p{}</style>b", "ab"),
    "a script that never ends": ("a<script>f()", "a"),
    "a picture": ('<img src="https://a.example/x.png">', ""),
    "a foreign element": ("<svg><a href='https://a.example/'>b</a></svg>", None),
    "a comment, a doctype, an instruction": ("<!-- a --><!DOCTYPE b><?php c ?>d", "d"),
    "a link to a script": ('<a href="javascript:f()">a</a>', "<a>a</a>"),
    "a link to a script, hidden": ('<a href="java&#9;script&colon;f()">a</a>', "<a>a</a>"),
    "a link with a user name": ('<a href="https://b@a.example/">a</a>', "<a>a</a>"),
    "a link to data": ('<a href="data:text/html,a">a</a>', "<a>a</a>"),
    "a link without a scheme": ('<a href="//a.example/">a</a>', "<a>a</a>"),
    "a good link": ('<a href="https://a.example/?b=c&amp;d">a</a>', None),
    "another relation": (
        '<a href="#q" rel="opener" target="_blank" ping="x">a</a>',
        '<a href="#q">a</a>',
    ),
    "two of one attribute": ('<li id="a" id="b">c</li>', '<li id="a">c</li>'),
    "an id with a space": ('<li id="a b">c</li>', "<li>c</li>"),
    "a class that is not ours": ('<div class="modal">a</div>', "<div>a</div>"),
    "a name": ('<a name="cookie" href="#b">c</a>', '<a href="#b">c</a>'),
    "a style that loads": (
        '<p style="color:#fff;background:url(x);margin:0.2em 0">a</p>',
        '<p style="color:#fff;margin:0.2em 0">a</p>',
    ),
    "a style that covers the page": ('<p style="position:fixed">a</p>', "<p>a</p>"),
    "a style that acts": ('<p style="color:expression(f())">a</p>', "<p>a</p>"),
    "a style with an escape": ('<p style="color:\\75rl(x)">a</p>', "<p>a</p>"),
    "what is not closed": ("<ul><li>a", "<ul><li>a</li></ul>"),
    "what is closed in the wrong order": ("<p><bdi>a</p>b</bdi>", "<p><bdi>a</bdi></p>b"),
    "what was never opened": ("a</div></section>b", "ab"),
    "signs": ("a &lt;b&gt; &amp; 'c' \"d\"", "a &lt;b&gt; &amp; &#x27;c&#x27; &quot;d&quot;"),
}


@pytest.mark.parametrize(("given_", "expected"), CASES.values(), ids=CASES.keys())
def test_what_comes_out(given_: str, expected: str | None) -> None:
    if expected is None:
        expected = given_.replace("<svg>", "").replace("</svg>", "").replace("'", '"')
    assert clean(given_) == expected


@given(MARKUP)
def test_cleaning_twice_is_cleaning_once(markup: str) -> None:
    once = clean(markup)
    assert clean(once) == once


@given(MARKUP)
def test_another_parser_finds_what_is_allowed_and_nothing_else(markup: str) -> None:
    tree = lxml_html.fragment_fromstring(clean(markup), create_parent="body")
    for element in tree.iterdescendants():
        assert isinstance(element.tag, str), "a comment or an instruction"
        assert element.tag in ALLOWED
        assert set(element.attrib) <= ALLOWED[element.tag]
        href = str(element.get("href", "#"))
        assert href.startswith(("#", "https://", "http://"))


def test_nothing_of_a_report_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned = report_html(small_report())
    monkeypatch.setattr(report_view, "clean", str)
    assert report_html(small_report()) == cleaned
    found = checked_html(cleaned)
    assert any(link.startswith("#") for link in found.links)


def test_a_view_that_forgets_to_escape_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_view, "escape", str)
    report = replace(small_report(), answer="<img src=x onerror=f()><script>g()</script>1971")
    shown = report_html(report)
    checked_html(shown)
    assert "<bdi>1971</bdi>" in shown
