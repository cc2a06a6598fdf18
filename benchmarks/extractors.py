"""A page's article by three extractors, and how near each comes to the one copied by hand."""

import importlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import trafilatura
from lxml import html

from quaestor.errors import UnreadableError
from quaestor.tools.html import page_text

_WORD = re.compile(r"\w+")
# What stands within a line of text; before and after any other element a new one begins.
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp
    small span strike strong sub sup time tt u var wbr""".split()
)

Extract = Callable[[bytes], str]
"""From a page's bytes to its article's text, empty where none is found."""


class Overlap(NamedTuple):
    """How far the words of a text are those of another, as multisets."""

    precision: float
    """The share of the extracted words that are in the text made by hand."""
    recall: float
    """The share of the words of the text made by hand that were extracted."""
    f1: float


def quaestor_text(raw: bytes) -> str:
    """Return what a run of Quaestor reads of a page."""
    try:
        return page_text(raw).text
    except UnreadableError:
        return ""


def trafilatura_text(raw: bytes) -> str:
    """Return trafilatura's text, all settings as they come."""
    return trafilatura.extract(raw) or ""


def readability_text(raw: bytes) -> str:
    """Return the text of readability-lxml's summary, which is HTML."""
    # By name, because readability-lxml is in the extra `bench` alone, and without types.
    readability: Any = importlib.import_module("readability")
    summary = str(readability.Document(raw).summary())
    return _lines(html.document_fromstring(summary)) if summary.strip() else ""


EXTRACTORS: dict[str, Extract] = {
    "Quaestor": quaestor_text,
    "trafilatura, extract() by default": trafilatura_text,
    "readability-lxml": readability_text,
}


def words(text: str) -> Counter[str]:
    """Return how often each word stands in a text: NFC, in lower case."""
    return Counter(_WORD.findall(unicodedata.normalize("NFC", text).lower()))


def overlap(extracted: str, wanted: str) -> Overlap:
    """Return how near an extracted text comes to the one made by hand; none shared is 0."""
    found, right = words(extracted), words(wanted)
    shared = (found & right).total()
    if not shared:
        return Overlap(0.0, 0.0, 0.0)
    return Overlap(
        precision=shared / found.total(),
        recall=shared / right.total(),
        f1=2 * shared / (found.total() + right.total()),
    )


def _lines(tree: html.HtmlElement) -> str:
    """Return a tree's text, parted where blocks meet: `<p>one</p><p>two</p>` is two words."""
    for element in tree.iter("*"):
        if element.tag not in _INLINE:
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
    return "".join(str(part) for part in tree.itertext("*"))
