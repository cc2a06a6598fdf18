"""Which script a text is written in, and what of it can be compared with another text by words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found]  # PyStemmer ships no types

_TOGETHER = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}
_BY_PAIRS = frozenset({"CJK", "HANGUL", "THAI", "LAO", "MYANMAR", "KHMER"})
_CYRILLIC = re.compile("[\u0400-\u04ff]+")
_stem: Callable[[str], str] = Stemmer.Stemmer("russian").stemWord  # pyright: ignore


def script_of(text: str) -> str:
    """Return the script that most letters of a text are of; empty for a text without letters.

    Example:
        >>> script_of("港口有码头 (port)"), script_of("The port of 港口"), script_of("1987")
        ('CJK', 'LATIN', '')
    """
    letters = (ch for ch in unicodedata.normalize("NFKC", text) if ch.isalpha())
    counted = Counter(_script(letter) for letter in letters)
    return counted.most_common(1)[0][0] if counted else ""


def by_pairs(script: str) -> bool:
    """Say whether the words of a script are searched as pairs of characters (tools/text/words)."""
    return script in _BY_PAIRS


def without_cases(text: str) -> str:
    """Return a text whose Cyrillic words have lost the endings that their case gives them.

    By the rules of Russian; its neighbours' words are cut alike.

    Example:
        >>> without_cases("Адой Норлинг, Ada") == without_cases("Ада норлингом, Ada")
        True
    """
    return _CYRILLIC.sub(lambda match: _stem(match[0].lower()), text)


@lru_cache(maxsize=10_000)
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return _TOGETHER.get(name, name)
