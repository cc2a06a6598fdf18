"""`demo`: the sample's questions over its documents and its saved web pages, end to end."""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import typer

from quaestor import sample
from quaestor.archive import Archive
from quaestor.cli.following import follow
from quaestor.cli.guarding import FAILED, Interrupted
from quaestor.cli.options import Plain
from quaestor.cli.output import emit, in_home, json_text, make_home
from quaestor.cli.sources import tell_sources
from quaestor.memory.report import Cited
from quaestor.report import Report
from quaestor.researcher import Researcher
from quaestor.tools.local.corpus import Corpus
from quaestor.tools.web import Web

COLLECTION = "orrinvale"
"""The invented company whose documents they are."""


def demo(*, home: Path | None, as_format: Plain) -> None:
    """Ask the sample's questions and print each report.

    Raises:
        typer.Exit: A run failed.
    """
    try:
        with _home(home) as folder:
            reports = asyncio.run(_ask_all(folder, as_format))
            if as_format is Plain.json:
                emit(json_text({"reports": [report.to_json() for report in reports]}))
    except KeyboardInterrupt:
        raise Interrupted("interrupted; `quaestor demo` starts again") from None
    _where_next(home)
    if any(report.status == "failed" for report in reports):
        raise typer.Exit(FAILED)


async def _ask_all(home: Path, as_format: Plain) -> list[Report]:
    researcher = Researcher(
        [Corpus.open(sample.documents(), name=COLLECTION), Web(f"snapshot:{sample.web()}")],
        home=home,
    )
    reports: list[Report] = []
    questions = sample.questions()
    for number, asked in enumerate(questions, start=1):
        told = (lambda: tell_sources(researcher)) if number == 1 else None
        report = await follow(researcher.start(asked.question), begun=told)
        reports.append(report)
        if as_format is Plain.text:
            emit(f"== {number} of {len(questions)}. {asked.shows}\n\n{same_everywhere(report)}\n")
    return reports


def same_everywhere(report: Report) -> str:
    """Return a report as text without what differs from machine to machine.

    That is when a file was installed and when it was read.
    """
    cited = tuple(
        replace(one, taken_at="", document=replace(one.document, modified=_published(one)))
        for one in report.cited
    )
    return str(replace(report, cited=cited))


def _published(cited: Cited) -> str | None:
    return None if cited.document.origin.kind == "local" else cited.document.modified


@contextlib.contextmanager
def _home(given: Path | None) -> Generator[Path]:
    """Give the folder asked for, else one that is gone at the end."""
    if given is not None:
        make_home(given)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="quaestor-demo-") as folder:
        yield Path(folder)


def _where_next(home: Path | None) -> None:
    lines = [
        "",
        "Every reference above is a span of a stored document, copied, never written.",
        "Next, your own folder (it stays on this machine):",
        '    quaestor ask "a question" --local PATH',
    ]
    if home is not None and Archive(home).runs():
        lines += ["Or these runs:", f"    {in_home('quaestor runs', home)}"]
        lines += [f"    {in_home('quaestor show last', home)}"]
    print("\n".join(lines), file=sys.stderr)
