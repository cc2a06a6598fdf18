"""Untrusted text as Markdown that says just that text: no link, picture, heading or mark of ours.

Documents and models write what they like; a report shows it and does not run it.
"""

import re

from quaestor.tools.text.sentences import sentences
from quaestor.tools.text.unseen import seen

LONG = 50
"""Characters from which a sentence needs a citation of its own (DeepScholar-Bench, cite_p)."""

_ACTIVE = re.compile(r"[\\`*\[\]<~]|&(?=[#\w])|(?<![^\W_])_|_(?![^\W_])")
_AT_START = re.compile(r"[-+=#>|](?=[-+=#>|\s]|$)|[>|]|\d+(?=[.)](?:\s|$))")
_SCHEME = re.compile(
    r"\b(javascript|vbscript|data|file|ftp|mailto|xmpp):(?=\S)", re.IGNORECASE
)  # what a lenient viewer may turn into a link
_WEB = re.compile(r"https?://(?![^/?#]*@)[^\s<>\\`\x00-\x20]+", re.IGNORECASE)
_TERMINAL = re.compile(r"[.!?…。！？]+$")
_CLOSED = re.compile(r"[.!?…。！？:;][\"'”’»)\]」』]+$")


def plain(text: str) -> str:
    r"""Return text on one line as Markdown that renders as just that text.

    Control characters and those that turn the direction of writing are left out: in a terminal
    or a browser they make a reader see something else than what is stored.

    Example:
        >>> print(plain("see [3] and ![x](javascript:alert(1))"))
        see \[3\] and !\[x\](javascript\:alert(1))
    """
    line = _inline(visible(text))
    start = _AT_START.match(line)
    if start and start[0].isdigit():
        return f"{start[0]}\\{line[start.end() :]}"
    return f"\\{line}" if start else line


def _inline(line: str) -> str:
    return _SCHEME.sub(r"\1\\:", _ACTIVE.sub(lambda match: "\\" + match[0], line))


def visible(text: str) -> str:
    """Return text on one line without characters that are not seen but do something."""
    return seen(" ".join(text.split())).text


def cell(text: str) -> str:
    """Return text as a table cell, which is never empty.

    A bar is written by its number: tables are split at bars before escapes are read.
    """
    return "&#124;".join(map(_inline, visible(text).split("|"))) or "–"


def address(uri: str) -> str:
    """Return where a source is: a web address as a link, anything else as text.

    One with a user's name in it is text: it looks like the address of another host.

    A path that starts at the root of a file system would show whose machine this is; of such
    a one, only the name is shown.
    """
    if _WEB.fullmatch(uri):
        return f"<{uri}>"
    local = re.sub(r"^file:/*", "/", uri, flags=re.IGNORECASE)
    rooted = local.startswith(("/", "~")) or re.match(r"[A-Za-z]:[\\/]", local)
    return plain(re.split(r"[\\/]", local.rstrip("\\/"))[-1] if rooted else local)


def cited(text: str, marks: str) -> str:
    """Return a statement with its reference marks in its last and in every long sentence.

    They stand before the full stop, so that the sentence reads as it did without them.
    """
    pieces = [text[start:end] for start, end in sentences(text)] or [text]
    last = len(pieces) - 1
    shown = [plain(piece) for piece in pieces]
    return " ".join(
        _marked(piece, marks if i == last or len(piece) >= LONG else "")
        for i, piece in enumerate(shown)
    )


def _marked(sentence: str, marks: str) -> str:
    space = " " if marks else ""
    end = _TERMINAL.search(sentence)
    if end:
        return f"{sentence[: end.start()].rstrip()}{space}{marks}{end[0]}"
    if _CLOSED.search(sentence):
        return f"{sentence}{space}{marks}"
    return f"{sentence.rstrip(':;, ')}{space}{marks}."
