"""What can go wrong, as one tree.

* QuaestorError
  x SettingsError        the caller's mistake: fix the argument, the flag or the file it names
  x OutsideError         something outside did not do its part; a `Gap` in the report, never the end
    + SourceDownError    a source did not answer; asking again may help
    + RefusedError       it answered no; asking again does not help
      - WithheldError    we did not ask: the query held what only a private document has
      - NotBroughtError  a tool was asked to read what nothing of this run had brought
      - MistakenCallError  a tool was called with arguments it does not take
    + UnreadableError    bytes that give no text
  x RunBusyError         another process holds the run's lease
  x LeaseLostError       this process held it and another has taken over: stop writing
  x RunNotFoundError     no run of that name in this home
  x PrivacyError         code asked a public view for something private: a defect of ours
  x IntegrityError       what is stored does not match what it claims to be

Workers recover from OutsideError; the rest stops the run.
"""


class QuaestorError(Exception):
    """Base of every error this package raises on purpose."""


class SettingsError(QuaestorError):
    """The caller's mistake; the message names the input and the remedy."""


class OutsideError(QuaestorError):
    """Something outside did not do its part.

    Args:
        source: Name of the source, tool or file, as a reader of the report knows it.
        reason: What it said, shown in the report's gap.
    """

    retryable = False
    attempts = 3
    """How often it may be tried at most before it is final."""
    wait: float | None = None
    """Seconds the outside asked us to wait before we ask again."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class SourceDownError(OutsideError):
    """A source did not answer; asking again may help."""

    retryable = True


class RefusedError(OutsideError):
    """A source answered no; asking again does not help."""


class WithheldError(RefusedError):
    """The outgoing gate kept a query back; nothing left this machine."""


class NotBroughtError(RefusedError):
    """A searcher asked to read what no earlier call of its branch had brought."""


class MistakenCallError(RefusedError):
    """A searcher called a tool that is not there, or with arguments it does not take."""


class UnreadableError(OutsideError):
    """Bytes that give no text; the reason says why."""


class RunBusyError(QuaestorError):
    """Another process holds the run's lease.

    Args:
        run_id: The run.
        owner: Who holds it (host and process id).
    """

    def __init__(self, run_id: str, owner: str) -> None:
        super().__init__(f"run {run_id} is held by {owner}; wait for it or stop that process")
        self.run_id = run_id
        self.owner = owner


class LeaseLostError(QuaestorError):
    """This process held the run's lease and another has taken over."""

    def __init__(self, run_id: str) -> None:
        super().__init__(f"run {run_id} was taken over by another process; nothing was written")
        self.run_id = run_id


class RunNotFoundError(QuaestorError):
    """No run of that name in this home.

    Args:
        run_id: What was asked for.
        home: As a shell takes it.
    """

    def __init__(self, run_id: str, home: str) -> None:
        super().__init__(f"no run {run_id!r} in {home}; `quaestor runs --home {home}` lists them")
        self.run_id = run_id


class PrivacyError(QuaestorError):
    """Code asked a public view for something private."""


class IntegrityError(QuaestorError):
    """What is stored does not match what it claims to be."""
