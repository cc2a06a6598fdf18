"""Colours and shapes of pictures that read on a light page and on a dark one.

Fills are light with dark text inside, lines are mid-tone; no meaning rests on colour alone.
"""

from dataclasses import dataclass
from typing import Literal

INK = "#1b1f24"
"""Text on a fill."""
SOFT_INK = "#4d5661"
"""Small print on a fill."""
LINE = "#7d8590"
"""Edges, and text outside boxes: contrast above 3.5 on white and on black."""

Shape = Literal["pill", "rounded", "chamfered", "page", "quote", "box", "framed"]
Mark = Literal["check", "cross", "half", "ring"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How nodes of one kind look."""

    shape: Shape
    fill: str
    stroke: str
    lines: int
    """Of label text, at most."""


LOOKS = {
    "question": Look(shape="pill", fill="#e9e0fb", stroke="#7a4fd0", lines=4),
    "task": Look(shape="rounded", fill="#dce9fd", stroke="#3a6fd0", lines=3),
    "call": Look(shape="chamfered", fill="#e9edf1", stroke="#6b7b8c", lines=2),
    "document": Look(shape="page", fill="#fdf2cf", stroke="#a97f00", lines=2),
    "evidence": Look(shape="quote", fill="#dcf3e6", stroke="#2a8453", lines=3),
    "claim": Look(shape="box", fill="#fde4da", stroke="#c9562a", lines=4),
    "report": Look(shape="framed", fill="#f9dbe8", stroke="#b83280", lines=4),
}
OTHER = Look(shape="box", fill="#eeeeee", stroke=LINE, lines=2)

GOOD, WARN, BAD, IDLE = "#2a8453", "#b87400", "#c0392b", "#6b7280"

STATUS: dict[str, tuple[Mark, str]] = {
    "done": ("check", GOOD),
    "answered": ("check", GOOD),
    "supported": ("check", GOOD),
    "running": ("half", WARN),
    "in_flight": ("half", WARN),
    "partly": ("half", WARN),
    "stopped": ("half", WARN),
    "insufficient_evidence": ("half", WARN),
    "interrupted": ("half", WARN),
    "waiting": ("ring", IDLE),
    "failed": ("cross", BAD),
    "unsupported": ("cross", BAD),
    "contradicted": ("cross", BAD),
}


def look(kind: str) -> Look:
    """Return how a node of a kind looks; a kind nobody named is a grey box."""
    return LOOKS.get(kind, OTHER)
