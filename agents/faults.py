"""Which errors end a run, and which are one worker's."""

from quaestor.errors import OutsideError, QuaestorError
from quaestor.memory.finding import Gap

_INFRASTRUCTURE = ("sqlalchemy", "sqlite3", "aiosqlite")


def stops_the_run(error: Exception) -> bool:
    """Say whether an error is about the run itself (its lease, its database, its disk).

    Everything else is one worker's failure: a gap, and its siblings go on. It is decided here
    and not in LangGraph's `error_handler`, because a handled error is kept as handled: a run
    that stopped on a full disk could then never be resumed past it.
    """
    if isinstance(error, QuaestorError):
        return not isinstance(error, OutsideError)
    return isinstance(error, OSError) or type(error).__module__.startswith(_INFRASTRUCTURE)


def broke(who: str, what: str, error: Exception) -> Gap:
    """Return the gap a worker leaves that broke. Its message stays out: it may quote anything."""
    return Gap(kind="failed", what=what, why=f"the {who} broke ({type(error).__name__})")
