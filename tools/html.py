"""The text of an HTML page: what a reader sees of its article, and nothing that is hidden.

trafilatura finds the article; what it writes is rendered by tools/blocks.py. The same bytes give
the same text in any order and any thread: nothing is remembered between pages. No request is
ever made. Extraction is CPU work: call it in a thread.
"""

import logging
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import NamedTuple, TypeVar

from lxml import etree, html

from quaestor.errors import UnreadableError
from quaestor.memory.text import normalise
from quaestor.tools.blocks import Element, reading_text
from quaestor.tools.charset import decode_page

_MAX_DEPTH = 100  # deeper pages are read plainly: trafilatura calls itself once a level or more
_NOT_TEXT = 0.05  # share of control and replacement characters from which bytes are no text
_SAMPLE = 100_000  # code points looked at for it
_TAG = re.compile(r"<[a-zA-Z!/?]")
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # for libxml2
# Zero-width and bidirectional marks, soft hyphens and tag characters: invisible, they split words
# and smuggle text past a reader. The joiners stay, because scripts are written with them.
_INVISIBLE = re.compile(
    "[\xad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)"
    r"|(font-size|opacity)\s*:\s*0+(\.0+)?\s*((px|em|rem|pt|%)\s*)?(;|!|$)",
    re.IGNORECASE,
)
_UNSEEN = etree.XPath(
    "//script | //style | //template | //noscript | //title | //iframe | //object | //svg"
    " | //textarea | //select | //datalist | //canvas | //audio | //video | //annotation"
    " | //annotation-xml | //*[@hidden] | //dialog[not(@open)] | //comment()"
    " | //processing-instruction()"
)
_FURNITURE = etree.XPath("//nav | //aside | //footer | //form | //button")
_T = TypeVar("_T")
_LOGGERS = ("trafilatura", "htmldate", "courlan", "charset_normalizer")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a page says."""

    title: str
    text: str
    """Normalised; blocks parted by blank lines, a table row a line that names its columns."""
    charset: str
    language: str | None = None
    """ISO 639-1, as the page declares it."""
    date: str | None = None
    """ISO date of its last change, else of its publication, where the page states one."""
    changes: Mapping[str, int] = field(default_factory=dict[str, int])
    """What normalisation changed (memory/text.py)."""


class _Stated(NamedTuple):
    title: str
    date: str | None


def extractor_version() -> str:
    """Return what a reading of a page depends on besides its bytes."""
    return f"trafilatura {version('trafilatura')}"


def page_text(raw: bytes, *, url: str | None = None) -> PageText:
    """Return the text of a page.

    Args:
        raw: The page as fetched, not compressed.
        url: Where it came from; it names the page in errors and may state its date.

    Raises:
        UnreadableError: The bytes are no text, no HTML, or the page shows no text.
    """
    source = url or "page"
    markup, charset = decode_page(raw)
    tree = _parse(markup, source)
    stated = _stated(tree, url)
    language = (tree.get("lang") or "").strip().lower()
    _drop_unseen(tree)
    found = normalise(_INVISIBLE.sub("", _visible(tree)).strip())
    if not any(ch.isprintable() and not ch.isspace() for ch in found.text):
        raise UnreadableError(source, "the page shows no text")
    return PageText(
        title=normalise(stated.title).text,
        text=found.text,
        charset=charset,
        language=language[:2] if re.match(r"[a-z]{2}(?![a-z])", language) else None,
        date=stated.date,
        changes=found.changes,
    )


def shown_text(markup: str) -> str:
    """Return all text of a piece of HTML that a reader sees, as of a mail: no article is sought.

    Raises:
        UnreadableError: It holds no HTML.
    """
    tree = _parse(markup, "HTML")
    _drop_unseen(tree)
    return reading_text(tree)


def _parse(markup: str, source: str) -> html.HtmlElement:
    if not markup.strip():
        raise UnreadableError(source, "it is empty")
    sample = markup[:_SAMPLE]
    if len(_JUNK.findall(sample)) > _NOT_TEXT * len(sample):
        raise UnreadableError(source, "its bytes are not text in any encoding that was tried")
    if not _TAG.search(markup):
        raise UnreadableError(source, "it holds no HTML")
    # Bytes, because lxml refuses a string that declares an encoding.
    clean = _INVALID.sub("", markup).encode("utf-8")
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        return html.document_fromstring(clean, parser=parser)
    except etree.LxmlError as error:
        raise UnreadableError(source, f"it is not HTML ({error})") from None


def _drop_unseen(tree: html.HtmlElement) -> None:
    """Take out what no reader sees, and keep what trafilatura would take for furniture."""
    unseen = list(_UNSEEN(tree))
    for element in tree.iterfind(".//*[@style]"):
        # A page that hides its whole body shows it again by script.
        if element.tag != "body" and _HIDDEN_STYLE.search(element.get("style") or ""):
            unseen.append(element)
    for element in unseen:
        if element.getparent() is not None:
            element.drop_tree()
    for element in tree.iterfind(".//*[@alttext]"):
        del element.attrib["alttext"]  # trafilatura reads these two attributes into the text
    for element in tree.iterfind(".//*[@data-preloaded]"):
        del element.attrib["data-preloaded"]
    for head in tree.iterfind("head"):
        # libxml2 leaves <main> and <nav> in the head of a page that does not write <body>.
        head.tag = "div"
    # trafilatura deletes <time> with its words: "on 3 May" would become "on".
    etree.strip_tags(tree, "time", "meter", "output")


def _visible(tree: html.HtmlElement) -> str:
    """Return the article's text, else all visible text."""
    article = None if _depth(tree) > _MAX_DEPTH else _article(tree)
    text = "" if article is None else reading_text(article)
    if article is not None and len(article) <= 2 and not article.xpath("*/* | *[not(self::p)]"):
        text = _in_blocks(tree, text)
    return text or reading_text(tree)


