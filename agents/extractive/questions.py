"""The form of a question: what kind of answer it wants, between what, about which names."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from quaestor.agents.extractive.languages import language_of
from quaestor.agents.extractive.lexicon import generic, head_kind
from quaestor.agents.extractive.names import Name, folded, names
from quaestor.agents.extractive.options import options_of
from quaestor.memory.plan import AnswerType
from quaestor.tools.text.words import content_terms, words

Direction = Literal["least", "most", ""]

_AUXILIARIES = frozenset(
    """is are was were do does did has have had can could will would should may might must isn't
    aren't wasn't weren't doesn't didn't""".split()
)
_REPORT = re.compile(
    r"^\W*(?:please\s+)?(?:compare|summari[sz]e|explain|describe|list|write|give|outline|discuss|"
    r"analy[sz]e|review|prepare|report|collect|research|investigate|evaluate|assess|provide|"
    r"draft|produce|find\s+all|tell\s+me\s+about)\b",
    re.IGNORECASE,
)
_WH = re.compile(
    r"\b(who|whom|whose|where|when|why|how\s+(?:many|much|long|old|tall|high|large|big|far|deep|"
    r"often|fast|heavy|wide)|how|which|what)\b",
    re.IGNORECASE,
)
_LEAST = frozenset(
    """earlier earliest first older oldest before elder eldest smaller smallest fewer fewest less
    least shorter shortest lower lowest cheaper cheapest sooner""".split()
)
_MOST = frozenset(
    """later latest last younger youngest newer newest recent after more most larger largest bigger
    biggest longer longest higher highest greater greatest taller tallest dearer""".split()
)
_BY_WH: dict[str, AnswerType] = {
    "who": "name",
    "whom": "name",
    "whose": "name",
    "where": "place",
    "when": "date",
    "why": "text",
    "how": "text",
}
_NEXT_QUESTION = re.compile(
    r"(?<=\?)\s+|[,;]?\s+and\s+(?=(?:what|who|when|where|why|how\s+\w+|which)\s+"
    r"(?:\w+\s+){0,2}(?:is|are|was|were|do|does|did|has|have|can|must|will|should|much|many)\b)",
    re.IGNORECASE,
)
_NEXT_THING = re.compile(r"(?<=[?;\n])\s+|\s+(?=\d[.)]\s)")
_AS_OF = re.compile(
    r"\b(?:as of|as at|up to|until|before|after|since|in|by)\s+(?:the end of\s+)?"
    r"(?:\d{1,2}\s+)?(?:[A-Z][a-z]+\s+)?(?:\d{1,2},?\s+)?\d{4}\b"
)
RESOLVED_LAST = 0.1
"""Nearness of a relation that the form of a question shows to be resolved last."""
_TO_BE = re.compile(
    r"^\W*(?:is|are|was|were|did|does|do)\s+(?:the|a|an|his|her|its)?\s*", re.IGNORECASE
)
_OF = re.compile(r"\b(?:of|for|by|from|that|which|who|where|in|on|at|to)\b", re.IGNORECASE)


