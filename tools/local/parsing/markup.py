"""The XML of an Office file, read without entities, DTDs or anything from outside.

A document type declaration is refused, as the format itself forbids one. Large parts are read
element by element and let go of.
"""

import io
import re
from collections.abc import Iterator
from importlib.metadata import version
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from lxml import etree

from quaestor.tools.blocks import Element
from quaestor.tools.local.parsing.archive import Archive
from quaestor.tools.local.parsing.parsed import RefusedFileError

XML_VERSION = f"lxml {version('lxml')}"
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS = frozenset((b"utf-8", b"utf-16", b"us-ascii", b"ascii"))
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_STRICT = (b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/")
_NAMESPACES = [
    (_STRICT[0] + strict, _STRICT[1] + usual)
    for strict, usual in (
        (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
        (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
        (b"spreadsheetml/main", b"spreadsheetml/2006/main"),
        (b"presentationml/main", b"presentationml/2006/main"),
        (b"drawingml/main", b"drawingml/2006/main"),
    )
]
"""Files saved as Strict Open XML say the same under other names."""
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_OFFICE = "officeDocument"


def tree(archive: Archive, name: str) -> Element:
    """Return the root of a small part.

    Raises:
        RefusedFileError: It is missing, no well-formed XML, or holds a DOCTYPE.
    """
    data = _checked(archive.read(name))
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedFileError(f"damaged: {error}") from None


def elements(archive: Archive, name: str, *tags: str) -> Iterator[Element]:
    """Yield the outermost elements of these tags, whole, in order; each is emptied afterwards.

    Raises:
        RefusedFileError: As `tree`.
    """
    data = _checked(archive.read(name))
    inside = 0
    walk = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        tag=tags,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        for event, element in walk:
            if event == "start":
                inside += 1  # libxml2 itself ends at a depth of 256
                continue
            inside -= 1
            if not inside:
                yield element
                _let_go(element)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedFileError(f"damaged: {error}") from None


def main_part(archive: Archive) -> str:
    """Return the name of the part an Office file begins with.

    Raises:
        RefusedFileError: It has none.
    """
    for kind, target in _relations(archive, "").values():
        if kind == _OFFICE:
            return target
    raise RefusedFileError("not what its name says: no Office document inside")


def targets(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return (kind, part name) of what a part refers to, by id; never what lies outside."""
    return _relations(archive, part) if _rels_of(part) in archive else {}


def first_target(archive: Archive, part: str, kind: str) -> str | None:
    """Return the part of a kind that another refers to, if the archive holds one."""
    found = (name for made, name in targets(archive, part).values() if made == kind)
    return next((name for name in found if name in archive), None)


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for relation in tree(archive, _rels_of(part)).iter(f"{_RELS}Relationship"):
        if relation.get("TargetMode", "Internal") != "Internal":
            continue
        target = unquote(relation.get("Target") or "")
        name = target.lstrip("/") if target.startswith("/") else join(dirname(part), target)
        kind = (relation.get("Type") or "").rpartition("/")[2]
        found[relation.get("Id") or ""] = (kind, normpath(name))
    return found


def _rels_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _checked(data: bytes) -> bytes:
    declared = _ENCODING.match(data[:200].removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in _ENCODINGS:
        raise RefusedFileError("damaged: its XML is in an encoding Office never writes")
    wide = data.startswith(_WIDE)
    marks = [b"<!DOCTYPE", b"<!ENTITY"]
    if wide:
        marks = [
            mark.decode().encode(code) for mark in marks for code in ("utf-16-le", "utf-16-be")
        ]
    if any(mark in data for mark in marks):
        raise RefusedFileError("unsafe: it declares a document type or entities")
    if _STRICT[0] in data[:5000]:
        for strict, usual in _NAMESPACES:
            data = data.replace(strict, usual)
    return data


def _let_go(element: Element) -> None:
    element.clear(keep_tail=False)
    while (before := element.getprevious()) is not None:
        parent = before.getparent()
        if parent is None:
            break
        parent.remove(before)


def core_title(archive: Archive) -> str:
    """Return the title among an Office file's properties, empty if there is none."""
    part = first_target(archive, "", "core-properties")
    return (tree(archive, part).findtext(f"{_DC}title") or "") if part else ""
