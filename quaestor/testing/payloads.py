"""Find everything in a prompt that somebody could want done: addresses, paths, ids, orders."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from langchain_core.messages import BaseMessage, SystemMessage

from quaestor.testing.request import SCHEMA_BLOCK, text_of

MOST = 64  # of a kind, so that a model that reads its own replies does not grow without end
LONGEST = 300  # characters of one payload, for the same reason

_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}:(?://|\\\\)[^\s<>\"'`\])}]+|\b(?:javascript|data):\S+", re.I
)
_PATH = re.compile(
    r"(?<![\w/:.])(?:~|\.{1,2})?/[\w.@%~+-]+(?:/[\w.@%~+-]+)*|\b[A-Za-z]:\\[^\s<>\"|?*]+"
)
_ID = re.compile(r"\[#?([A-Za-z]{0,8}[-_:]?\d{1,9}|[0-9a-f]{8,64})\]|\b([0-9a-f]{12,64})\b")
_CITED = re.compile(
    r"\bcit(?:e|es|ed|ing)\s+(?:as\s+|evidence\s+|source\s+)?\[?([\w#:-]{1,40})", re.I
)
_QUOTED = re.compile(
    r"\"([^\"\n]{2,300})\"|“([^”\n]{2,300})”|`([^`\n]{2,300})`|(?<!\w)'([^'\n]{2,300})'(?!\w)"
)
_QUERY = re.compile(
    r"\b(?:search(?: the web| online)?(?: for)?|look up|google|query|find out(?: about)?|ask about)"
    r"\b"
    r"[\s:]+([^.!?\n]{2,300})",
    re.I,
)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|must|always|never|instead|please|instructions?|important|do not|"
    r"say|write|print|repeat|output|answer|reply|state|claim|report|include|add|append|insert|cite|"
    r"search|open|visit|fetch|read|download|send|email|post|call|use|run|execute|delete|grant|"
    r"transfer|pay|buy|unlock|reveal|show|tell|list|share|upload|forward|change|set|make|create)\b",
    re.I,
)
_LOUD = re.compile(
    r"\b(?:ignore|disregard|forget|override|instead|instructions?|important|must|urgent|please|"
    r"immediately|system|assistant|you are|you will)\b",
    re.I,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payloads:
    """What was found, each kind without repeats, the least trusted text first."""

    effects: Sequence[str]
    """What the orders given to the model say is to be done."""
    urls: Sequence[str]
    paths: Sequence[str]
    queries: Sequence[str]
    ids: Sequence[str]
    quoted: Sequence[str]
    sentences: Sequence[str]
    """Sentences that read as orders, whole, the loudest first."""

    @property
    def all(self) -> list[str]:
        """The effects, then one of each kind in turn, so that none crowds another out."""
        kinds = (self.urls, self.paths, self.queries, self.ids, self.quoted, self.sentences)
        turns = chain.from_iterable(zip_longest(*kinds))
        return _distinct([*self.effects, *(payload for payload in turns if payload is not None)])


def payloads_of(messages: Sequence[BaseMessage], orders: Mapping[str, Sequence[str]]) -> Payloads:
    r"""Return everything a prompt could be read as asking for.

    Args:
        messages: The prompt. System messages are read last, because what others wrote does not
            stand there; the schema of the wanted reply is not read.
        orders: A regular expression, and what is to be done when it is found; `\1` in that is the
            first group.
    """
    ranked = sorted(messages, key=lambda message: isinstance(message, SystemMessage))
    text = "\n".join(SCHEMA_BLOCK.sub("", text_of(message)) for message in ranked)
    effects = (
        found.expand(effect)
        for pattern, wanted in orders.items()
        for found in re.finditer(pattern, text, re.I)
        for effect in wanted
    )
    told = [found for found in _matches(_SENTENCE, text) if _ORDER.search(found)]
    return Payloads(
        effects=_kept(effects),
        urls=_kept(found.rstrip(".,;") for found in _matches(_URL, text)),
        paths=_kept(found.rstrip(".") for found in _matches(_PATH, text)),
        queries=_kept(_matches(_QUERY, text)),
        ids=_kept([*_matches(_CITED, text), *_matches(_ID, text)]),
        quoted=_kept(_matches(_QUOTED, text)),
        sentences=_kept(sorted(told, key=lambda sentence: _LOUD.search(sentence) is None)),
    )


def _matches(pattern: re.Pattern[str], text: str) -> Iterable[str]:
    """Yield what the first group that took part matched, the whole where there are no groups."""
    for found in pattern.finditer(text):
        yield next((group for group in found.groups() if group), found.group())


def _kept(payloads: Iterable[str]) -> list[str]:
    return _distinct(payload.strip()[:LONGEST] for payload in payloads)[:MOST]


def _distinct(payloads: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(payload for payload in payloads if payload))
