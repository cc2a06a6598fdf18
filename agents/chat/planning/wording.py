"""When two questions are the same, when one asks too much, when one is broader than another."""

import re
from collections.abc import Sequence

from quaestor.tools.text.words import WORD, content_terms, fold, terms, words

MOST_WORDS = 40
"""Of one task's question."""
MOST_CHARACTERS = 400
"""The same for scripts without spaces."""
ALIKE = 0.8
"""Share of all words of two questions that both hold, when they ask nearly the same."""
NEARLY_WHOLE = 0.85
"""Share of the question's words in a task that is not one of its parts."""
LISTED = 3
_ASKING = {
    **{word: word for word in ("when", "where", "why", "how")},
    **dict.fromkeys(("who", "whom", "whose"), "who"),
}
_AND = re.compile(r"\s*(,|;|&|/|\b(?:and|or|vs\.?|versus|und|oder|et|ou|ve|en)(?=\s))\s*", re.I)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


def subject(text: str) -> frozenset[str]:
    """Return the words that say what a text is about: folded, stemmed, in no order."""
    return frozenset(content_terms(text) or terms(text))


def gist(text: str) -> frozenset[str]:
    """Return the words that say what a text asks: of what, and whether who, when or where.

    Example:
        >>> gist("Who built the Pintail?") == gist("pintail, built by WHOM")
        True
        >>> gist("Who built the Pintail?") == gist("When was the Pintail built?")
        False
    """
    asking = (_ASKING.get(fold(match[0])) for match in WORD.finditer(text))
    return subject(text) | {word for word in asking if word}


def nearly_same(one: str, other: str) -> bool:
    """Say whether two questions differ in plain words only: no name, number or reference.

    Example:
        >>> nearly_same("total cargo and crew of Pintail", "total cargo and crew of the Pintail")
        True
    """
    mine, theirs = gist(one), gist(other)
    different = mine ^ theirs
    if not mine | theirs or different & (_telling(one) | _telling(other)):
        return False
    return len(mine & theirs) >= ALIKE * len(mine | theirs)


def too_broad(asked: str, *, question: str, parts: Sequence[str]) -> str:
    """Return what makes a task's question too broad for one searcher; empty where nothing does.

    Args:
        asked: The task's.
        question: The person's.
        parts: What the report must contain.
    """
    if len(asked.split()) > MOST_WORDS or len(asked) > MOST_CHARACTERS:
        return f"is longer than {MOST_WORDS} words"
    if listed(asked) >= LISTED:
        return "asks about three or more things: make a task for each"
    mine, whole = subject(asked), subject(question)
    is_part = any(mine <= subject(part) for part in parts)
    if len(parts) > 1 and not is_part and len(mine & whole) >= NEARLY_WHOLE * len(whole):
        return "is nearly the whole question: make a task for each part"
    return ""


def listed(text: str) -> int:
    """Return how many named things stand in the longest list of a text.

    Example:
        >>> listed("the crews of Pintail, Merganser and Eider in 2020")
        3
        >>> listed("the mayor of Bergen, Norway"), listed("the ports of Paris, Texas, USA")
        (0, 0)
    """
    pieces = _AND.split(text)
    longest = run = 0
    joined = False  # by more than commas: "Paris, Texas, USA" is one place
    for number in range(0, len(pieces), 2):
        between = pieces[number - 1].strip() if number else ""
        piece = _ARTICLE.sub("", pieces[number]).split()
        if not piece:
            continue
        if run and _capital(piece[0]):
            run, joined = run + 1, joined or between != ","
        else:
            run, joined = int(_capital(piece[-1])), False
        longest = max(longest, run if joined else 0)
        run = run if _capital(piece[-1]) else 0
    return longest


def is_broader(asked: str, than: str) -> bool:
    """Say whether a question asks of the same in fewer words."""
    mine, theirs = subject(asked), subject(than)
    return bool(mine & theirs) and len(mine) < len(theirs)


def _telling(text: str) -> frozenset[str]:
    """Return the terms of names and numbers, and of scripts that do not mark names."""
    found = ((word.term, text[word.start : word.end]) for word in words(text))
    return frozenset(
        term
        for term, seen in found
        if not seen.islower() or term in _ASKING or any(ch.isdigit() for ch in seen)
    )


def _capital(word: str) -> bool:
    return word.lstrip("\"'“‘«(")[:1].isupper()
