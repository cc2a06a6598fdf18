"""Office archives: what no program writes is refused before it is unpacked."""

import io
import stat
import zipfile
from collections.abc import Callable

import pytest

from quaestor.tools.local.parsing.archive import Archive
from quaestor.tools.local.parsing.parsed import RefusedFileError
from tests.tools.local.parsing.making import DOCX, read, word

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PARAGRAPH = "<w:p><w:r><w:t>Seen.</w:t></w:r></w:p>"
BODY = f'<w:document xmlns:w="{W}"><w:body>{PARAGRAPH}</w:body></w:document>'
MAIN = "word/document.xml"
GOOD = word(lambda document: document.add_paragraph("Seen."))
Change = Callable[[zipfile.ZipFile], None]


def archive(change: Change, *, main: bytes | None = None) -> bytes:
    """Return a good Word file with its main part replaced, and what `change` adds."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as good,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for member in good.infolist():
            replaced = main if member.filename == MAIN and main is not None else None
            made.writestr(member, good.read(member) if replaced is None else replaced)
        change(made)
    return held.getvalue()


def unchanged(_: zipfile.ZipFile) -> None:
    pass


def link(made: zipfile.ZipFile) -> None:
    member = zipfile.ZipInfo("word/link.xml")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    made.writestr(member, "/etc/passwd")


def named(name: str) -> Change:
    return lambda made: made.writestr(zipfile.ZipInfo(name), "x")


def twice(made: zipfile.ZipFile) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        made.writestr(MAIN, BODY)


def bomb(made: zipfile.ZipFile) -> None:
    made.writestr("word/media/image.png", b"\0" * 30_000_000)


def many(made: zipfile.ZipFile) -> None:
    for number in range(10_001):
        made.writestr(f"word/{number}", b"")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(link, "unsafe: a link inside the archive", id="a symbolic link"),
        pytest.param(named("../../home/x"), "unsafe: a part's name", id="a name that climbs"),
        pytest.param(named("/etc/x"), "unsafe: a part's name", id="an absolute name"),
        pytest.param(named("c:\\x"), "unsafe: a part's name", id="a drive"),
        pytest.param(named("word\\..\\..\\x"), "unsafe: a part's name", id="a climb by backslash"),
        pytest.param(twice, "two of its parts have one name", id="one name twice"),
        pytest.param(bomb, "bomb-like: packed to less than 1/100", id="thirty megabytes of zeros"),
        pytest.param(many, "bomb-like: more than 10,000 parts", id="ten thousand parts"),
    ],
)
def test_a_directory_that_no_program_writes_is_refused(change: Change, reason: str) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        Archive(archive(change))


@pytest.mark.parametrize(
    "limit",
    [
        pytest.param("MOST_UNPACKED", id="all of it"),
        pytest.param("MOST_PART", id="one part"),
    ],
)
def test_what_unpacks_to_too_much_is_refused(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"quaestor.tools.local.parsing.archive.{limit}", 1_000)
    with pytest.raises(RefusedFileError, match=r"unpacked it is larger than 1,000 bytes"):
        read(GOOD, DOCX)


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(archive(unchanged, main=b" " * 5_000_000))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as made:
        true = made.getinfo(MAIN).file_size
    data = bytearray(bytes(data).replace(true.to_bytes(4, "little"), (99).to_bytes(4, "little")))
    with pytest.raises(RefusedFileError, match="damaged"):
        Archive(bytes(data)).read(MAIN)


ENTITY = '<!DOCTYPE d [<!ENTITY x "secret">]>'


@pytest.mark.parametrize(
    "main",
    [
        pytest.param(f'<?xml version="1.0"?>{ENTITY}{BODY}'.encode(), id="in UTF-8"),
        pytest.param(
            f'<?xml version="1.0" encoding="UTF-16"?>{ENTITY}{BODY}'.encode("utf-16"),
            id="in UTF-16",
        ),
        pytest.param(
            f'<?xml version="1.0" encoding="UTF-16BE"?>{ENTITY}{BODY}'.encode("utf-16-be"),
            id="in UTF-16 without a mark",
        ),
        pytest.param(
            f'<?xml version="1.0" encoding="UTF-7"?>{ENTITY}{BODY}'.encode("utf-7"), id="in UTF-7"
        ),
        pytest.param(
            f'<?xml version="1.0" encoding="cp037"?>{ENTITY}{BODY}'.encode("cp037"), id="in EBCDIC"
        ),
    ],
)
def test_a_document_type_is_refused_in_every_encoding(main: bytes) -> None:
    with pytest.raises(RefusedFileError, match=r"declares a document type|damaged"):
        read(archive(unchanged, main=main), DOCX)


def test_an_encoding_that_the_format_does_not_know_is_refused() -> None:
    main = f'<?xml version="1.0" encoding="ISO-8859-1"?>{BODY}'.encode()
    with pytest.raises(RefusedFileError, match="an encoding Office never writes"):
        read(archive(unchanged, main=main), DOCX)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_part_in_an_encoding_of_the_format_is_read(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    main = f'<?xml version="1.0" encoding="{name}"?>{BODY}'.encode(encoding)
    assert read(archive(unchanged, main=main), DOCX).text == "Seen."


def test_strict_open_xml_is_read() -> None:
    strict = BODY.replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert read(archive(unchanged, main=strict.encode()), DOCX).text == "Seen."


@pytest.mark.parametrize(
    "main",
    [
        pytest.param(b"<w:document", id="cut off"),
        pytest.param(b"<a>" * 5_000, id="nested deeply"),
        pytest.param(b"", id="empty"),
        pytest.param(BODY.replace("Seen", "\x0b").encode(), id="a control character"),
    ],
)
def test_a_broken_part_is_refused(main: bytes) -> None:
    with pytest.raises(RefusedFileError, match="damaged"):
        read(archive(unchanged, main=main), DOCX)


def test_a_file_in_the_old_format_is_told_from_an_encrypted_one() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    with pytest.raises(RefusedFileError, match="an old Office document"):
        read(ole, DOCX)
    with pytest.raises(RefusedFileError, match="encrypted: it needs a password"):
        read(ole + "EncryptedPackage".encode("utf-16-le"), DOCX)


def test_notes_are_read_after_the_text_and_the_rules_between_them_are_not() -> None:
    note = "<w:footnote{}><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote>"
    notes = note.format(' w:type="separator"', "rule") + note.format("", "Built in 1971.")
    rels = "word/_rels/document.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    entry = f'<Relationship Id="n1" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    made = io.BytesIO(without(rels, "</Relationships>", entry))
    with zipfile.ZipFile(made, "a") as file:
        file.writestr("word/footnotes.xml", f'<w:footnotes xmlns:w="{W}">{notes}</w:footnotes>')
    assert read(made.getvalue(), DOCX).text == "Seen.\n\nBuilt in 1971."


def without(name: str, before: str, after: str) -> bytes:
    """Return a good Word file with words of one part replaced."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good, zipfile.ZipFile(held, "w") as made:
        assert before in good.read(name).decode()
        for member in good.infolist():
            data = good.read(member)
            if member.filename == name:
                data = data.decode().replace(before, after).encode()
            made.writestr(member, data)
    return held.getvalue()


def test_what_lies_outside_the_archive_is_not_looked_for() -> None:
    outside = 'Target="http://192.0.2.1/s.xml" TargetMode="External"'
    made = without("word/_rels/document.xml.rels", 'Target="styles.xml"', outside)
    assert read(made, DOCX).text == "Seen."


def test_a_main_part_outside_the_archive_is_none() -> None:
    main = 'Target="word/document.xml"'
    with pytest.raises(RefusedFileError, match="no Office document inside"):
        read(without("_rels/.rels", main, f'{main} TargetMode="External"'), DOCX)
