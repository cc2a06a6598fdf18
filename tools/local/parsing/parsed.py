"""What a parser makes of a file's bytes, and the limits it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quaestor.memory.documents import Location

MOST_CHARS = 10_000_000
"""Of one file's text: three thousand dense pages."""
MOST_PARTS = 1_000_000
"""Pages, slides, rows and cells of notebooks together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The text of a file and where its parts stand."""

    text: str = field(repr=False)
    """Normalised (memory/text.py); blocks parted by blank lines, a table row a line."""
    title: str
    """As the file states it; empty where it states none."""
    media_type: str
    extractor: str
    """`pdf`, `docx`, `pptx`, `xlsx`, `notebook`, `mail`, `html`."""
    version: str
    """Of the library that read it: what a reading depends on besides the bytes."""
    locations: tuple[Location, ...] = ()
    modified: str | None = None
    """ISO date, where the text itself states one and the parser looks for it: pages."""
    changes: Mapping[str, int] = field(default_factory=dict[str, int])
    """What was left out or changed, by kind: `hidden` counts characters a reader does not see."""


class RefusedFileError(Exception):
    """A parser will not read a file; the message is the reason a person is told."""
