"""Which encoding the bytes of a page are in: UTF-8, what it declares, else what bytes suggest."""

import codecs
import re

from quaestor.tools.local.decoding import decode

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,30})""", re.IGNORECASE)
_HEAD = 4096  # bytes in which a declaration is looked for; browsers look at 1024
# Browsers read these labels as the larger set; other labels only if they name a plain charset
# (`unicode_escape` and the like are Python codecs, not encodings of pages).
_READ_AS = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "iso-8859-9": "cp1254",
    "macintosh": "mac_roman",
}
_CHARSET = re.compile(
    r"(iso-?8859-\d+|windows-?\d+|cp\d+|gb18030|big5(-hkscs)?|euc-\w+|koi8-[ru])$"
)


def decode_page(raw: bytes) -> tuple[str, str]:
    """Return the text of `raw` and the encoding it was read in.

    Bytes that do not fit become U+FFFD; nothing is refused here.

    Example:
        >>> decode_page('<meta charset="windows-1251">Мир'.encode("cp1251"))[1]
        'cp1251'
    """
    declared = _declared(raw)
    if declared and not _is_utf8(raw):
        return raw.decode(declared, errors="replace"), declared
    decoded = decode(raw)
    named = (change.removeprefix("encoding:") for change in decoded.changes if ":" in change)
    return decoded.raw, next(named, "utf-8")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _declared(raw: bytes) -> str:
    """Return the Python name of the encoding a page declares, if it is one of pages."""
    found = _DECLARED.search(raw[:_HEAD])
    if not found:
        return ""
    return known_encoding(found[1].decode("ascii"))


def known_encoding(name: str) -> str:
    """Return the Python name of an encoding of pages, empty for any other word.

    Example:
        >>> known_encoding("ISO-8859-1"), known_encoding("unicode_escape")
        ('cp1252', '')
    """
    label = name.strip().lower()
    if label in _READ_AS:
        return _READ_AS[label]
    if not _CHARSET.match(label):
        return ""
    try:
        return codecs.lookup(label).name
    except LookupError:
        return ""
