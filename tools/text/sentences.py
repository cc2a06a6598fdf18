"""Where sentences begin and end, with exact offsets, for prose, lists and lines of data."""

import re

from quaestor.tools.text.dates import MONTHS

_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof st sr jr vs etc inc ltd co corp no vol fig e.g i.e cf al ca approx dept est
    gen col lt sgt capt rev hon jan feb mar apr jun jul aug sep sept oct nov dec mt ft art op pp ed
    eds trans bd nr bzw z.b d.h u.a usw ca geb gest""".split()
)
_END = re.compile(
    r"[.!?…]+[\"'”’)\]»]*(?=\s)|[。！？｡]+[」』”’）]*|\n\s*\n|\n(?=\s*(?:[-*•|#>]|\d+[.)]\s))"
)
_HEADINGS = re.compile(r"(?:(?:#{1,6}[ \t][^\n]*|(?:[^\w\n]|_)+)(?:\n\s*|\Z))+")
"""Lines of Markdown that are headings or rules."""
_LED = re.compile(r"(?:(?:[-*+•–>|]|\[[ xX]\])\s+)+")
"""What leads an item of a list, a quotation or a row of a table."""
_LAST_WORD = re.compile(r"([^\W\d_][\w.]*)\.$")
_IN_NUMBERS = frozenset("0123456789IVXLC")
_ORDINAL = re.compile(r"(?:([^\W\d_]+)\s+)?(?<![\w.,])(?:\d{1,3}|[IVXLC]+)\.$")
_ORDINAL_AFTER = frozenset("im der die das dem den des zum zur vom bei beim ins".split())
"""Words of German before a number that says which one: im 19. Jahrhundert."""
_GERMAN_MONTHS = frozenset("januar jänner februar märz mai juni juli oktober dezember".split())
_MONTH = re.compile(r"\s+([^\W\d_]+)(\.?\s*(?:\d{4}(?!\d)|[.;:!?)]|$))?")
"""A month, if it is one, and the year or the end behind it."""
_SEEN = 40
"""Code points around a point that say whether it is an ordinal's."""
_NEXT = re.compile(r"\s*[\"'“‘(\[«]*(.)")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the sentences of text[start:end] as (start, end) offsets into `text`, in order.

    White space around a sentence belongs to none. A blank line, a list item and a table row
    end one. An abbreviation, an initial ("J. Smith") and a decimal point do not.
    """
    stop = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    at = start
    for match in _END.finditer(text, start, stop):
        if match.end() <= at or not _ends(text, match, at):
            continue
        _add(found, text, at, match.end())
        at = match.end()
    _add(found, text, at, stop)
    return found


def statements(text: str) -> list[tuple[int, int]]:
    r"""Return the sentences of a text without the Markdown around them.

    Headings and rules say what comes next, and nothing by themselves.

    Example:
        >>> text = "# Notes\n\n## Ships\nThe Eider sails. It is red."
        >>> [text[start:end] for start, end in statements(text)]
        ['The Eider sails.', 'It is red.']
    """
    found: list[tuple[int, int]] = []
    for start, end in sentences(text):
        heading = _HEADINGS.match(text, start, end)
        _add(found, text, *own_words(text, heading.end() if heading else start, end))
    return found


def own_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a sentence's words stand: without its bullet, or the outer bars of a row.

    Example:
        >>> own_words("- [x] Iron rusts.", 0, 17), own_words("| Iron | 7 |", 0, 12)
        ((6, 17), (2, 10))
    """
    led = _LED.match(text, start, end)
    if led is None:
        return start, end
    row = "|" in led[0] and text[end - 1] == "|"
    return _trimmed(text, led.end(), end - 1 if row else end)


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    start, end = _trimmed(text, start, end)
    if start < end:
        found.append((start, end))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _ends(text: str, match: re.Match[str], at: int) -> bool:
    mark = match[0]
    if mark[0] == "\n" or mark[0] in "。！？｡":
        return True
    following = _NEXT.match(text, match.end())
    if following and following[1].islower():
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    if mark == "." and text[match.start() - 1] in _IN_NUMBERS:
        before = text[max(at, match.end() - _SEEN) : match.end()]
        if _is_ordinal(before, text[match.end() : match.end() + _SEEN]):
            return False
    word = _LAST_WORD.search(text, at, match.start() + 1)
    if word is None:
        return True
    last = word[1].lower()
    # Single letters are initials ("J. K. Rowling"), dotted ones acronyms ("the U.S. Army").
    return not (len(last) == 1 or last in _ABBREVIATIONS or re.fullmatch(r"(\w\.)+\w", last))


def _is_ordinal(before: str, behind: str) -> bool:
    """Return whether a point makes a number one of an order: of a day, a century, a king.

    In English a month may open a sentence after a number, so its year or an end must follow.
    """
    number = _ORDINAL.search(before)
    if number is None:
        return False
    lead = (number[1] or "").lower()
    month = _MONTH.match(behind)
    name = month[1].lower() if month else ""
    if name in MONTHS:
        return name in _GERMAN_MONTHS or bool(month and month[2] is not None) or lead == "am"
    return lead in _ORDINAL_AFTER
