"""What a searcher brings back at the end of its steps."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from quaestor.agents.faults import broke
from quaestor.agents.orders import RECALL, Order, query_of
from quaestor.agents.roles.searcher import Done
from quaestor.agents.trail import links
from quaestor.agents.workplace import Workplace
from quaestor.memory.finding import Finding, Gap, GapKind, PageRead
from quaestor.tools.brought import Brought


async def conclude(place: Workplace, order: Order, head: str, done: Done) -> Finding:
    """Return what the searcher brings back."""
    trail = await links(place.values, head)
    steps = [link.step for link in trail if link.step is not None]
    kept = [one.evidence for step in steps for one in step.retained if one.retained_by]
    seen = [one.evidence for step in steps for one in step.retained if not one.retained_by]
    held = set(kept)
    asked = [step for step in steps if step.key and step.call.tool != RECALL]
    failures: dict[Gap, None] = {}
    pages: dict[str, PageRead] = {}
    answered = False
    for step in asked:
        # One at a time: thousands of results are not held together.
        brought = await place.toolbox.recall(step.key)
        if brought.error and brought.gap:
            failures[_failure(order, brought.gap, brought.error)] = None
        answered = answered or not brought.error or bool(brought.spans or brought.hits)
        _note_page(pages, brought)
    queries = tuple(dict.fromkeys(query_of(step.call) for step in asked))
    return Finding(
        task=order.task.id,
        branch=place.branch,
        question=order.task.question,
        source=order.task.source,
        kept=tuple(dict.fromkeys(kept)),
        seen=tuple(name for name in dict.fromkeys(seen) if name not in held),
        hypotheses=done.hypotheses,
        conclusion=done.conclusion,
        queries=queries,
        gaps=(*failures, *done.gaps) if answered else _unanswered(failures, done.gaps),
        pages=tuple(pages.values()),
        stopped=done.stopped,
    )


def broken(place: Workplace, order: Order, error: Exception) -> Finding:
    """Return the finding of a worker that broke: a gap, and nothing else lost."""
    gap = replace(broke("searcher", order.task.question, error), source=order.task.source)
    return Finding(
        task=order.task.id,
        branch=place.branch,
        question=order.task.question,
        source=order.task.source,
        kept=(),
        seen=(),
        hypotheses=(),
        conclusion="",
        gaps=(gap,),
        stopped="failed",
    )


def _failure(order: Order, kind: GapKind, why: str) -> Gap:
    return Gap(kind=kind, what=order.task.question, why=why, source=order.task.source)


def _unanswered(failures: Collection[Gap], gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """Return the gaps where no call was answered: that nothing was found is then not known."""
    if not failures:
        return tuple(gaps)
    tried = tuple(query for gap in gaps if gap.kind == "not_found" for query in gap.tried)
    others = [gap for gap in gaps if gap.kind != "not_found"]
    return (*(replace(one, tried=tried) for one in failures), *others)


def _note_page(pages: dict[str, PageRead], brought: Brought) -> None:
    """Note how far a document was read, if one was opened."""
    if brought.read is None:
        return
    document, known = brought.documents[brought.read.document], pages.get(brought.read.document)
    pages[document.id] = PageRead(
        document=document.id,
        uri=document.uri,
        title=document.title,
        stopped_at=max(brought.read.end, known.stopped_at if known else 0),
        length=brought.read.length,
    )
