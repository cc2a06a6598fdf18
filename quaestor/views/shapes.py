"""The outlines of nodes and the marks of their status, as SVG elements."""

from quaestor.views.layered import Box
from quaestor.views.palette import Look, Mark, Shape

_FOLD = 12.0
_CHAMFER = 8.0
_RADIUS: dict[Shape, float] = {"pill": 16, "rounded": 7, "framed": 3}


def outline(look: Look, box: Box) -> str:
    """Return the outline of a node."""
    paint = f'fill="{look.fill}" stroke="{look.stroke}"'
    line = f'fill="none" stroke="{look.stroke}"'
    match look.shape:
        case "chamfered":
            return f'<path d="{_chamfered(box)}" {paint}/>'
        case "page":
            page, fold = _page(box)
            return f'<path d="{page}" {paint}/><path d="{fold}" {line}/>'
        case "quote":
            bar = Box(x=box.x, y=box.y, width=4, height=box.height, column=0)
            return _rect(box, 0, paint) + _rect(bar, 0, f'fill="{look.stroke}"')
        case "framed":
            inner = Box(
                x=box.x + 3, y=box.y + 3, width=box.width - 6, height=box.height - 6, column=0
            )
            return _rect(box, _RADIUS["framed"], paint) + _rect(inner, 1, line)
        case plain:
            return _rect(box, _RADIUS.get(plain, 0), paint)


def mark(kind: Mark, colour: str, *, x: float, y: float) -> str:
    """Return a status mark around a point, 11 units wide; its form says as much as its colour."""
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" '
    full = f'{ring}fill="{colour}"/>'
    hollow = f'{ring}fill="#ffffff" stroke="{colour}"/>'
    stroke = 'fill="none" stroke="#ffffff" stroke-width="1.6"'
    match kind:
        case "check":
            points = [(x - 2.8, y + 0.2), (x - 0.8, y + 2.4), (x + 3.0, y - 2.2)]
            return f'{full}<path d="{_line(points)}" {stroke}/>'
        case "cross":
            falling = _line([(x - 2.2, y - 2.2), (x + 2.2, y + 2.2)])
            rising = _line([(x - 2.2, y + 2.2), (x + 2.2, y - 2.2)])
            return f'{full}<path d="{falling}{rising}" {stroke}/>'
        case "half":
            half = f"M{x:.1f} {y - 5.5:.1f}A5.5 5.5 0 0 1 {x:.1f} {y + 5.5:.1f}Z"
            return f'{hollow}<path d="{half}" fill="{colour}"/>'
        case "ring":
            return hollow


def _line(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _chamfered(box: Box) -> str:
    left, top, right, low = box.x, box.y, box.x + box.width, box.y + box.height
    cut = _CHAMFER
    corners = [
        *((left + cut, top), (right - cut, top), (right, top + cut), (right, low - cut)),
        *((right - cut, low), (left + cut, low), (left, low - cut), (left, top + cut)),
    ]
    return _line(corners) + "Z"


def _page(box: Box) -> tuple[str, str]:
    """Return a sheet with a folded corner, and the fold."""
    left, top, right, low = box.x, box.y, box.x + box.width, box.y + box.height
    start, end = (right - _FOLD, top), (right, top + _FOLD)
    sheet = _line([(left, top), start, end, (right, low), (left, low)]) + "Z"
    return sheet, _line([start, (right - _FOLD, top + _FOLD), end])


def _rect(box: Box, radius: float, paint: str) -> str:
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="{radius:g}" {paint}/>'
    )
