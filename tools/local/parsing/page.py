"""An HTML page as text, read by tools/html.py in the child."""

from quaestor.errors import UnreadableError
from quaestor.tools.html import extractor_version, page_text
from quaestor.tools.local.parsing.parsed import Parsed, RefusedFileError
from quaestor.tools.local.parsing.parsers import PAGE

_MOST_TITLE = 1_000


def parse_page(data: bytes, *, url: str | None) -> Parsed:
    """Return what a page says.

    Args:
        data: The page as fetched, not compressed.
        url: Where it came from, which may state its date; None for a file, whose encoding counts
            as a change.

    Raises:
        RefusedFileError: It is no HTML, or shows no text.
    """
    try:
        found = page_text(data, url=url)
    except UnreadableError as error:
        raise RefusedFileError(error.reason) from error
    changes = dict(found.changes)
    if url is None and found.charset not in ("utf-8", "ascii"):
        changes[f"encoding:{found.charset}"] = 1
    return Parsed(
        text=found.text,
        title=found.title[:_MOST_TITLE],
        media_type=PAGE,
        extractor="html",
        version=extractor_version(),
        modified=found.date,
        changes=changes,
    )


def load() -> None:
    """Load what reads pages, by reading one: that takes longer than most pages do."""
    page_text(b"<title>Tide</title><article><p>The tide turns twice a day.</p></article>")
