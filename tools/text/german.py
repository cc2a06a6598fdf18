"""German, where every noun has a capital: which text is German, and which capital is no name's."""

import re

from quaestor.tools.text.words import STOP_WORDS

WORDS = frozenset(
    """als am auch auf aus bei beim bis das dem den der des die ein eine einem einen einer er es für
    hat im ist kein keine laut mit nach nicht nur oder seit sich sie sind und unter vom von war
    waren werden wird wurde wurden zu zum zur über""".split()
)
"""What German sentences are held together with."""
_DETERMINED = re.compile(
    r"\b(?:d(?:er|ie|as|em|en|es)|diese[rmns]?|jede[rmns]?|(?:k?ein|mein|sein|ihr|unser)(?:e[rmns]?)?"
    r"|im|am|zum|zur|vom|beim|ins|ans)\s+(?:[a-zäöüß]+e[rmns]?\s+)?$",
    re.IGNORECASE,
)
"""What stands before a common noun, an adjective between them or not."""
_SEEN = 60
"""Code points before a noun that are looked at for it."""
_ENDINGS = ("innen", "ern", "en", "er", "es", "in", "e", "n", "s")
"""Of case, number and gender, the longest first."""
_SHORTEST = 5
"""Letters of a noun that say which one it is."""
_SHORTEST_FIRST = 3
"""Letters of a compound's first part: Hessen is none with Essen."""


def is_german(said: set[str]) -> bool:
    """Return whether words in lower case are of a German text rather than an English one."""
    return len(said & WORDS) > max(1, len((said & STOP_WORDS) - WORDS))


def is_determined(text: str, at: int) -> bool:
    """Return whether an article stands before the noun that begins there: few names have one."""
    return _DETERMINED.search(text[max(0, at - _SEEN) : at]) is not None


def same_noun(word: str, other: str) -> bool:
    """Return whether a noun, as names are compared, is a form of another or its compound's head.

    Example:
        >>> same_noun("vertrages", "vertrag"), same_noun("vertrag", "mietvertrags")
        (True, True)
        >>> same_noun("hamburg", "harburg"), same_noun("neustadt", "stadt")
        (False, False)
    """
    head, whole = _stem(word), _stem(other)
    compound = len(head) >= _SHORTEST and len(whole) - len(head) >= _SHORTEST_FIRST
    return head == whole or (compound and whole.endswith(head))


def _stem(noun: str) -> str:
    for ending in _ENDINGS:
        if noun.endswith(ending) and len(noun) - len(ending) >= _SHORTEST:
            return noun.removesuffix(ending)
    return noun
