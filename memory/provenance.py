"""A run as a graph: what was asked, by what calls it was answered, and what each sentence rests on.

Edges read as sentences: a question `planned` a task, a task `asked` a call, a call `returned` a
document, evidence is a `span_of` a document, a task `found` evidence, evidence `supports` or
`contradicts` a claim, a claim `supports` the report. A node is named `kind:id`, so that ids of
different kinds never clash, and `ref` is the id the JSON of the run uses. Every attribute is a
string, a number or a boolean, so that any format can carry the graph.
"""

from collections.abc import Mapping

import networkx as nx

from quaestor.memory.calls import CallRow
from quaestor.memory.evidence import Evidence
from quaestor.memory.finding import Finding
from quaestor.memory.labels import one_line
from quaestor.memory.record import RunRecord, found_by, overlap
from quaestor.memory.report import Claim, Report
from quaestor.memory.why import Path, why

__all__ = [
    "EDGE_KINDS",
    "NODE_KINDS",
    "Path",
    "RunRecord",
    "call_node",
    "node",
    "provenance",
    "why",
]

NODE_KINDS = ("question", "task", "call", "document", "evidence", "claim", "report")
EDGE_KINDS = ("planned", "asked", "returned", "span_of", "found", "supports", "contradicts")


def node(kind: str, ref: str) -> str:
    """Return the name of a node: `task:1f0c22aa`."""
    return f"{kind}:{ref}"


def call_node(call: CallRow) -> str:
    """Return the name of a call's node; the samples of one request are calls of their own."""
    return node("call", f"{call.key}:{call.sample}")


def provenance(record: RunRecord) -> "nx.MultiDiGraph[str]":
    """Return the run's execution and provenance as one graph.

    A call that no task asked (a planner's, the synthesizer's) hangs on the question. A task
    that waits for another is planned by it as well as by the question. The spans of a claim
    that the verifier found `unsupported` carry nothing and have no edge to it. Where spans
    conflict, each contradicts the claims that rest on the other side.

    Raises:
        IntegrityError: The record names evidence or documents it does not hold.
    """
    record.check()
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(run_id=record.run_id)
    _add(graph, "question", record.run_id, record.question, 0)
    _add_tasks(graph, record)
    _add_documents(graph, record)
    _add_calls(graph, record)
    _add_evidence(graph, record)
    if record.report is not None:
        _add_report(graph, record, record.report)
    return graph


def _add(
    graph: "nx.MultiDiGraph[str]",
    kind: str,
    ref: str,
    label: str,
    order: int,
    /,
    **facts: str | float | bool,
) -> None:
    """Add a node; `order` is its place among those of its kind, for whoever draws it."""
    name = node(kind, ref)
    graph.add_node(name, kind=kind, ref=ref, label=one_line(label) or kind, order=order, **facts)


def _add_tasks(graph: "nx.MultiDiGraph[str]", record: RunRecord) -> None:
    findings = {finding.task: finding for finding in record.findings}
    asking = {ask.task for call in record.calls for ask in call.asks}
    tasks = record.tasks()
    for order, (ref, (branch, task)) in enumerate(tasks.items()):
        finding = findings.get(ref)
        _add(
            graph,
            "task",
            ref,
            finding.question if finding else task.question,
            order,
            branch=branch,
            source=task.source,
            status=_task_status(finding, asking=ref in asking),
            stopped=finding.stopped if finding else "",
        )
    for ref, (branch, task) in tasks.items():
        planners = [node("question", record.run_id)]
        planners += [node("task", need) for need in task.needs if need in tasks]
        for planner in planners:
            graph.add_edge(planner, node("task", ref), kind="planned", branch=branch)


def _task_status(finding: Finding | None, *, asking: bool) -> str:
    if finding is None:
        return "running" if asking else "waiting"
    return "failed" if finding.stopped == "failed" else "done"


def _add_documents(graph: "nx.MultiDiGraph[str]", record: RunRecord) -> None:
    read: dict[str, int] = {}
    for page in (page for finding in record.findings for page in finding.pages):
        read[page.document] = max(page.stopped_at, read.get(page.document, 0))
    ordered = sorted(record.documents, key=lambda document: (document.origin, document.uri))
    for order, document in enumerate(ordered):
        opened = {"stopped_at": read[document.id]} if document.id in read else {}
        _add(
            graph,
            "document",
            document.id,
            document.title or document.uri,
            order,
            uri=document.uri,
            origin=document.origin.label,
            private=document.origin.private,
            media_type=document.media_type,
            extractor=document.extractor,
            modified=document.modified or "",
            length=len(document.text),
            **opened,
        )


