"""A graph as one self-contained SVG: no script, no style sheet, no font, nothing from outside.

What a node is stands in it in words; shape and colour repeat it. The whole label and the facts
of a node are its tooltip.
"""

from collections.abc import Iterable

import networkx as nx

from quaestor.memory.labels import one_line
from quaestor.views.escape import escape, text_width, wrap
from quaestor.views.flow import Facts, flow, kind_of
from quaestor.views.layered import Box, Layout, Point, layered
from quaestor.views.palette import BAD, GOOD, INK, LINE, LOOKS, SOFT_INK, STATUS, Look, look
from quaestor.views.shapes import mark, outline

_WIDTH = 196.0
_PAD = 10.0
_FONT = 12.0
_LINE = 15.0
_SMALL = 9.5
_CAPTION = 14.0
_MARGIN = 16.0
_LEGEND = 34.0
_FACT_LIMIT = 300

# A claim stands with the other claims, however short the way to it was.
_LATE = ("evidence", "claim")

_FONTS = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"

# Attributes that a tooltip shows after the label, in this order.
_FACTS = (
    *("status", "reason", "stopped", "branch", "source", "uri", "origin", "modified"),
    *("call_kind", "how", "started", "seconds", "tokens_in", "tokens_out", "usd"),
    *("attempts", "lost", "as_of", "ref"),
)


def svg(graph: "nx.DiGraph[str]", *, title: str = "") -> str:
    """Return a graph of `provenance`, or one derived from it by views/flow.py, as an SVG document.

    Nodes need `kind` and `label`; `status`, `order` and further facts are shown where they are
    there. Every label and id may be hostile.

    Args:
        graph: What to draw, parallel edges as one.
        title: Told to screen readers, and shown as the tooltip of the whole.
    """
    drawn = flow(graph)
    sizes = {name: _size(facts) for name, facts in drawn.nodes(data=True)}
    ranks = {name: int(facts.get("order", 0)) for name, facts in drawn.nodes(data=True)}
    late = {name for name, facts in drawn.nodes(data=True) if kind_of(facts) in _LATE}
    layout = layered(drawn, sizes, rank=ranks, late=late)
    legend, legend_width = _legend(drawn)
    width = max(layout.width, legend_width) + 2 * _MARGIN
    height = layout.height + 2 * _MARGIN + _LEGEND
    name = escape(one_line(title, 200) or "graph")
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{name}" '
            f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'font-family="{_FONTS}" font-size="{_FONT:g}">',
            f"<title>{name}</title>",
            f'<g transform="translate({_MARGIN:g} {_MARGIN:g})">{legend}</g>',
            f'<g transform="translate({_MARGIN:g} {_MARGIN + _LEGEND:g})">',
            *_edges(drawn, layout),
            *(_node(drawn.nodes[name], box) for name, box in layout.boxes.items()),
            "</g></svg>",
        ]
    )


def _label_lines(facts: Facts) -> list[str]:
    text = one_line(str(facts.get("label", "")), 400)
    return wrap(text, width=(_WIDTH - 2 * _PAD) / _FONT, lines=look(kind_of(facts)).lines)


def _size(facts: Facts) -> tuple[float, float]:
    return _WIDTH, _CAPTION + _LINE * max(len(_label_lines(facts)), 1) + 2 * _PAD - 4


def _caption(facts: Facts) -> str:
    """Return the small print of a node: its kind, and where it belongs."""
    kind = kind_of(facts)
    parts = [f"claim {facts.get('ref', '')}" if kind == "claim" else kind]
    # The origin of a model's call is its label.
    origin = "call_kind" if facts.get("call_kind") == "chat" else "origin"
    parts += [str(facts.get(key, "")) for key in ("branch", "source", origin, "how")]
    status = str(facts.get("status", ""))
    if status != "done":  # the mark says it, and the line is short
        parts.append(status.replace("_", " "))
    return " · ".join(one_line(part, 60) for part in parts if part)


def _tooltip(facts: Facts) -> str:
    lines = [one_line(str(facts.get("text") or facts.get("label", "")), 500)]
    for key in _FACTS:
        value = facts.get(key, "")
        if value not in ("", 0, 0.0):
            lines.append(f"{key.replace('_', ' ')}: {one_line(str(value), _FACT_LIMIT)}")
    return escape("\n".join(lines))


def _node(facts: Facts, box: Box) -> str:
    kind = kind_of(facts)
    shown = look(kind)
    room = (box.width - 2 * _PAD - 14) / _SMALL
    caption = "".join(wrap(_caption(facts), width=room, lines=1))
    top = box.y + _PAD + _SMALL - 1
    texts = [_text(box.x + _PAD, top, caption, size=_SMALL, ink=SOFT_INK)]
    texts += [
        _text(box.x + _PAD, top + _CAPTION + 2 + _LINE * at, line, size=_FONT, ink=INK)
        for at, line in enumerate(_label_lines(facts))
    ]
    status = STATUS.get(str(facts.get("status", "")))
    badge = mark(*status, x=box.x + box.width - 13, y=box.y + 13) if status else ""
    return f"<g><title>{_tooltip(facts)}</title>{outline(shown, box)}{''.join(texts)}{badge}</g>"


def _text(x: float, y: float, text: str, *, size: float, ink: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{ink}">{escape(text)}</text>'


def _edges(graph: "nx.DiGraph[str]", layout: Layout) -> Iterable[str]:
    for (tail, head), points in sorted(layout.routes.items()):
        yield _edge(kind_of(graph.edges[tail, head]), points)


def _edge(kind: str, points: tuple[Point, ...]) -> str:
    """Return a smooth curve that is level at every point, with a head at its end."""
    colour, dashes = {"contradicts": (BAD, "5 4"), "supports": (GOOD, "")}.get(kind, (LINE, ""))
    (x, y), path = points[0], ""
    path = f"M{x:.1f} {y:.1f}"
    for to_x, to_y in points[1:]:
        bend = (x + to_x) / 2
        path += f"C{bend:.1f} {y:.1f} {bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
        x, y = to_x, to_y
    back = -6 if points[-1][0] >= points[-2][0] else 6
    tip = f"M{x + back:.1f} {y - 3.5:.1f}L{x:.1f} {y:.1f}L{x + back:.1f} {y + 3.5:.1f}"
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<g fill="none" stroke="{colour}" stroke-width="1.3"><title>{escape(kind)}</title>'
        f'<path d="{path}"{dash}/><path d="{tip}"/></g>'
    )


def _legend(graph: "nx.DiGraph[str]") -> tuple[str, float]:
    """Return a row that names the kinds and the two kinds of edge that bear on a claim."""
    there = {kind_of(facts) for _, facts in graph.nodes(data=True)}
    parts: list[str] = []
    x = 0.0
    for kind in (kind for kind in LOOKS if kind in there):
        width = text_width(kind) * _FONT + 2 * _PAD
        chip = Box(x=x, y=0, width=width, height=20, column=0)
        flat = Look(shape="rounded", fill=LOOKS[kind].fill, stroke=LOOKS[kind].stroke, lines=1)
        parts.append(outline(flat, chip) + _text(x + _PAD, 14, kind, size=_FONT, ink=INK))
        x += width + 8
    edges = {kind_of(facts) for _, _, facts in graph.edges(data=True)}
    for kind in (kind for kind in ("supports", "contradicts") if kind in edges):
        parts.append(_edge(kind, ((x + 4, 10), (x + 32, 10))))
        parts.append(_text(x + 38, 14, kind, size=_FONT, ink=LINE))
        x += 38 + text_width(kind) * _FONT + 12
    return "".join(parts), x
