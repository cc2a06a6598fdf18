"""What kind of page a body is, by what its headers say and by its first bytes."""

import re
from email.message import Message
from typing import Literal

from quaestor.errors import RefusedError
from quaestor.tools.local.kinds import not_text

MediaType = Literal["text/html", "text/plain", "text/markdown", "application/pdf"]
ACCEPT = "text/html, application/xhtml+xml, text/markdown, text/plain;q=0.9, application/pdf;q=0.8"
LOOKED_AT = 1_024
"""Bytes from the start of a body that are enough to tell."""

_DECLARED: dict[str, MediaType] = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
    "text/markdown": "text/markdown",
    "text/x-markdown": "text/markdown",
    "application/pdf": "application/pdf",
    "application/x-pdf": "application/pdf",
}
_PDF = b"%PDF-"
_TAG = re.compile(rb"<(!doctype|html|head|body|title|h1|p|div)\b", re.IGNORECASE)
_MARKDOWN = (".md", ".markdown")


def content_type(header: str) -> tuple[str, str]:
    """Return the media type and the charset of a Content-Type header, both lower case.

    Example:
        >>> content_type('Text/HTML; charset="Shift_JIS"')
        ('text/html', 'shift_jis')
    """
    if not header.strip():
        return "", ""
    message = Message()
    message["Content-Type"] = " ".join(header.split())
    charset = message.get_param("charset", "")
    return message.get_content_type(), charset.lower() if isinstance(charset, str) else ""


def may_be_read(url: str, declared: str) -> None:
    """Look at a declared type before the body is read.

    Raises:
        RefusedError: It is of no kind that is read.
    """
    if declared and declared != "application/octet-stream" and declared not in _DECLARED:
        raise RefusedError(url, f"not a type that is read: {declared[:80]}")


def sniffed(url: str, declared: str, head: bytes, *, path: str) -> MediaType:
    """Return what a body is.

    Args:
        url: It names the page in errors.
        declared: Its media type by its headers; empty where they say nothing.
        head: Its first bytes.
        path: Of the URL: only a name tells Markdown from plain text.

    Raises:
        RefusedError: It is of no kind that is read, or not what its headers say.
    """
    if head.startswith(_PDF):
        if declared in ("", "application/pdf", "application/x-pdf", "application/octet-stream"):
            return "application/pdf"
        raise RefusedError(url, f"it is a PDF and says it is {declared}")
    kind = _DECLARED.get(declared)
    if kind == "application/pdf":
        raise RefusedError(url, "it says it is a PDF and is none")
    if declared and kind is None:
        raise RefusedError(url, f"not a type that is read: {declared[:80]}")
    binary = not_text(head)
    if binary is not None:
        raise RefusedError(url, f"it says it is {declared or 'nothing'}; {binary}")
    if kind is None:
        kind = "text/html" if _TAG.search(head) else "text/plain"
    return "text/markdown" if kind == "text/plain" and path.lower().endswith(_MARKDOWN) else kind
