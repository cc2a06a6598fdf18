"""A report as a person holds it: it shows itself, and answers why it says what it says."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import networkx as nx

from quaestor.archive import Archive
from quaestor.memory import report as nouns
from quaestor.memory.provenance import provenance
from quaestor.memory.report import Claim
from quaestor.memory.why import Path as Trail
from quaestor.memory.why import why
from quaestor.spending import Spend, spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(nouns.Report):
    """The answer to a question and everything it rests on, with the way back to its run."""

    run_id: str
    home: Path = field(repr=False)

    @classmethod
    def of(cls, report: nouns.Report, *, run_id: str, home: Path) -> "Report":
        """Return a report with the run it came from."""
        parts = {one.name: getattr(report, one.name) for one in fields(nouns.Report)}
        return cls(**parts, run_id=run_id, home=home)

    def why(self, claim: Claim | str) -> tuple[Trail, ...]:
        """Return the paths from a claim to the bytes it was read from, one a span.

        Args:
            claim: One of `claims`, or its id.

        Raises:
            SettingsError: The report has no such claim.
        """
        name = claim if isinstance(claim, str) else claim.id
        return why(Archive(self.home).record(self.run_id), name)

    def graph(self) -> "nx.MultiDiGraph[str]":
        """Return the run's execution and provenance (memory/provenance.py)."""
        return provenance(Archive(self.home).record(self.run_id))

    @property
    def spend(self) -> Spend:
        """What its run has cost: calls and requests by kind, tokens in and out, US dollars."""
        archive = Archive(self.home)
        return spent(archive.calls(self.run_id), archive.run(self.run_id))

    def to_json(self) -> dict[str, Any]:
        """Return what `quaestor ask --format json` prints."""
        from quaestor.plain import report_json  # noqa: PLC0415 - it imports this module

        return report_json(self)

    def __str__(self) -> str:
        from quaestor.views.report_text import report_text  # noqa: PLC0415 - views are not needed to run

        return report_text(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from quaestor.views.report_view import report_mimebundle  # noqa: PLC0415 - as above

        return report_mimebundle(self, graph=self.graph())
