"""A graph as Mermaid flowchart text, for places that render it: JupyterLab, GitHub, editors.

Renderers stop at 500 edges and 50,000 characters unless set otherwise: fold a big run first
(views/flow.py, `readable`).
"""

import re

import networkx as nx

from quaestor.memory.labels import one_line
from quaestor.views.escape import xml_chars
from quaestor.views.flow import flow, kind_of
from quaestor.views.palette import INK, LOOKS, Shape, look

_LABEL_LIMIT = 80

_BRACKETS: dict[Shape, tuple[str, str]] = {
    "pill": ("([", "])"),
    "rounded": ("(", ")"),
    "chamfered": ("{{", "}}"),
    "page": ("[/", "/]"),
    "quote": (">", "]"),
    "box": ("[", "]"),
    "framed": ("[[", "]]"),
}

# Inside a quoted label these could end it, start markup or an entity, or open a directive.
_ENTITIES = str.maketrans({char: f"#{ord(char)};" for char in '"#&<>`\\{}[]%;*~$'})

# A label that looks like a list item is not shown but complained of.
_LIST_ITEM = re.compile(r"^(\d*)([-+.)])")


def mermaid(graph: "nx.DiGraph[str]") -> str:
    """Return a graph of `provenance`, or one derived from it, as a Mermaid flowchart.

    Ids are `n0`, `n1`, ... in the order of kinds and of their own order, so that no id of ours
    can be a word of the language; the same graph gives the same text.
    """
    drawn = flow(graph)
    kinds = list(LOOKS)
    facts_of = {name: drawn.nodes[name] for name in drawn}

    def place(name: str) -> tuple[int, int, str]:
        facts = facts_of[name]
        kind = kind_of(facts)
        at = kinds.index(kind) if kind in kinds else len(kinds)
        return at, int(facts.get("order", 0)), name

    short = {name: f"n{number}" for number, name in enumerate(sorted(facts_of, key=place))}
    lines = ["flowchart LR"]
    for name, alias in short.items():
        kind = kind_of(facts_of[name])
        opening, closing = _BRACKETS[look(kind).shape]
        text = _label(str(facts_of[name].get("label", ""))) or _label(kind)
        style = f":::kind_{kind}" if kind in LOOKS else ""
        lines.append(f'    {alias}{opening}"{text}"{closing}{style}')
    for tail, head in sorted(drawn.edges, key=lambda edge: (place(edge[0]), place(edge[1]))):
        kind = kind_of(drawn.edges[tail, head])
        arrow = "-.->" if kind == "contradicts" else "-->"
        told = f'|"{_label(kind)}"|' if kind in ("supports", "contradicts") else ""
        lines.append(f"    {short[tail]} {arrow}{told} {short[head]}")
    there = {kind_of(facts) for facts in facts_of.values()}
    for kind in (kind for kind in kinds if kind in there):
        colours = f"fill:{LOOKS[kind].fill},stroke:{LOOKS[kind].stroke},color:{INK}"
        lines.append(f"    classDef kind_{kind} {colours}")
    return "\n".join(lines) + "\n"


def _label(text: str) -> str:
    safe = xml_chars(one_line(text, _LABEL_LIMIT)).translate(_ENTITIES)
    return _LIST_ITEM.sub(lambda item: f"{item[1]}#{ord(item[2])};", safe)
