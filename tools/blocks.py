"""Reading text of a markup tree: blocks parted by blank lines, a list item or table row a line.

It reads two vocabularies, HTML's and trafilatura's (`row`, `cell`, `item`, `head`, `lb`). A table
row names its columns, `Line: 7 | Headway: 6 min`, and a definition its term, because each is
quoted without what stands above it. Headings are led by `#`, as passages know them. Words and
their order are the page's.
"""

import re
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage]  # has no public name

_BLOCKS = frozenset(
    """address article aside blockquote body caption cell center dd details dialog div dl dt
    fieldset figcaption figure footer form graphic h1 h2 h3 h4 h5 h6 head header hgroup hr html
    item legend li list main nav ol option p pre quote row section summary table tbody td tfoot th
    thead tr ul""".split()
)
_BREAKS = frozenset(("br", "lb"))
_VERBATIM = ("pre", "quote")  # trafilatura turns <pre> into <quote>
_HEADING = re.compile(r"h[1-6]")
_SPACE = re.compile(r"\s+")
_AROUND_BREAK = re.compile(r"[^\S\n]*\n[^\S\n]*")
_SPACES = re.compile(r"[^\S\n]{2,}")


def reading_text(root: Element, *, bullet: str = "- ") -> str:
    """Return the text under `root`, list items led by `bullet`."""
    writer = _Writer(bullet)
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start" and element.tag == "table" and not _nests(element):
            writer.lines(table_lines(element))
            walker.skip_subtree()
        elif event == "start":
            writer.enter(element)
        else:
            writer.leave(element, tail=element is not root)
    return writer.finish()


def table_lines(table: Element) -> list[str]:
    """Return the rows of a table that holds no other table, each as a line.

    A row below a header row names its columns; without one a row of two cells reads
    `name: value`.
    """
    header: list[str] = []
    lines: list[str] = []
    for row in table.iter("tr", "row", "caption"):
        if row.tag == "caption":
            lines.append(_flat(row))
            continue
        cells = [cell for cell in row if cell.tag in ("td", "th", "cell")]
        values = [_flat(cell) for cell in cells]
        filled = [value for value in values if value]
        if len(filled) > 1 and not header and all(_is_head(cell) for cell in cells):
            header = values
            lines.append(" | ".join(filled))
        elif header and len(values) == len(header) and len(filled) > 1:
            pairs = zip(header, values, strict=True)
            lines.append(" | ".join(f"{n}: {v}" if n else v for n, v in pairs if v))
        else:
            lines.append((": " if len(filled) == 2 else " | ").join(filled))
    return [line for line in lines if line]


def _is_head(cell: Element) -> bool:
    return cell.tag == "th" or cell.get("role") == "head"


def _nests(table: Element) -> bool:
    return next(table.iterdescendants("table"), None) is not None


def _flat(element: Element) -> str:
    """Return the text of a cell as one line, its own lines parted by commas."""
    lines = (line.strip() for line in reading_text(element, bullet="").splitlines())
    return ", ".join(line for line in lines if line)


class _Writer:
    """Collects inline text into blocks while a tree is walked."""

    def __init__(self, bullet: str) -> None:
        self._bullet = bullet
        self._inline: list[str] = []
        self._prefix = ""
        self._verbatim = 0
        self._term = ""  # of a definition list, for what defines it
        self._defined = True
        self._blocks: list[tuple[str, str]] = []  # what parts it from the block before, its text

    def enter(self, element: Element) -> None:
        """Take in a start tag and the text after it."""
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
        if _kind(element) == "dd" and self._term:
            self._prefix = f"{self._term}: "
            self._defined = True
        elif _kind(element) in ("li", "dd"):
            self._prefix = self._bullet
        elif self._bullet and (level := _level(element)):
            self._prefix = "#" * level + " "
        self._verbatim += tag in _VERBATIM
        if tag in _BREAKS:
            self._inline.append("\n")
        if isinstance(tag, str):  # not a comment
            self._add(element.text)

    def leave(self, element: Element, *, tail: bool) -> None:
        """Take in an end tag and the text after it."""
        if _kind(element) == "dt":
            self._end_term()
            self._defined = False
            self._term = _SPACE.sub(" ", "".join(self._inline)).strip().rstrip(":")
            self._inline.clear()
        elif element.tag in _BLOCKS:
            self._flush()
        if _kind(element) in ("li", "dd") or _level(element):
            self._prefix = ""
        if element.tag in ("dl", "list"):
            self._end_term()
        self._verbatim -= element.tag in _VERBATIM
        if tail:
            self._add(element.tail)

    def lines(self, lines: list[str]) -> None:
        """Take in finished lines, each a block of its own."""
        self._flush()
        self._blocks.extend(("\n\n", line) for line in lines)

    def finish(self) -> str:
        """Return all that was taken in."""
        self._flush()
        return "".join(part for block in self._blocks for part in block).strip()

    def _end_term(self) -> None:
        """Let a term go; one that nothing defined is a block of its own."""
        if self._term and not self._defined:
            self._blocks.append(("\n\n", self._term))
        self._term = ""

    def _add(self, text: str | None) -> None:
        if text:
            self._inline.append(text if self._verbatim else _SPACE.sub(" ", text))

    def _flush(self) -> None:
        text = "".join(self._inline)
        self._inline.clear()
        if not self._verbatim:
            text = _SPACES.sub(" ", _AROUND_BREAK.sub("\n", text))
        if not text.strip():
            return
        text = text.strip("\n").rstrip() if self._verbatim else text.strip()
        listed = self._prefix == "- " and self._blocks and self._blocks[-1][1].startswith("- ")
        self._blocks.append(("\n" if listed else "\n\n", self._prefix + text))
        self._prefix = ""


def _kind(element: Element) -> str:
    """Return `li`, `dt` or `dd` for an item of a list, in either vocabulary."""
    if element.tag == "item":
        rend = (element.get("rend") or "")[:2]
        return rend if rend in ("dt", "dd") else "li"
    return str(element.tag) if element.tag in ("li", "dt", "dd") else ""


def _level(element: Element) -> int:
    """Return a heading's level, 0 for what is none."""
    name = element.get("rend") if element.tag == "head" else element.tag
    return int(name[1]) if isinstance(name, str) and _HEADING.fullmatch(name) else 0