_WHAT_IS = re.compile(
    r"^\W*what(?:['’]s|\s+(?:is|are|was|were))\s+(?:(?:the|an?|my|his|her|its|our|their)\s+|"
    r"[^?]*?\w['’]s?\s+)([\w -]+?)(?:\s+(?:of|for|in|at|on|to|from|by|per|with|about)\b.*)?\W*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, read."""

    text: str
    flat: str
    """Its folded words, a space before, between and after."""
    answer_type: AnswerType
    options: tuple[str, ...]
    direction: Direction
    """Of a choice: whether the least or the most of what is compared wins."""
    names: tuple[Name, ...]
    terms: dict[str, float]
    """Content terms and how much each tells passages apart."""
    relations: tuple[str, ...]
    """The content terms outside its names, in order: what is asked of whom."""
    nearness: dict[str, float]
    """Of each relation term: 1 beside a name of the question, less further away."""
    head: tuple[str, ...]
    """The content terms of X in 'what is the X of ...'; empty for other forms."""
    parts: tuple[str, ...]
    constraints: tuple[str, ...]
    """Conditions on time, in the question's words."""
    language: str


@lru_cache(maxsize=512)
def read_question(text: str) -> Question:
    """Return the form of a question."""
    language = language_of(text)
    options = options_of(text) if language == "en" else ()
    found = tuple(_names(text))
    kind = _answer_type(text, options) if language == "en" else "text"
    relations = _relations(text, found)
    return Question(
        text=text,
        flat=f" {folded(text)} ",
        answer_type=kind,
        options=options if kind in ("choice", "yes_no") or len(options) > 2 else (),
        direction=_direction(text) if kind == "choice" else "",
        names=found,
        terms=_weights(text, found),
        relations=relations,
        nearness=_nearness(text, found),
        head=_head(text),
        parts=_parts(text, kind),
        constraints=tuple(match[0] for match in _AS_OF.finditer(text)),
        language=language,
    )


def _names(text: str) -> list[Name]:
    """Return the names, without the question word a capital made one of."""
    skip = {"name", "list", "please", "compare", "summarize", "summarise", "explain", "describe"}
    return [
        name
        for name in names(text, titles=True)
        if not (name.initial and name.key in skip) and not _in_brackets(text, name)
    ]


def _in_brackets(text: str, name: Name) -> bool:
    """Tell what only says which of that name is meant: '(1954 film)'."""
    return text[: name.start].rstrip("0123456789 ").endswith("(")


def _answer_type(text: str, options: tuple[str, ...]) -> AnswerType:
    if _REPORT.search(text) or (len(_sentences_asked(text)) > 1 and len(text) > 300):
        return "report"
    first = text.strip().split(maxsplit=1)[0].lower().strip("\"'(") if text.strip() else ""
    wh = _WH.search(text)
    if first in _AUXILIARIES and (wh is None or not _asks_later(text)):
        return "choice" if options and re.search(r"\bor\b", text) else "yes_no"
    if len(options) >= 2 and (re.search(r"\bor\b", text) or _direction(text)):
        return "choice"
    return _by_question_word(text)


def _asks_later(text: str) -> bool:
    """Tell a question that only begins like yes or no: '... , and when was it?'."""
    return bool(re.search(r"[,;]\s*(?:and\s+)?(?:who|when|where|how|what|which)\b[^,]*\?", text))


def _sentences_asked(text: str) -> list[str]:
    return [part for part in re.findall(r"[^?]+\?", text) if part.strip()]


def _by_question_word(text: str) -> AnswerType:
    asked = list(_WH.finditer(text))
    if not asked:
        return "report" if len(text.split()) > 25 else "text"
    chosen = next((m for m in asked if not _is_relative(text, m)), asked[-1])
    word = " ".join(chosen[1].lower().split())
    if word.startswith("how "):
        return "number"
    if word in ("which", "what"):
        return _by_head(text, chosen)
    return _BY_WH[word]


def _is_relative(text: str, match: re.Match[str]) -> bool:
    """Tell 'the film which won' from 'which film won'."""
    if match.start() == 0 or match[1][0].isupper():
        return False
    before = text[: match.start()].rstrip()
    last = before.rsplit(maxsplit=1)[-1].lower().strip("\"'(") if before else ""
    if last in ("in", "on", "at", "of", "to", "by", "from", "for", "with", "is", "was", "did"):
        return False
    return before[-1:] not in (",", "?", ".", ":", ";") if before else False


def _by_head(text: str, match: re.Match[str]) -> AnswerType:
    """Read the nouns after 'what', or after 'what is the', up to the first 'of'."""
    rest = text[match.end() :]
    rest = _TO_BE.sub("", rest)
    stop = _OF.search(rest)
    head = rest[: stop.start()] if stop and stop.start() > 0 else rest
    found: list[AnswerType | None] = [head_kind(word.term) for word in words(head)[:5]]
    known: list[AnswerType] = [kind for kind in found if kind is not None]
    if known and re.match(r"\W*(?:is|are|was|were)\b", text[match.end() :]):
        return known[-1]
    return known[0] if known else "text"


def _direction(text: str) -> Direction:
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _LEAST:
            return "least"
        if word in _MOST:
            return "most"
    return ""


def _weights(text: str, found: tuple[Name, ...]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for word in words(text):
        if word.stop:
            continue
        named = any(name.start <= word.start < name.end for name in found)
        weight = 2.0 if named else 0.4 if word.term in generic() else 1.0
        weights[word.term] = max(weight, weights.get(word.term, 0.0))
    return weights


def _relations(text: str, found: tuple[Name, ...]) -> tuple[str, ...]:
    outside = [
        word.term
        for word in words(text)
        if not word.stop and not any(name.start <= word.start < name.end for name in found)
    ]
    return tuple(dict.fromkeys(outside))


def _nearness(text: str, found: tuple[Name, ...]) -> dict[str, float]:
    """Return how near each term stands to a name: the relation to be resolved first is nearest."""
    content = [word for word in words(text) if not word.stop]
    named = [
        i
        for i, word in enumerate(content)
        if any(name.start <= word.start < name.end for name in found)
    ]
    near: dict[str, float] = {}
    for i, word in enumerate(content):
        distance = min((abs(i - j) for j in named), default=2)
        near[word.term] = max(near.get(word.term, 0.0), 0.75 ** max(0, distance - 1))
    return near | dict.fromkeys(_last_asked(text, found), RESOLVED_LAST)


def _last_asked(text: str, found: tuple[Name, ...]) -> list[str]:
    """Return the terms of the last relation to be resolved, where the form tells.

    Of 'who is the buyer for the firm that ...' it is 'buyer'; of 'where was the founder of Acme
    born' it is what stands behind the last name.
    """
    wh = _WH.search(text)
    if wh is None or (wh.start() > 0 and _is_relative(text, wh)):
        return []
    if wh[1].lower() in ("when", "where", "why") or wh[1].lower().startswith("how"):
        behind = max((name.end for name in found), default=len(text))
        return [word.term for word in words(text[behind:]) if not word.stop][:2]
    rest = _TO_BE.sub("", text[wh.end() :])
    stop = _OF.search(rest)
    head = rest[: stop.start()] if stop and stop.start() > 0 else ""
    named = [name.text for name in found]
    return [
        word.term
        for word in words(head)
        if not word.stop and not any(head[word.start : word.end] in name for name in named)
    ]


def _head(text: str) -> tuple[str, ...]:
    match = _WHAT_IS.match(text)
    found = tuple(content_terms(match[1])) if match else ()
    return () if generic().issuperset(found) else found


def _parts(text: str, kind: AnswerType) -> tuple[str, ...]:
    """Return the things asked: one, or those joined by '?' or by 'and' and a question word."""
    pattern = _NEXT_THING if kind == "report" else _NEXT_QUESTION
    asked = [part.strip(" ,;") for part in pattern.split(text.strip())]
    parts = [part for part in asked if content_terms(part)]
    if len(parts) < 2 or (kind != "report" and any(_WH.search(part) is None for part in parts)):
        return (text.strip(),)
    return tuple(part if part.endswith("?") or kind == "report" else f"{part}?" for part in parts)


def relation_query(question: Question, limit: int = 6) -> str:
    """Return the words outside the names as they stand in the question, at most `limit`."""
    kept = [
        question.text[word.start : word.end]
        for word in words(question.text)
        if word.term in question.relations
    ]
    return " ".join(dict.fromkeys(kept[:limit]))
