"""What parent and child say to each other: a JSON header and parts of bytes, lengths before each.

The child reads hostile files, so the parent believes nothing of its answer before it is checked.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO, cast

from quaestor.memory.documents import LOCATION_KINDS, Location
from quaestor.tools.local.parsing.parsed import MOST_CHARS, MOST_PARTS, Parsed

_LENGTH = struct.Struct(">I")
_MOST_HEADER = 100_000
MOST_PART = 200_000_000
"""Bytes of one part of a frame."""


class FrameError(Exception):
    """The other side stopped, or said something that is no frame."""


def write_frame(stream: BinaryIO, header: Mapping[str, Any], parts: Sequence[bytes] = ()) -> None:
    """Write a header and its parts."""
    head = json.dumps({**header, "parts": [len(part) for part in parts]}).encode()
    stream.write(_LENGTH.pack(len(head)) + head)
    for part in parts:
        stream.write(part)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    """Return the next header and its parts.

    Raises:
        FrameError: The stream ends, or holds no frame.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > _MOST_HEADER:
        raise FrameError("its header is too long")
    try:
        header: object = json.loads(_exactly(stream, length))
    except ValueError:
        raise FrameError("its header is no JSON") from None
    if not isinstance(header, dict):
        raise FrameError("its header is no object")
    known = cast("dict[str, Any]", header)
    sizes: object = known.pop("parts", [])
    if not isinstance(sizes, list) or len(cast("list[object]", sizes)) > 2:
        raise FrameError("its parts are not counted")
    return known, [_exactly(stream, _size(one)) for one in cast("list[object]", sizes)]


def answer_of(parsed: Parsed) -> tuple[dict[str, Any], list[bytes]]:
    """Return what a child says of a file it has read."""
    header = {
        "title": parsed.title,
        "media_type": parsed.media_type,
        "extractor": parsed.extractor,
        "version": parsed.version,
        "modified": parsed.modified,
        "changes": dict(parsed.changes),
    }
    places = [[at.kind, at.number, at.start, at.end, at.name] for at in parsed.locations]
    return header, [parsed.text.encode("utf-8"), json.dumps(places).encode()]


def parsed_of(header: Mapping[str, Any], parts: Sequence[bytes]) -> Parsed:
    """Return what a child has read, every field of it checked.

    Raises:
        FrameError: Something in it cannot be.
    """
    try:
        text = parts[0].decode("utf-8")
        places: list[list[Any]] = json.loads(parts[1])
        if len(text) > MOST_CHARS or len(places) > MOST_PARTS:
            raise FrameError("it says more than it may")
        return Parsed(
            text=text,
            title=_string(header["title"]),
            media_type=_string(header["media_type"]),
            extractor=_string(header["extractor"]),
            version=_string(header["version"]),
            modified=_date(header["modified"]),
            locations=tuple(_location(place, len(text)) for place in places),
            changes={_string(name): _count(n) for name, n in dict(header["changes"]).items()},
        )
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise FrameError(f"its answer is damaged ({type(error).__name__})") from None


def _location(place: Sequence[Any], length: int) -> Location:
    kind, number, start, end, name = place
    if kind not in LOCATION_KINDS or not 0 <= _count(start) <= _count(end) <= length:
        raise ValueError(kind)
    return Location(kind=kind, number=_count(number), start=start, end=end, name=_string(name))


def _string(value: object) -> str:
    if not isinstance(value, str) or len(value) > 1_000:
        raise TypeError(value)
    value.encode("utf-8")  # a lone surrogate raises here and not in a database
    return value


def _date(value: object) -> str | None:
    return None if value is None else date.fromisoformat(_string(value)).isoformat()


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _size(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= MOST_PART:
        raise FrameError("a part of it is too long")
    return value


def _exactly(stream: BinaryIO, count: int) -> bytes:
    """Read so many bytes; a pipe gives them in pieces."""
    pieces: list[bytes] = []
    while count:
        piece = stream.read(min(count, 1 << 20))
        if not piece:
            raise FrameError("it ended")
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
