"""The parts of an Office file: a ZIP archive that is checked before anything of it is unpacked."""

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from quaestor.tools.local.parsing.parsed import RefusedFileError

MOST_UNPACKED = 300_000_000
MOST_PART = 100_000_000
_MOST_MEMBERS = 10_000
_MOST_RATIO = 100
"""Of unpacked to packed; the XML of real files reaches 30."""
_RATIO_FROM = 10_000_000
_LINK = 0o120000
_UNSAFE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


class Archive:
    """An Office file whose directory is harmless; its parts are unpacked when asked for.

    Raises:
        RefusedFileError: It is no such file, encrypted, damaged, or would unpack to too much.
    """

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE):
            locked = _ENCRYPTED_PACKAGE in data
            raise RefusedFileError(
                "encrypted: it needs a password"
                if locked
                else "an old Office document under a new name: save it in the new format"
            )
        if not data.startswith(b"PK"):
            raise RefusedFileError("not what its name says: no ZIP archive inside")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise RefusedFileError(f"damaged or cut off: {_said(error)}") from None
        members = self._zip.infolist()
        _check(members)
        self._members = {member.filename: member for member in members}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """Return a part's bytes.

        Raises:
            RefusedFileError: There is no such part, it is damaged, encrypted or too large.
        """
        member = self._members.get(name)
        if member is None:
            raise RefusedFileError(f"damaged: it has no part {PurePosixPath(name).name}")
        try:
            with self._zip.open(member) as part:
                data = part.read(MOST_PART + 1)
        except RuntimeError:  # what zipfile raises for a part with a password
            raise RefusedFileError("encrypted: it needs a password") from None
        except _BROKEN as error:
            raise RefusedFileError(f"damaged: {_said(error)}") from None
        if len(data) > MOST_PART:
            raise RefusedFileError(_too_large(MOST_PART))
        return data


def _check(members: list[zipfile.ZipInfo]) -> None:
    """Refuse what no program writes: a bomb, a link, a name that leaves the archive."""
    if len(members) > _MOST_MEMBERS:
        raise RefusedFileError(f"bomb-like: more than {_MOST_MEMBERS:,} parts")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MOST_UNPACKED:
        raise RefusedFileError(_too_large(MOST_UNPACKED))
    if unpacked > _RATIO_FROM and unpacked > packed * _MOST_RATIO:
        raise RefusedFileError(f"bomb-like: packed to less than 1/{_MOST_RATIO} of its size")
    if len({member.filename for member in members}) < len(members):
        raise RefusedFileError("damaged: two of its parts have one name")
    for member in members:
        if (member.external_attr >> 16) & 0o170000 == _LINK:
            raise RefusedFileError("unsafe: a link inside the archive")
        if _UNSAFE.search(member.filename):
            raise RefusedFileError("unsafe: a part's name leaves the archive")


def _too_large(limit: int) -> str:
    return f"bomb-like: unpacked it is larger than {limit:,} bytes"


def _said(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0][:120] or type(error).__name__
