"""`runs` and `calls`: what a home holds, and what a run asked of the outside."""

from collections import Counter
from pathlib import Path

from quaestor.archive import Archive
from quaestor.cli.options import Plain
from quaestor.cli.output import amount, emit, in_home, json_text, notice, table
from quaestor.cli.paying import tell_paid
from quaestor.memory.calls import Ask, CallRow
from quaestor.plain import calls_json, runs_json
from quaestor.spending import requests, spent


def list_runs(*, home: Path, as_format: Plain) -> None:
    """Print the runs of a home, the last started first."""
    archive = Archive(home)
    rows = archive.runs()
    if as_format is Plain.json:
        emit(json_text(runs_json(rows, archive)))
        return
    if not rows:
        notice(f"no runs in {home} yet; `{in_home('quaestor ask QUESTION', home)}` starts one")
        return
    lines: list[list[str]] = []
    for row in rows:
        calls, seconds = str(len(archive.calls(row.run_id))), f"{row.seconds:.1f}"
        lines.append([row.run_id, row.state, row.started, calls, seconds, row.question])
    emit(table(["run", "state", "started", "calls", "seconds", "question"], lines))


def list_calls(name: str, *, home: Path, as_format: Plain) -> None:
    """Print the calls of a run, those first asked for first."""
    archive = Archive(home)
    row = archive.run(name)
    calls = archive.calls(row.run_id)
    if as_format is Plain.json:
        emit(json_text(calls_json(row.run_id, calls)))
        return
    lines = [
        [
            call.key[:12],
            call.started,
            call.kind,
            _how(call),
            str(requests(call)),
            f"{call.seconds:.3f}",
            call.origin,
            "; ".join(_asker(ask) for ask in call.asks),
        ]
        for call in calls
    ]
    header = ["call", "started", "kind", "how", "requests", "seconds", "origin", "asked by"]
    emit(table(header, lines))
    for origin, error in dict.fromkeys((one.origin, one.error) for one in calls if one.error):
        notice(f"{origin}: {error}")
    notice(_total(calls, in_home(f"quaestor show {row.run_id}", home)))
    tell_paid(spent(calls, row))


def _how(call: CallRow) -> str:
    """Return how a call came about, or why it has no result."""
    return call.how if call.status == "done" else call.status.replace("_", " ")


def _asker(ask: Ask) -> str:
    """Return who asked, by branch, task, round and step."""
    who = f"{ask.branch} task {ask.task}" if ask.task else ask.branch
    return f"{who} {ask.round}.{ask.step}"


def _total(calls: list[CallRow], show: str) -> str:
    how = Counter(
        "failed" if call.status == "failed" else call.how or "in flight" for call in calls
    )
    parts = [f"{count} {name}" for name, count in sorted(how.items())]
    sent = amount(sum(map(requests, calls)), "request")
    return (
        f"{amount(len(calls), 'call')}, a row each: {', '.join(parts) or 'none'}; {sent} sent, "
        f"tries again included; `{show}` shows the report"
    )