def _add_calls(graph: "nx.MultiDiGraph[str]", record: RunRecord) -> None:
    tasks = {ref: order for order, ref in enumerate(record.tasks())}
    queries = {(seen.branch, seen.task, seen.step): seen.query for seen in record.sightings}
    ordered = sorted(record.calls, key=lambda call: _call_order(call, tasks))
    for order, call in enumerate(ordered):
        _add(
            graph,
            "call",
            f"{call.key}:{call.sample}",
            _call_label(call, queries),
            order,
            call_kind=call.kind,
            status=call.status,
            how=call.how,
            origin=call.origin,
            started=call.started,
            seconds=call.seconds,
            tokens_in=call.tokens_in,
            tokens_out=call.tokens_out,
            usd=call.usd,
            attempts=call.attempts,
            lost=call.lost,
        )
        _add_asks(graph, record, call, tasks)
        for document in call.documents:
            if node("document", document) in graph:
                graph.add_edge(call_node(call), node("document", document), kind="returned")


def _call_label(call: CallRow, queries: Mapping[tuple[str, str, int], str]) -> str:
    """Return what a source was asked; of a model, in which role which one was."""
    if call.kind == "chat":
        return call.origin or call.kind
    asked = [queries.get((ask.branch, ask.task, ask.step), "") for ask in call.asks]
    return f"{call.kind} {next((text for text in asked if text), '')}"


def _call_order(
    call: CallRow, tasks: Mapping[str, int]
) -> tuple[tuple[int, int, int], str, str, int]:
    first = min(
        ((tasks.get(ask.task, -1), ask.round, ask.step) for ask in call.asks),
        default=(-1, 0, 0),
    )
    return (first, call.kind, call.key, call.sample)


def _add_asks(
    graph: "nx.MultiDiGraph[str]", record: RunRecord, call: CallRow, tasks: Mapping[str, int]
) -> None:
    for ask in call.asks:
        asker = node("task", ask.task) if ask.task in tasks else node("question", record.run_id)
        graph.add_edge(
            asker,
            call_node(call),
            kind="asked",
            branch=ask.branch,
            round=ask.round,
            step=ask.step,
        )


def _add_evidence(graph: "nx.MultiDiGraph[str]", record: RunRecord) -> None:
    found, tasks = found_by(record), record.tasks()
    ordered = sorted(record.evidence, key=lambda span: (span.document, span.start, span.end))
    for order, span in enumerate(ordered):
        _add(
            graph,
            "evidence",
            span.id,
            span.text,
            order,
            text=span.text,
            start=span.start,
            end=span.end,
        )
        graph.add_edge(node("evidence", span.id), node("document", span.document), kind="span_of")
        for seen in found[span.id]:
            if seen.task in tasks:
                graph.add_edge(
                    node("task", seen.task),
                    node("evidence", span.id),
                    kind="found",
                    step=seen.step,
                    tool=seen.tool,
                    query=seen.query,
                    rank=seen.rank,
                    retained_by=seen.retained_by or "",
                )


def _add_report(graph: "nx.MultiDiGraph[str]", record: RunRecord, report: Report) -> None:
    _add(
        graph,
        "report",
        record.run_id,
        report.answer or report.status.replace("_", " "),
        0,
        status=report.status,
        as_of=report.as_of,
        gaps=len(report.gaps),
    )
    spans = {span.id: span for span in record.evidence}
    for order, claim in enumerate(report.claims):
        name = node("claim", claim.id)
        _add(
            graph,
            "claim",
            claim.id,
            claim.text,
            order,
            text=claim.text,
            status=claim.verdict,
            reason=claim.reason,
        )
        graph.add_edge(name, node("report", record.run_id), kind="supports", verdict=claim.verdict)
        for kind, refs in _bearing(claim, report, spans).items():
            for ref in refs:
                graph.add_edge(node("evidence", ref), name, kind=kind, verdict=claim.verdict)


def _bearing(
    claim: Claim, report: Report, spans: Mapping[str, Evidence]
) -> dict[str, tuple[str, ...]]:
    """Return which evidence supports a claim and which contradicts it."""
    against: set[str] = set()
    cited = [spans[ref] for ref in claim.evidence]
    for conflict in report.conflicts:
        sides = [[spans[ref] for ref in refs if ref in spans] for refs in conflict.evidence]
        own = [any(overlap(span, mine) for span in side for mine in cited) for side in sides]
        if any(own):
            others = (side for side, is_own in zip(sides, own, strict=True) if not is_own)
            against.update(span.id for side in others for span in side)
    if claim.verdict == "contradicted":
        return {"contradicts": (*claim.evidence, *sorted(against))}
    carrying = () if claim.verdict == "unsupported" else claim.evidence
    return {"supports": carrying, "contradicts": tuple(sorted(against))}
