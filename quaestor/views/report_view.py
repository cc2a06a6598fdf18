"""A report in a notebook: HTML made from its parts, never from untrusted Markdown.

Nothing is loaded from anywhere, there is no script, and what came from documents is escaped
and held in an isolate of its own, so that it can neither act nor turn the text around it.
"""

import re
from urllib.parse import urlsplit

import networkx as nx

from quaestor.errors import SettingsError
from quaestor.memory.report import Cited, Claim, Report
from quaestor.memory.text import content_id
from quaestor.views.escape import escape
from quaestor.views.flow import cited, readable, summary
from quaestor.views.mermaid import mermaid
from quaestor.views.palette import STATUS
from quaestor.views.report_parts import (
    STATUS_WORDS,
    conflict_words,
    doubt,
    fallback_words,
    gap_words,
    numbers,
    source_facts,
)
from quaestor.views.report_text import report_text
from quaestor.views.svg import svg

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_QUOTE_STYLE = (
    "margin:0.2em 0;padding-left:0.8em;border-left:3px solid #2a8453;white-space:pre-wrap"
)
_SMALL = "font-size:0.9em;opacity:0.85"


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


def report_html(report: Report, *, prefix: str = "") -> str:
    """Return a report as an HTML fragment whose reference marks lead to the quotes.

    Args:
        report: The report.
        prefix: Begins every id of the fragment; by default a function of the report, so that
            two reports of one page do not mix.

    Raises:
        SettingsError: The prefix cannot begin an id.
    """
    key = prefix or "q" + content_id(report.question, report.answer, report.markdown, length=10)
    if not _PREFIX.fullmatch(key):
        raise SettingsError(
            f"prefix {prefix!r} cannot begin an id: use a letter, then letters, digits and hyphens"
        )
    known = numbers(report)
    answer = report.answer or "No short answer."
    as_of = f", as of {_isolated(report.as_of)}" if report.as_of else ""
    colour = STATUS[report.status][1]
    parts = [
        f'<section id="{key}" style="max-width:60em">',
        f"<p>{_isolated(report.question)}</p>",
        f"<p><strong>{_isolated(answer)}</strong></p>",
        f'<p style="{_SMALL}"><span style="color:{colour}">{STATUS_WORDS[report.status]}</span>'
        f"{as_of}</p>",
        *(_claim(claim, known, key) for claim in report.claims),
        *_evidence(report, key),
        *_list("Conflicts", [conflict_words(each, known) for each in report.conflicts]),
        *_list("Gaps", [gap_words(each) for each in report.gaps]),
        *_list("Answered without the model", [fallback_words(report)] if report.fallbacks else []),
        "</section>",
    ]
    return "".join(parts)


def web_address(uri: str) -> str | None:
    """Return `uri` if it is an ordinary web address, safe to be a link; else None."""
    if not uri.isprintable() or " " in uri:
        return None
    try:
        parts = urlsplit(uri)
        plain = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    except ValueError:
        return None
    return uri if plain else None


def _isolated(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"


def _claim(claim: Claim, known: dict[str, int], key: str) -> str:
    marks = "".join(
        f'<a href="#{key}-e{known[ref]}">[{known[ref]}]</a>'
        for ref in claim.evidence
        if ref in known
    )
    but = doubt(claim)
    colour = STATUS[claim.verdict][1]
    told = f' <span style="color:{colour};font-size:0.9em">({_isolated(but)})</span>' if but else ""
    return f"<p>{_isolated(claim.text)} <sup>{marks}</sup>{told}</p>"


def _evidence(report: Report, key: str) -> list[str]:
    if not report.cited:
        return []
    items = [_quote(span, f"{key}-e{number}") for number, span in enumerate(report.cited, 1)]
    return ["<h4>Evidence</h4><ol>", *items, "</ol>"]


def _quote(span: Cited, anchor: str) -> str:
    document = span.document
    address = web_address(document.uri)
    shown = _isolated(document.uri)
    if address is not None:
        shown = f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">{shown}</a>'
    facts = " · ".join(_isolated(fact) for fact in source_facts(span))
    private = " · private" if document.origin.private else ""
    return (
        f'<li id="{anchor}">'
        f'<blockquote dir="auto" style="{_QUOTE_STYLE}">{escape(span.evidence.text)}</blockquote>'
        f'<div style="{_SMALL}"><cite>{_isolated(document.title)}</cite> · {shown} · '
        f"{facts}{private}</div></li>"
    )


def _list(heading: str, items: list[str]) -> list[str]:
    if not items:
        return []
    return [f"<h4>{heading}</h4><ul>", *(f"<li>{_isolated(item)}</li>" for item in items), "</ul>"]
