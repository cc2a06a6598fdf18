"""Mail: header and body as a mail program shows them."""

from email.message import EmailMessage

import pytest

from quaestor.tools.local.parsing.parsed import RefusedFileError
from tests.tools.local.parsing.making import MAIL, read


def mail(body: str = "The quay is 120 m long.\n") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ada Brandt <ada@harbour.example>"
    message["To"] = "Größe <g@harbour.example>"
    message["Date"] = "Thu, 29 Feb 2024 13:30:00 +0100"
    message["Subject"] = "Länge of the quay"
    message["X-Secret"] = "secret"
    message.set_content(body)
    return message


def test_header_and_body_are_read() -> None:
    parsed = read(mail().as_bytes(), MAIL)
    assert parsed.title == "Länge of the quay"
    assert parsed.text == (
        "From: Ada Brandt <ada@harbour.example>\nTo: Größe <g@harbour.example>\n"
        "Date: Thu, 29 Feb 2024 13:30:00 +0100\nSubject: Länge of the quay\n\n"
        "The quay is 120 m long."
    )


def test_the_version_people_see_is_read_and_attachments_are_only_named() -> None:
    message = mail("secret plain version")
    page = '<p>Seen.</p><!-- secret --><p style="display:none">secret</p><b hidden>secret</b>'
    message.add_alternative(page, subtype="html")
    message.add_attachment(b"secret", maintype="application", subtype="pdf", filename="../a.pdf")
    parsed = read(message.as_bytes(), MAIL)
    assert parsed.text.split("\n\n")[1:] == ["Seen.", "Attachments: ../a.pdf"]
    assert "secret" not in parsed.text


def test_a_body_in_an_unknown_encoding_is_read_as_latin_1() -> None:
    data = b'Subject: x\nContent-Type: text/plain; charset="klingon"\n\nGr\xf6\xdfe'
    assert read(data, MAIL).text == "Subject: x\n\nGröße"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"just words\nin lines", "no mail inside", id="plain text"),
        pytest.param(bytes(range(256)), "no mail inside", id="every byte once"),
        pytest.param(
            b"Subject: x\n" + b"\nContent-Type: text/plain" * 2000, "bomb-like", id="2000 parts"
        ),
    ],
)
def test_what_is_no_mail_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        read(data, MAIL)
