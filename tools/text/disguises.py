"""A text as it reads once a simple disguise is taken off: codes, look-alikes, spaced letters.

For the outgoing gate (tools/web/gate.py). Nothing here decides anything.
"""

import base64
import binascii
import codecs
import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote

DEPTH = 2
"""Disguises inside one another that are taken off."""
MOST_VIEWS = 64
_LEAST = 4
"""Letters of a decoded or joined stretch: fewer mean nothing."""

_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_BASE64 = (re.compile(r"[A-Za-z0-9+/_-]{6,}"), re.compile(r"[A-Za-z0-9+_-]{6,}"))
"""With the slash, which is one of its letters, and without: a path may hold a code as a part."""
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[\s:]?){4,}")
_SPACED = re.compile(r"(?<!\w)\w(?:[ .\-_*·]\w){3,}(?!\w)")
_PAIRS = """
аa вb сc ԁd еe ɡg һh іi јj кk ӏl мm нh оo рp ԛq ѕs тt уy ѵv ԝw хx ɑa ıi
АA ВB СC ЕE НH ІI ЈJ КK МM ОO РP ЅS ТT УY ХX
αa βb εe γy ηn ιi κk νv οo ρp τt υu χx ωw ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX
"""
_LOOK_ALIKES = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
"""Letters of other alphabets, each with the Latin one it is taken for."""
_ASCII = {
    code: " " if chr(code).isspace() else None
    for code in range(128)
    if unicodedata.category(chr(code)) in _UNSEEN
}


def cleaned(text: str) -> str:
    """Return text in NFKC without what is not seen: zero-width, bidi, tag, control characters."""
    if text.isascii():
        return text.translate(_ASCII)
    spaced = "".join(" " if ch.isspace() else ch for ch in unicodedata.normalize("NFKC", text))
    return "".join(ch for ch in spaced if unicodedata.category(ch) not in _UNSEEN)


def joined(text: str) -> str:
    """Return text with letters that stand apart put together.

    Example:
        >>> joined("the Q u a y side")
        'the Quay side'
    """
    return _SPACED.sub(lambda match: re.sub(r"[ .\-_*·]", "", match[0]), text)


def views(text: str) -> list[str]:
    """Return a text and what it may stand for, each once, the text itself first."""
    found = [cleaned(text)]
    layer = list(found)
    for _ in range(DEPTH):
        layer = [new for one in layer for undo in _UNDO for new in undo(one)]
        layer = [one for one in dict.fromkeys(layer) if one.strip() and one not in found]
        found = [*found, *layer][:MOST_VIEWS]
    return found


def _percent(text: str) -> Iterator[str]:
    if "%" in text or "+" in text:
        yield cleaned(unquote(text.replace("+", " ")))


def _base64(text: str) -> Iterator[str]:
    runs = [run for pattern in _BASE64 for run in pattern.findall(text)]
    for run in dict.fromkeys(runs):
        code = run.replace("-", "+").replace("_", "/")
        with contextlib.suppress(binascii.Error):
            yield from _text(base64.b64decode(code + "=" * (-len(code) % 4)))


def _hex(text: str) -> Iterator[str]:
    for match in _HEX.finditer(text):
        yield from _text(bytes.fromhex(re.sub(r"[\s:]", "", match[0])))


def _text(code: bytes) -> Iterator[str]:
    with contextlib.suppress(UnicodeDecodeError):
        text = code.decode("utf-8")
        if len(text) >= _LEAST and text.isprintable():
            yield cleaned(text)


def _rot13(text: str) -> Iterator[str]:
    yield codecs.encode(text, "rot13")


def _reversed(text: str) -> Iterator[str]:
    yield text[::-1]


def _look_alikes(text: str) -> Iterator[str]:
    if not text.isascii():
        yield text.translate(_LOOK_ALIKES)


def _joined(text: str) -> Iterator[str]:
    yield joined(text)


_UNDO: tuple[Callable[[str], Iterator[str]], ...] = (
    _percent,
    _look_alikes,
    _joined,
    _base64,
    _hex,
    _rot13,
    _reversed,
)
