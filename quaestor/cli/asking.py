"""`ask` and `resume`: a question, or a run that was interrupted, to its report."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from quaestor.archive import Archive
from quaestor.cli.following import follow
from quaestor.cli.guarding import FAILED, Interrupted
from quaestor.cli.options import Format
from quaestor.cli.output import (
    check_output,
    emit,
    in_home,
    json_text,
    make_home,
    notice,
)
from quaestor.cli.paying import tell_models
from quaestor.cli.sources import (
    check_some,
    leaves,
    tell_sources,
    tell_where_it_goes,
    tell_who_reads,
)
from quaestor.errors import QuaestorError
from quaestor.report import Report
from quaestor.researcher import Researcher, checked, researcher_of
from quaestor.run import Run
from quaestor.views.page import report_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """How a report is given to whoever asked."""

    format: Format
    output: Path | None = None


@dataclass(slots=True)
class _Started:
    """The run, known to whoever must say how to go on after Ctrl-C."""

    runs: list[Run] = field(default_factory=list[Run])


def ask(question: str, *, home: Path, settings: dict[str, Any], show: Show) -> None:
    """Research a question and print its report."""
    check_output(show.output)
    question = checked(question)
    researcher = Researcher(home=home, **settings)
    check_some(researcher.sources)
    if any(leaves(source) for source in researcher.sources):
        tell_where_it_goes(researcher)
    tell_who_reads(researcher)

    async def start() -> Run:
        return researcher.start(question)

    give(_to_the_end(researcher, start), show)


def resume(name: str, *, home: Path, retry_failed: bool, show: Show) -> None:
    """Go on with a run and print its report; of a finished run, print it again.

    Args:
        name: The run.
        home: Where it is kept.
        retry_failed: Ask again for what had failed, of a finished run too.
        show: How its report is given.
    """
    check_output(show.output)
    archive = Archive(home)
    row = archive.run(name)
    filed = archive.report(row.run_id)
    if filed is not None and not retry_failed:
        give(Report.of(filed, run_id=row.run_id, home=home), show)
        return
    researcher = researcher_of(home, row.run_id)
    tell_who_reads(researcher)  # its address may be another than it was

    async def start() -> Run:
        return await researcher.resume(row.run_id, retry_failed=retry_failed)

    give(_to_the_end(researcher, start), show)


def give(report: Report, show: Show) -> None:
    """Print a report.

    Raises:
        typer.Exit: The run failed.
    """
    emit(rendered(report, show.format), show.output)
    tell_models(report)
    if report.status == "failed":
        raise typer.Exit(FAILED)


def rendered(report: Report, as_format: Format) -> str:
    """Return a report in a format."""
    match as_format:
        case Format.json:
            return json_text(report.to_json())
        case Format.md:
            return report.markdown
        case Format.html:
            return report_page(report)
        case Format.text:
            return str(report)


def _to_the_end(researcher: Researcher, start: Callable[[], Coroutine[Any, Any, Run]]) -> Report:
    make_home(researcher.home)
    started = _Started()
    began = time.monotonic()

    async def go() -> Report:
        run = await start()
        started.runs.append(run)
        return await follow(run, begun=lambda: tell_sources(researcher))

    try:
        report = asyncio.run(go())
    except KeyboardInterrupt:
        raise Interrupted(_how_to_go_on(researcher.home, started)) from None
    if sys.stderr.isatty():
        seconds = time.monotonic() - began
        after = in_home(f"quaestor show {report.run_id}", researcher.home)
        notice(f"run {report.run_id}, {seconds:.1f} s; `{after}` shows where each sentence stands")
    return report


def _how_to_go_on(home: Path, started: _Started) -> str:
    for run in started.runs:
        try:
            Archive(home).run(run.id)
        except QuaestorError:
            continue
        return f"interrupted; `{in_home(f'quaestor resume {run.id}', home)}` goes on with it"
    return "interrupted before anything was asked; what was indexed so far is kept"
