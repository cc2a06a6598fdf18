"""The part of a passage that shows why it was found."""

from quaestor.tools.text.words import content_terms, terms, words

MOST = 300  # code points
_ELLIPSIS = " …"


def snippet(text: str, query: str) -> str:
    """Return at most `MOST` code points of a text, those with most words of the query.

    Of windows with equally many the first wins. White space is flattened.

    Example:
        >>> snippet("Trams run daily.", "daily trams")
        'Trams run daily.'
    """
    flat = " ".join(text.split())
    if len(flat) <= MOST:
        return flat
    room = MOST - 2 * len(_ELLIPSIS)
    start = _best_start(flat, query, room)
    end = start + room
    if end < len(flat):
        end = max(flat.rfind(" ", start, end + 1), start + room // 2)
    before = _ELLIPSIS.strip() + " " if start else ""
    after = _ELLIPSIS if end < len(flat) else ""
    return f"{before}{flat[start:end].strip()}{after}"


def _best_start(flat: str, query: str, room: int) -> int:
    """Return where the window begins that holds most different words of the query."""
    wanted = set(content_terms(query) or terms(query))
    found = [word for word in words(flat) if word.term in wanted]
    best, start = 0, 0
    for at, first in enumerate(found):
        held = {word.term for word in found[at:] if word.end <= first.start + room}
        if len(held) > best:
            best, start = len(held), first.start
    # A little of what stands before, from the start of a word on.
    early = max(0, start - room // 4)
    return flat.find(" ", early - 1, start) + 1 if early else 0
