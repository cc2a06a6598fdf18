"""PowerPoint presentations: what stands on each slide that is shown.

Left out are hidden slides and shapes, shapes off the slide, text a point high, without colour or
white on a slide without colour, comments, and the speaker's notes, which no audience sees.
"""

from collections.abc import Iterator

from quaestor.tools.blocks import Element
from quaestor.tools.local.parsing.archive import Archive
from quaestor.tools.local.parsing.markup import XML_VERSION, core_title, main_part, targets, tree
from quaestor.tools.local.parsing.parsed import Parsed, RefusedFileError
from quaestor.tools.local.parsing.pptx_shapes import A, P, Slide, slide_background
from quaestor.tools.local.parsing.tables import Row, write_rows
from quaestor.tools.local.parsing.writing import Writer

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MOST_SLIDES = 5_000
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "dt", "ftr", "hdr")


def parse_pptx(data: bytes, media_type: str) -> Parsed:
    """Return the visible text of a presentation with its slides.

    Raises:
        RefusedFileError: It is none, encrypted, damaged, bomb-like, or shows no text.
    """
    archive = Archive(data)
    main = main_part(archive)
    presentation = tree(archive, main)
    if presentation.tag != f"{P}presentation":
        raise RefusedFileError("not what its name says: no presentation inside")
    size = presentation.find(f"{P}sldSz")
    width, height = (int(size.get(side) or 0) if size is not None else 0 for side in ("cx", "cy"))
    writer = Writer()
    for number, name in enumerate(_slides(archive, main, presentation), start=1):
        root = tree(archive, name)
        slide = Slide(width=width, height=height, coloured=slide_background(archive, name, root))
        if root.get("show") in ("0", "false"):
            writer.hide("".join(text.text or "" for text in root.iter(f"{A}t")))
            continue
        with writer.part("slide", number):
            _write(writer, root, slide)
    if writer.empty:
        raise RefusedFileError("no text to see on its slides")
    return writer.parsed(
        title=core_title(archive), media_type=media_type, extractor="pptx", version=XML_VERSION
    )


def _slides(archive: Archive, main: str, presentation: Element) -> list[str]:
    """Return the slides' parts in the order they are shown."""
    known = targets(archive, main)
    listed = [one.get(f"{_R}id") or "" for one in presentation.iter(f"{P}sldId")]
    if len(listed) > _MOST_SLIDES:
        raise RefusedFileError(f"too many slides: the limit is {_MOST_SLIDES:,}")
    return [known[name][1] for name in listed if name in known and known[name][1] in archive]


def _write(writer: Writer, root: Element, slide: Slide) -> None:
    tables = 0
    shapes = list(root.iter(f"{P}sp", f"{P}cxnSp", f"{P}graphicFrame"))
    for shape in sorted(shapes, key=lambda one: _place(one) not in _TITLES):
        if _place(shape) in _FURNITURE:
            continue
        if slide.hides(shape):
            writer.hide("".join(text.text or "" for text in shape.iter(f"{A}t")))
            continue
        table = shape.find(f".//{A}tbl")
        if table is None:
            _paragraphs(writer, shape, slide)
            continue
        tables += 1
        with writer.part("table", tables):
            write_rows(writer, _rows(writer, table, slide))


def _place(shape: Element) -> str:
    """Return what a placeholder is for, empty for other shapes."""
    found = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
    return (found.get("type") or "body") if found is not None else ""


def _paragraphs(writer: Writer, shape: Element, slide: Slide) -> None:
    lead = "# " if _place(shape) in _TITLES else ""
    for place, paragraph in enumerate(shape.iter(f"{A}p")):
        text = _text(writer, paragraph, slide, shape)
        if lead:
            text = " ".join(text.split())
        if text.strip():
            writer.block(lead + text, gap="\n" if place and not lead else "\n\n")


def _text(writer: Writer, paragraph: Element, slide: Slide, shape: Element) -> str:
    parts: list[str] = []
    for run in paragraph.iter(f"{A}r", f"{A}br", f"{A}fld"):
        text = run.findtext(f"{A}t") or ("\n" if run.tag == f"{A}br" else "")
        if slide.hides_run(run, shape):
            writer.hide(text)
        else:
            parts.append(text)
    return "".join(parts)


def _rows(writer: Writer, table: Element, slide: Slide) -> Iterator[Row]:
    marks = table.find(f"{A}tblPr")
    headed = marks is not None and marks.get("firstRow") in ("1", "true")
    for number, row in enumerate(table.iter(f"{A}tr"), start=1):
        cells = [
            "\n".join(_text(writer, one, slide, cell) for one in cell.iter(f"{A}p"))
            for cell in row.iter(f"{A}tc")
        ]
        if any(cell.strip() for cell in cells):
            yield Row(number=number, cells=cells, first=number == 1, header=headed and number == 1)
