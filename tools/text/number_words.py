"""Numbers written in words: English (with lakh and crore), German and French.

Every language is tried on every text: a sentence in one may hold a number in another.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from quaestor.tools.text.number_vocabulary import (
    BESIDE,
    ENDING,
    ENGLISH,
    FRENCH,
    GERMAN,
    GERMAN_ONES,
    GERMAN_TENS,
    OTHERWISE,
    PLAIN,
    WEAK,
    Language,
)
from quaestor.tools.text.words import fold


@dataclass(frozen=True, slots=True)
class Worded:
    """A number in words and where it stands."""

    value: Fraction
    start: int
    end: int
    lone: bool
    """A single word that is also something else ("one", "second"): too weak to be required."""


LONGEST = 60
"""Digits behind a decimal point, or half the letters of a German compound."""

_TOKEN = re.compile(r"[^\W\d_]+")
_CLOSED = re.compile(r"\s*(?:[.;:!?)\]]|$)")
_GAP = re.compile(r"[\s\u00a0\u202f]+|[-\u2010\u2011]|,\s+")
_DE_ORDINAL = re.compile(r"(.*?)(erste|dritte|sechste|siebte|achte|ste|te)[nrsm]?")
_DE_IRREGULAR = {"erste": 1, "dritte": 3, "sechste": 6, "siebte": 7, "achte": 8}


def worded(text: str) -> list[Worded]:
    """Return the numbers in words of a text in order; of two that overlap, the longer.

    Example:
        >>> [int(n.value) for n in worded("nineteen thirty-two, deux mille dix-neuf")]
        [1932, 2019]
    """
    tokens = [(_bare(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    found: list[Worded] = []
    for language in (ENGLISH, FRENCH, GERMAN):
        at = 0
        while at < len(tokens):
            if not _may_start(language, tokens[at][0]):
                at += 1
                continue
            run = _Run(language, text, tokens, at)
            if run.read():
                found.append(run.result())
            at = max(run.at, at + 1)
    kept: list[Worded] = []
    for number in sorted(found, key=lambda n: (n.start - n.end, n.start)):
        if not any(n.start < number.end and number.start < n.end for n in kept):
            kept.append(number)
    return sorted(kept, key=lambda n: n.start)


def _may_start(language: Language, word: str) -> bool:
    if word in language.scales or word in language.hundred or word == language.minus:
        return True
    return word in language.units or (language is GERMAN and _german(word) is not None)


def _bare(word: str) -> str:
    return fold(word).replace("ß", "ss")


class _Run:
    """Reads one number from a list of words, as far as it goes."""

    def __init__(
        self, language: Language, text: str, tokens: list[tuple[str, int, int]], at: int
    ) -> None:
        self.language = language
        self.text = text
        self.tokens = tokens
        self.first = at
        self.at = at
        self.total = 0
        self.current = 0
        self.last = ""
        self.fraction = Fraction(0)
        self.times = 1
        self.negative = False
        self.words = 0

    def read(self) -> bool:
        """Take words while they continue a number; False where there is none."""
        if self.tokens[self.at][0] == self.language.minus:
            self.negative = True
            self.at += 1
        while self.at < len(self.tokens) and (not self.words or self._touches(self.at)):
            if self._take(self.tokens[self.at][0]):
                self.at += 1
            elif not self._join():
                break
        if self.words and self._touches(self.at) and self._word() == self.language.point:
            self._decimals()
        return self.words > 0

    def result(self) -> Worded:
        whole = (self.total + self.current + self.fraction) * self.times
        lone = self.at - self.first == 1 and self._weak()
        return Worded(
            value=-whole if self.negative else whole,
            start=self.tokens[self.first][1],
            end=self.tokens[self.at - 1][2],
            lone=lone,
        )

    def _weak(self) -> bool:
        """Return whether the only word may be something else here."""
        word, start, end = self.tokens[self.first]
        if word not in WEAK or self.text[start].isupper():
            return word in WEAK
        before = self.tokens[self.first - 1][0] if self.first else ""
        if word in PLAIN:
            digits = self.text[:start].rstrip()[-1:].isdigit()
            return before in BESIDE or before in ENGLISH.units or digits
        last = word in ENDING and _CLOSED.match(self.text, end)
        return not last or before in OTHERWISE or before.endswith("est") or not before

    def _word(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def _touches(self, at: int) -> bool:
        """Return whether only a space or a hyphen (a comma after a scale) stands before."""
        if not 0 < at < len(self.tokens):
            return False
        gap = self.text[self.tokens[at - 1][2] : self.tokens[at][1]]
        if gap.startswith(",") and self.last != "scale":
            return False
        return _GAP.fullmatch(gap) is not None

    def _join(self) -> bool:
        """Step over an "and" that stands inside a number."""
        after = self.at + 1
        if self._word() not in self.language.joins or not self._touches(after):
            return False
        value = self.language.units.get(self.tokens[after][0])
        french = self.language is FRENCH
        fits = (value in (1, 11) and self.last == "ten") if french else self.last in _BIG
        if value is None or not fits:
            return False
        self.at = after
        return True

    def _take(self, word: str) -> bool:
        if word in self.language.hundred:
            if self.last not in ("", "unit", "teen", "scale"):
                return False
            self.current = (self.current or 1) * 100
            return self._took("hundred")
        scale = self.language.scales.get(word)
        if scale:
            if self.last == "scale" and not self.current and self.total < scale:
                self.total *= scale  # a thousand million
            else:
                self.total += (self.current or 1) * scale
            self.current = 0
            return self._took("scale")
        value = _german(word) if self.language is GERMAN else self.language.units.get(word)
        return value is not None and self._add(value)

    def _add(self, value: int) -> bool:
        kind = "unit" if value < 10 else "teen" if value < 20 else "ten"
        if self.language is GERMAN:
            fits = self.last in ("", "scale")
        elif self.last in ("", *_BIG):
            fits = True
        elif self.language is FRENCH:
            return self._french(value, kind)
        elif self.last == "ten" and kind == "unit":
            fits = True
        elif self.language.pairs and 10 <= self.current < 100 and self.last != "unit":
            fits = kind != "unit" or self._word() == "oh"
            self.current *= 100 if fits else 1
        elif self.last == "oh" and kind == "unit":
            fits = True
        else:
            fits = False
        if fits:
            self.current += value
            self._took("oh" if self._word() == "oh" else kind)
        return fits

    def _french(self, value: int, kind: str) -> bool:
        """Add to a French number: quatre-vingt-dix, soixante et onze, dix-sept."""
        rest = self.current % 100
        if self.last == "unit" and rest == 4 and self._word() in _SCORE:
            self.current += 76
            return self._took("ten")
        small = kind == "unit" and (self.last == "ten" or (rest % 20 == 10 and value >= 7))
        if small or (self.last == "ten" and rest in (60, 80) and 10 <= value <= 16):
            self.current += value
            return self._took("ten" if value == 10 else kind)
        return False

    def _took(self, kind: str) -> bool:
        self.last = kind
        self.words += 1
        return True

    def _decimals(self) -> None:
        """Read what follows a decimal point: digit by digit, or as one number after zeros."""
        at = self.at + 1
        digits = ""
        while self._touches(at) and len(digits) < LONGEST:
            word = self.tokens[at][0]
            value = _german(word) if self.language is GERMAN else self.language.units.get(word)
            if value is None or value > 99:
                break
            digits += str(value)
            at += 1
        if digits:
            self.fraction = Fraction(int(digits), 10 ** len(digits))
            self.at = at
            if self._touches(at) and self._word() in self.language.scales:
                self.times = self.language.scales[self._word()]
                self.at += 1


_BIG = ("hundred", "scale")
_SCORE = ("vingt", "vingts", "vingtieme", "vingtsieme")


@lru_cache(maxsize=20_000)
def _german(word: str) -> int | None:
    """Return the value of a German compound: neunzehnhundertzweiunddreissig."""
    if len(word) > LONGEST * 2:
        return None
    value = _german_cardinal(word)
    ordinal = _DE_ORDINAL.fullmatch(word)
    if value is not None or ordinal is None:
        return value
    irregular = _DE_IRREGULAR.get(ordinal[2], 0)
    if not irregular:
        return _german_cardinal(ordinal[1]) if ordinal[1] != "ein" else None
    before = _german_cardinal(ordinal[1].removesuffix("und")) if ordinal[1] else 0
    return None if before is None else before + irregular


def _german_cardinal(word: str) -> int | None:
    if word in ("eine", "einen", "einem", "einer", "eines"):
        return 1
    for name, size in (("tausend", 1000), ("hundert", 100)):
        left, found, right = word.partition(name)
        if found:
            before = _german_cardinal(left) if left else 1
            after = _german_cardinal(right.removeprefix("und")) if right else 0
            return None if before is None or after is None else before * size + after
    ones, found, tens = word.rpartition("und")
    if found and tens in GERMAN_TENS and ones in GERMAN_ONES:
        return GERMAN_TENS[tens] + GERMAN_ONES[ones]
    if word.endswith("zehn") and word != "zehn":
        teen = GERMAN_ONES.get(word.removesuffix("zehn"))
        return None if teen is None else teen + 10
    if word in ("sech", "sieb"):
        return None
    return GERMAN_ONES.get(word, GERMAN_TENS.get(word))
