"""Which encoding the bytes of a page are in: its BOM, UTF-8, what it declares, else a guess."""

import codecs
import re

from charset_normalizer import from_bytes

_SAMPLE = 65_536  # bytes the guess looks at: more costs seconds and changes nothing
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,30})""", re.IGNORECASE)
_FEW = 16  # bytes outside ASCII below which a guess is a lottery: browsers read windows-1252
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
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
    for bom, name in _BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(name, errors="replace"), name
    wide = _utf16_without_bom(raw)
    if wide:
        return raw.decode(wide, errors="replace"), wide
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        name = _declared(raw) or _guessed(raw)
        return raw.decode(name, errors="replace"), name


def _utf16_without_bom(raw: bytes) -> str:
    """Return the UTF-16 whose every other byte is nearly always NUL, as markup makes it."""
    head = raw[:1024]
    half = len(head) // 2
    if half < 4:
        return ""
    low, high = head[1::2].count(0), head[0::2].count(0)
    if low > 0.7 * half and high < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if high > 0.7 * half and low < 0.1 * half else ""


def _declared(raw: bytes) -> str:
    found = _DECLARED.search(raw[:4096])
    if not found:
        return ""
    label = found[1].decode("ascii").lower()
    if label in _READ_AS:
        return _READ_AS[label]
    if not _CHARSET.match(label):
        return ""
    try:
        return codecs.lookup(label).name
    except LookupError:
        return ""


def _guessed(raw: bytes) -> str:
    sample = raw[:_SAMPLE]
    if sum(byte > 127 for byte in sample) < _FEW:
        return "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best else "utf-8"
