"""A report as a page: whole, with a policy, and nothing in it that loads or acts."""

from dataclasses import replace

import pytest
from lxml import html as lxml_html

from quaestor.views.page import POLICY, report_page
from quaestor.views.sanitize import ALLOWED
from tests.views.markup import HOSTILE
from tests.views.test_report_view import hostile_report, small_report

OURS = ["html", "head", "meta", "meta", "meta", "meta", "title", "style", "body"]


def elements(page: str) -> list[lxml_html.HtmlElement]:
    tree = lxml_html.document_fromstring(page)
    return [tree, *tree.iterdescendants()]


def test_the_page_is_whole_and_says_what_may_load() -> None:
    page = report_page(small_report())
    assert page.startswith('<!DOCTYPE html>\n<html><head><meta charset="utf-8">')
    tree = lxml_html.document_fromstring(page)
    [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == POLICY
    assert "default-src 'none'" in policy
    assert tree.findtext("head/title") == small_report().question
    assert tree.findtext(".//strong/bdi") == "1971"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_text_from_outside_adds_no_element_and_no_address(text: str) -> None:
    page = report_page(hostile_report(text.replace("\ud800", "") or "a"))
    found = elements(page)
    assert [one.tag for one in found][: len(OURS)] == OURS
    for one in found[len(OURS) :]:
        assert one.tag in ALLOWED
        assert set(one.attrib) <= ALLOWED[str(one.tag)]
        assert one.get("href", "#").startswith(("#", "https://a.example/"))


def test_a_title_cannot_end_the_title() -> None:
    page = report_page(replace(small_report(), question="</title><script>f()</script>"))
    assert "script" not in [one.tag for one in elements(page)]
