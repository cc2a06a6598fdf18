"""Which parser reads which media type. Called in the child only."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from quaestor.tools.local.parsing.parsed import Parsed, RefusedFileError

PAGE = "text/html"
"""A page, of the web or of a folder."""

_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "html": PAGE,
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "notebook": "application/x-ipynb+json",
    "mail": "message/rfc822",
}
"""By the name of the parser, which is also the extractor of its documents."""
_PARSERS = {media_type: name for name, media_type in MEDIA_TYPES.items()}

Parser = Callable[[bytes, str], Parsed]


def parse(data: bytes, media_type: str, *, url: str | None = None) -> Parsed:
    """Return what a file's bytes say.

    Args:
        data: The bytes.
        media_type: One of `MEDIA_TYPES`, or `PAGE`.
        url: Where a page came from; None for a file.

    Raises:
        RefusedFileError: No parser reads this type, or it will not read these bytes.
    """
    if media_type == PAGE:
        from quaestor.tools.local.parsing.page import parse_page  # noqa: PLC0415 - as below

        return parse_page(data, url=url)
    name = _PARSERS.get(media_type)
    if name is None:
        raise RefusedFileError(f"no parser reads {media_type}")
    # Only the library that is needed is loaded into the child.
    module = import_module(f"quaestor.tools.local.parsing.{name}")
    return cast("Parser", getattr(module, f"parse_{name}"))(data, media_type)


def load_page_parser() -> None:
    """Load what reads pages before the first comes."""
    from quaestor.tools.local.parsing.page import load  # noqa: PLC0415

    load()
