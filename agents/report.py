"""From an outline, its sections and their verdicts to a report with numbered references.

The text is a function of its arguments: no run id, clock, duration or path of the home.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from quaestor.agents.closing import Told, still_open
from quaestor.agents.facts import Ground, ground
from quaestor.agents.gaps import by_source
from quaestor.agents.markdown import cited, plain
from quaestor.agents.material import Composed, Material
from quaestor.agents.references import REFERENCES, References
from quaestor.agents.roles.synthesizer import Section, Statement
from quaestor.agents.roles.verifier import Judged
from quaestor.agents.rows import Marked, markdown_table, says
from quaestor.agents.verifier import unfounded
from quaestor.agents.wording import (
    CONFLICTS,
    GAPS,
    INFERENCE,
    NOT_CONFIRMED,
    NOTHING_FOUND,
    PARTLY,
    STOPPED,
    UNCONFIRMED,
    WITHOUT_MODEL,
    ended,
    gap_line,
    heading,
    listed,
    quoted,
    title,
)
from quaestor.memory.evidence import Evidence
from quaestor.memory.fallbacks import fallback_words
from quaestor.memory.finding import Conflict, Gap
from quaestor.memory.report import Claim, Line, Part, Status, Verdict
from quaestor.tools.local.rows import delimiter_of
from quaestor.tools.text.cells import with_bars
from quaestor.tools.text.sentences import sentences, statements

NO_SOURCE = "no source is given for it, nor does any hold: {}"
UNFOUND = Judged(verdict="unsupported", reason="its source could not be found again")
ANSWER = "The short answer: {}"
UNCARRIED = Judged(verdict="unsupported", reason="not all that leads the report was confirmed")


def compose(material: Material) -> Composed:
    """Write the report.

    A statement whose verdict is `unsupported` or `contradicted`, or whose spots are not among
    the spans, does not stand as fact: it moves to a section of its own that says why. So does
    one whose writer named nothing it may rest on, and one without spots that names what no span
    holds; any other is labelled an inference.

    Raises:
        ValueError: There is not one verdict for each statement.
    """
    return _Writer(material).write()


class _Writer:
    """Writes a report from top to bottom, numbering sources as they are first cited."""

    def __init__(self, material: Material) -> None:
        sections = [one for section in material.sections for one in section.statements]
        written = len(material.outline.lead) + len(sections)
        if written != len(material.judged):
            raise ValueError(f"{len(material.judged)} verdicts for {written} statements")
        self.material = material
        self.references = References(material.documents)
        self.claims: list[Claim] = []
        self.standing: list[Claim] = []
        """Those that stand as fact."""
        self.parts: list[Part] = []
        self.placed: list[Line] = []
        """Written since the last part."""
        self.failed: list[tuple[Statement, Judged]] = []
        self.conflicts: list[Conflict] = []
        self.said: set[str] = set()
        self.told: list[Told] = []
        self.verdicts = iter(material.judged)

    def write(self) -> Composed:
        outline = self.material.outline
        lead = self._sentences(outline.lead)
        self._part("")
        sure = self.standing and not any(one.spots and not one.fault for one, _ in self.failed)
        answer = outline.answer if sure else ""
        carrying = [name for claim in self.standing for name in claim.evidence]
        body = [block for section in self.material.sections for block in self._section(section)]
        status = self.material.status
        if status == "answered" and (not self.standing or answer != outline.answer):
            status = "insufficient_evidence"
        without = fallback_words(self.material.fallbacks)
        gaps = still_open(self.material.gaps, self.told, answered=self._answered(status))
        blocks = [
            *self._head(status),
            *([f"**{plain(answer)}** {self.references.marks_of(carrying)}"] if answer else []),
            " ".join(lead),
            *body,
            *listed(CONFLICTS, [self._conflict(one) for one in outline.conflicts]),
            *listed(UNCONFIRMED, self._apart("" if answer else outline.answer)),
            *listed(GAPS, self._missing(gaps, status)),
            *listed(WITHOUT_MODEL, [f"{plain(without)}."] if without else []),
        ]
        entries = self.references.entries()
        blocks += [f"## {REFERENCES}", "\n".join(entries)] if entries else []
        return Composed(
            markdown="\n\n".join(block for block in blocks if block) + "\n",
            answer=answer,
            status=status,
            claims=tuple(self.claims),
            parts=tuple(self.parts),
            unconfirmed=tuple(self.placed),
            evidence=self.references.evidence(),
            answer_evidence=tuple(dict.fromkeys(carrying)) if answer else (),
            conflicts=tuple(self.conflicts),
            dropped=len(self.failed),
            gaps=gaps,
        )

    def _head(self, status: Status) -> list[str]:
        as_of = self.material.brief.as_of
        first = {"insufficient_evidence": NOTHING_FOUND, "stopped": STOPPED}.get(status)
        return [
            f"# {heading(self.material.question)}",
            f"As of {plain(as_of)}." if as_of else "",
            f"**{first}**" if first else "",
        ]

    def _sentences(self, statements: Sequence[Statement]) -> list[str]:
        return [line for one in statements if (line := self._sentence(one))]

    def _sentence(self, statement: Statement) -> str:
        """Return a statement as it stands in the text; empty if it must not or does already.

        A heading states nothing.
        """
        judged = next(self.verdicts)
        key = " ".join(statement.text.split()).casefold()
        if key in self.said or not statements(statement.text):
            return ""
        self.said.add(key)
        if statement.fault:
            worst: Verdict = "contradicted" if judged.verdict == "contradicted" else "unsupported"
            return self._fails(statement, replace(judged, verdict=worst, reason=statement.fault))
        if not statement.spots:
            return self._inference(statement)
        spans = self._spans(statement)
        if not spans or judged.verdict in ("unsupported", "contradicted"):
            return self._fails(statement, judged if spans else UNFOUND)
        text = self._claim(statement, judged, spans)
        self.standing.append(self.claims[-1])
        self.told.append(Told(statement.text, self._around(spans)))
        return f"{text} *{PARTLY} {ended(judged.reason)}*" if judged.verdict == "partly" else text

    @cached_property
    def _titles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.title for one in self.material.documents.values()))

    @cached_property
    def _ground(self) -> Ground:
        spans = {span.id: span for span in self.material.spans.values()}.values()
        texts = tuple(span.text for span in spans)
        return ground(texts, self._titles, tuple(map(self._parted, spans)))

    def _parted(self, span: Evidence) -> str:
        return with_bars(span.text, delimiter_of(self.material.documents[span.document]))

    def _inference(self, statement: Statement) -> str:
        """Return a conclusion that cites nothing, if all it names stands in what is read.

        Otherwise a fact whose mark was lost, or never was, would stand under another label.
        """
        new = unfounded(statement.text, self._ground, self._titles)
        if new:
            judged = Judged(verdict="unsupported", reason=NO_SOURCE.format(new))
            return self._fails(statement, judged)
        self.placed.append(Line(text=statement.text))
        return f"*{INFERENCE}* {cited(statement.text, '')}"

    def _around(self, spans: Sequence[Evidence]) -> str:
        titles = (self.material.documents[span.document].title for span in spans)
        return "\n".join([*titles, *(span.text for span in spans)])

    def _claim(self, statement: Statement, judged: Judged, spans: Sequence[Evidence]) -> str:
        name = f"c{len(self.claims) + 1}"
        self.placed.append(Line(text=statement.text, claim=name))
        self.claims.append(
            Claim(
                id=name,
                text=statement.text,
                evidence=tuple(dict.fromkeys(span.id for span in spans)),
                verdict=judged.verdict,
                reason=judged.reason,
                entailment=judged.entailment,
            )
        )
        return cited(statement.text, self.references.cite(spans))

    def _spans(self, statement: Statement) -> list[Evidence]:
        """Return what a statement rests on, and note the near-duplicates of each passage."""
        found: list[Evidence] = []
        for spot in statement.spots:
            span = self.material.spans.get(spot)
            if span is not None:
                found.append(span)
                self.references.note(span, self.material.also.get(spot.evidence, ()))
        return found

    def _section(self, section: Section) -> list[str]:
        lines = self._sentences(section.statements)
        rows = self._rows(section.table)
        if not lines and not rows:
            return []
        table = tuple((f"{row[0]} {marks}".rstrip(), *row[1:]) for row, marks in rows)
        self._part(title(section.heading), table)
        told = "\n".join(f"- {line}" for line in lines)
        return [f"## {heading(section.heading)}", told, markdown_table(rows)]

    def _rows(self, table: Sequence[Sequence[str]]) -> list[Marked]:
        """Return the header of a table and the rows that a claim which stands says, with marks."""
        found = [(row, "") for row in table[:1]]
        for row in table[1:]:
            saying = (one for one in reversed(self.standing) if says(one.text, row))
            if claim := next(saying, None):
                found.append((row, self.references.marks_of(claim.evidence)))
        return found if len(found) > 1 else []

    def _part(self, heading: str, table: tuple[tuple[str, ...], ...] = ()) -> None:
        """Note what was written since the last part."""
        if self.placed or table:
            self.parts.append(Part(heading=heading, lines=tuple(self.placed), table=table))
        self.placed = []

    def _conflict(self, conflict: Conflict) -> str:
        sides: list[str] = []
        saying: list[tuple[str, ...]] = []
        both = zip(conflict.values, conflict.evidence, strict=False)
        for place, (value, names) in enumerate(both):
            spans = [span for name in names for span in self._saying(name, value)]
            saying.append(tuple(dict.fromkeys(span.id for span in spans)))
            marks = self.references.cite(spans)
            sides.append(f"{plain(value)}{conflict.day(place)} {marks}".rstrip())
        shown = conflict.values[: len(saying)]
        self.conflicts.append(replace(conflict, values=shown, evidence=tuple(saying)))
        rule = conflict.rule.strip(". ")
        decided = f"decided by: {plain(rule)}" if rule and rule != "undecided" else "undecided"
        return f"{plain(conflict.about)}: {' against '.join(sides)}; {decided}."

    def _saying(self, name: str, value: str) -> list[Evidence]:
        """Return the span of a passage that gives a value: one cited already, or its sentence."""
        for spot, span in self.material.spans.items():
            if spot.evidence == name and value in span.text:
                return [span]
        passage = self.material.passages.get(name)
        document = self.material.documents.get(passage.document) if passage else None
        if passage is None or document is None:
            return []
        for start, end in sentences(document.text, passage.start, passage.end):
            if value in document.text[start:end]:
                return [document.span(start, end)]
        return []

    def _fails(self, statement: Statement, judged: Judged) -> str:
        """Note a statement that is no fact; return its line where it keeps its place."""
        self.failed.append((statement, judged))
        return self._unconfirmed(statement, judged) if self.material.unverified == "mark" else ""

    def _apart(self, lost: str) -> list[str]:
        """Return what failed and is not marked in the text, and a short answer that was lost."""
        failed = [] if self.material.unverified == "mark" else self.failed
        told = Statement(text=ANSWER.format(lost), spots=())
        apart = [*failed, (told, UNCARRIED)] if lost else failed
        return [self._unconfirmed(*one) for one in apart]

    def _unconfirmed(self, statement: Statement, judged: Judged) -> str:
        spans, why = self._spans(statement), judged.reason or "its sources do not say so"
        if spans:
            text = self._claim(statement, judged, spans)
        else:
            self.placed.append(Line(text=statement.text, doubt=why))
            text = cited(statement.text, "")
        return f"{text} *{NOT_CONFIRMED} {ended(why)}*"

    def _answered(self, status: Status) -> tuple[str, ...]:
        """Return the questions that the report as a whole answers."""
        parts = self.material.brief.parts
        alone = parts if len(parts) == 1 else ()
        return (self.material.question, *alone) if status == "answered" else ()

    def _missing(self, gaps: Sequence[Gap], status: Status) -> list[str]:
        lines = [gap_line(gap) for gap in by_source(gaps)]
        if status == "insufficient_evidence" and self.material.tried:
            lines.append(f"Searched for: {quoted(self.material.tried)}.")
        return lines
