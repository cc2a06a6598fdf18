"""The lines of a Markdown text with what they are part of: a section, code, a heading."""

import re
from dataclasses import dataclass

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)\s*#*$")
_CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a Markdown text."""

    number: int
    """1-based."""
    text: str
    section: str
    """The text of the last heading."""
    code: bool
    """Part of a fenced block."""
    heading: bool

    @property
    def prose(self) -> str:
        """The line with code blanked, of the same length."""
        if self.code:
            return " " * len(self.text)
        return _CODE_SPAN.sub(lambda match: " " * len(match[0]), self.text)


def lines_of(markdown: str) -> list[Line]:
    """Return the lines of a text in order."""
    found: list[Line] = []
    fence, section = "", ""
    for number, text in enumerate(markdown.split("\n"), start=1):
        opened = _FENCE.match(text)
        code = bool(fence or opened)
        heading = None if code else _HEADING.match(text)
        if heading:
            section = heading[1]
        found.append(
            Line(number=number, text=text, section=section, code=code, heading=bool(heading))
        )
        if not fence and opened:
            fence = opened[1]
        elif fence and opened and opened[1].startswith(fence) and not text.strip(" " + fence[0]):
            fence = ""
    return found
