"""A report in a notebook: HTML made from its parts, never from untrusted Markdown.

Nothing is loaded from anywhere, there is no script, and what came from documents is escaped
and held in an isolate of its own, so that it can neither act nor turn the text around it.
"""

from collections.abc import Iterable, Sequence

import networkx as nx

from quaestor.agents.references import REFERENCES
from quaestor.agents.wording import CONFLICTS, GAPS, UNCONFIRMED, WITHOUT_MODEL
from quaestor.memory.fallbacks import fallback_words
from quaestor.memory.report import Cited, Line, Part, Report
from quaestor.memory.text import content_id
from quaestor.views.escape import escape
from quaestor.views.flow import cited, readable, summary
from quaestor.views.mermaid import mermaid
from quaestor.views.palette import STATUS
from quaestor.views.report_parts import (
    STATUS_WORDS,
    Item,
    Reference,
    also_in,
    conflict_words,
    gap_items,
    numbers,
    parts_of,
    place_of,
    references,
    remark,
    short_answer,
    source_facts,
    unconfirmed_of,
)
from quaestor.views.report_text import report_text
from quaestor.views.sanitize import NO_MATH, REL, clean, web_address
from quaestor.views.svg import svg

_QUOTE_STYLE = (
    "margin:0.2em 0;padding-left:0.8em;border-left:3px solid #2a8453;white-space:pre-wrap"
)
_SMALL = "font-size:0.9em;opacity:0.85"
_SOURCES = "list-style:none;padding-left:0"
_QUOTES = "list-style:none;padding-left:1.8em"


def report_mimebundle(report: Report, *, graph: "nx.DiGraph[str] | None" = None) -> dict[str, str]:
    """Return a report in every form a notebook may show.

    Args:
        report: The report.
        graph: The run's graph: adds a picture of what the report rests on, without calls and
            spans, so that it fits a cell. A notebook takes the HTML before the picture, so the
            HTML holds it too.
    """
    bundle = {
        "text/plain": report_text(report),
        "text/html": report_html(report),
        "text/markdown": report.markdown,
    }
    if graph is not None:
        drawn = readable(summary(cited(graph)))
        picture = svg(drawn, title=report.question)
        bundle["image/svg+xml"] = picture
        bundle["text/vnd.mermaid"] = mermaid(drawn)
        bundle["text/html"] += (
            f"<details><summary>How it was found</summary>"
            f'<div style="overflow-x:auto">{picture}</div></details>'
        )
    return bundle


def report_html(report: Report) -> str:
    """Return a report as an HTML fragment whose reference marks lead to the quotes.

    Its ids are a function of the report, so that two reports of one page do not mix.
    """
    key = "q" + content_id(report.question, report.answer, report.markdown, length=10)
    return _Page(report, key).html()


