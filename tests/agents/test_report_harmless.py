"""A report's Markdown rendered by a CommonMark parser: text from outside is text everywhere."""

import re

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from quaestor.agents.material import Material
from quaestor.agents.report import compose
from quaestor.agents.roles.synthesizer import Outline, Section, Statement
from quaestor.agents.roles.verifier import Judged
from quaestor.memory.documents import WEB, Document, Origin
from quaestor.memory.finding import Conflict, Gap
from quaestor.memory.plan import Brief
from tests.agents.test_report import Desk

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
"""As lenient as viewers come: raw HTML is passed on."""
ALLOWED = frozenset("h1 h2 p strong em ul li a br table thead tbody tr th td".split())
PAYLOADS = {
    "a script": "<script>f()</script>",
    "a script over two lines": "<script\n>f()</script\n>",
    "a picture in HTML": '<img src="https://a.example/p.png" onerror="f()">',
    "a picture in Markdown": "![p](https://a.example/p.png)",
    "a picture by reference": "![p][q]\n\n[q]: https://a.example/p.png",
    "a link to a script": "[p](javascript:f())",
    "a link to a script in angles": "<javascript:f()>",
    "a link to data": "[p](data:text/html;base64,PHNjcmlwdD4=)",
    "a link under a link": "[![p](https://a.example/p)](javascript:f())",
    "a link to a page": "[p](https://a.example/?q=1)",
    "a fence": "```html\n<script>f()</script>\n```",
    "a fence that stays open": "~~~",
    "an indented block": "\n\n    <b>p</b>\n\n",
    "a comment": "<!-- p -->",
    "half a comment": "<!--",
    "a doctype": "<!DOCTYPE p>",
    "character data": "<![CDATA[ p ]]>",
    "an instruction": "<?p q?>",
    "a table": "p | q\n--- | ---\n<b>r</b> | s",
    "a cell's end": "p | <b>q</b> | r",
    "a heading": "\n# p\n\np\n===",
    "a quotation": "\n> p",
    "entities": "&lt;script&gt; &#60;b&#62;",
    "escapes": "\\<b> \\\\<b> \\![p](https://a.example/p)",
    "code": "`<b>` ``p` <i>``",
    "emphasis": "**p __q__ ~~r~~ *s",
    "a mark of ours": "p [1][2].",
    "a frame": '<iframe srcdoc="<b>p</b>"></iframe>',
    "a style": "<style>@import 'https://a.example/p.css'</style>",
    "a base": '<base href="https://a.example/">',
    "a form": '<form action="https://a.example/"><button>p</button></form>',
    "an address with a name": "https://p@a.example/",
    "separators of lines": "p\u2028<b>q</b>\u2029r\x0b<i>s</i>\x85t",
}


def hostile(text: str) -> Material:
    """Return material with a text in every place that text from outside can take."""
    papers = Document.of(
        f"{text} is said here. It is said twice: {text}",
        uri=f"notes/{text}.md",
        title=text,
        media_type="text/plain",
        origin=Origin(kind="local", name=text, private=True),
        extractor="plain",
    )
    page = Document.of(
        f"A page says so too. {text}",
        uri=f"https://a.example/{text}",
        title=f"{text} page",
        media_type="text/html",
        origin=WEB,
        extractor="html",
    )
    at = Desk(papers, page)
    names = tuple(at.passages)
    spots = tuple(at.spans)
    said = Statement(text=f"{text} so it is", spots=spots[:1])
    outline = Outline(
        answer=text,
        lead=(said,),
        sections=(),
        conflicts=(
            Conflict(about=text, values=(text, "p"), evidence=(names[:1], names[1:]), rule=text),
        ),
    )
    section = Section(
        heading=text,
        statements=(
            Statement(text=text, spots=spots[-1:]),
            Statement(text=f"{text} perhaps", spots=()),
            Statement(text=f"not {text}", spots=spots[:1]),
            Statement(text=f"q: {text}", spots=spots[:1]),
        ),
        table=((text, "p"), ("q", text)),
    )
    verdicts = ["supported", "partly", "supported", "unsupported", "supported"]
    return Material(
        question=text,
        brief=Brief(answer_type="text", parts=(text,), as_of=text),
        status="answered",
        outline=outline,
        sections=[section],
        judged=[Judged(verdict=one, reason=text) for one in verdicts],  # type: ignore[arg-type]
        spans=at.spans,
        passages=at.passages,
        documents=at.documents,
        gaps=(Gap(kind="refused", what=text, why=text, tried=(text,), source=text),),
        tried=(text,),
        also=dict.fromkeys(names, (f"local:{text} {text}", f"web https://a.example/{text}")),
    )


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_nothing_in_a_report_acts_or_loads(text: str) -> None:
    markdown = compose(hostile(text)).markdown
    tree = lxml_html.document_fromstring(PARSER.render(markdown)).find("body")
    assert tree is not None
    for element in tree.iterdescendants():
        assert element.tag in ALLOWED, lxml_html.tostring(element)
        assert set(element.attrib) <= {"href"}
        assert str(element.get("href", "https://a.example/")).startswith("https://a.example/")
    assert len(tree.findall(".//h1")) == 1


def test_that_test_sees_what_is_not_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    from quaestor.agents import markdown

    monkeypatch.setattr(markdown, "_ACTIVE", re.compile("(?!)"))
    missed = 0
    for text in PAYLOADS.values():
        try:
            test_nothing_in_a_report_acts_or_loads(text)
        except AssertionError:
            missed += 1
    assert missed >= len(PAYLOADS) // 2
