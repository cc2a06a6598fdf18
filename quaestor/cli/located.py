"""A report as `ask` prints it, with the id of each claim and the place of each span: `show`."""

from collections.abc import Iterator, Mapping

from quaestor.cli.places import place_text
from quaestor.memory.labels import one_line
from quaestor.memory.runs import RunRow
from quaestor.plain import collection_roots
from quaestor.report import Report
from quaestor.views.report_parts import Reference, also_in, source_facts
from quaestor.views.report_text import Detail, report_text, wrapped


def located_report(report: Report, row: RunRow) -> str:
    """Return a report as text: ids to ask `show` for, and places to open in an editor."""
    roots = collection_roots(row)
    about = f"run {row.run_id}, started {row.started}, {row.seconds:.1f} s"
    shown = Detail(about=about, reference=lambda reference: _reference(reference, roots))
    return report_text(report, detail=shown)


def _reference(reference: Reference, roots: Mapping[str, str]) -> Iterator[str]:
    document = reference.document
    facts = [document.title or "Untitled", *source_facts(reference), f"document {document.id[:12]}"]
    yield from wrapped(", ".join(facts), "      ", first=f"{f'[{reference.number}]':>5} ")
    for cited in reference.quotes:
        where = one_line(place_text(document, cited.evidence.start, roots), 2000)
        # Never wrapped: a path is there to be copied.
        yield f"      {cited.evidence.id}  {where}"
        yield from wrapped(f"“{cited.evidence.text}”", "        ")
    for other in also_in(reference):
        yield from wrapped(f"nearly the same text: {other}", "        ")
