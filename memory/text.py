"""Text as it is stored: normalised once at entry and hashed after that."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalised:
    """Text that is safe to store, and what was changed to make it so."""

    text: str
    changes: Mapping[str, int]
    """How many: `nul` removed, `surrogate` replaced, `nfc` characters composed."""


def normalise(raw: str) -> Normalised:
    """Return `raw` in NFC without NUL characters and lone surrogates.

    A lone surrogate becomes U+FFFD: stores silently turn it into '?', which would break a
    span after a resume. Line ends stay as they are.
    """
    changes: dict[str, int] = {}
    nul = raw.count("\x00")
    text = raw.replace("\x00", "") if nul else raw
    surrogates = sum(1 for ch in text if "\ud800" <= ch <= "\udfff") if not text.isascii() else 0
    if surrogates:
        text = "".join("\ufffd" if "\ud800" <= ch <= "\udfff" else ch for ch in text)
    composed = unicodedata.normalize("NFC", text)
    if nul:
        changes["nul"] = nul
    if surrogates:
        changes["surrogate"] = surrogates
    if composed != text:
        changes["nfc"] = abs(len(text) - len(composed)) or 1
    return Normalised(text=composed, changes=changes)


def sha256(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(value: Any) -> str:
    """Return the one JSON text of a JSON-plain value: sorted keys, no spaces, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def content_id(*parts: Any, length: int = 64) -> str:
    """Return the first `length` hex digits of the SHA-256 of the parts' canonical JSON."""
    return sha256(canonical(list(parts)))[:length]
