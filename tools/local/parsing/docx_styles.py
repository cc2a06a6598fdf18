"""What the styles of a Word document say: headings, lists, and which text nobody sees."""

import re
from dataclasses import dataclass, field

from quaestor.tools.blocks import Element
from quaestor.tools.local.parsing.archive import Archive
from quaestor.tools.local.parsing.markup import first_target, tree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading ([1-6])", re.IGNORECASE)
_LEAST_HALF_POINTS = 2
_MOST_ANCESTORS = 20
_OFF = ("0", "false", "off")
_NO_SHADE = (None, "", "auto", "FFFFFF", "ffffff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """A document's styles, by their ids."""

    headings: dict[str, int] = field(default_factory=dict[str, int])
    """Level, 1 for a title."""
    lists: frozenset[str] = frozenset()
    hidden: dict[str, bool] = field(default_factory=dict[str, bool])
    """Whether a style hides text; those that say nothing are not in it."""

    def hides(self, run: Element, paragraph: Element) -> bool:
        """Return whether no reader sees a run, by its own marks or those of its styles."""
        marks = run.find(f"{W}rPr")
        own = _hides(marks, _shaded(paragraph)) if marks is not None else None
        if own is not None:
            return own
        of_run = self.hidden.get(value(run, f"{W}rPr/{W}rStyle"))
        if of_run is not None:
            return of_run
        return self.hidden.get(value(paragraph, f"{W}pPr/{W}pStyle"), False)


def read_styles(archive: Archive, main: str) -> Styles:
    """Return the styles of a document; none if it holds none."""
    part = first_target(archive, main, "styles")
    if part is None:
        return Styles()
    styles = {
        style.get(f"{W}styleId") or "": style for style in tree(archive, part).iter(f"{W}style")
    }
    headings = {name: level for name, one in styles.items() if (level := _level(one))}
    lists = {name for name, one in styles.items() if one.find(f"{W}pPr/{W}numPr") is not None}
    hidden = {name: said for name in styles if (said := _hidden(name, styles)) is not None}
    return Styles(headings=headings, lists=frozenset(lists), hidden=hidden)


def value(element: Element, path: str) -> str:
    """Return the `w:val` of a property, empty if it is not there."""
    found = element.find(path)
    return (found.get(f"{W}val") or "") if found is not None else ""


def _level(style: Element) -> int:
    name = value(style, f"{W}name")
    found = _HEADING.fullmatch(name)
    return int(found[1]) if found else int(name.lower() == "title")


def _hidden(name: str, styles: dict[str, Element]) -> bool | None:
    """Return whether a style hides text, asking those it is based on."""
    for _ in range(_MOST_ANCESTORS):
        style = styles.get(name)
        if style is None:
            return None
        marks = style.find(f"{W}rPr")
        said = _hides(marks, shaded=False) if marks is not None else None
        if said is not None:
            return said
        name = value(style, f"{W}basedOn")
    return None


def _hides(marks: Element, shaded: bool) -> bool | None:
    """Return what run properties say of being seen; None if they say nothing."""
    for tag in ("vanish", "specVanish"):
        mark = marks.find(f"{W}{tag}")
        if mark is not None:
            return mark.get(f"{W}val") not in _OFF
    size = value(marks, f"{W}sz")
    if size.isdecimal() and int(size) <= _LEAST_HALF_POINTS:
        return True
    if value(marks, f"{W}color").upper() == "FFFFFF":
        own = marks.find(f"{W}shd")
        lit = value(marks, f"{W}highlight") not in ("", "none", "white")
        return not (shaded or lit or (own is not None and own.get(f"{W}fill") not in _NO_SHADE))
    return None


def _shaded(paragraph: Element) -> bool:
    """Return whether a paragraph, or the cell it stands in, is coloured."""
    shade = paragraph.find(f"{W}pPr/{W}shd")
    if shade is not None and shade.get(f"{W}fill") not in _NO_SHADE:
        return True
    # A table's style may colour whole rows, so white text in a table is taken for a heading's.
    return next(paragraph.iterancestors(f"{W}tc"), None) is not None
