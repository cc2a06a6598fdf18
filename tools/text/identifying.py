"""What in a text points at one thing: numbers, ids, e-mail addresses, dates, names.

Each is a key, so that `5,572,200` and `5572200`, `C3068-416` and `c3068 416` are the same.
"""

import re
import unicodedata

from quaestor.tools.text.names import name_key, names

_GROUPED = re.compile(r"(?<![\w.,])\d{1,3}(?:[.,'’ \u00a0\u2009\u202f]\d{3})+(?![\d])")
_RUN = re.compile(r"[^\W_]+(?:[-./:_#@+][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:1[89]|20|21)\d\d")
LEAST_DIGITS = 3


def compact(text: str) -> str:
    """Return the letters and digits of a text in lower case, nothing between them."""
    return "".join(_PART.findall(unicodedata.normalize("NFKC", text))).casefold()


def figures(text: str) -> frozenset[str]:
    """Return the keys of a text's numbers of three digits or more, dates, ids and addresses.

    A year alone is none: it points at nothing. A run of several parts counts as a whole, and so
    does each of its parts that has so many digits itself.

    Example:
        >>> sorted(figures("memo C3068-416 of 2026-02-14: EUR 5,572,200"))
        ['20260214', '416', '5572200', 'c3068', 'c3068416']
    """
    plain = unicodedata.normalize("NFKC", text)
    found = {compact(match[0]) for match in _GROUPED.finditer(plain)}
    plain = _GROUPED.sub(" ", plain)
    for run in _RUN.findall(plain):
        address = "@" in run
        if not address and not any(map(str.isdigit, run)):
            continue  # as most are
        parts = [part for part in _PART.findall(run) if _is_figure(part)]
        found.update(part.casefold() for part in parts)
        if address or _is_figure(compact(run)):
            found.add(compact(run))
    return frozenset(found)


def named(text: str) -> frozenset[str]:
    """Return the words of a text's names as names are compared.

    A capitalised word that opens a sentence counts unless the text has it in small letters too:
    better one too many than a person's name.
    """
    small = {name_key(word) for word in _PART.findall(text) if word == word.lower()}
    found: set[str] = set()
    for name in names(text):
        found |= {part for part in name.parts if not (name.opens and part in small)}
    return frozenset(found)


def _is_figure(part: str) -> bool:
    digits = sum(map(str.isdigit, part))
    return digits >= LEAST_DIGITS and not _YEAR.fullmatch(part)
