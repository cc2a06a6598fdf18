"""The words numbers are made of, by language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What the numbers of a language are made of, folded."""

    units: Mapping[str, int]
    """0 to 99, as far as they are words of their own; ordinals count as their number."""
    scales: Mapping[str, int]
    hundred: frozenset[str]
    joins: frozenset[str]
    """What may stand between the parts of one number."""
    point: str
    minus: str
    pairs: bool = False
    """Two two-digit numbers make a year: nineteen thirty-two."""


def _count(text: str, start: int = 0, step: int = 1) -> dict[str, int]:
    return {word: start + i * step for i, word in enumerate(text.split())}


_EN_UNITS = {
    **_count(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen"
    ),
    **_count("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
    **_count(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
        1,
    ),
    **_count(
        "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth", 20, 10
    ),
    "oh": 0,
    "dozen": 12,
}
ENGLISH = Language(
    units=_EN_UNITS,
    scales={
        **{f"thousand{end}": 10**3 for end in ("", "s", "th")},
        **{f"million{end}": 10**6 for end in ("", "s", "th")},
        **{f"billion{end}": 10**9 for end in ("", "s", "th")},
        **{f"trillion{end}": 10**12 for end in ("", "s", "th")},
        **{f"lakh{end}": 10**5 for end in ("", "s")},
        **{f"crore{end}": 10**7 for end in ("", "s")},
    },
    hundred=frozenset({"hundred", "hundreds", "hundredth"}),
    joins=frozenset({"and"}),
    point="point",
    minus="minus",
    pairs=True,
)

_FR_UNITS = {
    **_count(
        "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
        "seize"
    ),
    **_count("vingt trente quarante cinquante soixante", 20, 10),
    **_count("septante huitante nonante", 70, 10),
    **_count("premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme", 1),
    **_count("neuvieme dixieme onzieme douzieme treizieme quatorzieme quinzieme seizieme", 9),
    **_count("vingtieme trentieme quarantieme cinquantieme soixantieme", 20, 10),
    "une": 1,
    "unieme": 1,
    "premiere": 1,
    "octante": 80,
    "septantieme": 70,
    "huitantieme": 80,
    "nonantieme": 90,
    "vingts": 20,
    "vingtsieme": 20,
}
FRENCH = Language(
    units=_FR_UNITS,
    scales={
        "mille": 10**3,
        "millieme": 10**3,
        **{f"million{end}": 10**6 for end in ("", "s")},
        **{f"milliard{end}": 10**9 for end in ("", "s")},
    },
    hundred=frozenset({"cent", "cents", "centieme", "centsieme"}),
    joins=frozenset({"et"}),
    point="virgule",
    minus="moins",
)

GERMAN_ONES = {
    **_count("null ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf"),
    "eins": 1,
    "sech": 6,
    "sieb": 7,
}
GERMAN_TENS = {
    **_count("zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig", 20, 10),
}
GERMAN = Language(
    units={},  # compounds: read by `_german`
    scales={
        "million": 10**6,
        "millionen": 10**6,
        "milliarde": 10**9,
        "milliarden": 10**9,
        "billion": 10**12,
        "billionen": 10**12,
    },
    hundred=frozenset(),
    joins=frozenset(),
    point="komma",
    minus="minus",
)

WEAK = frozenset(
    {
        *("one", "oh", "dozen", "first", "second", "hundred", "hundreds", "thousand", "thousands"),
        *("million", "millions", "billion", "billions", "trillion", "trillions"),
        *("lakh", "lakhs", "crore", "crores", "ein", "eine", "einen", "einem", "einer", "eines"),
        *("eins", "elf", "null", "acht", "un", "une", "cent", "cents", "sept", "mille"),
    }
)
"""Alone, these are articles, nouns or parts of something else more often than numbers."""
PLAIN = frozenset({"eins", "elf", "acht", "sept", "cent", "mille"})
"""Weak words that are numbers all the same, unless in capitals or beside one of `BESIDE`."""
BESIDE = frozenset({"per", "pour", "pro", "par", "the", "an", "a", "ausser"})
ENDING = frozenset({"one", "first", "second", "un", "une"})
"""Weak words that are numbers where nothing follows: articles and adjectives want a noun."""
OTHERWISE = frozenset(
    """a an the this that these those each every any which no not another other at per by to in
    new old last only same such next right wrong good bad big small better worse larger bigger
    smaller older newer earlier later former higher lower greater longer shorter""".split()
)
"""Before such a last word, they make it a pronoun or a unit of time: the new one, at first."""
