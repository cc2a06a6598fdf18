"""Reports in a real browser: it asks for nothing and shows no dialog, whatever they hold."""

import pytest

from benchmarks.browser import browsing, chromium, serving
from benchmarks.reports import EVERYWHERE, forms, report_with
from benchmarks.xss import active

PAYLOADS = [
    "<script>alert(1)</script>",
    "</title></style></textarea><script>alert(1)</script>",
    '"><img src=https://a.example/p.png onerror=alert(1)>',
    "' onmouseover='alert(1)' autofocus onfocus='alert(1)",
    '<svg onload=alert(1)><image href="https://a.example/p.png"/></svg>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    '<object data="https://a.example/p"></object><embed src="https://a.example/p">',
    '<link rel=stylesheet href="https://a.example/p.css">',
    '<style>@import "https://a.example/q.css"</style>',
    '<meta http-equiv=refresh content="0;url=https://a.example/">',
    "<details open ontoggle=alert(1)><video><source onerror=alert(1)></video>",
    "<p style='background:url(https://a.example/p.png)'>a</p>",
    '<base href="https://a.example/"><form action="p"><button autofocus>b</button></form>',
    "![p](https://a.example/p.png)\n\n<img src=x onerror=alert(1)>\n\n[q](javascript:alert(1))",
    "&lt;img src=x onerror=alert(1)&gt; &#60;script&#62;alert(1)&#60;/script&#62;",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script><![CDATA[",
]


def together(payload: str) -> str:
    """Return every form of a report that holds a text in every field, in one page."""
    return "\n".join(forms(report_with(EVERYWHERE, payload)).values())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_parser_finds_nothing_that_acts(payload: str) -> None:
    for form, html in forms(report_with(EVERYWHERE, payload)).items():
        assert active(html) == [], form


async def test_a_browser_asks_for_nothing_and_shows_no_dialog() -> None:
    program = chromium()
    if program is None:
        pytest.skip("NOT PROVEN HERE: Chromium is not installed (apt-get install chromium)")
    pages = {f"report/{at}": together(payload) for at, payload in enumerate(PAYLOADS)}
    raw = {f"raw/{at}": f"<body>{payload}" for at, payload in enumerate(PAYLOADS)}
    async with serving(pages | raw) as base, browsing(program) as browser:
        seen = {name: await browser.visit(base + name) for name in pages}
        acted = [await browser.visit(base + name) for name in raw]
    assert {name: one for name, one in seen.items() if one.requests or one.dialogs} == {}
    # The same texts in a page of their own: the browser is one that would have told.
    assert sum(bool(one.dialogs) for one in acted) >= 5
    assert sum(bool(one.requests) for one in acted) >= 5
