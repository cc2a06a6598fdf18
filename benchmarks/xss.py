"""Put script-bearing texts into every field of a report, and look for anything that acts.

    python -m benchmarks.xss PAYLOADS.json [--no-browser]

PAYLOADS is a list of texts, or holds one as `payloads`. Each is put into each field of a report
(benchmarks/reports.py); each form of it (the page, the page without its policy, the notebook's
HTML, a run's HTML, the picture, the Markdown rendered with raw HTML passed on) is parsed and
compared with an allow-list, and loaded in headless Chromium, which counts requests and dialogs.
The last line is the control: the texts as they are, in a page of their own.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

from benchmarks.browser import browsing, chromium, serving
from benchmarks.reports import FIELDS, forms, report_with
from quaestor.views.sanitize import ALLOWED

PAGE = {
    "html": (),
    "body": (),
    "head": (),
    "title": (),
    "style": (),
    "meta": ("charset", "content", "http-equiv", "name"),
}
MARKDOWN = {
    **dict.fromkeys("h1 h2 p strong em ul li br table thead tbody tr th td".split(), ()),
    "a": ("href",),
}
PICTURE = {
    "svg": "role aria-label width height viewbox font-family font-size xmlns".split(),
    "g": "transform fill stroke stroke-width".split(),
    "path": "d fill stroke stroke-width stroke-dasharray".split(),
    "rect": "x y width height rx fill stroke stroke-width".split(),
    "circle": "cx cy r fill stroke".split(),
    "text": "x y font-size fill".split(),
}
EXPECTED: Mapping[str, frozenset[str]] = {
    name: frozenset(
        [
            *PAGE.get(name, ()),
            *MARKDOWN.get(name, ()),
            *PICTURE.get(name, ()),
            *ALLOWED.get(name, ()),
        ]
    )
    for name in {*PAGE, *MARKDOWN, *PICTURE, *ALLOWED}
}


def active(html: str) -> list[str]:
    """Return what a page holds beyond text, in the words of its source: empty if all is well."""
    tree = lxml_html.document_fromstring(html)
    return [problem for one in tree.iter() for problem in _problems(one)]


def _problems(element: lxml_html.HtmlElement) -> list[str]:
    if not isinstance(element.tag, str):
        return [f"a comment or an instruction: {etree.tostring(element)[:60]!r}"]
    tag = element.tag.lower()
    if tag not in EXPECTED:
        return [f"<{tag}>"]
    found: list[str] = []
    for name, value in element.attrib.items():
        if str(name).lower() not in EXPECTED[tag]:
            found.append(f"<{tag} {name}=…>")
        if name == "href" and not str(value).startswith(("#", "http://", "https://")):
            found.append(f"<{tag} href={str(value)[:40]}>")
        if name == "style" and ("url" in str(value) or "(" in str(value)):
            found.append(f"<{tag} style={str(value)[:40]}>")
    return found


def pages_of(payloads: list[str]) -> dict[str, str]:
    """Return every form of every report, by field, form and payload."""
    return {
        f"{field}/{form}/{number}".replace(" ", "-"): html
        for number, payload in enumerate(payloads)
        for field in FIELDS
        for form, html in forms(report_with(field, payload)).items()
    }


async def loaded(pages: Mapping[str, str], program: str) -> tuple[list[str], list[str]]:
    """Load pages in Chromium; return the requests and the dialogs they caused, with the page."""
    requests: list[str] = []
    dialogs: list[str] = []
    async with serving(pages) as base, browsing(program) as browser:
        for name in pages:
            seen = await browser.visit(base + name)
            requests += [f"{name}: {address[:100]}" for address in seen.requests]
            dialogs += [f"{name}: {message[:100]}" for message in seen.dialogs]
    return requests, dialogs


def main() -> int:
    """Print what was found; exit 1 if anything acted, or if the control did not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("payloads", type=Path)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    given = json.loads(options.payloads.read_text(encoding="utf-8"))
    payloads: list[str] = given["payloads"] if isinstance(given, dict) else given
    pages = pages_of(payloads)
    raw = {f"raw/{number}": f"<body>{text}" for number, text in enumerate(payloads)}
    found = [f"{name}: {one}" for name, html in pages.items() for one in active(html)]
    acting = sum(bool(active(html)) for html in raw.values())
    print(f"{len(payloads)} texts x {len(FIELDS)} fields: {len(pages)} pages")
    print(f"parsed: {len(found)} active elements; control: {acting} of {len(raw)} pages have some")
    bad = [*found]
    program = chromium()
    if options.no_browser or program is None:
        print("NOT loaded in a browser" + ("" if program else ": apt-get install chromium"))
    else:
        requests, dialogs = asyncio.run(loaded(pages, program))
        asked, shown = asyncio.run(loaded(raw, program))
        print(f"loaded in Chromium: {len(requests)} requests, {len(dialogs)} dialogs")
        acted = {one.partition(": ")[0] for one in (*asked, *shown)}
        print(f"control: {len(acted)} of {len(raw)} pages asked for something or showed a dialog")
        bad += requests + dialogs
        acting = acting if asked and shown else 0
    print("\n".join(bad[:20]))
    return 1 if bad or not acting else 0


if __name__ == "__main__":
    sys.exit(main())
