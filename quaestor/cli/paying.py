"""What is said of the models after a run: why one could not answer, and what they cost."""

from collections.abc import Sequence
from pathlib import Path

from quaestor.archive import Archive
from quaestor.cli.output import amount, in_home, notice
from quaestor.memory.calls import CallRow
from quaestor.report import Report
from quaestor.spending import Spend, spent

_MODEL_KINDS = ("chat", "embed")
_MOST_FAILURES = 3


def tell_models(report: Report) -> None:
    """Say why models of a report's run failed, and what they cost; nothing where none was asked."""
    archive = Archive(report.home)
    calls = archive.calls(report.run_id)
    if report.fallbacks:  # else what had failed was answered later
        tell_failures(calls, home=report.home, run=report.run_id)
    tell_paid(spent(calls, archive.run(report.run_id)))


def tell_failures(calls: Sequence[CallRow], *, home: Path | None = None, run: str = "RUN") -> None:
    """Say what models answered that could not be asked, each thing once.

    Args:
        calls: Of a run, or of several.
        home: Where they are kept, unless that is gone by now.
        run: The run, if it is one.
    """

    def typed(command: str) -> str:
        return f"`{in_home(command, home) if home else command}`"

    failed = [call for call in calls if call.kind in _MODEL_KINDS and call.error]
    said = dict.fromkeys((call.kind, call.origin.rpartition(" ")[2], call.error) for call in failed)
    for kind, name, error in list(said)[:_MOST_FAILURES]:
        named = f" --model {name}" if kind == "chat" else ""
        notice(f"{name}: {error}; {typed(f'quaestor doctor{named}')} says more")
    if len(said) > _MOST_FAILURES:
        more, calls_of = len(said) - _MOST_FAILURES, typed(f"quaestor calls {run}")
        notice(f"and {amount(more, 'failure')} more; {calls_of} lists them")


def tell_paid(spend: Spend) -> None:
    """Say what models cost, and how much of it is not known; nothing where none was asked."""
    chats, embedded = (spend.calls.get(kind, 0) for kind in _MODEL_KINDS)
    if not chats and not embedded:
        return
    sent = sum(spend.requests.get(kind, 0) for kind in _MODEL_KINDS)
    made = [amount(chats, "model call")] if chats else []
    made += [amount(embedded, "call") + " for embeddings"] if embedded else []
    calls = " and ".join(made)
    calls += f" in {amount(sent, 'request')}" if sent > chats + embedded else ""
    said = [f"{calls}: {spend.tokens_in:,} tokens in, {spend.tokens_out:,} out"]
    if spend.estimated:
        said.append(f"{amount(spend.estimated, 'call')} did not say how many: estimated")
    said.append(f"US$ {spend.usd:.4f}")
    if spend.unpriced:
        said.append(f"without {amount(spend.unpriced, 'call')} of unknown price")
    notice("; ".join(said))
