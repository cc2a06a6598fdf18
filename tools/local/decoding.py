"""Bytes of a file to text: byte order mark, UTF-8, else the encoding its bytes suggest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import charset_normalizer

from quaestor.memory.text import normalise
from quaestor.tools.local.kinds import wide_encoding

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_ASKED = (
    "cp1252 cp1250 cp1251 koi8_r cp1253 cp1254 cp1255 cp1256 cp1257 cp932 euc_jp gb18030 big5 cp949"
).split()
"""What files of before UTF-8 are really written in; asking for all finds rarities in them."""
_FEW_BYTES = 16
_OTHER_LATIN = frozenset({"cp1250", "cp1254", "cp1257"})
"""They differ from Western European in a few letters only."""
_WRITTEN_IN_THEM = frozenset(
    {"Czech", "Slovak", "Polish", "Hungarian", "Romanian", "Slovene", "Croatian"}
    | {"Turkish", "Lithuanian", "Latvian", "Estonian"}
)
# No Western European text: a sign inside a word ("Za¿ó³æ"), or the carons of Czech and its kin.
_NOT_WESTERN = re.compile(
    rb"[A-Za-z\xc0-\xff][\xa1-\xac\xae-\xb6\xb8-\xbf][A-Za-z\xc0-\xff]|[\x8a\x8e\x9a\x9e]"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[A-Za-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of a file before normalisation, and what decoding did."""

    raw: str
    changes: Mapping[str, int]
    """`bom` if a byte order mark was taken off, `encoding:NAME` if it was not UTF-8."""


def decode(data: bytes) -> Decoded:
    """Return the text of a file's bytes; never fails, as Latin-1 reads anything."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            changes = {"bom": 1} if encoding == "utf-8" else {"bom": 1, f"encoding:{encoding}": 1}
            return Decoded(raw=data[len(mark) :].decode(encoding, "replace"), changes=changes)
    wide = wide_encoding(data)
    if wide is not None:
        return Decoded(raw=data.decode(wide, "replace"), changes={f"encoding:{wide}": 1})
    try:
        return Decoded(raw=data.decode("utf-8"), changes={})
    except UnicodeDecodeError:
        encoding = _guess(data)
        return Decoded(raw=data.decode(encoding), changes={f"encoding:{encoding}": 1})


def normalised(decoded: str, changes: Mapping[str, int]) -> tuple[str, dict[str, int]]:
    """Return the normalised text with all that was changed on the way."""
    done = normalise(decoded)
    return done.text, {**changes, **done.changes}


def _guess(data: bytes) -> str:
    western = _western(data)
    high = len(_HIGH.findall(data))
    plausible = high * 2 < len(_LETTER.findall(data)) and not _NOT_WESTERN.search(data)
    if plausible and high < _FEW_BYTES:
        return western  # too little to go by: a few accents among plain letters
    best = charset_normalizer.from_bytes(data, cp_isolation=list(_ASKED)).best()
    if best is None or "cp1252" in {best.encoding, *best.could_be_from_charset}:
        return western
    if plausible and best.encoding in _OTHER_LATIN and best.language not in _WRITTEN_IN_THEM:
        return western
    return best.encoding


def _western(data: bytes) -> str:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252" if re.search(rb"[\x80-\x9f]", data) else "latin-1"