class _Page:
    """Writes one report; every id on it begins with its key."""

    def __init__(self, report: Report, key: str) -> None:
        self.report = report
        self.key = key
        self.known = numbers(report)
        self.claims = {claim.id: claim for claim in report.claims}
        self.anchors = {
            cited.evidence.id: f"{key}-e{at}" for at, cited in enumerate(report.cited, start=1)
        }

    def html(self) -> str:
        report = self.report
        fallbacks = (
            [Item(text=_isolated(fallback_words(report.fallbacks)))] if report.fallbacks else []
        )
        conflicts = [conflict_words(one, self.marks, _isolated) for one in report.conflicts]
        parts = [
            f'<section id="{self.key}" class="{NO_MATH}" style="max-width:60em">',
            *self._head(),
            *(self._part(part) for part in parts_of(report)),
            *_list(CONFLICTS, [Item(text=one) for one in conflicts]),
            *_list(UNCONFIRMED, [Item(text=self._line(one)) for one in unconfirmed_of(report)]),
            *_list(GAPS, gap_items(report, _isolated)),
            *_list(WITHOUT_MODEL, fallbacks),
            *self._references(),
            "</section>",
        ]
        return clean("".join(parts))

    def marks(self, evidence: Iterable[str]) -> str:
        """Return the marks of spans, each leading to the first quote of its source among them."""
        first: dict[int, str] = {}
        for ref in evidence:
            if ref in self.known:
                first.setdefault(self.known[ref], self.anchors[ref])
        links = [f'<a href="#{first[number]}">[{number}]</a>' for number in sorted(first)]
        return f"<sup>{''.join(links)}</sup>" if links else ""

    def _head(self) -> list[str]:
        report = self.report
        answer = short_answer(report)
        said = f"<p><strong>{_isolated(answer)}</strong> {self.marks(report.answer_evidence)}</p>"
        as_of = f", as of {_isolated(report.as_of)}" if report.as_of else ""
        colour = STATUS[report.status][1]
        return [
            f"<p>{_isolated(report.question)}</p>",
            *([said] if answer else []),
            f'<p style="{_SMALL}"><span style="color:{colour}">{STATUS_WORDS[report.status]}</span>'
            f"{as_of}</p>",
        ]

    def _part(self, part: Part) -> str:
        if not part.heading:
            return "".join(f"<p>{self._line(line)}</p>" for line in part.lines)
        items = "".join(f"<li>{self._line(line)}</li>" for line in part.lines)
        shown = f"<h4>{_isolated(part.heading)}</h4>{_table(part.table)}"
        return f"{shown}<ul>{items}</ul>" if items else shown

    def _line(self, line: Line) -> str:
        claim = self.claims.get(line.claim)
        text = _isolated(line.text)
        if claim is not None:
            text = f"{text} {self.marks(claim.evidence)}"
        but = remark(line, claim)
        if not but:
            return text
        verdict = claim.verdict if claim else "unsupported" if line.doubt else "partly"
        colour = STATUS[verdict][1]
        return f'{text} <span style="color:{colour};font-size:0.9em">({_isolated(but)})</span>'

    def _references(self) -> list[str]:
        if not self.report.cited:
            return []
        items = [self._reference(one) for one in references(self.report)]
        return [f'<h4>{REFERENCES}</h4><ul style="{_SOURCES}">', *items, "</ul>"]

    def _reference(self, reference: Reference) -> str:
        document = reference.document
        address = web_address(document.uri)
        title, shown = _isolated(document.title or "Untitled"), _isolated(document.uri)
        if address is not None:
            shown = f'<a href="{escape(address)}" rel="{REL}">{shown}</a>'
        facts = " · ".join(_isolated(fact) for fact in source_facts(reference))
        quotes = "".join(self._quote(cited) for cited in reference.quotes)
        same = "".join(
            f'<li style="{_SMALL}">nearly the same text: {_isolated(other)}</li>'
            for other in also_in(reference)
        )
        return (
            f'<li id="{self.key}-s{reference.number}" style="margin-bottom:0.9em">'
            f"[{reference.number}] <strong>{title}</strong> · {shown}"
            f'<div style="{_SMALL};padding-left:2em">{facts}</div>'
            f'<ul style="{_QUOTES}">{quotes}{same}</ul></li>'
        )

    def _quote(self, cited: Cited) -> str:
        return (
            f'<li id="{self.anchors[cited.evidence.id]}">'
            f'<div style="{_SMALL}">{_isolated(place_of(cited))}</div>'
            f'<blockquote dir="auto" style="{_QUOTE_STYLE}">{escape(cited.evidence.text)}'
            "</blockquote></li>"
        )


def _isolated(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    cells = [[f"<bdi>{escape(cell)}</bdi>" for cell in row] for row in rows]
    head = "".join(f"<th>{cell}</th>" for cell in cells[0])
    body = "".join(f"<tr>{''.join(f'<td>{one}</td>' for one in row)}</tr>" for row in cells[1:])
    return f"<table><tr>{head}</tr>{body}</table>"


def _list(heading: str, items: list[Item]) -> list[str]:
    """Return a section whose items are HTML already."""
    if not items:
        return []
    shown: list[str] = []
    for item in items:
        below = "".join(f"<li>{line}</li>" for line in item.below)
        shown.append(f"<li>{item.text}{f'<ul>{below}</ul>' if below else ''}</li>")
    return [f"<h4>{heading}</h4><ul>", *shown, "</ul>"]
