"""Mail: who wrote to whom, when, about what, and the body as a mail program shows it.

Of a body sent in two versions the HTML one is read, without what it hides: it is the one people
see. Attachments are named and not opened.
"""

import email
from email.message import EmailMessage
from email.policy import default
from platform import python_version

from quaestor.errors import UnreadableError
from quaestor.tools.html import shown_text
from quaestor.tools.local.parsing.parsed import Parsed, RefusedFileError
from quaestor.tools.local.parsing.writing import Writer

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_MOST_PARTS = 1_000
_MOST_HEADER = 1_000


def parse_mail(data: bytes, media_type: str) -> Parsed:
    """Return the header and the body of one mail.

    Raises:
        RefusedFileError: It is no mail, or is made to cost time.
    """
    if data.count(b"\nContent-Type:") > _MOST_PARTS:
        raise RefusedFileError(f"bomb-like: more than {_MOST_PARTS:,} parts")
    message = email.message_from_bytes(data, policy=default)
    header = [line for name in _SHOWN if (line := _header(message, name))]
    if not header:
        raise RefusedFileError("not what its name says: no mail inside")
    writer = Writer()
    writer.block("\n".join(header))
    for body in _bodies(message):
        writer.block(body)
    names = [name for part in _attachments(message) if (name := _file_name(part))]
    if names:
        writer.block("Attachments: " + ", ".join(names))
    title = _header(message, "Subject").partition(": ")[2]
    return writer.parsed(
        title=title, media_type=media_type, extractor="mail", version=f"python {python_version()}"
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = str(message.get(name, ""))
    except Exception:
        return ""
    line = " ".join(value.split())[:_MOST_HEADER]
    return f"{name}: {line}" if line else ""


def _bodies(message: EmailMessage) -> list[str]:
    """Return the readable versions of a body: the HTML, else the plain one."""
    part = message.get_body(preferencelist=("html", "plain"))
    if not isinstance(part, EmailMessage):
        return []
    text = _content(part)
    if part.get_content_subtype() != "html":
        return [text]
    try:
        return [shown_text(text)]
    except UnreadableError:
        return []


def _content(part: EmailMessage) -> str:
    try:
        content: object = part.get_content()
    except (LookupError, ValueError):  # an unknown charset
        raw = part.get_payload(decode=True)
        content = raw.decode("latin-1") if isinstance(raw, bytes) else ""
    return content if isinstance(content, str) else ""


def _attachments(message: EmailMessage) -> list[EmailMessage]:
    return list(message.iter_attachments()) if message.is_multipart() else []


def _file_name(part: EmailMessage) -> str:
    return " ".join((part.get_filename() or "").split())[:200]
