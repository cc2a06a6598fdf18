"""What can be seen on a slide: shapes that are shown and lie on it, text that is painted."""

from dataclasses import dataclass

from quaestor.tools.blocks import Element
from quaestor.tools.local.parsing.archive import Archive
from quaestor.tools.local.parsing.markup import first_target, tree

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_LEAST_SIZE = 100  # hundredths of a point
_LEAST_OPACITY = 5_000  # of 100,000
_MANY_COLOURED = ("gradFill", "blipFill", "pattFill")
_WHITES = ("bg1", "lt1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """One slide as a sheet of paper."""

    width: int
    height: int
    coloured: bool
    """Its background may be something else than white."""

    def hides(self, shape: Element) -> bool:
        """Return whether a shape is hidden, or lies wholly off the slide."""
        for holder in (shape, *shape.iterancestors(f"{P}grpSp")):
            facts = holder.find(f"*/{P}cNvPr")
            if facts is not None and facts.get("hidden") in ("1", "true"):
                return True
        if next(shape.iterancestors(f"{P}grpSp"), None) is not None:
            return False  # its coordinates are the group's
        return self._off(shape)

    def hides_run(self, run: Element, shape: Element) -> bool:
        """Return whether text is too small, has no colour, or that of the slide."""
        marks = run.find(f"{A}rPr")
        if marks is None:
            return False
        size = marks.get("sz") or ""
        if size.isdecimal() and int(size) <= _LEAST_SIZE:
            return True
        if marks.find(f"{A}noFill") is not None and marks.find(f"{A}ln") is None:
            return True
        alpha = marks.find(f"{A}solidFill/*/{A}alpha")
        if alpha is not None and _number(alpha.get("val")) < _LEAST_OPACITY:
            return True
        return _is_white(marks) and not self.coloured and not _filled(shape)

    def _off(self, shape: Element) -> bool:
        place = shape.find(f"{P}spPr/{A}xfrm")
        place = shape.find(f"{P}xfrm") if place is None else place
        if place is None or not self.width or not self.height:
            return False  # it stands where its layout says
        at, size = place.find(f"{A}off"), place.find(f"{A}ext")
        if at is None or size is None:
            return False
        x, y = _number(at.get("x")), _number(at.get("y"))
        right, bottom = x + _number(size.get("cx")), y + _number(size.get("cy"))
        return x >= self.width or y >= self.height or right <= 0 or bottom <= 0


def slide_background(archive: Archive, name: str, root: Element) -> bool:
    """Return whether a slide, its layout or its master may be other than white.

    A picture or a filled shape on any of them may lie behind any text, so it counts too.
    """
    parts = [root]
    for kind in ("slideLayout", "slideMaster"):
        following = first_target(archive, name, kind)
        if following is None:
            break
        name = following
        parts.append(tree(archive, name))
    return any(_coloured(part) for part in parts)


def _coloured(root: Element) -> bool:
    background = root.find(f".//{P}bg")
    if background is not None:
        named = background.find(f"{P}bgRef/{A}schemeClr")
        fill = background.find(f"{P}bgPr/{A}solidFill")
        white = named is not None and named.get("val") in _WHITES
        if not white and (fill is None or not _white_fill(fill)):
            return True
    if next(root.iter(f"{P}pic"), None) is not None:
        return True
    return any(_filled(shape) for shape in root.iter(f"{P}sp"))


def _is_white(marks: Element) -> bool:
    fill = marks.find(f"{A}solidFill")
    return fill is not None and _white_fill(fill)


def _white_fill(fill: Element) -> bool:
    rgb, named = fill.find(f"{A}srgbClr"), fill.find(f"{A}schemeClr")
    if rgb is not None:
        return (rgb.get("val") or "").upper() == "FFFFFF" and not len(rgb)
    return named is not None and named.get("val") in _WHITES and not len(named)


def _filled(shape: Element) -> bool:
    """Return whether a shape or a table's cell has a colour of its own behind its text."""
    facts = shape.find(f"{A}tcPr" if shape.tag == f"{A}tc" else f"{P}spPr")
    if facts is not None:
        if facts.find(f"{A}noFill") is not None:
            return False
        fill = facts.find(f"{A}solidFill")
        if fill is not None:
            return not _white_fill(fill)
        if any(facts.find(f"{A}{kind}") is not None for kind in _MANY_COLOURED):
            return True
    if shape.tag == f"{A}tc":
        return True  # a table's style colours its rows
    style = shape.find(f"{P}style/{A}fillRef")
    return style is not None and style.get("idx") != "0"


def _number(value: str | None) -> int:
    try:
        return int(value or 0)
    except ValueError:
        return 0