def _in_blocks(tree: html.HtmlElement, flat: str) -> str:
    """Return the part of the tree that trafilatura gave as one run of words, read in blocks.

    It does that with short pages: headings, rows and list items stand in it without a mark.
    """
    rest = deepcopy(tree)
    for element in list(_FURNITURE(rest)):
        if element.getparent() is not None:
            element.drop_tree()
    wanted = _bare_length(flat)
    for part in (*tree.iterfind(".//article"), rest):
        if 0.5 * wanted <= _bare_length("".join(part.itertext())) <= 1.5 * wanted:
            return reading_text(part)
    return flat


def _bare_length(text: str) -> int:
    return len(_INVISIBLE.sub("", "".join(text.split())))


def _article(tree: html.HtmlElement) -> Element | None:
    """Return the article as trafilatura's tree, if it finds one.

    `fast` leaves out its readability and justext stages: on news pages they changed nothing,
    and justext loses tables.
    """
    import trafilatura  # noqa: PLC0415 - 0.3 s to import, for runs that read pages only

    _quiet()
    found = _harmless(
        lambda: trafilatura.bare_extraction(
            tree,
            fast=True,
            favor_recall=True,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
        )
    )
    return None if found is None or isinstance(found, dict) else found.body


def _stated(tree: html.HtmlElement, url: str | None) -> _Stated:
    """Return title and date from what the page states; guesses from its prose are not made."""
    import trafilatura  # noqa: PLC0415

    _quiet()
    # A fixed latest date: the default is today, which would change what a page says.
    dates = {"original_date": False, "extensive_search": False, "max_date": "2100-01-01"}
    found = _harmless(lambda: trafilatura.extract_metadata(tree, url, dates, extensive=False))
    if found is None:
        return _Stated((tree.findtext(".//title") or "").strip(), None)
    return _Stated(found.title or "", found.date)


def _harmless(do: Callable[[], _T]) -> _T | None:
    """Return what `do` returns, None where it breaks: a page's markup must not end a run."""
    try:
        return do()
    except Exception:
        logging.getLogger("quaestor").debug("a page was read plainly", exc_info=True)
        return None


def _depth(tree: html.HtmlElement) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


@cache
def _quiet() -> None:
    """Keep libraries from printing parts of pages to a log nobody asked for."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.CRITICAL + 1)
