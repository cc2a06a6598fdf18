"""Reports with a hostile text in one field, and every form in which such a report is shown."""

from collections.abc import Callable

import networkx as nx
from markdown_it import MarkdownIt

from quaestor.agents.material import Material
from quaestor.agents.report import compose
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import Outline, Section, Spot, Statement
from quaestor.agents.roles.verifier import Judged
from quaestor.memory.documents import WEB, Document, Location, Origin
from quaestor.memory.evidence import Evidence
from quaestor.memory.finding import Conflict, Gap
from quaestor.memory.plan import Brief
from quaestor.memory.report import Cited, Report
from quaestor.views.escape import escape
from quaestor.views.page import POLICY, report_page
from quaestor.views.report_view import report_html
from quaestor.views.run_view import RunProgress, TaskProgress, render_html
from quaestor.views.svg import svg

FIELDS = (
    "question",
    "answer",
    "statement",
    "quote",
    "title",
    "address",
    "file name",
    "collection",
    "time",
    "part",
    "conflict",
    "gap",
    "verdict",
    "table",
)
_RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
"""As lenient as viewers come: raw HTML is passed on."""


EVERYWHERE = "everywhere"


def report_with(field: str, text: str) -> Report:
    """Return a report whose `field`, or every one, says `text`; the rest is plain."""

    def of(name: str, plain: str) -> str:
        return text if field in (name, EVERYWHERE) else plain

    quote = of("quote", "The harbour has two piers.")
    papers = Document.of(
        quote,
        uri=f"notes/{of('file name', 'harbour')}.md",
        title=of("title", "Harbour"),
        media_type="text/plain",
        origin=Origin(kind="local", name=of("collection", "notes"), private=True),
        extractor="plain",
        modified=of("time", "2026-11-20"),
        locations=(
            Location(kind="sheet", number=1, start=0, end=len(quote), name=of("part", "Piers")),
        ),
    )
    page = Document.of(
        "A page says three.",
        uri=f"https://port.example/{of('address', '')}",
        title=of("title", "Port"),
        media_type="text/html",
        origin=WEB,
        extractor="html",
    )
    spans = [one.span(0, len(one.text)) for one in (papers, page)]
    composed = compose(_material(of, papers, page, spans))
    documents = {one.id: one for one in (papers, page)}
    cited = tuple(
        Cited(
            evidence=one,
            document=documents[one.document],
            retained_by="instant",
            taken_at=of("time", "2026-11-20T08:00:00+00:00"),
            also=(f"local:{of('collection', 'notes')} {of('file name', 'copy')}",),
        )
        for one in composed.evidence
    )
    return Report(
        question=of("question", "How many piers?"),
        status=composed.status,
        answer=composed.answer,
        answer_evidence=composed.answer_evidence,
        markdown=composed.markdown,
        claims=composed.claims,
        cited=cited,
        conflicts=composed.conflicts,
        gaps=_gaps(of("gap", "the register")),
        fallbacks={of("gap", "planner"): 1},
        as_of="2026-11-20",
    )


def _material(
    of: Callable[[str, str], str], papers: Document, page: Document, spans: list[Evidence]
) -> Material:
    spots = [Spot(evidence=one.id, start=one.start, end=one.end) for one in spans]
    passages = {
        span.id: Passage(
            evidence=span.id,
            document=one.id,
            start=span.start,
            end=span.end,
            text=span.text,
            title=one.title,
            uri=one.uri,
            origin=one.origin,
        )
        for span, one in zip(spans, (papers, page), strict=True)
    }
    said = Statement(text=of("statement", "There are two piers."), spots=(spots[0],))
    other = Statement(text="There are three piers.", spots=(spots[1],))
    row = Statement(text=f"{of('table', 'piers')}: count two.", spots=(spots[0],))
    conflict = Conflict(
        about=of("conflict", "piers"),
        values=(of("conflict", "two"), "three"),
        evidence=((spans[0].id,), (spans[1].id,)),
        rule=of("conflict", "undecided"),
    )
    return Material(
        question=of("question", "How many piers?"),
        brief=Brief(answer_type="number", parts=("piers",), as_of="2026-11-20"),
        status="answered",
        outline=Outline(
            answer=of("answer", "two"), lead=(said,), sections=(), conflicts=(conflict,)
        ),
        sections=[
            Section(
                heading=of("table", "Piers"),
                statements=(other, row),
                table=((of("table", "Thing"), "Count"), (of("table", "piers"), "two")),
            )
        ],
        judged=[
            Judged(verdict="supported"),
            Judged(verdict="partly", reason=of("verdict", "three")),
            Judged(verdict="supported"),
        ],
        spans=dict(zip(spots, spans, strict=True)),
        passages=passages,
        documents={one.id: one for one in (papers, page)},
        gaps=_gaps(of("gap", "the register")),
    )


def _gaps(text: str) -> tuple[Gap, ...]:
    return (Gap(kind="refused", what=text, why=text, tried=(text,), source=text),)


def forms(report: Report) -> dict[str, str]:
    """Return the HTML a browser is given for a report, by the form it is shown in."""
    page = report_page(report)
    task = TaskProgress(
        id="t", branch="public", source="web", question=report.question, state="done"
    )
    running = RunProgress(question=report.question, state="running", tasks=(task,))
    drawn: nx.DiGraph[str] = nx.DiGraph()
    for name, label in enumerate([report.question, *(one.document.title for one in report.cited)]):
        drawn.add_node(str(name), kind="document", label=label)
    return {
        "page": page,
        "page without its policy": page.replace(escape(POLICY), ""),
        "notebook": report_html(report),
        "run": render_html(running),
        "picture": svg(drawn, title=report.question),
        "Markdown": _RENDERER.render(report.markdown),
    }
