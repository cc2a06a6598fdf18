"""Names of a text: its capitalised words, less those that are capitals for another reason."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from quaestor.tools.text.dates import MONTHS, WEEKDAYS
from quaestor.tools.text.german import WORDS as GERMAN_WORDS
from quaestor.tools.text.german import is_determined, is_german
from quaestor.tools.text.scripts import without_cases
from quaestor.tools.text.sentences import sentences
from quaestor.tools.text.words import STOP_WORDS, fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Capitalised words that stand together, small particles between them left out."""

    text: str
    start: int
    end: int
    parts: tuple[str, ...]
    """Its words as they are compared."""
    stems: tuple[str, ...] = ()
    """The same without the endings of case, where the language declines names."""
    opens: bool = False
    """A single word that opens a sentence: it may be capitalised for that alone."""
    german: bool = False
    """A single word in a German text, where every noun has a capital."""


_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_BETWEEN = re.compile(
    r"[ \u00a0]|\. |[-–’']"
    r"|[ \u00a0](?:of|de|van|von|der|den|la|le|du|di|da|al|bin|ibn|y|i)[ \u00a0]"
)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"}
)
_OPENERS_TEXT = """
according accordingly actually additionally although among another apparently approximately
around as aside because besides born built consequently conversely currently despite earlier
either eventually every everything few finally first following formerly founded fourth
furthermore generally given hence historically however including indeed initially instead known
last late later latest like likewise located main many meanwhile moreover much named near nearly
neither never nevertheless next nobody none nonetheless notably nothing now oh ok once one only
originally otherwise overall part particularly people perhaps previously probably published
recently regarding released roughly second several similarly since so some sometimes soon
specifically still subsequently third though thus today together total traditionally two
typically ultimately unlike unlikely until upon usually various well whatever whereas whether
within without written yes yet
"""
_FOREIGN_TEXT = """
das dem den der die ein eine
à al alors après au aux avec ce ces cet cette chez comme con dans de del dell della depuis des du e
el elle elles en entre est esta este et il ils je la las le les leur leurs lo los lorsque mais nel
nella nous on ou où par para pendant per perché pero por pour puis qual quand que quel quelle questa
questo qui sa sans secondo según selon ses si son sous su sul sur tra un una une unos vers vous y
"""
"""Words that open a sentence in German, French, Italian and Spanish."""
_ELIDED = re.compile(r"(?i:[cdjlmnst]|qu|un|all|dell|nell|sull)['’](?![A-ZÀ-ÖØ-Þ])")
"""L'accord, and not L'Oréal."""
_OPENERS = frozenset(fold(word) for word in (_OPENERS_TEXT + _FOREIGN_TEXT).split())
"""Words that open a sentence and are no names."""


@lru_cache(maxsize=50_000)
def name_key(word: str) -> str:
    """Return a word of a name as it is compared: marks, case and possessive do not count."""
    return fold(unicodedata.normalize("NFC", word.lower()).translate(_LETTERS))


_PEOPLE = {
    "germany": "german",
    "france": "french",
    "spain": "spanish",
    "netherlands": "dutch",
    "holland": "dutch",
    "denmark": "danish",
    "greece": "greek",
    "wales": "welsh",
    "ireland": "irish",
    "scotland": "scottish",
    "england": "english",
    "britain": "british",
    "kingdom": "british",
    "states": "american",
    "turkey": "turkish",
    "switzerland": "swiss",
    "finland": "finnish",
    "sweden": "swedish",
    "poland": "polish",
    "thailand": "thai",
    "philippines": "filipino",
    "norway": "norwegian",
    "peru": "peruvian",
    "cyprus": "cypriot",
    "iceland": "icelandic",
}
_OF_PLACE = {**_PEOPLE, **{people: place for place, people in _PEOPLE.items()}}
_ENDINGS = ("n", "an", "ian", "i", "ese", "s", "ns")
SHORTEST_STEM = 4


@lru_cache(maxsize=20_000)
def akin(word: str) -> frozenset[str]:
    """Return the words that name the people of a place, or the place of a people.

    By ending (Syria, Syrian; Italy, Italian; Japan, Japanese), and a few that have none.
    """
    found = {_OF_PLACE[word]} if word in _OF_PLACE else set[str]()
    for stem in (word, word[:-1]):  # Syria and Ital-y to their people
        if len(stem) >= SHORTEST_STEM:
            found |= {stem + ending for ending in _ENDINGS}
    for ending in _ENDINGS:  # and back
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SHORTEST_STEM:
            found |= {stem, stem + "a", stem + "y"}
    return frozenset(found)


def name_words(text: str) -> frozenset[str]:
    """Return all words of a text as names are compared, and without the endings of case."""
    bare = without_cases(text)
    texts = (text,) if bare == text else (text, bare)
    return frozenset(name_key(match[0]) for one in texts for match in _TOKEN.finditer(one))


def names(text: str) -> list[Name]:
    """Return the names of a text in order; scripts without capitals have none here."""
    starts = {start for start, _ in sentences(text)}
    tokens = list(_TOKEN.finditer(text))
    german = is_german({match[0].lower() for match in tokens})
    found: list[list[re.Match[str]]] = []
    for match in tokens:
        if not _capitalised(match[0]):
            continue
        before = found[-1][-1] if found else None
        joined = before and _BETWEEN.fullmatch(text, before.end(), match.start())
        if german and joined and joined[0].strip() in ("der", "den"):
            joined = None  # the genitive of a noun
        if joined and match.start() not in starts:
            found[-1].append(match)
        else:
            found.append([match])
    made = (_name(text, run, starts, german=german) for run in found)
    return [name for name in made if name is not None]


def _capitalised(word: str) -> bool:
    return word[:1].isupper() and fold(word) not in _CALENDAR


_IN_LY = frozenset(
    """italy sicily thessaly anatoly beverly billy bradly connelly connolly donnelly elly emily
    holly kelly kimberly lily molly nelly o'reilly polly reilly sally tilly waverly willy""".split()
)
"""Names that end as adverbs do."""
_CALENDAR = frozenset(fold(word) for word in (*MONTHS, *WEEKDAYS) if len(word) > 3)


def _name(text: str, run: list[re.Match[str]], starts: set[int], *, german: bool) -> Name | None:
    opens = _opens(text, run[0].start(), starts)
    if opens and (_plain(run[0][0]) or (german and run[0][0].lower() in GERMAN_WORDS)):
        run = run[1:]
        opens = False
    if german and len(run) == 1 and is_determined(text, run[0].start()):
        return None
    run = [match for match in run if fold(match[0]) not in STOP_WORDS or len(run) > 2]
    if not run:
        return None
    return Name(
        text=text[run[0].start() : run[-1].end()],
        start=run[0].start(),
        end=run[-1].end(),
        parts=tuple(name_key(match[0]) for match in run),
        stems=tuple(name_key(without_cases(match[0])) for match in run),
        opens=opens and len(run) == 1,
        german=german and len(run) == 1,
    )


def _opens(text: str, at: int, starts: set[int]) -> bool:
    """Return whether a sentence, or what follows a colon or a quotation mark, starts here."""
    before = text[:at].rstrip(" \"'“‘«(")
    return at in starts or not before or before[-1] in ".!?:\n•*-–—|" or text[at - 1] in '"“«'


def _plain(word: str) -> bool:
    folded = fold(word)
    if folded in STOP_WORDS or folded in _OPENERS or _is_adverb(folded):
        return True
    return _ELIDED.match(word) is not None


def _is_adverb(folded: str) -> bool:
    return folded.endswith("ly") and folded not in _IN_LY
