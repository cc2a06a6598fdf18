"""What a picture or a page of ours may consist of, checked with parsers that are not ours."""

import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree

from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"

SVG_ATTRIBUTES = {
    "svg": {"role", "aria-label", "width", "height", "viewBox", "font-family", "font-size"},
    "title": set[str](),
    "g": {"transform", "fill", "stroke", "stroke-width"},
    "path": {"d", "fill", "stroke", "stroke-width", "stroke-dasharray"},
    "rect": {"x", "y", "width", "height", "rx", "fill", "stroke", "stroke-width"},
    "circle": {"cx", "cy", "r", "fill", "stroke"},
    "text": {"x", "y", "font-size", "fill"},
}

_BARE = ("h4", "sup", "cite", "bdi", "table", "tr", "details", "summary")

HTML_ATTRIBUTES = {
    **{name: set[str]() for name in _BARE},
    "div": {"class", "style"},
    "section": {"class", "id", "style"},
    "p": {"style"},
    "span": {"style"},
    "strong": {"style"},
    "a": {"href", "rel"},
    "li": {"id", "style"},
    "ul": {"style"},
    "blockquote": {"dir", "style"},
    "td": {"style"},
    "th": {"colspan", "style"},
}


def parsed(text: str) -> ElementTree.Element:
    """Parse strictly, by two parsers, with nothing fetched and no entity expanded."""
    etree.fromstring(text.encode("utf-8"), etree.XMLParser(resolve_entities=False, recover=False))
    return ElementTree.fromstring(text)


def checked_svg(text: str) -> ElementTree.Element:
    """Return the tree of an SVG that holds nothing but the allowed elements and attributes."""
    root = parsed(text)
    for element in root.iter():
        name = str(element.tag).removeprefix(SVG)
        assert name in SVG_ATTRIBUTES, name
        assert set(element.attrib) <= SVG_ATTRIBUTES[name], element.attrib
        assert not any("url(" in str(value) for value in element.attrib.values())
    return root


class _Reader(HTMLParser):
    """Reads as a browser does: what a strict parser takes for text may be a tag to it."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in HTML_ATTRIBUTES, tag
        facts = dict(attrs)
        assert set(facts) <= HTML_ATTRIBUTES[tag], facts
        style = facts.get("style") or ""
        assert "url" not in style
        assert "expression" not in style
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def checked_html(text: str) -> _Reader:
    """Return what a reader finds in an HTML fragment of allowed elements, all of them closed."""
    parsed(f"<body>{text}</body>")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    for link in reader.links:
        assert link.startswith(("#", "http://", "https://")), link
        assert not link.startswith("#") or link[1:] in reader.ids, link
    assert len(set(reader.ids)) == len(reader.ids)
    return reader


def assert_harmless(text: str) -> None:
    """Check that printing `text` does nothing to a terminal but print."""
    kinds = {char: unicodedata.category(char) for char in text.replace("\n", "")}
    steering = [char for char, kind in kinds.items() if kind in ("Cc", "Cf", "Zl", "Zp")]
    assert steering == []


HOSTILE = {
    "a script element": "<script>alert(1)</script>",
    "the end of a CDATA section": "]]><svg onload=alert(1)>",
    "quotes of both kinds": '" onmouseover="alert(1)" \'',
    "an entity and a bare ampersand": "&lt;b&gt; & &#x0; &xxe;",
    "a comment and a doctype": '<!-- --><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>',
    "control characters": "a\x00b\x08c\x0bd\x1b[31me\x7f\x85f",
    "a right-to-left override": "abc\u202edef\u2066ghi",
    "Arabic and Hebrew": "مرحبا بالعالم שלום",
    "not characters at all": "\ufffe\uffff\ud800 lone",
    "ten thousand letters without a space": "x" * 10_000,
    "ten thousand accents on one letter": "e" + "\u0301" * 10_000,
    "Chinese without spaces": "供应商发布了关于密封件化合物的声明吗" * 40,
    "a Mermaid directive": '%%{init: {"securityLevel": "loose"}}%%\nend\nclick n0 href "x"',
    "brackets of every kind": '"]) --> x[("y")] {{z}} |w| ;',
    "nothing": "",
}
